"""Pictures, with what hides in them."""

import io
import struct
import zlib

from PIL import Image


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **saving
) -> bytes:
    """A left half in a dark and a right half in a light tone."""
    light = {"RGB": (250, 250, 250), "CMYK": (0, 0, 0, 5), "L": 250, "I;16": 64_000}
    image = Image.new(mode, size, light.get(mode, 1))  # pasting a number into 16 bits does nothing
    image.paste(Image.new(mode, (size[0] // 2, size[1])), (0, 0))
    target = io.BytesIO()
    image.save(target, kind, **saving)
    return target.getvalue()


def with_position(orientation: int = 6) -> bytes:
    """A photo as phones make it: lying on its side, with GPS position, and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "230112199001011234"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (45.0, 32.0, 10.5)
    return picture(exif=exif, comment=b"230112199001011234")


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def vast_png(side: int = 50_000) -> bytes:
    """A few bytes that declare a picture of 2.5 billion pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def text_bomb_png() -> bytes:
    """A compressed text chunk of 100 MB."""
    plain = picture("PNG")
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 100_000_000))
    return plain[:33] + text + plain[33:]


def animated_png() -> bytes:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "PNG", save_all=True, append_images=frames[1:])
    return target.getvalue()
