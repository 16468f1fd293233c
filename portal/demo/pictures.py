"""Drawn pictures of the demo: no camera was there, and nobody shall think so."""

import io

from PIL import Image, ImageDraw

from portal.demo.county import Demo
from portal.files.models import StoredFile
from portal.files.operations import keep
from portal.rules.access import Actor

SIZE = (640, 480)
WALL, FRAME, PAPER, RED, GREY = "#cfd8dc", "#6d4c41", "#fffdf5", "#b3161b", "#9aa0a6"
SHEETS = ((70, 90), (255, 90), (440, 90))
SHEET = (130, 250)


def board_photo(demo: Demo, actor: Actor) -> StoredFile:
    """The drawing of a notice board that stands for all photos of boards; kept once."""
    if not demo.pictures:
        name = "公示栏（示意图）.jpg"
        demo.pictures.append(keep(_board(), name=name, mime="image/jpeg", actor=actor))
    return demo.pictures[0]


def _board() -> bytes:
    """Three sheets with red headings in a frame on a wall, as a JPEG."""
    picture = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 40, 610, 400), fill=FRAME)
    pen.rectangle((45, 55, 595, 385), fill="#e6ded2")
    for left, top in SHEETS:
        pen.rectangle((left, top, left + SHEET[0], top + SHEET[1]), fill=PAPER)
        pen.rectangle((left + 25, top + 18, left + 105, top + 34), fill=RED)
        for line in range(9):
            height = top + 58 + line * 20
            pen.line((left + 12, height, left + 118, height), fill=GREY, width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
