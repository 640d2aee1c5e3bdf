"""Several letters as one PDF for a printer that prints on both sides."""

from collections.abc import Iterable
from io import BytesIO

from pypdf import PdfReader, PdfWriter


def join_letters(pdfs: Iterable[bytes]) -> bytes:
    """Each letter begins on a sheet of its own, so that its address is in front."""
    batch = PdfWriter()
    for pdf in pdfs:
        batch.append(PdfReader(BytesIO(pdf)), import_outline=False)
        if len(batch.pages) % 2:
            batch.add_blank_page()  # of the size of the page before
    whole = BytesIO()
    batch.write(whole)
    return whole.getvalue()
