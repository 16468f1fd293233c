"""QR codes as pictures inside the page: the content policy allows images, not markup made elsewhere."""

import segno

BORDER = 4
"""White modules on each side that ISO/IEC 18004 asks for."""


def picture_of(address: str) -> str:
    """The QR code of an address as a ``data:`` picture; it fills whatever box the style sheet gives it."""
    code = segno.make(address, error="m", micro=False)
    picture: str = code.svg_data_uri(border=BORDER, light="#fff", omitsize=True)
    return picture
