"""Where people are on the organisation's stairs: the rules, the records on both databases, the pages."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.db import Database
from portal.identity.models import Enrolment
from portal.organisation.models import Choice, Organisation
from portal.plan import stair_queries, stair_service
from portal.plan.service import NotFromHere
from portal.plan.stair_rules import climbs, level, moved_up, still_there
from tests.conftest import SignIn
from tests.plan.conftest import Desk, asker_of, hidden
from tests.support.pages import Client, text_of
from tests.support.world import World

ORDER = ("begin", "train", "work")
MAY, NOW = date(2026, 5, 10), datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    """One record as the rules see it."""

    code: str
    on: date
    recorded_at: datetime = NOW
    struck: bool = False


def test_from_where_to_where_and_what_was_struck_is_left_out() -> None:
    rows = [Record("train", MAY), Record("begin", date(2026, 3, 1)), Record("work", MAY, struck=True)]
    assert [(one.before, one.after) for one in climbs(rows)] == [("", "begin"), ("begin", "train")]


def test_of_two_on_one_day_the_later_written_holds() -> None:
    rows = [Record("work", MAY, NOW + timedelta(minutes=1)), Record("train", MAY, NOW)]
    assert climbs(rows)[-1].after == "work"


def test_at_least_one_step_is_the_last_above_the_first() -> None:
    rows = [Record("begin", MAY), Record("work", date(2026, 6, 1)), Record("begin", date(2026, 9, 1))]
    assert moved_up(rows, ORDER, date(2026, 8, 1))
    assert moved_up(rows, ORDER, date(2026, 10, 1)) is False
    assert moved_up(rows, ORDER, date(2026, 5, 1)) is None
    assert level(ORDER, "gone") == 0


@pytest.mark.parametrize(
    "later, today, expected",
    [
        ([Record("train", date(2026, 11, 12))], date(2026, 11, 24), True),
        ([Record("work", date(2026, 10, 20))], date(2026, 11, 24), True),
        ([Record("begin", date(2026, 11, 1))], date(2026, 11, 24), False),
        ([Record("begin", date(2026, 11, 1)), Record("work", date(2026, 11, 20))], date(2026, 11, 24), False),
        ([], date(2026, 11, 24), None),
        ([Record("train", date(2026, 6, 1))], date(2026, 11, 24), None),
        ([Record("train", date(2026, 11, 12))], date(2026, 11, 9), None),
    ],
    ids=[
        "there",
        "higher, early",
        "lower",
        "the first look decides",
        "nobody looked",
        "too early",
        "not yet",
    ],
)
def test_whether_it_lasted_six_months(later: list[Record], today: date, expected: bool | None) -> None:
    rows = [Record("begin", date(2026, 1, 1)), Record("train", MAY), *later]
    assert still_there(rows, ORDER, MAY, 6, today) is expected


def test_nothing_before_the_closing_is_not_known() -> None:
    assert still_there([Record("work", date(2026, 11, 12))], ORDER, MAY, 6, date(2026, 11, 24)) is None


def put(desk: Desk, code: str, on: date, words: str = "", move_id: uuid.UUID | None = None) -> uuid.UUID:
    made = move_id or uuid.uuid4()
    stair_service.move(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        move_id=made,
        code=code,
        on=on,
        words=words,
        now=desk.now,
    )
    return made


def correct(desk: Desk, wrong: uuid.UUID, code: str, on: date) -> uuid.UUID:
    made = uuid.uuid4()
    stair_service.correct(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        wrong_id=wrong,
        move_id=made,
        code=code,
        on=on,
        words="",
        now=desk.now,
    )
    return made


def stair(desk: Desk) -> stair_queries.Stair:
    return stair_queries.persons_stair(desk.session, desk.coach, desk.person_id)


def test_a_record_is_once_and_dated(desk: Desk) -> None:
    first = put(desk, "begin", date(2026, 9, 1), "Första samtalet")
    put(desk, "work", date(2026, 10, 1), move_id=first)
    put(desk, "train", date(2026, 10, 1))
    put(desk, "train", date(2026, 11, 1))
    found = stair(desk)
    assert [(one.before, one.code) for one in found.moves] == [
        ("train", "train"),
        ("begin", "train"),
        ("", "begin"),
    ]
    assert found.place == stair_queries.Place("Arbetsträning", 2, 3, date(2026, 10, 1))
    person = desk.world.participant
    assert stair_queries.persons_place(desk.session, desk.coach, person) == found.place


def test_a_correction_strikes_and_names_what_it_replaces(desk: Desk) -> None:
    put(desk, "begin", date(2026, 9, 1))
    wrong = put(desk, "work", date(2026, 10, 1))
    right = correct(desk, wrong, "train", date(2026, 10, 2))
    found = {one.id: one for one in stair(desk).moves}
    assert (found[wrong].struck, found[wrong].struck_by) == (True, "Karin")
    assert found[right].replaces == wrong
    with pytest.raises(NotFromHere):
        correct(desk, wrong, "begin", date(2026, 10, 3))
    for _tap in range(2):
        stair_service.strike(desk.session, desk.coach, person_id=desk.person_id, move_id=right, now=desk.now)
    place = stair(desk).place
    assert place is not None
    assert place.name == "Förberedelse"


@pytest.mark.parametrize("on, problem", [(date(2026, 11, 25), "future"), (date(2026, 8, 2), "before")])
def test_a_day_that_cannot_be(desk: Desk, on: date, problem: str) -> None:
    with pytest.raises(stair_service.WrongDay) as said:
        put(desk, "begin", on)
    assert said.value.problem == problem


def test_a_step_that_left_the_stairs_keeps_its_people_and_takes_no_more(desk: Desk) -> None:
    put(desk, "train", date(2026, 9, 1))
    step = desk.session.scalars(
        select(Choice).where(
            Choice.kind == "stair", Choice.code == "train", Choice.organisation_id == desk.own.organisation_id
        )
    ).one()
    step.retired = True
    desk.session.flush()
    place = stair(desk).place
    assert place is not None
    assert (place.name, place.number, place.total) == ("Arbetsträning", 0, 2)
    with pytest.raises(ValueError, match="code"):
        put(desk, "train", date(2026, 10, 1))


def test_after_the_closing_somebody_asks_again(desk: Desk) -> None:
    put(desk, "train", date(2026, 9, 1))
    enrolment = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == desk.person_id)).one()
    enrolment.closed_on = date(2026, 10, 1)
    desk.session.flush()
    put(desk, "train", date(2026, 11, 20))
    (course,) = stair_queries.courses(
        desk.session, select(Enrolment.id).where(Enrolment.person_id == desk.person_id)
    )
    assert course.closed_on == date(2026, 10, 1)
    assert still_there(course.records, ORDER, date(2026, 10, 1), 1, desk.now.date())


def test_reports_get_everybody_they_may_count_and_nobodys_words(desk: Desk) -> None:
    put(desk, "begin", date(2026, 9, 1), "Hemligt")
    ids = select(Enrolment.id).where(
        Enrolment.person_id.in_((desk.person_id, desk.world.second_participant.id))
    )
    found = stair_queries.courses(desk.session, ids)
    assert sorted(len(course.records) for course in found) == [0, 1]
    assert "Hemligt" not in repr(found)
    assert "Karin" not in repr(found)


def test_nobody_writes_on_somebody_elses_stairs(desk: Desk) -> None:
    """S3"""
    made = put(desk, "begin", date(2026, 9, 1))
    desk.coach = asker_of(desk.world.other_coach, "coach")
    for act in (
        lambda: put(desk, "work", date(2026, 10, 1)),
        lambda: correct(desk, made, "work", date(2026, 10, 1)),
        lambda: stair(desk),
    ):
        with pytest.raises(NoResultFound):
            act()


@pytest.fixture
def karin(sign_in: SignIn, world: World) -> Client:
    """Karin's desk."""
    return sign_in(world.coach)


def test_the_coach_records_and_puts_right_and_the_participant_sees_it(
    karin: Client, sign_in: SignIn, world: World, database: Database
) -> None:
    amina, path = sign_in(world.participant), f"/staff/people/{world.participant.id}/plan/stair"
    amina.post("/plan/goal", data={"goal": "Laga mat", "version": "0"})
    form = {"move_id": hidden(karin.get(path).text, "move_id"), "code": "train", "on": "2026-11-03"}
    assert karin.post(path, data=form).status_code == 303
    told = text_of(amina.get("/plan"))
    assert "Du är på steg 2 av 3." in told
    assert "Arbetsträning sedan tisdag 3 november" in told
    assert "Steg 2 av 3: Arbetsträning" in text_of(karin.get(f"/staff/people/{world.participant.id}"))

    fix = re.findall(rf'href="({path}/[0-9a-f-]+)"', karin.get(path).text)[0]
    assert karin.post(fix, data={"code": "begin", "on": "2027-01-01"}).status_code == 422
    right = {"move_id": hidden(karin.get(fix).text, "move_id"), "code": "begin", "on": "2026-11-04"}
    karin.post(fix, data=right)
    told = text_of(karin.get(path))
    assert "Struket av Karin" in told
    assert "Började på Förberedelse Rättat" in told
    assert "redan struken av Karin" in text_of(karin.get(fix))
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {}
    assert "Du är på steg" not in text_of(amina.get("/plan")), "the organisation decides"


def test_an_admin_orders_the_stairs(sign_in: SignIn, world: World, database: Database) -> None:
    adam, path = sign_in(world.admin), "/staff/organisation/words/stair"
    page = adam.get(path).text
    word = re.findall(r'action="(/staff/organisation/words/stair/[0-9a-f-]+/move)"', page)[0]
    adam.post(word, data={"way": "up"})
    adam.post(word, data={"way": "down"})
    with database.reading() as session:
        for organisation, codes in (
            (world.organisation, "train begin work"),
            (world.elsewhere.organisation, "begin train work"),
        ):
            stairs = select(Choice.code).where(
                Choice.organisation_id == organisation.id, Choice.kind == "stair"
            )
            assert session.scalars(stairs.order_by(Choice.position)).all() == codes.split()


def test_the_setting_is_kept(sign_in: SignIn, world: World, database: Database) -> None:
    page = sign_in(world.admin).get("/staff/organisation/rules").text
    assert re.search(r"<input[^>]*checked[^>]*name=\"stair_shown\"", page)
