"""A table as a PDF: every name in it, the head on every page, and the same file each time."""

import io
from datetime import UTC, datetime

from pypdf import PdfReader

from portal.web.pdf import Paper, tables_pdf
from portal.web.tables import Table

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
NAMES = [f"Łukasz Şahin Оксана {number}" for number in range(80)]


def made(names: list[str]) -> bytes:
    table = Table("Närvaro", ("Dag", "Vem", "Timmar"), [(NOW.date(), name, 1.25) for name in names])
    return pdf(Paper("Närvaro november 2026", table, ["Huset"], ["Summa: 100 timmar."]))


def pdf(*papers: Paper) -> bytes:
    return tables_pdf(papers, title=papers[0].title, widths=(1, 2, 1), language="sv", made_at=NOW)


def test_every_name_stands_there_on_as_many_pages_as_it_needs() -> None:
    reader = PdfReader(io.BytesIO(made(NAMES)))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) == 3
    text = "\n".join(pages)
    for name in NAMES:
        assert f"{name}\n" in text or f"{name} " in text, name
    for number, page in enumerate(pages, start=1):
        assert "Timmar" in page
        assert f"{number}/{len(pages)}" in page
    assert "2026-11-27" in text
    assert "1,25" in text
    assert "Summa: 100 timmar." in pages[-1]
    assert reader.metadata is not None
    assert reader.metadata.title == "Närvaro november 2026"


def test_the_same_sheet_is_the_same_file() -> None:
    assert made(NAMES[:3]) == made(NAMES[:3])


def test_an_empty_month_is_a_page_too() -> None:
    assert len(PdfReader(io.BytesIO(made([]))).pages) == 1


def test_each_of_several_begins_a_page_under_its_own_title() -> None:
    table = Table("Närvaro", ("Dag", "Vem", "Timmar"), [(NOW.date(), "", 1.0)] * 60)
    reader = PdfReader(io.BytesIO(pdf(Paper("Åsa Öberg", table), Paper("Ärla Ek", table))))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) == 6
    for number, text in enumerate(pages, start=1):
        whose, other = ("Åsa Öberg", "Ärla Ek") if number <= 3 else ("Ärla Ek", "Åsa Öberg")
        assert f"{whose}  {number}/6" in text
        assert other not in text


def test_nothing_is_lost_of_what_is_wider_than_a_column_or_taller_than_a_page() -> None:
    word, long = "Å" * 150, [f"ord{number}" for number in range(900)]
    table = Table("Närvaro", ("Dag", "Vem", "Timmar"), [(NOW.date(), word, " ".join(long)), ("", "", "")])
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf(Paper("Närvaro", table)))).pages]
    assert len(pages) > 1
    assert all("Timmar" in page for page in pages)
    text = "\n".join(pages)
    assert text.count("Å") == len(word)
    assert [one for one in text.split() if one.startswith("ord")] == long
