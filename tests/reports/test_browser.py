"""A lead's way through the report in a real browser: read, split, printed, taken out."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update

from portal.identity.models import Enrolment, Person
from portal.organisation.models import Choice
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def ended(site: Site) -> None:
    """One of the lead's two has ended with work."""
    with site.database.transaction() as session:
        session.execute(update(Choice).where(Choice.code == "work").values(counts_as="goal"))
        person = site.world.participant.id
        enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person)).one()
        enrolment.closed_on, enrolment.outcome = date(2026, 11, 1), "work"


def saved(page: Page, name: str, folder: Path) -> bytes:
    """What the browser saves at a tap on the link of this name."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize("desk", [True, False], ids=["1280", "360"])
def test_a_lead_reads_splits_prints_and_takes_out(
    open_phone: OpenPage, site: Site, tmp_path: Path, desk: bool
) -> None:
    page = open_phone(desk=desk)
    site.sign_in(page, site.world.lead)
    page.goto(f"{site.url}/staff")
    page.get_by_role("link", name="Se hela rapporten").click()
    page.get_by_label("Dela upp efter").select_option(label="Kommun")
    page.get_by_role("button", name="Visa").click()
    table = page.get_by_role("region", name="Vad det blev vid avslut")
    assert table.locator("tr.sum").inner_text().split() == ["Totalt", "1", "0", "0", "1"]
    assert page.get_by_text("1 av 1 (100 %) av de avslutade gick till arbete eller studier.").is_visible()
    nothing_sticks_out(page)
    no_axe_violations(page)
    screenshot(page, f"report-{'desk' if desk else 'phone'}")
    text = saved(page, "CSV Vad det blev vid avslut", tmp_path).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text), delimiter=";")) == [
        "Kommun",
        "Arbete",
        "Studier",
        "Annat",
        "Totalt",
    ]
    book = saved(page, "Hämta allt som XLSX", tmp_path)
    assert zipfile.ZipFile(io.BytesIO(book)).testzip() is None
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Visa").is_visible()
    assert not page.get_by_role("link", name="Hämta allt som CSV").is_visible()
    assert page.get_by_role("heading", name="Vad det blev vid avslut").is_visible()


def test_without_javascript_and_in_arabic_it_reads_and_is_sent_too(open_phone: OpenPage, site: Site) -> None:
    """S57"""
    with site.database.transaction() as session:
        session.execute(update(Person).where(Person.id == site.world.lead.id).values(language="ar"))
    page = open_phone(language="ar", javascript=False)
    site.sign_in(page, site.world.lead)
    page.goto(f"{site.url}/staff/reports")
    page.get_by_label("من سيقرأ التقرير").select_option("outside")
    page.locator("main form button").click()
    page.wait_for_url("**reader=outside**")
    page.get_by_role("heading", name="النتيجة عند الانتهاء").wait_for()
    assert page.locator("html").get_attribute("dir") == "rtl"
    nothing_sticks_out(page)
    screenshot(page, "report-ar")
