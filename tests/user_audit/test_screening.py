"""Screening: one list, one tap a text, undone until the report is published (S41)."""

import uuid

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.user_audit.models import AuditText
from tests.conftest import SignIn
from tests.support.forms import forms_of
from tests.support.pages import Client, text_of
from tests.support.world import World
from tests.user_audit.conftest import Audited, Crowd

WRITTEN = ("Karin är snäll.", "Bra fika.", "Det är lugnt.", "Alla lyssnar.", "Nära bussen.")


@pytest.fixture
def desk(sign_in: SignIn, world: World) -> Client:
    """The user auditor's browser."""
    return sign_in(world.user_auditor)


@pytest.fixture
def listed(audited: Audited, crowd: Crowd) -> str:
    """Five texts that nobody has looked at; the address of their list."""
    for words, person in zip(WRITTEN, crowd(5), strict=True):
        audited.answer(person, ("long", "yes", "no", words))
    audited.close()
    return f"/staff/audits/{audited.audit_id}/texts"


def ids(database: Database) -> dict[str, uuid.UUID]:
    with database.reading() as session:
        return {one.text: one.id for one in session.scalars(select(AuditText))}


def states(database: Database) -> dict[str, tuple[str, str, str]]:
    with database.reading() as session:
        return {one.text: (one.state, one.shown, one.why) for one in session.scalars(select(AuditText))}


def tap(desk: Client, listed: str, text_id: uuid.UUID, **data: str) -> str:
    """Press a button of a text's row as the list shows it; the page that comes."""
    page = desk.get(listed).get_data(as_text=True)
    form = next(form for form in forms_of(page) if form.action == f"{listed}/{text_id}")
    sent = {"seen": form.untouched()["seen"], "why": "Den kan visa vem någon är.", **data}
    answer = desk.post(form.action, data=sent)
    if answer.status_code == 303:
        assert answer.location == f"{listed}#text-{text_id}"
        answer = desk.get(listed)
    return text_of(answer)


def test_one_tap_decides_and_one_tap_takes_it_back(desk: Client, listed: str, database: Database) -> None:
    found = ids(database)
    assert "5 av 5 texter är kvar att granska." in text_of(desk.get(listed))
    assert "4 av 5 texter är kvar att granska." in tap(desk, listed, found["Bra fika."], state="shown")
    tap(desk, listed, found["Det är lugnt."], state="hidden")
    assert states(database)["Bra fika."] == ("shown", "", "")
    assert states(database)["Det är lugnt."] == ("hidden", "", "Den kan visa vem någon är.")
    said = tap(desk, listed, found["Det är lugnt."], state="waiting")
    assert "4 av 5 texter är kvar att granska." in said
    assert states(database)["Det är lugnt."] == ("waiting", "", "")
    tap(desk, listed, found["Bra fika."], state="hidden")
    assert states(database)["Bra fika."][0] == "hidden"


def test_a_part_is_cut_out_in_the_list_and_what_is_wrong_stands_in_its_row(
    desk: Client, listed: str, database: Database
) -> None:
    named = ids(database)["Karin är snäll."]
    said = tap(desk, listed, named, state="part", shown="Någon är snäll.")
    assert "precis som personen skrev" in said
    assert "Någon är snäll." in said
    assert "Skriv varför inte allt visas." in tap(
        desk, listed, named, state="part", shown="[…] är snäll.", why=""
    )
    assert "4 av 5 texter är kvar att granska." in tap(
        desk, listed, named, state="part", shown="[…] är snäll."
    )
    assert states(database)["Karin är snäll."] == ("part", "[…] är snäll.", "Den kan visa vem någon är.")
    tap(desk, listed, named, state="waiting")
    assert states(database)["Karin är snäll."] == ("waiting", "", "")


def test_the_list_keeps_its_order_and_says_when_nothing_is_left(
    desk: Client, listed: str, database: Database
) -> None:
    before = [form.action for form in forms_of(desk.get(listed).get_data(as_text=True))]
    for text_id in ids(database).values():
        said = tap(desk, listed, text_id, state="shown")
    assert "Alla texter är granskade." in said
    assert [form.action for form in forms_of(desk.get(listed).get_data(as_text=True))] == before


def test_the_same_tap_twice_is_one_and_two_auditors_learn_of_each_other(
    desk: Client, listed: str, database: Database
) -> None:
    at = f"{listed}/{ids(database)['Bra fika.']}"
    page = desk.get(listed).get_data(as_text=True)
    seen = next(form for form in forms_of(page) if form.action == at).untouched()["seen"]
    for _ in range(2):
        assert desk.post(at, data={"state": "shown", "seen": seen, "why": "x"}).status_code == 303
    answer = desk.post(at, data={"state": "hidden", "seen": seen, "why": "x"})
    assert answer.status_code == 422
    assert "Någon annan har sparat medan du skrev." in text_of(answer)
    assert "Nu står det: Ja, hela." in text_of(answer)
    assert states(database)["Bra fika."][0] == "shown"


def test_what_is_published_has_no_buttons(desk: Client, listed: str, database: Database) -> None:
    for text_id in ids(database).values():
        tap(desk, listed, text_id, state="shown")
    here = listed.removesuffix("/texts")
    page = desk.get(f"{here}/report").get_data(as_text=True)
    seen = next(form for form in forms_of(page) if form.action == f"{here}/report").untouched()["seen"]
    report = {"works": "Allt", "improve": "Inget", "proposals": "Ring", "seen": seen}
    desk.post(f"{here}/report", data=report)
    desk.post(f"{here}/publish")
    assert "Ångra" not in text_of(desk.get(listed))
    at = f"{listed}/{ids(database)['Bra fika.']}"
    answer = desk.post(at, data={"state": "waiting", "seen": ""}, follow_redirects=True)
    assert "inte är publicerad" in text_of(answer)
    assert states(database)["Bra fika."][0] == "shown"
