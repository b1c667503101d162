"""A camera that reads codes from what was printed."""

from __future__ import annotations

import io

import pypdfium2
import vl_convert
import zxingcpp
from PIL import Image


def look_at_pdf(pdf: bytes, scale: float = 1.5) -> Image.Image:
    """Look at the one page of a PDF as a printer does."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        image: Image.Image = document[0].render(scale=scale).to_pil()
        return image


def look_at_svg(svg: str, scale: float = 0.5) -> Image.Image:
    """Look at an SVG as a browser does."""
    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=scale))).convert("L")


def read_codes(image: Image.Image) -> list[str]:
    """Read what the codes on an image say."""
    return [found.text for found in zxingcpp.read_barcodes(image)]
