"""Everything an interpreter reads, and nothing else: the plan's items, the questions, the hard words (S8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.instruments.pack_queries import asked_on_phone
from portal.instruments.rules import Instrument, When
from portal.languages import language
from portal.organisation.rules import read
from portal.plan import talk_queries
from portal.plan.talk_queries import TalkItem
from portal.web.asker import Guest
from portal.wording import glossary
from portal.wording.glossary import Entry

WHEN: tuple[When, ...] = ("before", "after")
SWEDISH = "sv"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and what the two ends mean, in one language."""

    text: str
    hint: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Questions:
    """One check-in's questions: its title by language, and each question by language. Never an answer.

    `notice`: what the licence of its wording wants to be read wherever it is shown, by language.
    """

    title: Mapping[str, str]
    lines: tuple[Mapping[str, Question], ...]
    notice: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """The page about one meeting. `language` is the other one; `hard` the hard words in the items."""

    starts_at: datetime
    ends_at: datetime
    language: str
    items: tuple[TalkItem, ...]
    questions: tuple[Questions, ...]
    hard: tuple[Entry, ...]


def sheet(session: Session, guest: Guest, now: datetime) -> Sheet:
    """What the interpreter needs for the meeting; the reading is noted."""
    items = talk_queries.for_guest(session, guest, now)
    rules, today = read(guest.house.settings or "{}"), now.astimezone(guest.zone).date()
    # The portal may not have the interpreter's own language.
    spoken = language(guest.language).code
    asked = [asked_on_phone(session, rules, when, today) for when in WHEN]
    return Sheet(
        starts_at=guest.starts_at,
        ends_at=guest.ends_at,
        language=guest.language,
        items=items,
        questions=tuple(_questions(one, spoken) for one in asked if one is not None),
        hard=glossary.entries_in("\n".join(item.text for item in items), spoken),
    )


def _questions(asked: Instrument, language: str) -> Questions:
    spoken = (SWEDISH, language)
    lines = [{code: asked.text(line, code) for code in spoken} for line in asked.lines]
    shown = [
        {code: Question(text.question, text.hint, text.low, text.high) for code, text in line.items()}
        for line in lines
    ]
    if asked.comment is not None:
        free = {code: asked.own(asked.comment.question, code) for code in spoken}
        shown.append({code: Question(text, "", "", "") for code, text in free.items()})
    notice = {code: asked.own(asked.notice, code) for code in spoken} if asked.notice else {}
    return Questions({code: asked.own(asked.title, code) for code in spoken}, tuple(shown), notice)
