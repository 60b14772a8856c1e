"""The page of an absence, and what participants and stand-ins see of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.absence import service
from portal.identity.absence.models import Absence
from portal.identity.absence.service import Wish
from portal.identity.models import Person
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.support.objects import asker_of, meeting
from tests.support.pages import text_of
from tests.support.world import World

TODAY = date(2026, 11, 24)
DAYS = {"first": "2026-11-24", "last": "2026-11-27"}
Away = Callable[..., Absence]


def page_of(person: Person) -> str:
    return f"/staff/absence/{person.id}"


def stored(database: Database) -> list[Absence]:
    with database.reading() as fresh:
        return list(fresh.scalars(select(Absence).where(Absence.cancelled_at.is_(None))))


@pytest.fixture
def away(database: Database, world: World, now: datetime) -> Away:
    """`away(last, stand_in, first=0)`: the coach is away, in days from today; committed."""

    def take(last: int, stand_in: Person | None = None, first: int = 0) -> Absence:
        with database.transaction() as session:
            days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
            wish = Wish(*days, stand_in.id if stand_in else None)
            return service.take(session, asker_of(session, world.coach), world.coach.id, wish, now)

    return take


# The page of the coach and of the lead


def test_what_participants_read_is_shown_before_it_is_saved(
    database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.coach)
    assert page_of(world.coach) in browser.get("/staff/availability").get_data(as_text=True)
    typed = {**DAYS, "stand_in": str(world.other_coach.id)}
    shown = browser.post(page_of(world.coach), data={**typed, "preview": "1"})
    told = "Din coach Karin är borta till och med fredag 27 november. Olof svarar i stället."
    assert told in text_of(shown)
    assert "på sitt eget språk" in text_of(shown)
    assert 'value="2026-11-27"' in shown.get_data(as_text=True)
    assert stored(database) == []
    saved = text_of(browser.post(page_of(world.coach), data=typed, follow_redirects=True))
    assert "Sparat." in saved
    assert told in saved
    (row,) = stored(database)
    assert (row.first_day, row.last_day, row.stand_in_id) == (TODAY, date(2026, 11, 27), world.other_coach.id)


def test_the_preview_is_in_swedish_whatever_staff_read(
    database: Database, world: World, sign_in: SignIn
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.coach.id).language = "en"
    shown = sign_in(world.coach).post(page_of(world.coach), data={**DAYS, "preview": "1"})
    told = "Din coach Karin är borta till och med fredag 27 november. Ring oss om du inte kan vänta."
    assert told in text_of(shown)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": "2026-11-28"}, "Sista dagen måste vara efter den första."),
        ({"first": "2026-11-01", "last": "2026-11-02"}, "De dagarna har redan varit."),
        ({"last": "2028-01-01"}, "Högst ett år."),
        ({"first": "2026-12-05", "last": "2026-12-20"}, "går in i en annan frånvaro"),
        ({"first": "nu"}, "Det datumet finns inte."),
        ({"stand_in": "nobody"}, "Välj något i listan."),
    ],
)
def test_what_cannot_be_is_given_back_with_a_sentence(
    database: Database, world: World, sign_in: SignIn, away: Away, typed: dict[str, str], sentence: str
) -> None:
    away(12, first=10)
    answer = sign_in(world.coach).post(page_of(world.coach), data={**DAYS, **typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert f'value="{typed.get("last", DAYS["last"])}"' in answer.get_data(as_text=True)
    assert len(stored(database)) == 1


def test_who_is_away_too_cannot_be_chosen(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    with database.transaction() as session:
        wish = Wish(TODAY, TODAY)
        service.take(session, asker_of(session, world.other_coach), world.other_coach.id, wish, now)
    typed = {**DAYS, "stand_in": str(world.other_coach.id)}
    answer = sign_in(world.coach).post(page_of(world.coach), data=typed)
    assert answer.status_code == 422
    assert "också borta de dagarna" in text_of(answer)


def test_a_lead_says_so_for_whoever_fell_ill(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.lead)
    assert page_of(world.lead) in browser.get("/staff").get_data(as_text=True)
    assert page_of(world.coach) in browser.get(page_of(world.lead)).get_data(as_text=True)
    browser.post(page_of(world.coach), data=DAYS)
    (row,) = stored(database)
    assert (row.person_id, row.made_by) == (world.coach.id, world.lead.id)
    assert "Borta till och med fredag 27 november" in text_of(browser.get(page_of(world.lead)))
    with database.reading() as fresh:
        noted = select(JournalRow.action).where(
            JournalRow.kind == "absence", JournalRow.subject_id == world.coach.id
        )
        assert "change" in set(fresh.scalars(noted))


def test_the_last_day_is_changed_and_it_is_removed_and_undone(
    database: Database, world: World, sign_in: SignIn, away: Away
) -> None:
    row, browser = away(3), sign_in(world.coach)
    here = f"{page_of(world.coach)}/{row.id}"
    wrong = browser.post(here, data={f"{row.id}-last": "2026-11-23", f"{row.id}-stand_in": ""})
    assert wrong.status_code == 422
    assert "Sista dagen måste vara efter den första." in text_of(wrong)
    browser.post(here, data={f"{row.id}-last": "2026-11-30", f"{row.id}-stand_in": str(world.lead.id)})
    (changed,) = stored(database)
    assert (changed.last_day, changed.stand_in_id) == (date(2026, 11, 30), world.lead.id)
    gone = browser.post(f"{here}/remove", follow_redirects=True)
    assert stored(database) == []
    assert f"{here}/restore" in gone.get_data(as_text=True)
    assert "Frånvaron gäller igen." in text_of(browser.post(f"{here}/restore", follow_redirects=True))
    assert len(stored(database)) == 1


def test_whoever_relied_on_the_absent_one_is_named(world: World, sign_in: SignIn, away: Away) -> None:
    away(3, world.other_coach)
    answer = sign_in(world.other_coach).post(page_of(world.other_coach), data=DAYS, follow_redirects=True)
    assert "Nu svarar ingen för Karin de dagarna." in text_of(answer)


def test_meetings_on_those_days_stand_and_are_listed(
    database: Database, world: World, sign_in: SignIn, away: Away, now: datetime
) -> None:
    with database.transaction() as session:
        own, coach = asker_of(session, world.participant), asker_of(session, world.coach)
        made = meeting(session, own, coach, now)
    away(3)
    shown = sign_in(world.coach).get(page_of(world.coach)).get_data(as_text=True)
    link = f"/staff/people/{world.participant.id}/meetings#m-"
    assert f"{link}{made['meeting']}" in shown
    assert f"{link}{made['later_meeting']}" not in shown


# What participants see


@pytest.mark.parametrize("stand_in", [True, False])
def test_the_participant_reads_until_when_and_who_answers(
    world: World, sign_in: SignIn, away: Away, frozen: FrozenClock, stand_in: bool
) -> None:
    """S30: behind the second door alone."""
    away(3, world.other_coach if stand_in else None)
    behind = text_of(sign_in(world.participant).get("/turn-to"))
    assert "Din coach Karin är borta till och med fredag 27 november." in behind
    assert ("Olof svarar i stället." in behind) is stand_in
    assert ("Ring oss om du inte kan vänta." in behind) is not stand_in
    before = text_of(sign_in(world.participant, 1).get("/turn-to"))
    assert "borta" not in before
    frozen.move(timedelta(days=4))
    assert "borta" not in text_of(sign_in(world.participant).get("/turn-to"))


def test_the_participant_reads_it_in_the_own_language(world: World, sign_in: SignIn, away: Away) -> None:
    away(3, world.other_coach)
    page = text_of(sign_in(world.second_participant).get("/turn-to"))
    assert "27 نوفمبر" in page
    assert "Olof" in page
    assert "borta" not in page


# What the stand-in sees


def test_a_stand_in_sees_for_whom_and_until_when(
    database: Database, world: World, sign_in: SignIn, away: Away, frozen: FrozenClock, now: datetime
) -> None:
    with database.transaction() as session:
        own, coach = asker_of(session, world.participant), asker_of(session, world.coach)
        meeting(session, own, coach, now)
    person = f"/staff/people/{world.participant.id}"
    assert sign_in(world.other_coach).get(person).status_code == 404
    away(1, world.other_coach)
    browser = sign_in(world.other_coach)
    today = text_of(browser.get("/staff"))
    assert "Du är vikarie för Karin till och med onsdag 25 november." in today
    assert "1 möte i dag" in today
    assert "Amina H." in today
    assert "Yonas T." in today
    assert "Amina" in text_of(browser.get("/staff/people"))
    assert "Du är vikarie för Karin" in text_of(browser.get(person))
    with database.reading() as fresh:
        read = select(JournalRow.kind).where(
            JournalRow.actor_id == world.other_coach.id,
            JournalRow.subject_id == world.participant.id,
            JournalRow.action == "read",
        )
        assert {"people_list", "attention", "meetings", "plan"} <= set(fresh.scalars(read))
    frozen.move(timedelta(days=2))
    later = sign_in(world.other_coach)
    assert later.get(person).status_code == 404
    assert "vikarie" not in text_of(later.get("/staff"))


def test_the_day_before_and_after_taking_back_it_is_not_found(
    database: Database, world: World, sign_in: SignIn, away: Away, frozen: FrozenClock, now: datetime
) -> None:
    """S2: the same page as for what does not exist, also while a session goes on."""
    row = away(3, world.other_coach, first=1)
    person = f"/staff/people/{world.participant.id}"
    assert sign_in(world.other_coach).get(person).status_code == 404
    frozen.move(timedelta(days=1))
    browser = sign_in(world.other_coach)
    assert browser.get(person).status_code == 200
    assert browser.get(f"{person}/plan").status_code == 200
    with database.transaction() as session:
        service.take_back(session, asker_of(session, world.coach), world.coach.id, row.id, now)
    for path in (person, f"{person}/plan", f"{person}/meetings", f"{person}/enrolment"):
        assert browser.get(path).status_code == 404
