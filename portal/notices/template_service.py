"""Letting an organisation say an SMS in its own words, and going back to ours."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.languages import Language
from portal.notices import template_rules, texts
from portal.notices.models import NoticeTemplate
from portal.organisation import queries as organisations
from portal.organisation import service as house
from portal.web.asker import Asker
from portal.web.errors import Refused


class WrongWording(Refused):
    """A text that cannot be sent; `problems` says why."""

    def __init__(self, problems: tuple[template_rules.Problem, ...]) -> None:
        super().__init__(", ".join(one.code for one in problems))
        self.problems = problems


class NotOffered(Refused):
    """The organisation does not offer this language."""


def word(
    session: Session, asker: Asker, kind: str, language: Language, text: str, now: datetime
) -> NoticeTemplate | None:
    """Say this kind so from now on; an empty text, or ours word for word, goes back to ours.

    What is said already makes no new version: None. What waits in the outbox stays as it is. Raises
    WrongWording, NotOffered.
    """
    text = template_rules.normal(text)
    if found := template_rules.problems(text, kind):
        raise WrongWording(found)
    house.hold(session, asker.organisation_id)
    if language.code not in organisations.organisation(session, asker.organisation_id).spoken:
        raise NotOffered
    if text == texts.ours(kind, language):
        text = ""
    same = (
        NoticeTemplate.organisation_id == asker.organisation_id,
        NoticeTemplate.kind == kind,
        NoticeTemplate.language == language.code,
    )
    version = session.scalar(select(func.max(NoticeTemplate.version)).where(*same)) or 0
    stands = session.scalar(select(NoticeTemplate.text).where(*same, NoticeTemplate.version == version)) or ""
    if text == stands:
        return None
    made = NoticeTemplate(
        organisation_id=asker.organisation_id,
        kind=kind,
        language=language.code,
        version=version + 1,
        text=text,
        made_by=asker.person_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    journal.note(session, asker, action="change", kind="sms_text", subject=None, object_id=made.id)
    return made
