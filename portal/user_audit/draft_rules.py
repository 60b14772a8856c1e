"""What travels in the form while somebody answers, and what is left of it when it is sent without a name."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.user_audit.urn_rules import SKIPPED

LIFE = timedelta(hours=24)
"""How long a form that is begun can be gone on with."""
TEXT_MAX = 1000


@dataclass(frozen=True)
class Draft:
    """A form that is being answered. It stands on the phone alone, sealed.

    `answers`, a place for each question: None for not yet, "" for left out, else a code or words.
    `mark` names the form beside the person when a ticket is issued; `ballot` names the ticket to the urn.
    The two are drawn apart, and only the phone ever holds both.
    """

    mark: str
    ballot: str
    language: str
    begun_at: datetime
    answers: tuple[str | None, ...]

    def answered(self, number: int, given: str) -> "Draft":
        """The form with an answer to question `number` (from 1)."""
        whole = list(self.answers)
        whole[number - 1] = given
        return replace(self, answers=tuple(whole))

    def alive(self, now: datetime) -> bool:
        """Whether it can still be gone on with."""
        return self.begun_at <= now < self.begun_at + LIFE

    @property
    def next_number(self) -> int | None:
        """The first question without an answer; None when there is none."""
        return next((at for at, given in enumerate(self.answers, 1) if given is None), None)

    @property
    def empty(self) -> bool:
        """Whether every question was left out: there is nothing to send."""
        return all(given in (None, SKIPPED) for given in self.answers)

    def packed(self) -> str:
        """The form as one text, to be sealed."""
        begun = self.begun_at.isoformat()
        return json.dumps([self.mark, self.ballot, self.language, begun, self.answers], ensure_ascii=False)

    @classmethod
    def unpacked(cls, text: str) -> "Draft":
        """The form again."""
        mark, ballot, language, begun, answers = json.loads(text)
        return cls(mark, ballot, language, datetime.fromisoformat(begun), tuple(answers))


@dataclass(frozen=True)
class Ticket:
    """What is sent without a name: no mark, no time, no person."""

    audit: str
    ballot: str
    language: str
    answers: tuple[str, ...]

    def packed(self) -> str:
        """The ticket as one text, to be sealed."""
        return json.dumps([self.audit, self.ballot, self.language, self.answers], ensure_ascii=False)

    @classmethod
    def unpacked(cls, text: str) -> "Ticket":
        """The ticket again."""
        audit, ballot, language, answers = json.loads(text)
        return cls(audit, ballot, language, tuple(answers))


def ticket_of(draft: Draft, audit: str) -> Ticket:
    """The ticket of a form; what has no answer was left out."""
    return Ticket(audit, draft.ballot, draft.language, tuple(given or SKIPPED for given in draft.answers))
