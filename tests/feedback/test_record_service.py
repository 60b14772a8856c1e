"""What staff type from paper: scored as on a phone, once, undone soon, corrected with both numbers kept."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.feedback import queries, record_service, service, trail_queries
from portal.feedback.models import CheckIn, Correction, ScaleReading
from portal.feedback.record_service import AlreadyThere, AnotherFirst, Paper, TooLate
from portal.identity.models import Person, ProtectedHandler
from portal.instruments.models import Response, ResponseLine
from portal.journal.service import take_notes
from portal.organisation.models import Organisation
from tests.feedback.conftest import Begin, People
from tests.support.packs import install
from tests.support.paper import typed

DAY = timedelta(days=1)
NUMBERS = (35, 40, 32, 30)


Table = type[CheckIn | Response | ResponseLine | ScaleReading | Correction]


def count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_four_numbers_become_a_total_with_the_values_of_the_day(
    session: Session, people: People, now: datetime
) -> None:
    made = typed(session, people.coach, people.world.participant.id, NUMBERS, now - DAY, now=now)
    (series,) = queries.series(session, people.coach, people.world.participant.id)
    (entry,) = series.entries
    assert (entry.check_in_id, entry.total, entry.sent_at) == (made, 137, now - DAY)
    assert entry.lines == NUMBERS
    assert entry.recorded_by == people.world.coach.id
    assert entry.norms is not None
    assert (entry.norms.cut_off, entry.norms.reliable_change, entry.norms.age_band) == (250, 50, "adult")


def test_an_empty_line_means_no_total(session: Session, people: People, now: datetime) -> None:
    typed(session, people.coach, people.world.participant.id, (35, None, 32, 30), now)
    (series,) = queries.series(session, people.coach, people.world.participant.id)
    assert (series.entries[0].total, series.entries[0].lines, series.curve) == (None, (), None)
    assert series.course is not None
    assert series.course.signal is None


def test_the_same_form_twice_is_stored_once(session: Session, people: People, now: datetime) -> None:
    who, about = people.world.participant.id, uuid.uuid4()
    first = typed(session, people.coach, who, NUMBERS, now, about=about)
    assert typed(session, people.coach, who, NUMBERS, now, about=about) == first
    with pytest.raises(AlreadyThere) as there:
        typed(session, people.coach, who, (1, 2, 3, 4), now, about=about)
    assert there.value.check_in_id == first
    assert typed(session, people.coach, who, NUMBERS, now, about=about, scale="srs") != first
    assert count(session, CheckIn) == count(session, Response) == 2


def test_what_was_begun_on_a_phone_gives_way_and_what_was_sent_does_not(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    install(session, "ors", now)
    about = uuid.uuid4()
    begun = begin(people.participant, "ors", about=about)
    service.answer_line(session, people.participant, begun, 1, 50, now=now)
    made = typed(session, people.coach, people.world.participant.id, NUMBERS, now, about=about)
    assert made != begun
    assert (count(session, CheckIn), count(session, ResponseLine)) == (1, 4)


def test_an_older_form_becomes_the_first_only_when_somebody_says_so(
    session: Session, people: People, now: datetime
) -> None:
    """The baseline is never silently re-based."""
    who, about = people.world.participant.id, uuid.uuid4()
    typed(session, people.coach, who, NUMBERS, now - 7 * DAY)
    with pytest.raises(AnotherFirst) as refused:
        typed(session, people.coach, who, NUMBERS, now - 14 * DAY, about=about)
    assert (refused.value.was, refused.value.becomes) == (now - 7 * DAY, now - 14 * DAY)
    assert count(session, CheckIn) == 1
    typed(session, people.coach, who, (35, 40, None, 30), now - 14 * DAY)
    typed(session, people.coach, who, NUMBERS, now - 14 * DAY, scale="srs")
    older = Paper(who, "ors", NUMBERS, about, now - 14 * DAY, becomes_first=True)
    made = record_service.record(session, people.coach, older, now)
    assert typed(session, people.coach, who, NUMBERS, now - 14 * DAY, about=about) == made
    typed(session, people.coach, who, NUMBERS, now - 10 * DAY)


FULL, HOLED = (90, 90, 90, 90), (90, 90, 90, None)


@pytest.mark.parametrize(
    "corrected, numbers, becomes",
    [(0, FULL, 21), (1, HOLED, 7)],
    ids=["a total on an older form", "no total on the first one"],
)
def test_a_correction_moves_the_first_only_when_somebody_says_so(
    session: Session,
    people: People,
    now: datetime,
    corrected: int,
    numbers: tuple[int | None, ...],
    becomes: int,
) -> None:
    """The baseline is never silently re-based, and who says so stands with the numbers."""
    who, ago = people.world.participant.id, ((21, HOLED), (14, NUMBERS), (7, NUMBERS))
    made = [typed(session, people.coach, who, lines, now - days * DAY) for days, lines in ago]
    typed(session, people.coach, who, NUMBERS, now - 28 * DAY, scale="srs")
    mended = made[corrected]
    with pytest.raises(AnotherFirst) as refused:
        record_service.correct(session, people.coach, who, mended, numbers, reason="x", now=now)
    assert (refused.value.was, refused.value.becomes) == (now - 14 * DAY, now - becomes * DAY)
    assert count(session, Correction) == 0
    record_service.correct(
        session, people.coach, who, mended, numbers, reason="Såg fel", now=now, moves_first=True
    )
    assert {(one.by, one.reason) for one in trail_queries.mended(session, [mended])} == {
        ("Karin L.", "Såg fel")
    }
    (ors,) = [one for one in queries.series(session, people.coach, who) if one.instrument.key == "ors"]
    assert ors.curve is not None
    assert ors.curve.first.at == now - becomes * DAY


@pytest.mark.parametrize(
    "ago, corrected, numbers",
    [
        (((21, HOLED), (14, NUMBERS)), 0, (80, 80, 80, None)),
        (((14, NUMBERS), (7, NUMBERS)), 0, FULL),
        (((14, NUMBERS), (7, NUMBERS)), 1, HOLED),
        (((14, NUMBERS), (7, HOLED)), 0, HOLED),
        (((14, HOLED), (7, HOLED)), 1, FULL),
    ],
    ids=["still none", "the first one's own numbers", "a later one", "the only one", "there was none"],
)
def test_a_correction_that_leaves_the_first_where_it_is_asks_nothing(
    session: Session,
    people: People,
    now: datetime,
    ago: tuple[tuple[int, tuple[int | None, ...]], ...],
    corrected: int,
    numbers: tuple[int | None, ...],
) -> None:
    who = people.world.participant.id
    made = [typed(session, people.coach, who, lines, now - days * DAY) for days, lines in ago]
    assert record_service.correct(session, people.coach, who, made[corrected], numbers, reason="x", now=now)


def test_of_two_forms_of_one_moment_the_one_typed_first_is_the_first(
    session: Session, people: People, now: datetime
) -> None:
    """Ids are random: they do not decide what everything is judged by."""
    who = people.world.participant.id
    for number in range(8):
        part = 50 - number
        typed(session, people.coach, who, (part, part, part, part), now - DAY, now=now + number * DAY / 24)
    (series,) = queries.series(session, people.coach, who)
    assert [entry.total for entry in series.entries] == [4 * (50 - number) for number in range(8)]
    (told,) = queries.told(session, people.coach, now).scales
    assert told.signal.talks == 7


def test_a_slip_is_undone_at_once_by_whoever_made_it(session: Session, people: People, now: datetime) -> None:
    who = people.world.participant.id
    made = typed(session, people.coach, who, NUMBERS, now)
    lead = people.of(people.world.lead, "lead")
    for asker, at in ((lead, now), (people.coach, now + record_service.UNDO + timedelta(seconds=1))):
        with pytest.raises(TooLate):
            record_service.undo(session, asker, who, made, at)
    record_service.undo(session, people.coach, who, made, now + record_service.UNDO)
    for table in (CheckIn, Response, ResponseLine, ScaleReading):
        assert count(session, table) == 0


def test_a_corrected_first_score_moves_what_is_judged_by_it_and_keeps_both(
    session: Session, people: People, now: datetime
) -> None:
    """The baseline is never silently re-based: both numbers stand, with who, when and why."""
    who = people.world.participant.id
    first = typed(session, people.coach, who, (80, 80, 80, 80), now - 14 * DAY)
    typed(session, people.coach, who, (40, 40, 40, 40), now)
    course = queries.series(session, people.coach, who)[0].course
    assert course is not None
    assert course.change is not None
    assert course.change.outcome == "deteriorated"

    def correct(numbers: tuple[int | None, ...], reason: str, at: datetime) -> int:
        return record_service.correct(
            session, people.coach, who, first, numbers, reason=reason, now=at, moves_first=True
        )

    assert correct((30, 30, None, 30), "Läste fel på pappret", now) == 4
    course = queries.series(session, people.coach, who)[0].course
    assert course is not None
    assert course.change is None
    correct((30, 30, 30, 30), "Såg talet", now + DAY)
    course = queries.series(session, people.coach, who)[0].course
    assert course is not None
    assert course.change is not None
    assert (course.change.outcome, course.change.baseline, course.change.by) == ("unchanged", 120, 40)
    trail = trail_queries.mended(session, [first])
    assert [(one.line, one.old, one.new, one.by, one.reason) for one in trail] == [
        ("line-3", None, 30, "Karin L.", "Såg talet"),
        ("line-1", 80, 30, "Karin L.", "Läste fel på pappret"),
        ("line-2", 80, 30, "Karin L.", "Läste fel på pappret"),
        ("line-3", 80, None, "Karin L.", "Läste fel på pappret"),
        ("line-4", 80, 30, "Karin L.", "Läste fel på pappret"),
    ]
    with pytest.raises(TooLate):
        record_service.undo(session, people.coach, who, first, now - 14 * DAY)


def test_the_same_numbers_again_are_no_correction(session: Session, people: People, now: datetime) -> None:
    who = people.world.participant.id
    made = typed(session, people.coach, who, NUMBERS, now)
    assert not record_service.correct(session, people.coach, who, made, NUMBERS, reason="x", now=now)
    assert count(session, Correction) == 0


def test_why_is_sealed(session: Session, people: People, now: datetime) -> None:
    """S38"""
    who = people.world.participant.id
    made = typed(session, people.coach, who, NUMBERS, now)
    record_service.correct(session, people.coach, who, made, (1, 2, 3, 4), reason="Hemligt skäl", now=now)
    sealed = session.scalars(select(Correction.reason_sealed)).first()
    assert sealed is not None
    assert b"Hemligt" not in sealed


def test_a_changed_setting_leaves_the_values_of_earlier_readings(
    session: Session, people: People, now: datetime
) -> None:
    who = people.world.participant.id
    typed(session, people.coach, who, NUMBERS, now - 14 * DAY)
    session.get_one(Organisation, people.world.organisation.id).settings = {
        "ors_cut_off_youth": 27.0,
        "reliable_change": 6.0,
    }
    session.get_one(Person, who).age_band = "youth"
    session.flush()
    typed(session, people.coach, who, NUMBERS, now)
    (series,) = queries.series(session, people.coach, who)
    kept = [(entry.norms.cut_off, entry.norms.reliable_change) for entry in series.entries if entry.norms]
    assert kept == [(250, 50), (270, 60)]
    assert series.course is not None
    assert series.course.norms.cut_off == 270


def test_who_may_type_undo_and_correct(session: Session, people: People, now: datetime) -> None:
    """S2: own coach and the team's lead; nobody else, and what a participant sent is corrected by nobody."""
    world = people.world
    made = typed(session, people.coach, world.participant.id, NUMBERS, now)
    typed(session, people.of(world.lead, "lead"), world.participant.id, NUMBERS, now, scale="srs")
    for asker in (
        people.of(world.other_coach, "coach"),
        people.of(world.far_coach, "coach"),
        people.of(world.admin, "admin"),
    ):
        with pytest.raises(NoResultFound):
            record_service.record(
                session, asker, Paper(world.participant.id, "ors", NUMBERS, uuid.uuid4(), now), now
            )
        with pytest.raises(NoResultFound):
            record_service.undo(session, asker, world.participant.id, made, now)
        with pytest.raises(NoResultFound):
            record_service.correct(session, asker, world.participant.id, made, NUMBERS, reason="x", now=now)
    with pytest.raises(NoResultFound):
        record_service.undo(session, people.coach, world.second_participant.id, made, now)


def test_what_somebody_sent_themselves_is_theirs(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    made = begin(people.participant)
    with pytest.raises(NoResultFound):
        record_service.correct(
            session, people.coach, people.world.participant.id, made, NUMBERS, reason="x", now=now
        )


def test_a_protected_person_is_typed_in_by_the_handler_alone(
    session: Session, people: People, now: datetime
) -> None:
    """S37"""
    world = people.world
    session.get_one(Person, world.participant.id).protected = True
    session.flush()
    with pytest.raises(NoResultFound):
        typed(session, people.coach, world.participant.id, NUMBERS, now)
    session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.coach.id))
    session.flush()
    typed(session, people.coach, world.participant.id, NUMBERS, now)


def test_what_was_typed_is_in_the_journal_and_new_to_copy(
    session: Session, people: People, now: datetime
) -> None:
    """S42; a form from last week that was typed today is new today."""
    who = people.world.participant.id
    take_notes(session)
    made = typed(session, people.coach, who, NUMBERS, now - 7 * DAY, now=now)
    notes = take_notes(session)
    assert ("change", "answers", made) in [(row["action"], row["kind"], row["object_id"]) for row in notes]
    new = queries.changed_since(session, people.coach, who, now - DAY)
    assert [entry.check_in_id for entry in new] == [made]
    assert queries.changed_since(session, people.coach, who, now) == []
