"""What a person chooses about our messages: how we tell them, and how much an SMS says."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.journal import service as journal
from portal.messaging import service as outbox
from portal.notices import call_service, rules, saying_service, service
from portal.organisation import reminder_rules
from portal.web.asker import Asker

HowHeld = Callable[[Session, uuid.UUID], rules.Held]
"""How a meeting is held, asked of the room that owns it."""


def choose_way(
    session: Session, asker: Asker, person: Person, way: str, now: datetime, how_held: HowHeld
) -> None:
    """Tell the person in this way (of rules.WAYS) from now on; the caller has fetched them for the asker.

    What waits goes the new way; with a call it is taken back, and news among it goes to the coach's list.
    With another way after a call, news on that list is sent, for nobody knows whether it was told.
    """
    lock_people(session, (person.id,))
    if person.way == way:
        return
    if way == rules.EMAIL and person.email_confirmed_at is None:
        raise ValueError("only an address that is known to be theirs is written to")
    person.way = way
    if _is_rung(person):
        _to_the_list(session, person, now)
        reason = "calls" if way == rules.CALL else "stop"
        outbox.cancel_all(session, recipient_id=person.id, reason=reason, now=now)
    else:
        _turn(session, person, how_held)
        _say_after_all(session, person, now, how_held)
    session.flush()
    journal.note(session, asker, action="change", kind="way", subject=person.id)


def _is_rung(person: Person) -> bool:
    stopped = person.sms_stopped_at is not None and person.way != rules.EMAIL
    return person.way == rules.CALL or stopped


def _turn(session: Session, person: Person, how_held: HowHeld) -> None:
    """Let what waits about meetings and news, and what staff send, leave the way the person has now.

    What is said of a meeting is said as that way has it.
    """
    for row in outbox.waiting(session, person.id):
        if row.kind in (*rules.WORDED, rules.OWN_MESSAGE):
            outbox.turn(row, **saying_service.addressed(person, row.kind))
        if row.kind in rules.KINDS:
            saying_service.say_anew(session, row, person, how_held(session, row.subject))


def choose_hours(
    session: Session, asker: Asker, person: Person, earliest: int | None, latest: int | None
) -> None:
    """Write to the person between these hours of the day alone; None: as the house has it.

    The caller has seen that something is left of the house's. What waits is asked again when it is to leave.
    """
    lock_people(session, (person.id,))
    if (person.earliest_hour, person.latest_hour) == (earliest, latest):
        return
    person.earliest_hour, person.latest_hour = earliest, latest
    session.flush()
    journal.note(session, asker, action="change", kind="hours", subject=person.id)


def stop_sms(session: Session, asker: Asker, person: Person, now: datetime) -> bool:
    """No SMS about meetings from here on: the coach rings instead. Whether it was otherwise before.

    What waits as SMS is taken back, but codes: they go to whoever asks for one.
    """
    lock_people(session, (person.id,))
    if person.sms_stopped_at is not None:
        return False
    person.sms_stopped_at = now
    # Whoever is told by e-mail has had no SMS about meetings, and goes on getting e-mail.
    if person.way != rules.EMAIL:
        _to_the_list(session, person, now)
        outbox.cancel_waiting(session, recipient_id=person.id, reason="stop", now=now)
    journal.note(session, asker, action="change", kind="sms_stopped", subject=person.id)
    return True


def start_sms(session: Session, asker: Asker, person: Person, now: datetime, how_held: HowHeld) -> bool:
    """SMS about meetings again; whether they were stopped. News on the coach's list is sent as SMS.

    A provider stops at words that are none of ours, and begins again at this one.
    """
    lock_people(session, (person.id,))
    outbox.subscribed_again(session, person.id)
    if person.sms_stopped_at is None:
        return False
    person.sms_stopped_at = None
    session.flush()
    if person.way != rules.CALL:
        _say_after_all(session, person, now, how_held)
    journal.note(session, asker, action="change", kind="sms_started", subject=person.id)
    return True


def _to_the_list(session: Session, person: Person, now: datetime) -> None:
    """What waits as SMS goes to the coach's list, where it is news."""
    for row in outbox.waiting(session, person.id):
        call_service.wish(
            session, person.id, row.kind, row.subject, row.revision, starts_at=row.expires_at, now=now
        )


def _say_after_all(session: Session, person: Person, now: datetime, how_held: HowHeld) -> None:
    for news in call_service.waiting(session, person.id, now):
        service.say_after_all(session, news, how_held(session, news.subject), now)


def choose_timing(session: Session, asker: Asker, person: Person, timing: str, now: datetime) -> None:
    """Remind the person of meetings as this says from now on (a code of `reminder_rules.TIMINGS`).

    The caller has fetched them for the asker. What waits in the outbox still leaves.
    """
    if timing not in reminder_rules.TIMINGS:
        raise ValueError("nobody can choose this")
    lock_people(session, (person.id,))
    if person.reminder_timing == timing:
        return
    person.reminder_timing, person.reminder_timing_at = timing, now
    session.flush()
    journal.note(session, asker, action="change", kind="timing", subject=person.id)


def choose_detail(session: Session, asker: Asker, person: Person, detail: rules.Detail) -> None:
    """Let the asker's own SMS say this much from now on; behind the second door, once they saw it (S31)."""
    if asker.person_id != person.id or asker.tier < 2:
        raise ValueError("only the person, behind the second door, lets an SMS say more")
    lock_people(session, (person.id,))
    _set(session, asker, person, detail)


def say_less(session: Session, asker: Asker, person: Person) -> None:
    """Let the person's SMS say the time alone, those that still wait as well. Staff may do it too."""
    lock_people(session, (person.id,))
    _set(session, asker, person, rules.Detail())
    for row in outbox.waiting(session, person.id):
        if row.kind in rules.KINDS:
            saying_service.say_anew(session, row, person)
    session.flush()


def _set(session: Session, asker: Asker, person: Person, detail: rules.Detail) -> None:
    if detail_of(person) == detail:
        return
    person.sms_place, person.sms_coach = detail.place, detail.coach
    session.flush()
    journal.note(session, asker, action="change", kind="detail", subject=person.id)


def detail_of(person: Person) -> rules.Detail:
    """What the person has chosen."""
    return rules.Detail(person.sms_place, person.sms_coach)
