"""What a meeting is to be about: in a tap, in own words, by staff (S30, S33, S38)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.booking import queries as meetings
from portal.booking import service, topic_rules, topic_service
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.booking.topic_models import MeetingTopic
from portal.booking.topic_queries import topics_of
from portal.booking.topic_service import NotShown, Said
from portal.config import Settings
from portal.db import Database
from portal.identity.models import Person
from portal.identity.signin import hashing
from portal.wording import queries
from portal.wording import service as wording
from portal.wording.models import SourceText
from tests.booking.conftest import AskAs, Tell
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import seen, text_of
from tests.support.world import World

HOUR = timedelta(hours=1)
FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")
PIN = "270618"
ARABIC = "أريد أن أتحدث عن المال"


@pytest.mark.parametrize(
    ("state", "after", "is_open"),
    [("booked", -HOUR, True), ("booked", timedelta(0), False), ("cancelled", -HOUR, False)],
)
def test_it_can_be_said_until_the_meeting_starts(state: str, after: timedelta, *, is_open: bool) -> None:
    assert topic_rules.is_open(state, FRIDAY_9, FRIDAY_9 + after) is is_open


def test_topics_stand_in_their_order_and_nothing_else_is_one() -> None:
    assert topic_rules.in_order(["health", "money", "health", "love"]) == ["money", "health"]


def rows(database: Database) -> list[tuple[str, list[str], str, str]]:
    with database.reading() as session:
        found = session.scalars(select(MeetingTopic).order_by(MeetingTopic.side))
        return [(row.side, row.codes, row.words, row.language) for row in found]


def wanted(database: Database) -> list[tuple[str, str, bool]]:
    with database.reading() as session:
        found = session.scalars(select(SourceText).where(SourceText.kind == "topic"))
        return [(row.source, row.language, row.wanted) for row in found]


def test_each_tap_adds_or_takes_away_and_the_same_again_changes_nothing(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    path = f"/meetings/{booked_by_staff(FRIDAY_9).id}"
    browser = sign_in(open_world.participant, tier=2)
    assert "Vad vill du prata om?" in text_of(browser.get(path))
    for code in ("health", "money", "money", "love", ""):
        assert browser.post(f"{path}/topics", data={"add": code}).status_code == 303
    assert rows(database) == [("participant", ["money", "health"], "", "sv")]
    page = browser.get(path)
    assert "Sparat. Din coach ser det före mötet." in text_of(page)
    assert page.text.count('aria-pressed="true"') == 2
    browser.post(f"{path}/topics", data={"remove": "money"})
    browser.post(f"{path}/topics", data={"remove": "health"})
    assert rows(database) == []
    assert "Sparat." not in text_of(browser.get(path))


def test_own_words_are_kept_changed_and_taken_away_and_too_long_ones_come_back(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    path = f"/meetings/{booked_by_staff(FRIDAY_9).id}"
    browser = sign_in(open_world.participant, tier=2)
    refused = browser.post(f"{path}/words", data={"words": "x" * 501})
    assert refused.status_code == 422
    assert "x" * 501 in refused.text
    said = browser.post(f"{path}/words", data={"words": "Busskortet är slut."}, follow_redirects=True)
    assert "Busskortet är slut." in text_of(said)
    assert rows(database) == [("participant", [], "Busskortet är slut.", "sv")]
    assert "Busskortet är slut." in browser.get(f"{path}/words").text
    gone = browser.post(f"{path}/words", data={"words": ""}, follow_redirects=True)
    assert "Det du skrev är borttaget." in text_of(gone)
    assert rows(database) == []


def test_behind_the_first_door_nothing_of_it_is_read_or_said(
    database: Database, open_world: World, booked_by_staff: Tell, ask_as: AskAs, sign_in: SignIn
) -> None:
    """S30"""
    meeting = booked_by_staff(FRIDAY_9)
    with database.transaction() as session:
        own, coach = ask_as(open_world.participant), ask_as(open_world.coach)
        topic_service.write(session, own, meeting.id, "Jag sover dåligt", "sv", FRIDAY_9 - HOUR)
        topic_service.say_for(session, coach, meeting.id, Said(("health",), "Läkaren"), FRIDAY_9 - HOUR)
        open_person = session.get_one(Person, open_world.participant.id)
        open_person.pin_hash = "x"
    browser = sign_in(open_world.participant, tier=1)
    for path in ("/home", "/meetings", f"/meetings/{meeting.id}"):
        page = browser.get(path).text
        assert not [word for word in ("Jag sover", "Läkaren", "Hälsa") if word in page], path
    for path in (f"/meetings/{meeting.id}/words", f"/meetings/{meeting.id}/topics"):
        assert browser.post(path, data={"words": "Nytt", "add": "money"}).status_code in {302, 303, 403}
    assert rows(database)[0] == ("participant", [], "Jag sover dåligt", "sv")
    with database.reading() as session:
        first_door = ask_as(open_world.participant, 1)
        shown = meetings.meeting(session, first_door, meeting.id, FRIDAY_9 - HOUR)
        assert topics_of(session, first_door, [shown]) == {}


def test_the_coach_reads_it_everywhere_before_the_talk(
    open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=2)
    browser.post(f"/meetings/{meeting.id}/topics", data={"add": "money"})
    browser.post(f"/meetings/{meeting.id}/words", data={"words": "Busskortet är slut."})
    frozen.moment = FRIDAY_9 - HOUR
    coach, base = sign_in(open_world.coach), f"/staff/people/{open_world.participant.id}"
    for place in ("/staff", base):
        assert "Har sagt vad ni ska prata om" in text_of(coach.get(place))
    places = ("/staff/week", f"{base}/meetings", f"{base}/meetings/{meeting.id}/topics")
    for place in places:
        page = text_of(coach.get(place))
        assert "Pengar" in page, place
        assert "Busskortet är slut." in page, place


def test_own_words_in_another_language_go_to_translation_and_rest_with_the_meeting(
    database: Database,
    open_world: World,
    booked_by_staff: Tell,
    ask_as: AskAs,
    sign_in: SignIn,
    now: datetime,
) -> None:
    with database.transaction() as session:
        session.get_one(Person, open_world.participant.id).language = "ar"
    meeting = booked_by_staff(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=2)
    browser.post(f"/meetings/{meeting.id}/words", data={"words": ARABIC, "written": "ar"})
    assert wanted(database) == [(ARABIC, "ar", True)]
    base = f"/staff/people/{open_world.participant.id}"
    coach = sign_in(open_world.coach)
    page = text_of(coach.get(f"{base}/meetings"))
    assert ARABIC in page
    assert "Inte översatt till svenska än." in page
    with database.transaction() as session:
        source = session.scalars(select(SourceText)).one()
        translator = ask_as(open_world.translator)
        mark = queries.work(session, translator, source.id, "sv").seen
        wording.write(
            session,
            translator,
            source.id,
            "sv",
            text="Jag vill prata om pengar",
            confirm=True,
            seen=mark,
            now=now,
        )
    page = text_of(coach.get(f"{base}/meetings"))
    assert "Jag vill prata om pengar" in page
    assert "Inte översatt" not in page
    own = ask_as(open_world.participant)
    with database.transaction() as session:
        service.cancel_own(session, own, meeting.id, "", now)
    assert [row[2] for row in wanted(database)] == [False]
    with database.transaction() as session:
        service.restore_own(session, own, meeting.id, now)
    assert [row[2] for row in wanted(database)] == [True]
    browser.post(f"/meetings/{meeting.id}/words", data={"words": "", "written": "ar"})
    assert wanted(database) == []


def test_staff_say_what_they_want_and_the_participant_reads_it_in_their_language(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    with database.transaction() as session:
        session.get_one(Person, open_world.participant.id).language = "en"
    meeting = booked_by_staff(FRIDAY_9)
    coach = sign_in(open_world.coach)
    path = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/topics"
    sent = coach.post(path, data={"codes": ["work", "health"], "words": "Praktiken i köket"})
    assert sent.status_code == 422  # It carried no mark of what it showed.
    data = {"codes": ["work", "health"], "words": "Praktiken i köket", "seen": seen(coach, path)}
    assert "Sparat." in text_of(coach.post(path, data=data, follow_redirects=True))
    assert coach.post(path, data=data).status_code == 303
    other = coach.post(path, data={**data, "words": "Något helt annat"})
    assert other.status_code == 422
    assert rows(database) == [("staff", ["work", "health"], "Praktiken i köket", "sv")]
    assert wanted(database) == [("Praktiken i köket", "sv", True)]
    page = text_of(sign_in(open_world.participant, tier=2).get(f"/meetings/{meeting.id}"))
    assert "Your coach wants to talk about this" in page
    assert "Health" in page
    assert "Praktiken i köket" in page


def test_nothing_is_said_of_a_meeting_that_began_is_cancelled_or_leaves_no_trace(
    database: Database, open_world: World, booked_by_staff: Tell, ask_as: AskAs, now: datetime
) -> None:
    """S33"""
    meeting, hidden = booked_by_staff(FRIDAY_9), booked_by_staff(FRIDAY_9 + 2 * HOUR, in_portal=False)
    coach, own = ask_as(open_world.coach), ask_as(open_world.participant)
    with database.transaction() as session:
        with pytest.raises(NotShown):
            topic_service.say_for(session, coach, hidden.id, Said(("work",)), now)
        with pytest.raises(TooLate):
            topic_service.choose(session, own, meeting.id, "work", FRIDAY_9, chosen=True)
        service.cancel_own(session, own, meeting.id, "", now)
        with pytest.raises(NotBooked):
            topic_service.choose(session, own, meeting.id, "work", now, chosen=True)
        assert session.scalar(select(func.count()).select_from(MeetingTopic)) == 0


def test_what_is_said_is_told_to_its_person(
    database: Database,
    open_world: World,
    booked_by_staff: Tell,
    ask_as: AskAs,
    sign_in: SignIn,
    settings: Settings,
    now: datetime,
) -> None:
    """S47"""
    meeting = booked_by_staff(FRIDAY_9)
    own = ask_as(open_world.participant)
    with database.transaction() as session:
        session.get_one(Person, own.person_id).pin_hash = hashing.hash_pin(PIN, settings.pin_key)
        topic_service.choose(session, own, meeting.id, "money", now, chosen=True)
        topic_service.write(session, own, meeting.id, "Busskortet", "sv", now)
    browser = sign_in(open_world.participant, tier=2)
    page = text_of(browser.post("/me/data", data={"pin": PIN, "how": "read"}))
    assert "Vad ni ville prata om på möten" in page
    assert "Busskortet" in page
