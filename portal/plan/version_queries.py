"""How a plan looked on an earlier day, and on which days it changed. Who asks comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.plan import change_queries, queries, version_rules
from portal.plan.rows import ChangeRow, PlanPage, StepRow
from portal.plan.version_rules import Difference, Facts, Version
from portal.web.asker import Asker


@dataclass(frozen=True)
class Past:
    """A plan as it stood when a day ended, beside how it stands now.

    `earlier` and `later` are the nearest days on which it was changed, None where there is none.
    """

    version: Version
    present: Version
    earlier: date | None
    later: date | None

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The steps and sub-goals that are others now."""
        return version_rules.differences(self.version, self.present)


def own_past(session: Session, asker: Asker, day: date, now: datetime) -> Past:
    """The asker's own plan as it stood when this day ended; nothing of what is hidden from them (S33)."""
    page = queries.own_plan(session, asker, now)
    changes = change_queries.own_changes(session, asker)
    known = {str(step.id) for step in page.steps}
    known |= {str(change.step_id) for change in changes}
    return _past(asker, page, changes, day, known)


def persons_past(session: Session, asker: Asker, person_id: UUID, day: date, now: datetime) -> Past:
    """A participant's plan as it stood when this day ended, for staff. Raises NoResultFound."""
    page = queries.persons_plan(session, asker, person_id, now)
    return _past(asker, page, change_queries.changes(session, asker, person_id), day)


def _past(
    asker: Asker, page: PlanPage, changes: Sequence[ChangeRow], day: date, known: set[str] | None = None
) -> Past:
    present = Version(page.goal, {str(step.id): _facts(step) for step in page.steps})
    until = datetime.combine(day + timedelta(days=1), time(), asker.zone)
    version = version_rules.as_of(present, changes, until)
    return Past(
        version_rules.shown(version, known) if known is not None else version,
        present,
        *version_rules.neighbours(changes, day, asker.zone),
    )


def _facts(step: StepRow) -> Facts:
    """A step as events keep it."""
    return {
        "kind": step.kind,
        "text": step.text,
        "state": step.state,
        "position": step.position,
        "doer": step.doer,
        "doer_name": step.doer_name,
        "day": step.day.isoformat() if step.day else None,
        "when": step.when,
        "in_portal": step.in_portal,
    }
