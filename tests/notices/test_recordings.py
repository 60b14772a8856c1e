"""Recordings for calls: one in use, what a call then says, and what becomes of one that is removed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from portal.booking.models import Appointment
from portal.booking.queries import held
from portal.identity.models import Person
from portal.languages import LANGUAGES
from portal.messaging import rules as messaging
from portal.messaging import voice_rules
from portal.messaging.models import OutboxMessage
from portal.messaging.voice_rules import VOICES
from portal.notices import reach_service, recording_queries, recording_service, rules, service, texts
from portal.notices import recording_rules as occasions
from portal.notices.models import Recording
from portal.notices.recording_words import example
from portal.notices.template_rules import telling
from portal.notices.template_service import NotOffered
from portal.reminders import service as reminders
from portal.web.asker import Asker
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.sounds import SAID, mp3, record
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def admin(session: Session, world: World) -> Asker:
    return asker_of(session, world.admin)


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    """Wants a voice to ring."""
    person = session.get_one(Person, world.participant.id)
    person.way = rules.VOICE
    session.flush()
    return person


@pytest.fixture
def meeting(session: Session, amina: Person, world: World, now: datetime) -> Appointment:
    return meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY)


@pytest.fixture
def without_arabic(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that no voice reads."""
    monkeypatch.setattr(voice_rules, "VOICES", {code: one for code, one in VOICES.items() if code != "ar"})


def put(session: Session, now: datetime) -> OutboxMessage:
    """The reminder of tomorrow's meeting."""
    assert reminders.tick(session, now + HOUR) == 1
    return session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()


def kept(session: Session) -> list[Recording]:
    return list(session.scalars(select(Recording).options(undefer(Recording.sound))))


def test_a_new_one_takes_the_place_of_the_old(session: Session, admin: Asker, now: datetime) -> None:
    first, second = (record(session, admin, now, occasions=["moved"], said=said)[0] for said in "ab")
    assert recording_queries.of_call(session, admin.organisation_id, rules.MOVED_MORE, "sv") is second
    assert (first.removed_at, second.removed_at) == (now, None)
    assert recording_queries.of_call(session, admin.organisation_id, rules.MOVED, "en") is None
    shelves = {one.language.code: one for one in recording_queries.shelves(session, admin)}
    assert [one.missing for one in shelves.values()] == [4, 5, 5]
    found = shelves["sv"].kept["moved"]
    assert found
    assert (found.words, found.uploaded_at) == ("b", now)


def test_two_are_never_in_use_at_once(session: Session, admin: Asker, now: datetime) -> None:
    made = record(session, admin, now, occasions=["moved"])[0]
    twin = Recording(
        organisation_id=made.organisation_id,
        occasion="moved",
        language="sv",
        sound=mp3(),
        format="mp3",
        words=SAID,
        uploaded_by=admin.person_id,
        uploaded_at=now,
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(twin)


def test_each_organisation_has_its_own(session: Session, world: World, admin: Asker, now: datetime) -> None:
    """S4"""
    made = record(session, admin, now)[0]
    far = asker_of(session, world.far_coach)
    assert recording_queries.of_call(session, far.organisation_id, rules.BOOKED, "sv") is None
    assert [one.missing for one in recording_queries.shelves(session, far)] == [5, 5, 5]
    assert recording_service.remove(session, far, made.occasion, LANGUAGES["sv"], now) is False
    assert made.removed_at is None


def test_a_language_that_the_house_does_not_offer(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    world.organisation.languages = ["en"]
    session.merge(world.organisation)
    session.flush()
    with pytest.raises(NotOffered):
        record(session, admin, now, "ar")


def test_a_call_plays_it_and_reads_the_day_and_time(
    session: Session, admin: Asker, meeting: Appointment, now: datetime
) -> None:
    made = {one.occasion: one for one in record(session, admin, now)}
    row = put(session, now)
    assert row.recording_id == made[occasions.REMINDER].id
    assert (row.body, row.language) == ("onsdag 25 november, klockan 9 noll noll.", "sv")
    assert (row.channel, row.parts) == (messaging.VOICE, 1)


def test_an_occasion_without_one_is_read_as_before(
    session: Session, admin: Asker, meeting: Appointment, now: datetime
) -> None:
    record(session, admin, now, occasions=["booked", "moved", "changed", "cancelled"])
    row = put(session, now)
    assert row.recording_id is None
    assert row.body == "Kom ihåg: Du har ett möte onsdag 25 november klockan 9 noll noll."


def test_a_language_without_a_voice_hears_the_time_in_swedish(
    session: Session,
    admin: Asker,
    amina: Person,
    meeting: Appointment,
    now: datetime,
    without_arabic: None,
) -> None:
    amina.language = "ar"
    made = record(session, admin, now, "ar", occasions=["reminder"])
    row = put(session, now)
    assert (row.recording_id, row.language) == (made[0].id, "sv")
    assert row.body == "onsdag 25 november, klockan 9 noll noll."


def test_an_sms_plays_nothing(
    session: Session, admin: Asker, amina: Person, meeting: Appointment, now: datetime
) -> None:
    """Whoever turns to SMS, and back, gets what that way says."""
    made = record(session, admin, now, occasions=["reminder"])
    row, herself = put(session, now), asker_of(session, amina)
    reach_service.choose_way(session, herself, amina, rules.SMS, now, held)
    assert (row.recording_id, row.body[:8]) == (None, "Kom ihåg")
    assert "klockan 09.00." in row.body
    reach_service.choose_way(session, herself, amina, rules.VOICE, now, held)
    assert (row.recording_id, row.body[:6]) == (made[0].id, "onsdag")


# --- removed before the call leaves ----------------------------------------------------------------


def test_a_call_whose_recording_is_gone_says_it_all(
    session: Session, admin: Asker, amina: Person, meeting: Appointment, now: datetime
) -> None:
    """Never a day and a time alone."""
    record(session, admin, now, occasions=["reminder"])
    row = put(session, now)
    recording_service.remove(session, admin, "reminder", LANGUAGES["sv"], now)
    assert service.check(session, row, now) == messaging.Go(amina.phone)
    assert row.recording_id is None
    assert row.body == "Kom ihåg: Du har ett möte onsdag 25 november klockan 9 noll noll."


def test_a_call_whose_recording_was_replaced_begins_with_the_new_one(
    session: Session, admin: Asker, meeting: Appointment, now: datetime
) -> None:
    record(session, admin, now, occasions=["reminder"])
    row = put(session, now)
    again = record(session, admin, now, occasions=["reminder"])[0]
    service.check(session, row, now)
    assert row.recording_id == again.id
    assert row.body == "onsdag 25 november, klockan 9 noll noll."


def test_what_nobody_can_say_any_more_is_the_coachs(
    session: Session,
    admin: Asker,
    amina: Person,
    meeting: Appointment,
    now: datetime,
    without_arabic: None,
) -> None:
    """The words are in a language that no voice reads: the gateway rings nobody up, and says so."""
    amina.language = "ar"
    record(session, admin, now, "ar", occasions=["reminder"])
    row = put(session, now)
    recording_service.remove(session, admin, "reminder", LANGUAGES["ar"], now)
    service.check(session, row, now)
    assert (row.recording_id, row.language) == (None, "ar")
    assert voice_rules.voice_of(row.language) is None


def test_the_sound_goes_when_no_call_can_ask_for_it_and_the_words_a_week_later(
    session: Session, admin: Asker, now: datetime
) -> None:
    removed, stands = record(session, admin, now, occasions=["moved", "booked"])
    recording_service.remove(session, admin, "moved", LANGUAGES["sv"], now)
    recording_service.remove(session, admin, "moved", LANGUAGES["sv"], now)
    gone, stays = removed.id, stands.id
    for passed, sounds in (
        (timedelta(minutes=14), {gone: True, stays: True}),
        (timedelta(minutes=15), {gone: False, stays: True}),
        (timedelta(days=6, hours=23), {gone: False, stays: True}),
        (timedelta(days=7), {stays: True}),
    ):
        recording_service.forget(session, now + passed)
        session.expire_all()
        assert {one.id: one.sound is not None for one in kept(session)} == sounds
        found = recording_queries.sound(session, gone)
        assert found == ((mp3(), "mp3") if sounds.get(gone) else None)


def test_staff_read_what_was_played_before_the_words(
    session: Session, admin: Asker, meeting: Appointment, now: datetime
) -> None:
    made = record(session, admin, now, occasions=["reminder"])[0]
    row = put(session, now)
    recording_service.remove(session, admin, "reminder", LANGUAGES["sv"], now)
    found = recording_queries.words_of(session, [row])
    assert (found[made.id].said, found[made.id].language) == (SAID, LANGUAGES["sv"])
    row.recording_id = None
    assert recording_queries.words_of(session, [row]) == {}


# --- in words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("occasion", occasions.OCCASIONS)
def test_what_we_propose_to_say_says_neither_who_nor_why(occasion: str, code: str) -> None:
    """S31"""
    said = example(occasion, LANGUAGES[code])
    assert said
    assert telling(said, ["Norrby"]) == ()
    assert len(said) <= occasions.LONGEST_WORDS


@pytest.mark.parametrize(
    "code, said",
    [
        ("sv", "onsdag 25 november, klockan 9 noll noll."),
        ("en", "Wednesday 25 November, at 9 o'clock."),
        ("ar", "الأربعاء 25 نوفمبر، الساعة 9 تمامًا."),
    ],
)
def test_the_day_and_the_time_alone(
    session: Session, world: World, now: datetime, code: str, said: str
) -> None:
    found = texts.when(now + DAY, LANGUAGES[code], world.organisation.zone)
    assert found == said


def test_what_waits_plays_what_was_recorded_since(
    session: Session,
    world: World,
    amina: Person,
    meeting: Appointment,
    now: datetime,
    admin: Asker,
    without_arabic: None,
) -> None:
    amina.language = "ar"
    message = put(session, now)
    assert message.recording_id is None
    record(session, admin, now + HOUR, "ar", occasions=["reminder"])
    service.check(session, message, now + HOUR)
    assert message.recording_id is not None
