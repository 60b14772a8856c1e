"""Reads about one person and their enrolment, and about the staff who can be chosen for them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString
from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.models import (
    Enrolment,
    EnrolmentPeriod,
    Person,
    ProtectedHandler,
    RoleGrant,
    first_name,
    name_of,
)
from portal.identity.people import rules, words
from portal.identity.people.reach_queries import findable, handled_by, teams_of
from portal.journal import service as journal
from portal.languages import LANGUAGES
from portal.organisation import queries as organisation_queries
from portal.organisation.models import Programme, Team
from portal.web.asker import Asker

COACH = aliased(Person)


def enrolled(session: Session, asker: Asker, person_id: uuid.UUID, *, what: str) -> Person:
    """The person, when the asker may open their enrolment (an admin too, who sees no content).

    `what` is the kind of page, for the journal. Raises NoResultFound, alike for nobody and for
    somebody else's, after noting the refusal.
    """
    found = session.scalars(
        select(Person).where(
            Person.id == person_id,
            or_(Person.id.in_(findable(asker)), Person.id.in_(handled_by(asker))),
        )
    ).one_or_none()
    journal.note(session, asker, action="read" if found else "refused", kind=what, subject=person_id)
    return found or session.scalars(select(Person).where(false())).one()


def handled(session: Session, asker: Asker, person_id: uuid.UUID, *, what: str) -> Person:
    """The protected person, when the asker is a named handler. Raises NoResultFound."""
    found = session.scalars(
        select(Person).where(Person.id == person_id, Person.id.in_(handled_by(asker)))
    ).one_or_none()
    journal.note(session, asker, action="read" if found else "refused", kind=what, subject=person_id)
    return found or session.scalars(select(Person).where(false())).one()


def protected_people(session: Session, asker: Asker) -> tuple[Person, ...]:
    """The protected people whose named handler the asker is, by name."""
    found = session.scalars(select(Person).where(Person.id.in_(handled_by(asker)))).all()
    for person in found:
        journal.note(session, asker, action="read", kind="protected_list", subject=person.id)
    return tuple(sorted(found, key=lambda person: rules.sort_key(person.name)))


def handles_somebody(session: Session, asker: Asker) -> bool:
    """Whether the asker is a named handler of anybody: only then the page for it is spoken of."""
    return session.scalars(handled_by(asker).limit(1)).first() is not None


def handlers_of(session: Session, person_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Ids of a protected person's named handlers. The caller has checked the person."""
    return frozenset(
        session.scalars(select(ProtectedHandler.handler_id).where(ProtectedHandler.person_id == person_id))
    )


# --- one person ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """What `people/_person_head.html` shows. `content`: whether plan, meetings and answers open too.

    `standing_in`: the first name of the absent coach for whom the asker stands in, "" for none.
    """

    id: uuid.UUID
    name: str
    short_name: str
    phone: str
    language: str
    protected: bool
    disabled_at: datetime | None
    sms_unsafe: bool
    state: str
    content: bool
    standing_in: str = ""

    @property
    def state_word(self) -> LazyString | str:
        """The state in a word."""
        return words.STATES.get(self.state, "")

    @property
    def state_tone(self) -> str:
        """The tone of its tag."""
        return words.STATE_TONES.get(self.state, "sky")


def head(session: Session, asker: Asker, person: Person, today: date, *, content: bool = False) -> Head:
    """The head of a page about this person, whom the caller has fetched within the asker's scope.

    `content`: the caller knows that plan, meetings and answers open to the asker.
    """
    current = scope.current_of(person.id).with_only_columns(Enrolment.id).scalar_subquery()
    rows = session.execute(
        select(Enrolment.closed_on, EnrolmentPeriod, COACH.id.label("absent"), COACH.name_sealed)
        .outerjoin(EnrolmentPeriod, EnrolmentPeriod.enrolment_id == Enrolment.id)
        .outerjoin(COACH, and_(COACH.id == Enrolment.coach_id, COACH.id.in_(asker.stands_in_for)))
        .where(Enrolment.id == current)
    ).all()
    pauses = spans(filter(None, (row.EnrolmentPeriod for row in rows)), "pause")
    state = rules.state(rows[0].closed_on, pauses, today) if rows else ""
    readable = scope.participants_of(asker).where(Person.id == person.id)
    return Head(
        id=person.id,
        name=person.name,
        short_name=person.short_name,
        phone=person.phone,
        language=person.language,
        protected=person.protected,
        disabled_at=person.disabled_at,
        sms_unsafe=person.sms_unsafe,
        state=state,
        content=content or person.protected or session.scalars(readable).first() is not None,
        standing_in=_absent(rows[0].absent, rows[0].name_sealed) if rows else "",
    )


def _absent(coach_id: uuid.UUID | None, sealed: bytes | None) -> str:
    return first_name(name_of(coach_id, sealed)) if coach_id else ""


def current(session: Session, person_id: uuid.UUID) -> Enrolment:
    """The enrolment that is open, else the last one. Raises NoResultFound; the person is checked already."""
    found = scope.current_enrolment(session, person_id)
    return found or session.scalars(select(Enrolment).where(false())).one()


def earlier(session: Session, person_id: uuid.UUID) -> tuple[Enrolment, ...]:
    """A person's enrolments but the current one, the newest first. The caller has checked the person."""
    now = scope.current_enrolment(session, person_id)
    found = session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.id != (now.id if now else None))
        .order_by(Enrolment.closed_on.desc())
    )
    return tuple(found)


@dataclass(frozen=True)
class Place:
    """Where an enrolment is."""

    programme: str
    team: str
    municipality: str


def place_of(session: Session, enrolment: Enrolment) -> Place:
    """The names of an enrolment's programme and team; one query."""
    row = session.execute(
        select(Programme.name, Team.name, Team.municipality)
        .select_from(Enrolment)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .join(Team, Team.id == Enrolment.team_id)
        .where(Enrolment.id == enrolment.id)
    ).one()
    return Place(*row)


def in_team_of(session: Session, asker: Asker, person_id: uuid.UUID, *roles: str) -> bool:
    """Whether the person's present enrolment is in a team in which the asker has one of these roles."""
    enrolment = scope.current_enrolment(session, person_id)
    return enrolment is not None and enrolment.team_id in session.scalars(teams_of(asker, *roles)).all()


def periods(session: Session, enrolment_id: uuid.UUID) -> tuple[EnrolmentPeriod, ...]:
    """The pauses and extensions of one enrolment, the newest first."""
    return tuple(
        session.scalars(
            select(EnrolmentPeriod)
            .where(EnrolmentPeriod.enrolment_id == enrolment_id)
            .order_by(EnrolmentPeriod.starts_on.desc())
        )
    )


def period(session: Session, enrolment_id: uuid.UUID, period_id: uuid.UUID) -> EnrolmentPeriod:
    """One pause or extension of this enrolment. Raises NoResultFound."""
    return session.scalars(
        select(EnrolmentPeriod).where(
            EnrolmentPeriod.id == period_id, EnrolmentPeriod.enrolment_id == enrolment_id
        )
    ).one()


def spans(rows: Iterable[EnrolmentPeriod], kind: str) -> tuple[rules.Span, ...]:
    """The days of the rows of one kind."""
    return tuple(rules.Span(row.starts_on, row.ends_on) for row in rows if row.kind == kind)


@dataclass(frozen=True)
class Colleague:
    """A member of staff in one team, as menus offer them."""

    person_id: uuid.UUID
    name: str
    team_id: uuid.UUID
    team: str


def colleagues(
    session: Session, asker: Asker, *roles: str, own_teams: tuple[str, ...] = ()
) -> tuple[Colleague, ...]:
    """Active staff with one of these roles, by team and name.

    With `own_teams` only of the teams in which the asker has one of those roles.
    """
    asked = (
        select(Person.id, Person.name_sealed, Team.id.label("team_id"), Team.name.label("team"))
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Team, Team.id == RoleGrant.team_id)
        .where(
            Team.organisation_id == asker.organisation_id,
            RoleGrant.role.in_(roles),
            Person.disabled_at.is_(None),
        )
        .distinct()
    )
    if own_teams:
        asked = asked.where(Team.id.in_(teams_of(asker, *own_teams)))
    found = [
        Colleague(
            row.id, open_sealed("person", "name_sealed", row.id, row.name_sealed), row.team_id, row.team
        )
        for row in session.execute(asked)
    ]
    return tuple(sorted(found, key=lambda one: (one.team, rules.sort_key(one.name))))


def possible_handlers(session: Session, asker: Asker) -> tuple[tuple[str, str], ...]:
    """Active staff who may handle a protected person, as pairs of id and name, by name."""
    rows = session.execute(
        select(Person.id, Person.name_sealed)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.organisation_id == asker.organisation_id,
            Person.disabled_at.is_(None),
            RoleGrant.role.in_(rules.HANDLER_ROLES),
        )
        .distinct()
    )
    found = [(str(row.id), open_sealed("person", "name_sealed", row.id, row.name_sealed)) for row in rows]
    return tuple(sorted(found, key=lambda one: rules.sort_key(one[1])))


def own_teams(session: Session, asker: Asker, *roles: str) -> tuple[Team, ...]:
    """The teams into which the asker enrols: an admin all, others those in which they have a role."""
    asked = select(Team).where(Team.organisation_id == asker.organisation_id)
    if "admin" not in asker.roles:
        asked = asked.where(Team.id.in_(teams_of(asker, *roles)))
    return tuple(session.scalars(asked.order_by(Team.name)))


@dataclass(frozen=True)
class Options:
    """What the menus of an enrolment offer: pairs of value and words, the lists in the asker's language."""

    programmes: tuple[tuple[str, str], ...]
    teams: tuple[tuple[str, str], ...]
    coaches: tuple[tuple[str, str], ...]
    lists: dict[str, tuple[tuple[str, str], ...]]
    languages: tuple[tuple[str, str], ...]
    own_words: dict[str, dict[str, list[str]]]
    """Of each programme that uses some words only: {its id: {list: codes}}."""

    def used(self, kind: str, programme: str) -> tuple[tuple[str, str], ...]:
        """The words in use of a list that this programme has chosen; all where it has chosen none."""
        own = self.own_words.get(programme, {}).get(kind, ())
        return tuple(pair for pair in self.lists[kind] if pair[0] in own) or self.lists[kind]


def options(session: Session, asker: Asker) -> Options:
    """The menus for this asker: own teams and their staff for a coach or lead, all for an admin."""
    roles = () if "admin" in asker.roles else rules.TEAM_ROLES
    staff = colleagues(session, asker, *rules.TEAM_ROLES, own_teams=roles)
    coaches = {one.person_id: one.name for one in staff}
    here = asker.organisation_id
    programmes = organisation_queries.programmes(session, here)
    return Options(
        programmes=tuple((str(one.id), one.name) for one in programmes),
        teams=tuple((str(one.id), one.name) for one in own_teams(session, asker, *rules.TEAM_ROLES)),
        coaches=tuple((str(person_id), name) for person_id, name in coaches.items()),
        lists={
            kind: tuple((row.code, row.label(asker.language)) for row in rows if not row.retired)
            for kind, rows in organisation_queries.word_lists(session, here).items()
        },
        languages=tuple(
            (code, LANGUAGES[code].name) for code in organisation_queries.organisation(session, here).spoken
        ),
        own_words={str(one.id): one.lists for one in programmes if one.lists},
    )


def word_labels(session: Session, asker: Asker) -> dict[str, dict[str, str]]:
    """{kind: {code: words}} of the organisation's lists in the asker's language, retired words too."""
    lists = organisation_queries.word_lists(session, asker.organisation_id)
    return {kind: {row.code: row.label(asker.language) for row in rows} for kind, rows in lists.items()}
