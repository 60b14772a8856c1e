"""What admins change about where one works: programmes and teams."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.organisation import queries
from portal.organisation.models import PROGRAMME_LISTS, Programme, Team
from portal.organisation.service import hold
from portal.web.asker import Asker
from portal.web.errors import Refused

Place = TypeVar("Place", Team, Programme)


class NameTaken(Refused):
    """Another team, or another programme, has this name."""


class InUse(Refused):
    """Somebody works there or is enrolled there: it cannot go."""


class OnlyOne(Refused):
    """Nobody could be enrolled without one."""


@dataclass(frozen=True)
class TeamFacts:
    """A team as a form gives it."""

    name: str
    municipality: str


@dataclass(frozen=True)
class ProgrammeFacts:
    """A programme as a form gives it. A target of None is not set.

    `lists`: the words it uses of each of PROGRAMME_LISTS, as codes; none of a list: all of them.
    """

    name: str
    starts_on: date
    ends_on: date | None
    targets: dict[str, float | None]
    partners: tuple[str, ...]
    lists: dict[str, list[str]] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date | None]:
        """Its first and last day."""
        return self.starts_on, self.ends_on


def add_team(session: Session, asker: Asker, facts: TeamFacts) -> Team:
    """Add a team; the same form again gives the one that is there. Raises NameTaken."""
    hold(session, asker.organisation_id)
    same = _named(queries.teams(session, asker.organisation_id), facts.name)
    if same and facts == TeamFacts(same.name, same.municipality):
        return same
    team = Team(organisation_id=asker.organisation_id)
    session.add(_put_team(session, asker, team, facts))
    session.flush()
    return team


def change_team(session: Session, asker: Asker, team: Team, facts: TeamFacts) -> None:
    """Change a team, which the caller holds with its organisation. Raises NameTaken."""
    _put_team(session, asker, team, facts)
    session.flush()


def remove_team(session: Session, asker: Asker, team: Team) -> None:
    """Take away a team in which nobody is. Raises InUse, OnlyOne."""
    _remove(session, asker, team, "team_removed")


def add_programme(session: Session, asker: Asker, facts: ProgrammeFacts) -> Programme:
    """Add a programme; the same form again gives the one that is there. Raises NameTaken."""
    hold(session, asker.organisation_id)
    same = _named(queries.programmes(session, asker.organisation_id), facts.name)
    if same and _says(same, facts):
        return same
    programme = Programme(organisation_id=asker.organisation_id)
    session.add(_put_programme(session, asker, programme, facts))
    session.flush()
    return programme


def change_programme(session: Session, asker: Asker, programme: Programme, facts: ProgrammeFacts) -> None:
    """Change a programme, which the caller holds with its organisation. Raises NameTaken."""
    _put_programme(session, asker, programme, facts)
    session.flush()


def remove_programme(session: Session, asker: Asker, programme: Programme) -> None:
    """Take away a programme in which nobody is enrolled. Raises InUse, OnlyOne."""
    _remove(session, asker, programme, "programme_removed")


def _says(programme: Programme, facts: ProgrammeFacts) -> bool:
    """Whether this is what stands there already."""
    targets = {name: value for name, value in facts.targets.items() if value is not None}
    standing = (programme.name, (programme.starts_on, programme.ends_on), tuple(programme.partners))
    same = standing == (facts.name, facts.days, facts.partners)
    return same and targets == (programme.targets or {}) and _chosen(facts) == (programme.lists or {})


def _chosen(facts: ProgrammeFacts) -> dict[str, list[str]]:
    return {kind: facts.lists[kind] for kind in PROGRAMME_LISTS if facts.lists.get(kind)}


def _put_team(session: Session, asker: Asker, team: Team, facts: TeamFacts) -> Team:
    _check_name(queries.teams(session, asker.organisation_id), facts.name, team.id)
    team.name, team.municipality = facts.name, facts.municipality
    _note(session, asker, "team", team.id)
    return team


def _put_programme(session: Session, asker: Asker, programme: Programme, facts: ProgrammeFacts) -> Programme:
    _check_name(queries.programmes(session, asker.organisation_id), facts.name, programme.id)
    programme.name, programme.partners = facts.name, list(facts.partners)
    programme.starts_on, programme.ends_on = facts.days
    # Targets that no form knows stay.
    targets = {**(programme.targets or {}), **facts.targets}
    programme.targets = {name: value for name, value in targets.items() if value is not None}
    programme.lists = _chosen(facts)
    _note(session, asker, "programme", programme.id)
    return programme


def _named(places: tuple[Place, ...], name: str) -> Place | None:
    return next((one for one in places if one.name.casefold() == name.casefold()), None)


def _check_name(places: tuple[Team, ...] | tuple[Programme, ...], name: str, own_id: uuid.UUID) -> None:
    if any(one.name.casefold() == name.casefold() and one.id != own_id for one in places):
        raise NameTaken


def _remove(session: Session, asker: Asker, place: Team | Programme, kind: str) -> None:
    table = type(place)
    many = session.scalar(
        select(func.count()).select_from(table).where(table.organisation_id == asker.organisation_id)
    )
    if many == 1:
        raise OnlyOne
    try:
        # Whoever is there stands in tables of the rooms above: their foreign keys know.
        with session.begin_nested():
            session.delete(place)
    except IntegrityError:
        raise InUse from None
    _note(session, asker, kind, place.id)


def _note(session: Session, asker: Asker, kind: str, object_id: uuid.UUID) -> None:
    journal.note(session, asker, action="change", kind=kind, subject=None, object_id=object_id)
