"""A text that waits for translation, for the guards."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.web.asker import Asker
from portal.wording.models import SourceText


def free_text(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """The step that the coach has written for the participant, as translators meet it."""
    found = session.scalars(
        select(SourceText.id).where(SourceText.person_id == participant.person_id, SourceText.kind == "step")
    )
    return {"free_text": found.one()}
