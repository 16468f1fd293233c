"""Photos and scans: decoded within bounds, turned upright, reduced, and written anew without metadata."""

import io
import struct
import warnings

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from portal.intake import FileRefused

MAX_PIXELS = 40_000_000
LONG_EDGE = 1_600
JPEG_QUALITY = 85
WEB_EDGE = 1_000
WEB_BYTES = 60_000
WEB_QUALITIES = (80, 70, 60, 50, 40)
FORMATS = {"jpg": "JPEG", "png": "PNG"}
BROKEN = "图片不完整或已损坏，打不开。请重新拍照，或另存为 JPG、PNG 后再上传"
TOO_LARGE = "图片超过 4000 万像素，请缩小后再上传，长边 1600 像素即可"
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG chunk
    ValueError,
    struct.error,
)


def rebuild(content: bytes, kind: str) -> bytes:
    """Return the picture re-encoded as ``kind`` (``jpg`` or ``png``), at most 1600 px on its long edge.

    Only pixels survive: position (GPS), comments, colour profiles, further frames and whatever was
    appended to the file are gone; the rotation noted by the camera is applied first.

    Raises:
        FileRefused: for more than 40 million pixels and for pictures that cannot be decoded.
    """
    return _encoded(_decoded(content, kind, LONG_EDGE), kind)


def for_web(content: bytes, kind: str) -> tuple[bytes, int, int]:
    """Return a small JPEG of a picture (``jpg`` or ``png``) for a phone, its width and its height.

    At most 1000 px on the long edge and 60 KB, if need be by fewer pixels; what is transparent becomes white.

    Raises:
        FileRefused: as :func:`rebuild`.
    """
    picture = _on_white(_decoded(content, kind, WEB_EDGE))
    while True:
        for quality in WEB_QUALITIES:
            made = _encoded(picture, "jpg", quality)
            if len(made) <= WEB_BYTES:
                return made, picture.width, picture.height
        picture = picture.reduce(2)


def opened(content: bytes, *formats: str) -> Image.Image:
    """Open a picture of one of Pillow's ``formats``; what is cut off or overlong fails when it is decoded.

    Raises:
        OSError: it is no such picture; decoding may raise any of ``UNREADABLE``.
    """
    # WeasyPrint's import allows cut pictures, and with them endless PNG text, in the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return Image.open(io.BytesIO(content), formats=formats)


def _decoded(content: bytes, kind: str, edge: int) -> Image.Image:
    """The picture upright, at most ``edge`` px long."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is judged below, before any pixel is decoded
            picture = opened(content, FORMATS[kind])
            if picture.width * picture.height > MAX_PIXELS:
                raise FileRefused(TOO_LARGE)
            return _reduced(picture, kind, edge)
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise FileRefused(TOO_LARGE) from error
    except UNREADABLE as error:
        raise FileRefused(BROKEN) from error


def _reduced(picture: Image.Image, kind: str, edge: int) -> Image.Image:
    picture.draft("RGB", (edge, edge))  # lets the JPEG decoder skip most of a large photo
    plain = _plain(ImageOps.exif_transpose(picture), kind)
    plain.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return plain


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _encoded(picture: Image.Image, kind: str, quality: int = JPEG_QUALITY) -> bytes:
    picture.info.clear()
    target = io.BytesIO()
    if kind == "jpg":
        picture.save(target, "JPEG", quality=quality, optimize=True)
    else:
        picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """Reduce to the modes every browser shows: grey and RGB, and RGBA in a PNG."""
    if picture.mode.startswith("I"):
        # 16 bits per pixel: keep the upper eight, converting would clip everything to white.
        return picture.convert("I").point([value // 256 for value in range(65_536)], "L")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    has_alpha = kind == "png" and ("A" in picture.mode or "transparency" in picture.info)
    return picture.convert("RGBA" if has_alpha else "RGB")
