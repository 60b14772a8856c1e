"""What a person has chosen."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.web.asker import Asker


def one_page(session: Session, asker: Asker) -> bool:
    """Whether the asker likes all questions of a check-in on one page."""
    return bool(session.scalar(select(Person.one_page).where(Person.id == asker.person_id)))
