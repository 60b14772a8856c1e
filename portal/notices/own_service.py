"""Keeping the texts that an organisation has for its staff to send."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.languages import Language
from portal.notices import own_queries, template_rules
from portal.notices.models import OwnMessage, OwnMessageText
from portal.notices.rules import OWN_MESSAGE
from portal.notices.template_service import NotOffered, WrongWording
from portal.organisation import queries as organisations
from portal.organisation import service as house
from portal.web.asker import Asker
from portal.web.errors import Refused


class TitleTaken(Refused):
    """Another own message in use is called so: staff could not tell the two apart."""


def add(session: Session, asker: Asker, title: str, now: datetime) -> OwnMessage:
    """A new own message, which says nothing yet. Raises TitleTaken."""
    house.hold(session, asker.organisation_id)
    _refuse_taken(session, asker, title)
    made = OwnMessage(
        organisation_id=asker.organisation_id, title=title, made_by=asker.person_id, made_at=now
    )
    session.add(made)
    session.flush()
    _note(session, asker, made.id)
    return made


def rename(session: Session, asker: Asker, message: OwnMessage, title: str) -> None:
    """Call it something else. Raises TitleTaken."""
    house.hold(session, asker.organisation_id)
    if title == message.title:
        return
    _refuse_taken(session, asker, title, but=message.id)
    message.title = title
    session.flush()
    _note(session, asker, message.id)


def retire(session: Session, asker: Asker, message: OwnMessage, now: datetime) -> None:
    """Offer it no more."""
    house.hold(session, asker.organisation_id)
    if message.retired_at is None:
        message.retired_at = now
        session.flush()
        _note(session, asker, message.id)


def restore(session: Session, asker: Asker, message: OwnMessage) -> None:
    """Offer it again. Raises TitleTaken."""
    house.hold(session, asker.organisation_id)
    if message.retired_at is not None:
        _refuse_taken(session, asker, message.title, but=message.id)
        message.retired_at = None
        session.flush()
        _note(session, asker, message.id)


def word(
    session: Session, asker: Asker, message: OwnMessage, language: Language, text: str, now: datetime
) -> OwnMessageText | None:
    """Say it so from now on; an empty text: it is not said in this language.

    What is said already makes no new version: None. What was sent stays as it was. Raises WrongWording,
    NotOffered.
    """
    text = template_rules.normal(text)
    if found := template_rules.problems(text, OWN_MESSAGE):
        raise WrongWording(found)
    house.hold(session, asker.organisation_id)
    if language.code not in organisations.organisation(session, asker.organisation_id).spoken:
        raise NotOffered
    if text == own_queries.said(session, [message.id])[message.id].texts.get(language.code, ""):
        return None
    same = OwnMessageText.own_message_id == message.id
    version = session.scalar(select(func.max(OwnMessageText.version)).where(same)) or 0
    made = OwnMessageText(
        own_message_id=message.id,
        language=language.code,
        version=version + 1,
        text=text,
        made_by=asker.person_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, asker, made.id)
    return made


def _refuse_taken(session: Session, asker: Asker, title: str, but: uuid.UUID | None = None) -> None:
    for one in own_queries.rows(session, asker):
        if one.message.title.casefold() == title.casefold() and one.message.id != but:
            raise TitleTaken


def _note(session: Session, asker: Asker, object_id: uuid.UUID) -> None:
    journal.note(session, asker, action="change", kind="own_message", subject=None, object_id=object_id)
