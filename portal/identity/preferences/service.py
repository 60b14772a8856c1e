"""Changing what a person has chosen about themselves."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.journal import service as journal
from portal.web.asker import Asker


def choose_one_page(session: Session, asker: Asker, chosen: bool) -> None:
    """Show the asker all questions of a check-in on one page from now on, or one at a time."""
    changed = update(Person).where(Person.id == asker.person_id, Person.one_page.is_not(chosen))
    if session.scalars(changed.values(one_page=chosen).returning(Person.id)).first():
        journal.note(session, asker, action="change", kind="reading", subject=asker.person_id)
