"""Whose content somebody may read: every query about a participant starts here (S2, S6, S37)."""

import uuid

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant
from portal.journal import service as journal
from portal.organisation.models import Team
from portal.web.asker import Asker


def participants_of(asker: Asker) -> Select[uuid.UUID]:
    """The ids of the participants whose content the asker may read, as a subquery.

    A participant: self. A coach: own, closed ones too; a stand-in, while standing in, the absent coach's as
    well. A lead: the team's. Everybody else: nobody.
    Each person's present enrolment decides: who comes back to another coach is no longer the first one's.
    Protected people are never among them; see `participant`. Who asks about one person alone is given no more
    than that one.
    """
    one = () if asker.only is None else (Person.id == asker.only,)
    if asker.is_participant:
        return select(Person.id).where(Person.id == asker.person_id, *one)
    return (
        select(Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Person.organisation_id == asker.organisation_id,
            Person.protected.is_(False),
            is_known(),
            staff_reach(asker),
            is_present(),
            *one,
        )
        .distinct()
    )


def participant(session: Session, asker: Asker, who: uuid.UUID | Person, *, what: str) -> Person:
    """The participant, when the asker may read them; `what` is the kind of page, for the journal.

    A Person is one whom this has found for this very asker: they are noted, and not looked up again.
    Raises NoResultFound, alike for nobody and for somebody else's, after noting the refusal.
    """
    if isinstance(who, Person):
        journal.note(session, asker, action="read", kind=what, subject=who.id)
        return who
    person_id = who
    found = session.scalars(
        select(Person).where(
            Person.id == person_id,
            Person.organisation_id == asker.organisation_id,
            or_(
                Person.id.in_(participants_of(asker)),
                and_(Person.protected.is_(True), Person.id.in_(_handled_by(asker))),
            ),
        )
    ).one_or_none()
    action = "read" if found else "refused"
    journal.note(session, asker, action=action, kind=what, subject=person_id)
    if found is None:
        return session.scalars(select(Person).where(false())).one()
    return found


def translated_for(asker: Asker) -> Select[uuid.UUID]:
    """The ids of those whose texts the asker may translate, never knowing whose they are; as a subquery.

    A translator: everybody of the organisation but people with protected identity (S37). Others: nobody.
    """
    return select(Person.id).where(
        Person.organisation_id == asker.organisation_id,
        Person.protected.is_(False),
        Person.disabled_at.is_(None),
        true() if "translator" in asker.roles else false(),
    )


def teams_translated_for(asker: Asker) -> Select[uuid.UUID]:
    """The ids of the teams whose common texts the asker may translate; as a subquery.

    A translator: every team of the organisation. Others: none.
    """
    return select(Team.id).where(
        Team.organisation_id == asker.organisation_id,
        true() if "translator" in asker.roles else false(),
    )


def coaching() -> Select[uuid.UUID]:
    """The ids of those who can meet participants: active, and coach or lead of some team; as a subquery."""
    return (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(("coach", "lead")), Person.disabled_at.is_(None))
    )


def reaches(session: Session, asker: Asker, person_id: uuid.UUID) -> bool:
    """Whether the asker may read the participant at all; to look something up for them, notes nothing."""
    within = or_(Person.id.in_(participants_of(asker)), Person.id.in_(_handled_by(asker)))
    return session.scalars(select(Person.id).where(Person.id == person_id, within)).first() is not None


def is_known() -> ColumnElement[bool]:
    """Whether a person has not been forgotten: of one who has, only what figures need is left (S46)."""
    return Person.name_sealed.is_not(None)


def is_present() -> ColumnElement[bool]:
    """Whether an enrolment is its person's present one: open, else the one that closed last."""
    other = aliased(Enrolment)
    later = (
        exists()
        .where(
            other.person_id == Enrolment.person_id,
            other.id != Enrolment.id,
            Enrolment.closed_on.is_not(None),
            or_(
                other.closed_on.is_(None),
                other.closed_on > Enrolment.closed_on,
                and_(other.closed_on == Enrolment.closed_on, other.id > Enrolment.id),
            ),
        )
        .correlate(Enrolment)
    )
    return ~later


def current_enrolment(session: Session, person_id: uuid.UUID) -> Enrolment | None:
    """The enrolment that is open, else the one that closed last. The caller has checked the person."""
    return session.scalars(current_of(person_id)).first()


def current_of(person_id: uuid.UUID) -> Select[Enrolment]:
    """The enrolment that is open, else the one that closed last, as a query."""
    return (
        select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.closed_on.is_not(None), Enrolment.closed_on.desc(), Enrolment.applied_on.desc())
        .limit(1)
    )


def staff_reach(asker: Asker) -> ColumnElement[bool]:
    """Which enrolments are a coach's own, an absent coach's for whom they stand in, or of a lead's teams."""
    reach: list[ColumnElement[bool]] = [false()]
    if "coach" in asker.roles:
        reach.append(Enrolment.coach_id == asker.person_id)
    if asker.stands_in_for:
        reach.append(Enrolment.coach_id.in_(asker.stands_in_for))
    if "lead" in asker.roles:
        teams = select(RoleGrant.team_id).where(
            RoleGrant.person_id == asker.person_id, RoleGrant.role == "lead"
        )
        reach.append(Enrolment.team_id.in_(teams))
    return or_(*reach)


def _handled_by(asker: Asker) -> Select[uuid.UUID]:
    return select(ProtectedHandler.person_id).where(ProtectedHandler.handler_id == asker.person_id)
