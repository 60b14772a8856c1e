"""Reads of the texts that an organisation has for its staff to send. None of them is about a participant."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import SWEDISH, Language
from portal.notices.models import OwnMessage, OwnMessageText
from portal.notices.rules import OWN_MESSAGE
from portal.notices.template_queries import Desk, Version, offered
from portal.web.asker import Asker


@dataclass(frozen=True)
class Said:
    """What an own message says: `version` tells all its texts; `texts` by language, those that there are."""

    version: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnRow:
    """An own message in a list. `missing`: the offered languages in which it says nothing, when in any."""

    message: OwnMessage
    said: Said
    missing: tuple[str, ...]


def message_for(session: Session, asker: Asker, message_id: uuid.UUID) -> OwnMessage:
    """One of the asker's organisation. Raises NoResultFound."""
    return session.scalars(
        select(OwnMessage).where(
            OwnMessage.id == message_id, OwnMessage.organisation_id == asker.organisation_id
        )
    ).one()


def rows(session: Session, asker: Asker, *, retired: bool = False) -> tuple[OwnRow, ...]:
    """The organisation's own messages by title, those in use alone unless `retired`; two queries and one."""
    asked = select(OwnMessage).where(OwnMessage.organisation_id == asker.organisation_id)
    if not retired:
        asked = asked.where(OwnMessage.retired_at.is_(None))
    found = session.scalars(asked).all()
    every = said(session, [one.id for one in found])
    codes = [one.code for one in offered(session, asker)]
    listed = [OwnRow(one, every[one.id], missing(every[one.id], codes)) for one in found]
    return tuple(sorted(listed, key=lambda one: (one.message.retired_at is not None, one.message.title)))


def said(session: Session, messages: Iterable[uuid.UUID]) -> dict[uuid.UUID, Said]:
    """What these own messages say now; one query."""
    asked = list(messages)
    texts: dict[uuid.UUID, dict[str, str]] = {one: {} for one in asked}
    versions = dict.fromkeys(asked, 0)
    found = session.execute(
        select(
            OwnMessageText.own_message_id,
            OwnMessageText.language,
            OwnMessageText.version,
            OwnMessageText.text,
        )
        .where(OwnMessageText.own_message_id.in_(asked))
        .order_by(OwnMessageText.version)
    )
    for message_id, language, version, text in found:
        texts[message_id][language], versions[message_id] = text, version
    return {
        one: Said(versions[one], {code: text for code, text in texts[one].items() if text}) for one in asked
    }


def missing(found: Said, offered_codes: Iterable[str]) -> tuple[str, ...]:
    """The offered languages in which a message that says something says nothing."""
    return tuple(code for code in offered_codes if code not in found.texts) if found.texts else ()


def desk(session: Session, asker: Asker, message: OwnMessage, language: Language) -> Desk | None:
    """An own message in one language, as it is edited; None for a language that is not offered."""
    codes = [one.code for one in offered(session, asker)]
    if language.code not in codes:
        return None
    found = said(session, [message.id])[message.id]
    return Desk(
        kind=OWN_MESSAGE,
        language=language,
        now=found.texts.get(language.code, ""),
        ours="",
        swedish=found.texts.get(SWEDISH.code, ""),
        is_own=language.code in found.texts,
        versions=_versions(session, message, language),
        lagging=missing(found, codes),
    )


def _versions(session: Session, message: OwnMessage, language: Language) -> tuple[Version, ...]:
    found = session.execute(
        select(OwnMessageText, Person)
        .join(Person, Person.id == OwnMessageText.made_by)
        .where(OwnMessageText.own_message_id == message.id, OwnMessageText.language == language.code)
        .order_by(OwnMessageText.version.desc())
    )
    return tuple(Version(row.version, row.text, person.name, row.made_at) for row, person in found)
