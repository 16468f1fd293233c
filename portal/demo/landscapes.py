"""Drawn photos of works, each marked 示范: no camera was there, and nobody shall think so."""

import io
from collections.abc import Callable
from datetime import date

from PIL import Image, ImageDraw

from portal.demo.county import Demo
from portal.files.models import StoredFile
from portal.files.operations import keep
from portal.rules.access import Actor

SIZE = (640, 480)
HORIZON = 230
SKY, HILL, GROUND, EARTH = "#c9dcea", "#8fae8b", "#b7c08f", "#a58a63"
WALL, ROOF, GLASS, ROAD, LINE, MARK = (
    "#e3ddd0",
    "#8c4a3c",
    "#dcebe6",
    "#8d8f92",
    "#f4f1e6",
    "#6b3b1f",
)
Pen = ImageDraw.ImageDraw
Strokes = tuple[tuple[tuple[int, int], ...], ...]

# The two characters as strokes on a square of 100: fonts of the machine may have neither.
SHI: Strokes = (
    ((25, 15), (75, 15)),
    ((10, 40), (90, 40)),
    ((50, 40), (50, 92), (38, 84)),
    ((28, 58), (14, 80)),
    ((72, 58), (88, 80)),
)
FAN: Strokes = (
    ((10, 18), (90, 18)),
    ((35, 5), (35, 30)),
    ((65, 5), (65, 30)),
    ((12, 40), (24, 48)),
    ((8, 60), (20, 67)),
    ((8, 92), (26, 74)),
    ((42, 42), (82, 42), (82, 66), (70, 64)),
    ((42, 42), (42, 88), (92, 88), (92, 74)),
)


def photos_of(
    demo: Demo, number: str, percent: int, on: date, actor: Actor
) -> list[tuple[StoredFile, date]]:
    """The drawing that goes with a report on one of the projects of ``photos.csv``; none for others."""
    return [
        (_kept(row["scene"], percent, actor), on)
        for row in demo.rows("photos")
        if row["project"] == number
    ]


def landscape(scene: str, percent: int) -> bytes:
    """A site with so much of the works done, as a JPEG."""
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((-120, 150, 380, 420), fill=HILL)
    pen.ellipse((300, 170, 820, 420), fill=HILL)
    pen.rectangle((0, HORIZON, *SIZE), fill=GROUND)
    SCENES[scene](pen, percent)
    for strokes, left in ((SHI, 24), (FAN, 84)):
        _write(pen, strokes, left)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _kept(scene: str, percent: int, actor: Actor) -> StoredFile:
    name = f"现场{percent}（示意图）.jpg"
    return keep(landscape(scene, percent), name=name, mime="image/jpeg", actor=actor)


def _hall(pen: Pen, percent: int) -> None:
    """A building: dug, then its frame, walls and roof."""
    pen.polygon(((130, 400), (190, 330), (560, 330), (610, 400)), fill=EARTH)
    top = 350 - 130 * min(percent, 60) // 60
    for left in range(190, 551, 60) if 0 < percent < 100 else ():
        pen.rectangle((left, top, left + 8, 350), fill=MARK)
    if percent >= 60:
        pen.rectangle((190, 250, 558, 350), fill=WALL)
    if percent >= 100:
        pen.polygon(((170, 250), (374, 170), (578, 250)), fill=ROOF)
        pen.rectangle((340, 285, 410, 350), fill=MARK)


def _greenhouse(pen: Pen, percent: int) -> None:
    """Rows of tunnels, one after the other."""
    for row in range(3):
        top = 250 + row * 65
        pen.rectangle((90, top + 40, 590, top + 52), fill=EARTH)
        if percent >= (30, 60, 100)[row]:
            pen.pieslice((90, top, 590, top + 92), 180, 360, fill=GLASS, outline=LINE, width=3)


def _road(pen: Pen, percent: int) -> None:
    """A road to the horizon, paved from the front."""
    pen.polygon(((180, 480), (310, HORIZON), (330, HORIZON), (480, 480)), fill=EARTH)
    height = (480 - HORIZON) * percent // 100
    narrow = height * 130 // 250, height * 150 // 250
    far = ((180 + narrow[0], 480 - height), (480 - narrow[1], 480 - height))
    if percent:
        pen.polygon(((180, 480), *far, (480, 480)), fill=ROAD)
        pen.line((328, 480, sum(x for x, _y in far) // 2, 480 - height), fill=LINE, width=5)


SCENES: dict[str, Callable[[Pen, int], None]] = {
    "hall": _hall,
    "greenhouse": _greenhouse,
    "road": _road,
}


def _write(pen: Pen, strokes: Strokes, left: int) -> None:
    for stroke in strokes:
        points = [(left + x // 2, 24 + y // 2) for x, y in stroke]
        pen.line(points, fill=MARK, width=5, joint="curve")
