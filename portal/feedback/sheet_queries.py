"""A check-in as its own person meets it, one question a screen."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.rules import Window
from portal.instruments import queries as instruments
from portal.instruments.models import Response, TextPack
from portal.instruments.pack_queries import wording
from portal.instruments.queries import Given
from portal.instruments.rules import Instrument, LineText
from portal.instruments.scale_rules import GROUP
from portal.journal.service import note
from portal.languages import LANGUAGES, SWEDISH, Language
from portal.web.asker import Asker


@dataclass(frozen=True)
class SheetLine:
    """One line of a sheet, in the asker's language. `tenths` stands only where it may be read back."""

    number: int
    key: str
    icon: str
    text: LineText
    handled: bool
    readable: bool
    tenths: int | None

    @property
    def skipped(self) -> bool:
        """Whether the person, as far as may be told, chose to skip it."""
        return self.handled and self.readable and self.tenths is None


@dataclass(frozen=True)
class SheetComment:
    """The free answer of a sheet. `text` stands only where it may be read back."""

    question: str
    longest: int
    handled: bool
    readable: bool
    text: str


@dataclass(frozen=True)
class Sheet:
    """A check-in as its own person meets it.

    A step is a screen with one question: the lines, then the free answer where there is one. `begun`:
    something was answered, skipped or written, so that there is something to send.
    """

    check_in_id: uuid.UUID
    response_id: uuid.UUID
    instrument: Instrument
    shown_in: Language
    window: Window
    key: uuid.UUID
    sent_at: datetime | None
    lines: tuple[SheetLine, ...]
    comment: SheetComment | None
    begun: bool

    @property
    def title(self) -> str:
        """What the person reads above it, in `shown_in`."""
        return self.instrument.own(self.instrument.title, self.shown_in.code)

    @property
    def notice(self) -> str:
        """What the licence of its wording wants to be read on every screen, in `shown_in`; else ""."""
        return (
            self.instrument.own(self.instrument.notice, self.shown_in.code) if self.instrument.notice else ""
        )

    @property
    def of_group(self) -> bool:
        """Whether it is about a session of a group."""
        return self.instrument.key == GROUP

    @property
    def steps(self) -> int:
        """How many screens with a question it has."""
        return self.instrument.screens

    @property
    def next_step(self) -> int | None:
        """The first step that is neither answered nor skipped; None when all are."""
        if self.left:
            return self.left[0].number
        return self.steps if self.comment and not self.comment.handled else None

    @property
    def hidden(self) -> bool:
        """Whether an answer stands that may not be read back here."""
        comment = self.comment is not None and self.comment.handled and not self.comment.readable
        return comment or any(line.handled and not line.readable for line in self.lines)

    @property
    def left(self) -> tuple[SheetLine, ...]:
        """The lines that nothing was said of."""
        return tuple(line for line in self.lines if not line.handled)

    def line(self, number: int) -> SheetLine:
        """Line `number`, from 1. Raises NoResultFound."""
        if not 1 <= number <= len(self.lines):
            raise NoResultFound
        return self.lines[number - 1]

    def comment_number(self) -> int:
        """The step of the free answer. Raises NoResultFound when there is none."""
        if self.comment is None:
            raise NoResultFound
        return self.steps


def shown_in(instrument: Instrument, language: str) -> Language:
    """The language the questions are shown in: the asked one where there are texts, else Swedish."""
    return LANGUAGES[language] if language in instrument.languages and language in LANGUAGES else SWEDISH


def sheet(session: Session, asker: Asker, check_in_id: uuid.UUID) -> Sheet:
    """The asker's own check-in. Raises NoResultFound; what staff typed from paper is none.

    What was answered stands in it only in the session that wrote it, or behind the second door.
    """
    check_in, response, pack = session.execute(
        select(CheckIn, Response, TextPack)
        .join(Response, Response.id == CheckIn.response_id)
        .outerjoin(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        .outerjoin(TextPack, TextPack.id == ScaleReading.pack_id)
        .where(
            CheckIn.id == check_in_id,
            CheckIn.person_id == asker.person_id,
            ScaleReading.recorded_by.is_(None),
        )
    ).one()
    note(session, asker, action="read", kind="check-in", subject=asker.person_id)
    instrument = instruments.instrument(response.instrument, response.version)
    if pack is not None:
        instrument = wording(pack.instrument, pack.version, pack.content)
    language = shown_in(instrument, asker.language)
    given = instruments.given(session, response.id)
    return Sheet(
        check_in_id=check_in.id,
        response_id=response.id,
        instrument=instrument,
        shown_in=language,
        window=_window(check_in, pack, asker.zone),
        key=response.submission_key,
        sent_at=response.sent_at,
        lines=_lines(instrument, language, given, asker),
        comment=_comment(instrument, language, response, asker),
        begun=bool(given or response.comment),
    )


def _window(check_in: CheckIn, pack: TextPack | None, zone: ZoneInfo) -> Window:
    """When it can be answered: as long as the licence of its wording lasts, and not longer."""
    closes = [check_in.closes_at]
    if pack is not None:
        closes.append(datetime.combine(pack.expires_on + timedelta(days=1), time(), zone))
        closes.append(pack.ended_at or check_in.closes_at)
    return Window(check_in.opens_at, min(closes))


def _may_read_back(asker: Asker, written_in: uuid.UUID | None) -> bool:
    return asker.tier >= 2 or asker.session_id == written_in


def _lines(
    instrument: Instrument, language: Language, given: dict[str, Given], asker: Asker
) -> tuple[SheetLine, ...]:
    found = []
    for number, line in enumerate(instrument.lines, start=1):
        answer = given.get(line.key)
        readable = answer is not None and _may_read_back(asker, answer.session_id)
        found.append(
            SheetLine(
                number=number,
                key=line.key,
                icon=line.icon,
                text=instrument.text(line, language.code) if line.texts else LineText("", "", "", ""),
                handled=answer is not None,
                readable=readable,
                tenths=answer.tenths if answer and readable else None,
            )
        )
    return tuple(found)


def _comment(
    instrument: Instrument, language: Language, response: Response, asker: Asker
) -> SheetComment | None:
    if instrument.comment is None:
        return None
    readable = _may_read_back(asker, response.comment_session_id)
    return SheetComment(
        question=instrument.own(instrument.comment.question, language.code),
        longest=instrument.comment.longest,
        handled=response.commented_at is not None,
        readable=readable,
        text=response.comment if readable else "",
    )
