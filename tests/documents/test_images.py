"""SECURITY D2 and E18: pictures come back as nothing but pixels."""

import io

import pytest
from PIL import Image

from portal.files.checks import inspect_upload
from portal.files.images import LONG_EDGE
from tests.corpus import pictures


def opened(content: bytes, name: str) -> Image.Image:
    return Image.open(io.BytesIO(inspect_upload(content, name).content))


def test_d2_a_photo_loses_its_position_and_its_comment() -> None:
    content = pictures.with_position()
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    clean = inspect_upload(content, "照片.jpg").content
    picture = Image.open(io.BytesIO(clean))
    assert not picture.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(picture.info)
    assert b"230112199001011234" not in clean


def test_a_photo_taken_upright_is_upright() -> None:
    picture = opened(pictures.with_position(orientation=6), "照片.jpg").convert("L")
    assert picture.size == (20, 40)
    assert picture.getpixel((10, 2)) < 60 < 200 < picture.getpixel((10, 37))


def test_a_large_photo_is_reduced_and_a_small_one_is_not() -> None:
    assert opened(pictures.picture(size=(4000, 3000)), "a.jpg").size == (LONG_EDGE, 1200)
    assert opened(pictures.picture(size=(800, 600)), "a.jpg").size == (800, 600)


def test_d2_what_is_appended_to_a_picture_is_dropped() -> None:
    clean = inspect_upload(pictures.picture() + b"<script>alert(1)</script>", "a.jpg").content
    assert b"script" not in clean


def test_an_animation_keeps_its_first_frame() -> None:
    picture = opened(pictures.animated_png(), "a.png")
    assert getattr(picture, "n_frames", 1) == 1
    assert picture.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("kind", "mode", "shown"),
    [("JPEG", "CMYK", "RGB"), ("JPEG", "L", "L"), ("PNG", "I;16", "L"), ("PNG", "1", "L")],
)
def test_rare_pixel_forms_become_what_browsers_show(kind: str, mode: str, shown: str) -> None:
    name = "a.jpg" if kind == "JPEG" else "a.png"
    picture = opened(pictures.picture(kind, mode=mode), name)
    assert picture.mode == shown
    grey = picture.convert("L")
    assert grey.getpixel((2, 10)) != grey.getpixel((37, 10))
    assert grey.getpixel((37, 10)) > 200 or mode == "CMYK"


def test_transparency_survives_in_a_png() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(target, "PNG")
    assert opened(target.getvalue(), "a.png").getpixel((5, 5)) == (255, 0, 0, 0)
