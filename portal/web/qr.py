"""A text as a square that a phone's camera reads, as SVG inside the page."""

import segno
from markupsafe import Markup

MARGIN = 4
"""Empty modules around the code, as ISO/IEC 18004 wants them."""


def qr_svg(text: str, title: str) -> Markup:
    """The code, black on white in every theme (cameras need that), with `title` for who cannot see it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(
        border=MARGIN, light="#fff", title=title, svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)
