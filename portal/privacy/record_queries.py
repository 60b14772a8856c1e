"""Everything about one person, from the list of everything that is kept (S47)."""

import base64
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.availability import wish_rules
from portal.availability.words import WEEKDAYS
from portal.conversation.models import Message
from portal.conversation.words import TIMES
from portal.crypto import Sealed
from portal.feedback.models import CheckIn, ScaleReading
from portal.identity.models import Person
from portal.identity.people import person_queries
from portal.instruments import pack_queries
from portal.instruments import queries as instruments
from portal.instruments.models import Response, ResponseLine
from portal.instruments.rules import Instrument
from portal.messaging.models import OutboxMessage
from portal.notices import recording_queries
from portal.organisation.words import MODES
from portal.plan import bank_rules
from portal.plan.models import Adaptation
from portal.privacy.hidden_queries import hidden_ids
from portal.privacy.holding_queries import HOLDINGS
from portal.privacy.holding_rules import Holding, Told
from portal.privacy.told_words import ASKED
from portal.surveys import queries as surveys
from portal.surveys import words as survey_words
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.rules import Question, own
from portal.web.asker import Asker

SECRET = ("_hash", "mac", "number", "position")
"""How the names of columns end that lead to a door or the journal's chain, or whose gaps would tell (S33)."""


@dataclass(frozen=True)
class Chapter:
    """One heading, and under it entries of pairs: what it is called, and its value as it is stored."""

    table: str
    title: Any
    entries: tuple[tuple[tuple[Any, Any], ...], ...]


@dataclass(frozen=True)
class Record:
    """Everything about one person.

    `data`: {table: rows}, ready for JSON; `people`: first names by id, of those who are named in it.
    """

    person: Person
    chapters: tuple[Chapter, ...]
    data: dict[str, list[dict[str, Any]]]
    people: dict[str, str]


def record(session: Session, asker: Asker, person: Person, *, hidden_too: bool) -> Record:
    """Everything about a person whom the caller has checked and noted.

    `hidden_too`: also what is marked "not in the portal", which only staff take out, and look through.
    """
    hidden = frozenset() if hidden_too else frozenset(session.scalars(hidden_ids([person.id])))
    found = {
        holding.table: _rows(session, holding, holding.told, person.id, hidden, to_staff=hidden_too)
        for holding in HOLDINGS
        if holding.whose is not None and isinstance(holding.told, Told)
    }
    teller = _Teller(session, asker, person, found)
    chapters = tuple(
        Chapter(holding.table, holding.told.title, tuple(teller.entries(holding.told, found[holding.table])))
        for holding in HOLDINGS
        if isinstance(holding.told, Told) and found.get(holding.table)
    )
    data = {table: [_plain(row, hidden) for row in rows] for table, rows in found.items() if rows}
    return Record(person, chapters, data, {str(one): name for one, name in teller.names.items()})


def _rows(
    session: Session,
    holding: Holding,
    told: Told,
    person_id: uuid.UUID,
    hidden: frozenset[uuid.UUID],
    *,
    to_staff: bool,
) -> list[Any]:
    assert holding.whose is not None
    order = getattr(holding.model, told.order)
    rows: Iterable[Any] = session.scalars(
        select(holding.model).where(holding.whose([person_id])).order_by(order)
    )
    unseen, alone = holding.hidden, holding.confidential if to_staff else None
    return [row for row in rows if not (unseen and unseen(row, hidden)) and not (alone and alone(row))]


class _Teller:
    """Turns rows into pairs of words and values, with the names, lists and questions they need."""

    def __init__(
        self, session: Session, asker: Asker, person: Person, found: Mapping[str, list[Any]]
    ) -> None:
        self._lists = person_queries.word_labels(session, asker)
        self.names = _names(session, person, found)
        self._asked = {row.id: (row.instrument, row.version) for row in found[Response.__tablename__]}
        self._worded = _worded(session, found)
        self._recorded = recording_queries.words_of(session, found.get(OutboxMessage.__tablename__, ()))
        self._sheets = {row.id: (row.survey, row.version) for row in found.get(SurveySheet.__tablename__, ())}
        self._language = asker.language

    def entries(self, told: Told, rows: list[Any]) -> Iterator[tuple[tuple[Any, Any], ...]]:
        for row in rows:
            pairs = ((field.label, self._value(row, field.name, field.words)) for field in told.fields)
            yield tuple((label, value) for label, value in pairs if value not in (None, ""))

    def _value(self, row: Any, name: str, words: Any) -> Any:
        if name in SPECIAL:
            return SPECIAL[name](self, row)
        if name == "points":
            tenths = row.tenths if isinstance(row, ResponseLine) else row.total
            return None if tenths is None else tenths / 10
        value = getattr(row, name)
        if isinstance(words, str):
            return self._lists.get(words, {}).get(value, value)
        if isinstance(value, list):
            return ", ".join(str(words.get(one, one)) for one in value)
        if words is not None and value is not None:
            return words.get(value, value)
        return self.names.get(value) if isinstance(value, uuid.UUID) else value

    def _help(self, row: Adaptation) -> str:
        found = bank_rules.bank().get(row.code)
        return found.text(self._language) if found else ""

    def _played(self, row: OutboxMessage) -> str:
        found = self._recorded.get(row.recording_id) if row.recording_id else None
        return found.said if found else ""

    def _survey(self, row: SurveyAnswer) -> Question:
        return surveys.survey(*self._sheets[row.sheet_id]).question(row.question)

    def _survey_question(self, row: SurveyAnswer) -> str:
        return own(self._survey(row).texts, self._language).question

    def _survey_answer(self, row: SurveyAnswer) -> Any:
        chosen = {option.key: own(option.texts, self._language) for option in self._survey(row).options}
        return chosen.get(row.answer, row.answer) or survey_words.ANSWERS.get(row.state, "")

    def _instrument(self, row: CheckIn | Response) -> Any:
        return ASKED.get(row.instrument) or row.instrument.upper()

    def _wished(self, row: Message) -> str:
        wish = wish_rules.read(row.wish)
        if wish is None:
            return ""
        chosen = [WEEKDAYS[day] for day in wish.days]
        chosen += [*(TIMES[part] for part in wish.parts), *(MODES[way] for way in wish.ways)]
        return ", ".join(str(one) for one in chosen)

    def _question(self, row: ResponseLine) -> str:
        instrument = self._worded.get(row.response_id) or instruments.instrument(
            *self._asked[row.response_id]
        )
        place, line = next(
            (place, line) for place, line in enumerate(instrument.lines, 1) if line.key == row.line
        )
        # Typed from paper, or its wording has been taken away since: the words are not here.
        return (
            instrument.text(line, self._language).question
            if line.texts
            else _("Rad %(number)s", number=place)
        )


SPECIAL: Mapping[str, Callable[[_Teller, Any], Any]] = {
    "asked": _Teller._instrument,
    "question": _Teller._question,
    "help": _Teller._help,
    "played": _Teller._played,
    "wished": _Teller._wished,
    "survey_question": _Teller._survey_question,
    "survey_answer": _Teller._survey_answer,
}
"""What is told of a row that is no attribute of it."""


def _worded(session: Session, found: Mapping[str, list[Any]]) -> dict[uuid.UUID, Instrument]:
    """The scales that were answered on a phone, by response, in the wording that they were answered in."""
    answered = {row.id: row.response_id for row in found[CheckIn.__tablename__]}
    made = pack_queries.wordings(session, {row.pack_id for row in found[ScaleReading.__tablename__]})
    return {
        answered[row.check_in_id]: made[row.pack_id]
        for row in found[ScaleReading.__tablename__]
        if row.pack_id in made and row.check_in_id in answered
    }


def _names(session: Session, person: Person, found: Mapping[str, list[Any]]) -> dict[uuid.UUID, str]:
    """First names of everybody who is named by an id in these rows, within the person's organisation."""
    ids = {
        value
        for rows in found.values()
        for row in rows
        for column in inspect(type(row)).columns
        if isinstance(value := getattr(row, column.key), uuid.UUID)
    }
    people = session.scalars(
        select(Person).where(Person.id.in_(ids), Person.organisation_id == person.organisation_id)
    )
    return {one.id: one.first_name for one in people}


def _plain(row: Any, hidden: frozenset[uuid.UUID]) -> dict[str, Any]:
    """A row as JSON holds it: all but secrets, the sealed columns opened; it points at nothing hidden."""
    opened = {
        attribute.column: name
        for name in dir(type(row))
        if isinstance(attribute := getattr(type(row), name, None), Sealed)
    }
    told = {}
    for column in inspect(type(row)).columns:
        if column.key.endswith(SECRET):
            continue
        name = opened.get(column.key, column.key)
        value = getattr(row, name)
        told[name] = None if isinstance(value, uuid.UUID) and value in hidden else _json(value)
    return told


def _json(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
