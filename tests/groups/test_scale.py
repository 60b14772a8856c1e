"""After a session: the licensed scale for groups on the phone or from paper, and what all said together."""

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.feedback.models import CheckIn, ScaleReading
from portal.groups import seat_service, session_service
from portal.groups.models import Group, GroupPart, GroupSeat
from portal.identity.models import Person
from portal.instruments import pack_service
from portal.instruments.models import Response
from portal.organisation.models import Organisation
from portal.reminders import news_service
from portal.staff.group_scale_rules import Form, together
from tests.booking.conftest import AskAs
from tests.conftest import FrozenClock, SignIn
from tests.groups.conftest import FIRST, Made, sessions
from tests.support.packs import MARK, install
from tests.support.pages import Client, text_of
from tests.support.world import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ENDED = FIRST + HOUR
ASKS = "Hur var det i gruppen?"
Joined = Callable[..., GroupSeat]
Crowd = Callable[[int], list[Person]]


def choose(session: Session, world: World, **settings: object) -> None:
    house = session.get_one(Organisation, world.organisation.id)
    house.settings = {"survey_ongoing": False, "survey_closure": False, **settings}


@pytest.fixture
def group(database: Database, world: World, made: Made, joined: Joined, now: datetime) -> Group:
    """A group that the participant is in, in a house that asks on the phone after it has met."""
    with database.transaction() as session:
        choose(session, world, group_with="digital")
        install(session, "gsrs", now)
    fresh_group = made(capacity=12)
    joined(fresh_group, world.participant)
    return fresh_group


def part_of(database: Database, group: Group, person: Person) -> GroupPart:
    with database.reading() as session:
        first = sessions(session, group)[0]
        wanted = select(GroupPart).where(GroupPart.session_id == first.id, GroupPart.person_id == person.id)
        return session.scalars(wanted).one()


def begin(browser: Client, part: GroupPart) -> str:
    answer = browser.post(f"/home/group-check-in/{part.id}")
    assert answer.status_code == 303
    return answer.headers["Location"]


def answered(browser: Client, part: GroupPart, values: Sequence[str] = ("9", "8,5", "9", "6")) -> str:
    """All lines are answered and sent; gives the address."""
    at = begin(browser, part)
    for number, typed in enumerate(values, start=1):
        browser.post(f"{at}/{number}", data={"value": typed} if typed else {"act": "skip"})
    key = re.search(r'name="key" value="([^"]+)"', browser.get(f"{at}/check").text)
    assert key
    assert browser.post(f"{at}/send", data={"key": key[1]}).status_code == 303
    return at


def test_it_is_asked_from_when_the_session_begins_until_its_time_is_over(
    database: Database, world: World, sign_in: SignIn, frozen: FrozenClock, group: Group, now: datetime
) -> None:
    part = part_of(database, group, world.participant)
    frozen.move(FIRST - MINUTE - now)
    browser = sign_in(world.participant, tier=1)
    assert ASKS not in text_of(browser.get("/home"))
    assert browser.post(f"/home/group-check-in/{part.id}").headers["Location"] == "/home"
    frozen.move(2 * MINUTE)
    page = text_of(browser.get("/home"))
    assert f"{ASKS} 4 frågor · 2 minuter" in page
    frozen.move(HOUR + 2 * DAY)
    late = sign_in(world.participant, tier=1)
    assert ASKS not in text_of(late.get("/home"))
    assert late.post(f"/home/group-check-in/{part.id}").headers["Location"] == "/home"
    with database.reading() as session:
        assert session.scalars(select(CheckIn)).all() == []


def test_it_is_answered_on_the_phone_once_and_judged_by_its_own_cut_off(
    database: Database, world: World, sign_in: SignIn, frozen: FrozenClock, group: Group, now: datetime
) -> None:
    part = part_of(database, group, world.participant)
    with database.transaction() as session:
        choose(session, world, group_with="digital", gsrs_cut_off_adult=34.0)
    frozen.move(ENDED - now)
    browser = sign_in(world.participant, tier=1)
    assert "Fortsätt svara" not in text_of(browser.get("/home"))
    at = begin(browser, part)
    page = text_of(browser.get(at))
    assert "Påhittade frågor efter gruppen" in page
    assert MARK in page
    assert "Den personen ser inte dina svar, bara hela gruppens svar tillsammans." in page
    assert "Fortsätt svara" in text_of(browser.get("/home"))
    assert answered(browser, part) == at
    assert "frågor" not in text_of(browser.get("/home"))
    assert begin(browser, part) == at
    with database.reading() as session:
        check_in = session.scalars(select(CheckIn)).one()
        assert (check_in.reference, check_in.instrument) == (part.id, "gsrs")
        assert session.scalars(select(Response.total)).one() == 325
        assert session.scalars(select(ScaleReading.cut_off)).one() == 340
    coach = sign_in(world.coach)
    told = "GSRS är 32,5, under 34. Fråga vad som kan bli bättre i gruppen."
    assert told in text_of(coach.get("/staff"))
    assert told in text_of(coach.get(f"/staff/people/{world.participant.id}/answers"))


@pytest.mark.parametrize("house", [{}, {"group_with": "none"}, {"group_with": "paper"}])
def test_nothing_is_asked_on_the_phone_where_the_house_has_not_chosen_it(
    database: Database,
    world: World,
    sign_in: SignIn,
    frozen: FrozenClock,
    group: Group,
    now: datetime,
    house: dict[str, object],
) -> None:
    with database.transaction() as session:
        choose(session, world, **house)
    frozen.move(ENDED - now)
    browser = sign_in(world.participant, tier=1)
    assert ASKS not in text_of(browser.get("/home"))
    part = part_of(database, group, world.participant)
    assert browser.post(f"/home/group-check-in/{part.id}").headers["Location"] == "/home"


def test_a_licence_that_has_run_out_asks_nothing_and_staff_read_why(
    database: Database, world: World, sign_in: SignIn, frozen: FrozenClock, group: Group, now: datetime
) -> None:
    with database.transaction() as session:
        pack_service.end(session, "gsrs", now)
    frozen.move(ENDED - now)
    assert ASKS not in text_of(sign_in(world.participant, tier=1).get("/home"))
    page = text_of(sign_in(world.coach).get(f"/staff/people/{world.participant.id}/answers"))
    assert "GSRS skickas inte till mobilen: licensen är avslutad. Du kan skriva in talen från papper." in page


@pytest.mark.parametrize(
    "change",
    [
        lambda part: setattr(part, "attendance", "absent"),
        lambda part: setattr(part, "attendance", "sent_word"),
        lambda part: setattr(part, "out_at", FIRST - DAY),
        lambda part: setattr(part, "in_portal", False),
    ],
    ids=["absent", "sent_word", "out", "no_trace"],
)
def test_whoever_was_not_there_is_not_asked(
    database: Database,
    world: World,
    sign_in: SignIn,
    frozen: FrozenClock,
    group: Group,
    now: datetime,
    change: Callable[[GroupPart], None],
) -> None:
    """S33"""
    part_id = part_of(database, group, world.participant).id
    with database.transaction() as session:
        part = session.get_one(GroupPart, part_id)
        change(part)
        part.attended_at = None if part.attendance == "none" else FIRST
    frozen.move(ENDED - now)
    browser = sign_in(world.participant, tier=1)
    assert ASKS not in text_of(browser.get("/home"))
    assert browser.post(f"/home/group-check-in/{part_id}").status_code == 404
    with database.reading() as session:
        assert part.person_id not in news_service.waiting(session, ENDED + 4 * HOUR)


def test_a_session_that_is_off_and_somebody_else_s_are_not_there(
    database: Database,
    world: World,
    ask_as: AskAs,
    sign_in: SignIn,
    frozen: FrozenClock,
    group: Group,
    now: datetime,
) -> None:
    """S2"""
    part = part_of(database, group, world.participant)
    with database.transaction() as session:
        one = sessions(session, group)[1]
        session_service.cancel_session(session, ask_as(world.coach), one.id, now, seen=one.revision)
        off = session.scalars(select(GroupPart.id).where(GroupPart.session_id == one.id)).one()
    frozen.move(ENDED - now)
    assert sign_in(world.participant, tier=1).post(f"/home/group-check-in/{off}").status_code == 404
    stranger = sign_in(world.second_participant, tier=1)
    assert stranger.post(f"/home/group-check-in/{part.id}").status_code == 404
    assert stranger.post(f"/home/group-check-in/{uuid.uuid4()}").status_code == 404


def test_an_sms_says_that_there_is_something_until_it_is_answered(
    database: Database, world: World, sign_in: SignIn, frozen: FrozenClock, group: Group, now: datetime
) -> None:
    part = part_of(database, group, world.participant)
    frozen.move(ENDED - now)
    with database.reading() as session:
        assert world.participant.id in news_service.waiting(session, ENDED + MINUTE)
        assert world.participant.id not in news_service.waiting(session, ENDED + 2 * DAY + MINUTE)
    answered(sign_in(world.participant, tier=1), part)
    with database.reading() as session:
        assert world.participant.id not in news_service.waiting(session, ENDED + HOUR)


def cells_of(text: str) -> list[str]:
    return [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", text)]


def page_of(database: Database, group: Group, number: int = 0) -> str:
    with database.reading() as session:
        return f"/staff/groups/sessions/{sessions(session, group)[number].id}/scale"


def test_staff_read_means_of_five_at_least_once_nobody_can_answer_any_more(
    database: Database,
    world: World,
    sign_in: SignIn,
    frozen: FrozenClock,
    group: Group,
    crowd: Crowd,
    joined: Joined,
    now: datetime,
) -> None:
    people = crowd(5)
    for person in people:
        joined(group, person)
    frozen.move(ENDED - now)
    for person in people[:4]:
        answered(sign_in(person, tier=1), part_of(database, group, person))
    coach, path = sign_in(world.coach), page_of(database, group)
    page = text_of(coach.get(path))
    assert "4 av 6" in page
    assert "Går att svara till" in page
    answered(sign_in(people[4], tier=1), part_of(database, group, people[4]), ("4", "3,5", "4", "1"))
    # Before its time is over the fifth answer could be told from the mean of four.
    page = text_of(coach.get(path))
    assert "5 av 6" in page
    assert "7,5" not in page
    frozen.move(2 * DAY + MINUTE)
    coach = sign_in(world.coach)
    answer = coach.get(path)
    # (4 x 32.5 + 12.5) / 5, (4 x 9 + 4) / 5, (4 x 8.5 + 3.5) / 5, (4 x 9 + 4) / 5, (4 x 6 + 1) / 5
    cells = ["5 av 6", "28,5", "8", "7,5", "8", "5"]
    assert cells_of(answer.text) == cells
    # Noting somebody as absent afterwards takes no answer away: two means would tell it.
    part = part_of(database, group, people[0])
    with database.transaction() as session:
        row = session.get_one(GroupPart, part.id)
        row.attendance, row.attended_at = "absent", FIRST
    assert cells_of(coach.get(path).text) == cells
    with database.transaction() as session:
        session.get_one(Person, people[0].id).protected = True
    assert cells_of(coach.get(path).text)[1:] == ["Visas inte: talen kan visa vad en person svarade."]
    assert path in coach.get(path.removesuffix("/scale")).text


def test_fewer_than_five_are_never_shown(
    database: Database, world: World, sign_in: SignIn, frozen: FrozenClock, group: Group, now: datetime
) -> None:
    frozen.move(ENDED - now)
    answered(sign_in(world.participant, tier=1), part_of(database, group, world.participant))
    frozen.move(3 * DAY)
    page = text_of(sign_in(world.coach).get(page_of(database, group)))
    assert "1 av 1 Färre än 5 har svarat." in page
    assert "32,5" not in page


def test_before_it_has_met_there_is_nothing_and_no_way_to_it(
    database: Database, world: World, sign_in: SignIn, group: Group
) -> None:
    coach, path = sign_in(world.coach), page_of(database, group)
    assert "Ingen har varit med på mötet än." in text_of(coach.get(path))
    assert path not in coach.get(path.removesuffix("/scale")).text


def test_a_paper_form_belongs_to_the_session(
    database: Database, world: World, sign_in: SignIn, frozen: FrozenClock, group: Group, now: datetime
) -> None:
    part = part_of(database, group, world.participant)
    with database.transaction() as session:
        choose(session, world, group_with="paper")
    frozen.move(ENDED + HOUR - now)
    coach, path = sign_in(world.coach), page_of(database, group)
    person = f"/staff/people/{world.participant.id}"
    assert f'{person}/record/gsrs"' in coach.get(f"{person}/answers").text
    form = f"{person}/record/gsrs?meeting={part.id}"
    assert form in coach.get(path).text.replace("&amp;", "&")
    page = coach.get(form)
    assert 'value="2026-12-01"' in page.text
    hidden = dict(re.findall(r'name="(key|meeting)"[^>]* value="([^"]*)"', page.text))
    lines = {"line_1": "9", "line_2": "8", "line_3": "9", "line_4": "10"}
    answer = coach.post(f"{person}/record/gsrs", data={**hidden, **lines, "day": "2026-12-01"})
    assert answer.status_code == 303
    with database.reading() as session:
        assert session.scalars(select(CheckIn.reference)).one() == part.id
        assert session.scalars(select(Response.sent_at)).one() == ENDED
    assert "GSRS är ifylld" in text_of(coach.get(path))
    assert coach.get(form).status_code == 303


def test_whoever_has_left_the_group_keeps_what_they_said(
    database: Database,
    world: World,
    ask_as: AskAs,
    sign_in: SignIn,
    frozen: FrozenClock,
    group: Group,
    now: datetime,
) -> None:
    frozen.move(ENDED - now)
    at = answered(sign_in(world.participant, tier=1), part_of(database, group, world.participant))
    with database.transaction() as session:
        seat_service.leave(session, ask_as(world.participant), group.id, ENDED + MINUTE)
    page = text_of(sign_in(world.participant, tier=1).get(at))
    assert "Du har redan skickat dina svar." in page
    coach = sign_in(world.coach)
    assert "GSRS" in text_of(coach.get(f"/staff/people/{world.participant.id}/answers"))
    assert "1 av 1" in text_of(coach.get(page_of(database, group)))


def form(*lines: int | None, own: bool = False, protected: bool = False) -> Form:
    total = None if None in lines else sum(tenths or 0 for tenths in lines)
    return Form(total, lines, own, protected)


SIX = [form(10, 20)] * 5 + [form(40, 50)]


@pytest.mark.parametrize(
    "forms, closed, total, means",
    [
        (SIX, True, 40.0, (15.0, 25.0)),
        (SIX, False, None, ()),
        (SIX[:4], True, None, ()),
        # A form with an empty line is in no column: two columns of different people would tell one of them.
        ([*SIX[:5], form(60, None)], True, 30.0, (10.0, 20.0)),
        ([*SIX[:4], form(60, None)], True, None, ()),
        # What one may read by itself can be taken away from the mean.
        ([form(10, 20, own=True)] * 5, True, 30.0, (10.0, 20.0)),
        ([*[form(10, 20, own=True)] * 5, form(40, 50)], True, None, ()),
        ([*SIX, form(20, 30, own=True)], True, 290 / 7, (110 / 7, 180 / 7)),
        ([*SIX, form(20, 30, protected=True)], True, None, ()),
        ([], True, None, ()),
    ],
)
def test_a_mean_tells_nobody_s_own_answer(
    forms: list[Form], closed: bool, total: float | None, means: tuple[float, ...]
) -> None:
    found = together(forms, closed=closed)
    assert (found.sent, found.total) == (len(forms), total if total is None else pytest.approx(total))
    assert found.lines == pytest.approx(means)
