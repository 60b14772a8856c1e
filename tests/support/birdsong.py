"""A canary in everything that somebody has written: wherever it sings, one hears whose it is (S5, S30)."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import Sealed
from portal.db import Base

# What a program reads (numbers, addresses, keys, JSON), and names, which have a canary of their own.
NO_WORDS = {"name", "phone", "email", "address", "totp_secret", "fields", "before", "after"}
# Why there is a pause is the admin's business too; a plan, an answer, a place, a message is not.
FACTS = {"reason"}
# What translators meet, without whose it is; a plan itself they never see.
TO_TRANSLATE = {"source", "translated", "origin"}
# What a coach has written in their own week: theirs, and their lead's.
OF_STAFF = {"own_words"}
# Where a meeting is: whoever interprets there must know it. What is ordered of an interpreter: an admin too.
WHERE = {"place"}
ORDERED = {"dialect", "agency", "reference"}
INTERPRETERS = {"participant": {"translator"}, "other_participant": {"lead"}, "far_participant": set[str]()}
"""Who of staff interprets at a meeting of whom."""
DESKS = {
    "participant": {"coach", "lead"},
    "other_participant": {"other_coach", "lead"},
    "far_participant": {"far_coach"},
}
READERS = {
    "participant": {"participant2", "coach", "lead", "interpreter"},
    "other_participant": {"other_participant", "other_coach"},
    "far_participant": {"far_participant", "far_coach"},
}
"""Whose words may be read by whom. The first door (`participant1`) shows none of them."""
ADMINISTERED = {"participant", "other_participant"}


def content(owner: str) -> str:
    """What sings in the plan, the answers, the meetings and the messages of this participant."""
    return f"blames-{owner}"


def fact(owner: str) -> str:
    """What sings in the enrolment of this participant."""
    return f"talgoxe-{owner}"


def translated(owner: str) -> str:
    """What sings in the texts of this participant that wait for translation."""
    return f"trast-{owner}"


def desk(owner: str) -> str:
    """What sings in the week of this participant's coach."""
    return f"svala-{owner}"


def where(owner: str) -> str:
    """What sings in the places where this participant is met."""
    return f"sparv-{owner}"


def ordered(owner: str) -> str:
    """What sings in what is ordered of interpreters for this participant."""
    return f"steglits-{owner}"


def heard(text: str, viewer: str, *, refused: bool) -> list[str]:
    """The canaries in an answer that must not sing there: none may in a refusal, whoever asked."""
    found = []
    for owner, readers in READERS.items():
        admins, translators = ({"admin"}, {"translator"}) if owner in ADMINISTERED else (set(), set())
        for canary, permitted in (
            (content(owner), readers),
            (fact(owner), readers | admins),
            (translated(owner), readers | translators),
            (desk(owner), DESKS[owner]),
            (where(owner), readers | INTERPRETERS[owner]),
            (ordered(owner), readers | INTERPRETERS[owner] | admins),
        ):
            if canary in text and (refused or viewer not in permitted):
                found.append(f"{canary} sings")
    return found


def let_sing(session: Session, owner: str, known: set[uuid.UUID]) -> None:
    """Put this owner's canaries into every sealed text of the rows that are not known yet, and know them."""
    session.flush()
    for row, texts in _sealed_rows(session):
        if row.id in known:
            continue
        known.add(row.id)
        for text in texts:
            word = _word_of(text)(owner)
            setattr(row, text, f"{getattr(row, text)} {word}".strip())
    session.flush()


def _word_of(text: str) -> Callable[[str], str]:
    kinds = ((TO_TRANSLATE, translated), (FACTS, fact), (OF_STAFF, desk), (WHERE, where), (ORDERED, ordered))
    return next((word for names, word in kinds if text in names), content)


def know_all(session: Session) -> set[uuid.UUID]:
    """The rows that stand there before anybody's canary is let in."""
    session.flush()
    return {row.id for row, _ in _sealed_rows(session)}


def _sealed_rows(session: Session) -> Iterator[tuple[Any, list[str]]]:
    for mapper in Base.registry.mappers:
        texts = [name for name, held in vars(mapper.class_).items() if isinstance(held, Sealed)]
        if texts:
            rows: list[Any] = list(session.scalars(select(mapper.class_)))
            for row in rows:
                yield row, [text for text in texts if text not in NO_WORDS]
