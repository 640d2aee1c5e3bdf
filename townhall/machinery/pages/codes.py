"""QR codes."""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage

QUIET = 4  # as wide as so many of its squares has to be the white space round a code


def draw_code(words: str, *, border: int = 0) -> str:
    """The code as SVG, with a border of so many of its squares."""
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_M, border=border, image_factory=SvgPathImage
    )
    code.add_data(words)
    written = BytesIO()
    code.make_image().save(written)
    return written.getvalue().decode()
