"""The pages about participants, as staff see and use them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.db import Database
from portal.identity.models import Enrolment, EnrolmentPeriod, Person
from tests.conftest import SignIn
from tests.support.pages import Client, mark_of, seen, text_of
from tests.support.world import CANARY, World

NUMBER = "+46701740690"


def filled(world: World, **changes: object) -> dict[str, object]:
    """A form for enrolling, filled in soundly."""
    return {
        "name": "Sara Nilsson",
        "phone": "070-174 06 90",
        "language": "sv",
        "programme": str(world.here.programme.id),
        "team": str(world.here.team.id),
        "coach": str(world.coach.id),
        "referrer": "fk",
        "intake": "3",
        "applied_on": "2026-11-02",
        "first_meeting_on": "2026-11-25",
        "started_on": "2026-12-01",
        "income_at_start": "social",
        "gender": "woman",
        "age_band": "adult",
        "born": "outside",
        "municipality": "norr",
        "education": "primary",
        "ticket": "a-ticket",
        **changes,
    }


def with_name(session: Session, name: str) -> list[Person]:
    """Everybody with exactly this name."""
    found = lookup_hash("name", name.casefold())
    return list(session.scalars(select(Person).where(Person.name_hash == found)))


def enrolment_of(session: Session, person: Person) -> Enrolment:
    """A person's only enrolment."""
    return session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()


def url(person: Person, end: str = "") -> str:
    """The address of a page about somebody."""
    return f"/staff/people/{person.id}{end}"


# --- the list -----------------------------------------------------------------------------------


def test_a_coach_sees_their_own_and_nobody_elses(sign_in: SignIn, world: World) -> None:
    page = text_of(sign_in(world.coach).get("/staff/people"))
    assert "Amina Hassan" in page
    assert "Yonas Tesfay" in page
    assert CANARY not in page


def test_a_lead_sees_the_team(sign_in: SignIn, world: World) -> None:
    page = text_of(sign_in(world.lead).get("/staff/people"))
    assert "Amina Hassan" in page
    assert "Karin Lund" in page
    assert CANARY not in page


def test_an_admin_sees_the_organisation_and_links_to_no_content(sign_in: SignIn, world: World) -> None:
    answer = sign_in(world.admin).get("/staff/people")
    assert f"Mattias {CANARY}" in text_of(answer)
    assert f"Vera {CANARY}" not in text_of(answer)
    assert f'href="{url(world.participant)}"' not in answer.text
    assert f'href="{url(world.participant, "/enrolment")}"' in answer.text


@pytest.mark.parametrize("query", ["amina", "HASS", "070-174 06 05", "0046701740605", "٠٧٠-١٧٤ ٠٦ ٠٥"])
def test_search_finds_by_name_or_number(sign_in: SignIn, world: World, query: str) -> None:
    page = text_of(sign_in(world.coach).post("/staff/people", data={"q": query}))
    assert "Amina Hassan" in page
    assert "Yonas" not in page


@pytest.mark.parametrize(
    "query", ["mattias", CANARY, "070-174 06 07", "😀", "x" * 10_000, "<b>", "a\x00b", "%"]
)
def test_search_never_leaves_ones_own_scope_and_takes_anything(
    sign_in: SignIn, world: World, query: str
) -> None:
    answer = sign_in(world.coach).post("/staff/people", data={"q": query})
    assert answer.status_code == 200
    assert f"Mattias {CANARY}" not in answer.text


def test_a_search_changes_nothing_and_stands_in_no_address(sign_in: SignIn, world: World) -> None:
    """S44"""
    answer = sign_in(world.coach).post("/staff/people", data={"q": "amina"})
    assert answer.request.query_string == b""
    assert answer.status_code == 200


@pytest.mark.parametrize("state, shown", [("open", True), ("closed", False), ("paused", False), ("x", True)])
def test_states_filter_the_list(sign_in: SignIn, world: World, state: str, shown: bool) -> None:
    page = text_of(sign_in(world.coach).get(f"/staff/people?state={state}&page=99"))
    assert ("Amina Hassan" in page) is shown


def test_an_empty_list_says_what_to_do(sign_in: SignIn, world: World, database: Database) -> None:
    with database.transaction() as session:
        for row in session.scalars(select(Enrolment).where(Enrolment.coach_id == world.coach.id)):
            row.coach_id = world.other_coach.id
    assert "Du har inga deltagare än" in text_of(sign_in(world.coach).get("/staff/people"))


# --- enrolling ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coach", "lead", "admin"])
def test_somebody_is_enrolled_and_gets_a_card(
    sign_in: SignIn, world: World, database: Database, who: str
) -> None:
    browser = sign_in(getattr(world, who))
    assert browser.get("/staff/people/new").status_code == 200
    answer = browser.post("/staff/people/new", data=filled(world))
    assert answer.status_code == 303
    card = text_of(browser.get(answer.location))
    assert "127.0.0.1:8000/norrby" in card
    assert world.organisation.phone in card
    with database.reading() as session:
        (person,) = with_name(session, "sara nilsson")
        enrolment = enrolment_of(session, person)
        assert (person.phone, person.gender, person.born_in_sweden) == (NUMBER, "woman", False)
        assert (person.municipality, person.education, person.language) == ("norr", "primary", "sv")
        assert (enrolment.coach_id, enrolment.intake) == (world.coach.id, 3)
        assert (str(enrolment.applied_on), str(enrolment.started_on)) == ("2026-11-02", "2026-12-01")


def test_two_taps_enrol_once_and_lead_to_the_same_card(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.coach)
    answers = [browser.post("/staff/people/new", data=filled(world)) for _ in range(2)]
    assert answers[0].location == answers[1].location
    with database.reading() as session:
        (person,) = with_name(session, "sara nilsson")
        enrolment_of(session, person)


def test_back_and_another_person_on_the_same_form_enrols_both(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.coach)
    browser.post("/staff/people/new", data=filled(world))
    other = filled(world, name="Bo Ek", phone="070-174 06 91")
    assert browser.post("/staff/people/new", data=other).status_code == 303
    with database.reading() as session:
        assert len(with_name(session, "bo ek")) == 1


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("phone", "08-123 456 78", "Det numret kan inte få SMS"),
        ("phone", "+1 212 555 0100", "Numret är inte svenskt"),
        ("phone", "070-12", "Numret är för kort"),
        ("phone", "hej", "Det är inget telefonnummer"),
        ("phone", "070-174 06 06", "Numret används redan"),
        ("name", "", "Fyll i det här"),
        ("name", "x" * 10_000, "Texten är för lång"),
        ("name", "Sara\x00Nilsson", "ett tecken som vi inte kan spara"),
        ("applied_on", "2026-02-30", "Det datumet finns inte"),
        ("applied_on", "2026-12-24", "Den dagen har inte varit än"),
        ("started_on", "2026-10-01", "Den dagen är före ansökan"),
        ("started_on", "2206-10-01", "Det året kan inte stämma"),
        ("intake", "många", "Skriv ett tal"),
        ("language", "xx", "Välj något i listan"),
        ("referrer", "<script>", "Välj något i listan"),
        ("born", "mars", "Välj"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    sign_in: SignIn, world: World, field: str, typed: str, sentence: str
) -> None:
    answer = sign_in(world.coach).post(
        "/staff/people/new", data=filled(world, **{"education": "secondary", field: typed})
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="secondary" selected' in answer.text or 'selected value="secondary"' in answer.text
    if field != "name":
        assert "Sara Nilsson" in answer.text


@pytest.mark.parametrize("name", ["أمينة حسن", "Åsa 😀 Öberg", "<b>Bo</b> & co", "Анна О'Нил"])
def test_names_in_any_script_are_kept_and_inert(
    sign_in: SignIn, world: World, database: Database, name: str
) -> None:
    """S23"""
    browser = sign_in(world.coach)
    answer = browser.post("/staff/people/new", data=filled(world, name=name))
    assert answer.status_code == 303
    assert name in text_of(browser.get("/staff/people"))
    assert "<b>Bo" not in browser.get("/staff/people").text


def test_a_coach_enrols_into_the_own_team_alone(sign_in: SignIn, world: World) -> None:
    for change in (
        {"team": str(world.here.other_team.id)},
        {"team": str(world.elsewhere.team.id)},
        {"programme": str(world.elsewhere.programme.id)},
        {"coach": str(world.far_coach.id)},
    ):
        answer = sign_in(world.coach).post("/staff/people/new", data=filled(world, **change))
        assert answer.status_code == 422
        assert "Välj något i listan" in text_of(answer)


def test_only_the_forms_own_fields_change(sign_in: SignIn, world: World, database: Database) -> None:
    """S7"""
    columns = [*Person.__table__.columns.keys(), *Enrolment.__table__.columns.keys()]
    extra: dict[str, Any] = dict.fromkeys(columns, "2026-11-01")
    extra |= {"protected": "1", "pin_hash": "x", "sms_unsafe": "1", "closed_on": "2026-11-01"}
    answer = sign_in(world.coach).post("/staff/people/new", data={**extra, **filled(world)})
    assert answer.status_code == 303
    with database.reading() as session:
        (person,) = with_name(session, "sara nilsson")
        assert (person.protected, person.pin_hash, person.sms_unsafe) == (False, None, False)
        assert person.organisation_id == world.organisation.id
        assert enrolment_of(session, person).closed_on is None


def close(session: Session, person: Person) -> None:
    """Close a person's enrolment by hand."""
    enrolment = enrolment_of(session, person)
    enrolment.closed_on = enrolment.started_on
    enrolment.outcome = "work"


def test_who_comes_back_is_asked_about_and_enrolled_again(
    sign_in: SignIn, world: World, database: Database
) -> None:
    with database.transaction() as session:
        close(session, world.participant)
    browser = sign_in(world.coach)
    form = filled(world, name="Amina Hassan-Ek", phone="070-174 06 05")
    asked = browser.post("/staff/people/new", data=form)
    assert asked.status_code == 422
    assert "Är det samma person?" in text_of(asked)
    assert "Ja, Amina Hassan som var inskriven förut" in text_of(asked)
    answer = browser.post("/staff/people/new", data={**form, "same": str(world.participant.id)})
    assert answer.location.endswith(url(world.participant, "/card"))
    with database.reading() as session:
        enrolments = session.scalars(
            select(Enrolment).where(Enrolment.person_id == world.participant.id)
        ).all()
        assert len(enrolments) == 2


def test_the_same_name_may_be_another_person(sign_in: SignIn, world: World, database: Database) -> None:
    with database.transaction() as session:
        close(session, world.participant)
    browser = sign_in(world.coach)
    form = filled(world, name="amina  hassan")
    assert "Nej, en annan person med samma namn" in text_of(browser.post("/staff/people/new", data=form))
    assert browser.post("/staff/people/new", data={**form, "same": "another"}).status_code == 303
    with database.reading() as session:
        assert len(with_name(session, "amina hassan")) == 2


def test_nobody_outside_ones_scope_is_spoken_of(sign_in: SignIn, world: World, database: Database) -> None:
    """Another coach's closed participant is neither named nor offered."""
    with database.transaction() as session:
        close(session, world.other_participant)
    browser = sign_in(world.coach)
    by_number = browser.post("/staff/people/new", data=filled(world, phone="070-174 06 07"))
    assert by_number.status_code == 422
    assert CANARY not in by_number.text
    assert "Numret används redan" in text_of(by_number)
    forced = filled(world, phone="070-174 06 07", same=str(world.other_participant.id))
    assert "Numret används redan" in text_of(browser.post("/staff/people/new", data=forced))
    by_name = browser.post("/staff/people/new", data=filled(world, name=f"Mattias {CANARY}"))
    assert by_name.status_code == 303


# --- one enrolment ------------------------------------------------------------------------------


def test_facts_are_changed_and_a_second_tab_is_told(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.coach)
    page = browser.get(url(world.participant, "/enrolment/facts"))
    form = filled(world, name="Amina Ek", started_on="2026-11-03", seen=mark_of(page))
    assert browser.post(url(world.participant, "/enrolment/facts"), data=form).status_code == 303
    late = browser.post(url(world.participant, "/enrolment/facts"), data={**form, "name": "Ada"})
    assert late.status_code == 422
    told = text_of(late)
    assert "Någon annan har sparat medan du skrev" in told
    assert "Nu står det: Amina Ek." in told
    assert 'value="Ada"' in late.text
    with database.reading() as session:
        person = session.get_one(Person, world.participant.id)
        assert (person.name, person.phone) == ("Amina Ek", "+46701740605")
        assert with_name(session, "amina ek") == [person]


def test_a_pause_is_added_changed_and_removed(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.coach)
    base = url(world.participant, "/enrolment")
    assert browser.get(f"{base}/pause").status_code == 200
    form = {"starts_on": "2026-11-20", "ends_on": "2026-12-20", "reason": "Operation", "ticket": "t"}
    for _ in range(2):
        assert browser.post(f"{base}/pause", data=form).status_code == 303
    assert "Pausad" in text_of(browser.get(base))
    assert "Pausad till och med 20 dec" in text_of(browser.get("/staff/people?state=paused"))
    with database.reading() as session:
        row = session.scalars(select(EnrolmentPeriod)).one()
    mark = {"seen": seen(browser, f"{base}/periods/{row.id}")}
    wrong = browser.post(f"{base}/periods/{row.id}", data={**form, **mark, "ends_on": "2026-11-01"})
    assert "Sista dagen är före första dagen" in text_of(wrong)
    assert browser.post(f"{base}/periods/{row.id}", data={**form, **mark, "ends_on": ""}).status_code == 303
    late = browser.post(f"{base}/periods/{row.id}", data={**form, **mark, "reason": "Resa"})
    assert "Nu står det: ingenting." in text_of(late)
    assert browser.post(f"{base}/periods/{row.id}/remove").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(EnrolmentPeriod)).all() == []


def test_closing_and_undoing_it(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.coach)
    base = url(world.participant, "/enrolment")
    assert browser.get(f"{base}/close").status_code == 200
    early = browser.post(f"{base}/close", data={"closed_on": "2026-08-31", "outcome": "work"})
    assert "Den dagen är före starten" in text_of(early)
    nothing = browser.post(f"{base}/close", data={"closed_on": "2026-11-24", "outcome": ""})
    assert nothing.status_code == 422
    form = {"closed_on": "2026-11-24", "outcome": "work", "income": "wage"}
    for _ in range(2):
        assert browser.post(f"{base}/close", data=form).status_code == 303
    page = text_of(browser.get(base))
    assert "Avslutad tisdag 24 november" in page
    assert "Arbete" in page
    assert "Lön" in page
    for _ in range(2):
        assert browser.post(f"{base}/reopen").status_code == 303
    with database.reading() as session:
        enrolment = enrolment_of(session, world.participant)
        assert (enrolment.closed_on, enrolment.outcome, enrolment.income_at_closure) == (None, "", "")


def test_a_lead_gives_the_person_another_coach(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.lead)
    assert "Olof Berg" in text_of(browser.get(url(world.participant, "/handover")))
    form = {"coach": f"{world.other_coach.id} {world.here.team.id}"}
    assert browser.post(url(world.participant, "/handover"), data=form).status_code == 303
    assert "Amina" not in text_of(sign_in(world.coach).get("/staff/people"))
    assert sign_in(world.coach).get(url(world.participant, "/enrolment")).status_code == 404
    assert "Amina" in text_of(sign_in(world.other_coach).get("/staff/people"))


@pytest.mark.parametrize("end", ["/handover", "/number", "/access"])
def test_a_coach_does_not_hand_over_change_numbers_or_disable(
    sign_in: SignIn, world: World, end: str
) -> None:
    browser = sign_in(world.coach)
    assert browser.get(url(world.participant, end)).status_code == 404
    assert browser.post(url(world.participant, end)).status_code == 404


@pytest.mark.parametrize("who", ["other_coach", "far_coach", "translator", "participant", "user_auditor"])
def test_nobody_else_opens_the_enrolment(sign_in: SignIn, world: World, who: str) -> None:
    """S2"""
    browser: Client = sign_in(getattr(world, who))
    missing = browser.get("/staff/people/00000000-0000-4000-8000-000000000000/enrolment")
    for end in ("/enrolment", "/enrolment/facts", "/enrolment/close", "/enrolment/pause", "/card"):
        answer = browser.get(url(world.participant, end))
        assert answer.status_code == 404
        assert answer.text.replace(end, "") == missing.text or "Amina" not in answer.text
