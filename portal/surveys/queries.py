"""The surveys there are, and what one of them asks of a participant now. The asking person comes first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, and_, bindparam

from portal.identity.models import Enrolment, Person
from portal.identity.scope import is_present
from portal.identity.waiting_queries import ME, Offer, Waiting, offer
from portal.organisation.rules import Rules
from portal.surveys import rules as surveys
from portal.surveys.loader import load
from portal.surveys.models import SurveySheet
from portal.surveys.rules import ONGOING, ROUNDS, Round, Survey
from portal.web.asker import Asker

__all__ = ["DEFINITIONS", "ROOM", "Todo", "current", "survey", "today_of", "todos", "waiting_selects"]

DEFINITIONS = Path(__file__).parent / "definitions"
ROOM = "surveys"


@cache
def _installed() -> Mapping[tuple[str, int], Survey]:
    return load(DEFINITIONS)


def survey(key: str, version: int) -> Survey:
    """The version an answer was given in, kept for as long as there are answers. KeyError if unknown."""
    return _installed()[key, version]


def current() -> Survey:
    """The version that new answers are given in."""
    return max(
        (one for one in _installed().values() if one.key == surveys.SURVEY), key=lambda one: one.version
    )


@dataclass(frozen=True)
class Todo:
    """A survey that can be answered now; `begun` when some of it has been."""

    which: Round
    questions: int
    minutes: int
    begun: bool


def waiting_selects(asker: Asker, rules: Rules, now: datetime) -> list[Offer]:
    """What the first page is to know: for each round that is asked, the asker's enrolment and its sheet.

    Nobody with protected identity is asked: they are in no figures (S37). `todos` reads what is found.
    """
    today = today_of(asker, now)
    found = []
    for which in ROUNDS:
        if surveys.asks(which, rules):
            first, last = surveys.may_be_open(which, today, rules)
            found.append(Offer(_waiting(which), {f"{which}_first": first, f"{which}_last": last}))
    return found


@cache
def _waiting(which: Round) -> Select[Any]:
    day = Enrolment.started_on if which == ONGOING else Enrolment.closed_on
    asked = Enrolment.closed_on.is_(None) if which == ONGOING else is_present()
    return (
        offer(
            ROOM,
            code=which,
            begun=SurveySheet.id.is_not(None),
            done=SurveySheet.sent_at.is_not(None),
            day=day,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(SurveySheet, and_(SurveySheet.enrolment_id == Enrolment.id, SurveySheet.round == which))
        .where(
            Enrolment.person_id == ME,
            Person.protected.is_(False),
            day.between(bindparam(f"{which}_first"), bindparam(f"{which}_last")),
            asked,
        )
    )


def todos(found: Iterable[Waiting], asker: Asker, rules: Rules, now: datetime) -> tuple[Todo, ...]:
    """The surveys among what was found that can be answered now."""
    today = today_of(asker, now)
    asked = current()
    return tuple(
        Todo(which, len(asked.questions), asked.minutes, one.begun)
        for one in found
        for which in ROUNDS
        if one.room == ROOM and one.code == which and not one.done and one.day
        if surveys.window(which, one.day, rules).state(today) == "open"
    )


def today_of(asker: Asker, now: datetime) -> date:
    """The day it is where the asker's organisation is."""
    return now.astimezone(asker.zone).date()
