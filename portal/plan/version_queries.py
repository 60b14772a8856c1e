"""How a plan looked on an earlier day, and on which days it changed. Who asks comes first."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.plan import change_queries, queries, version_rules
from portal.plan.rows import ChangeRow, PlanPage, StepRow
from portal.plan.version_rules import Facts, Version
from portal.web.asker import Asker


def own_version(session: Session, asker: Asker, day: date, now: datetime) -> Version:
    """The asker's own plan as it stood when this day ended; nothing of what is hidden from them (S33)."""
    page = queries.own_plan(session, asker, now)
    changes = change_queries.own_changes(session, asker)
    known = {str(step.id) for step in page.steps}
    known |= {str(change.step_id) for change in changes}
    return version_rules.shown(_as_of(asker, page, changes, day), known)


def persons_version(session: Session, asker: Asker, person_id: UUID, day: date, now: datetime) -> Version:
    """A participant's plan as it stood when this day ended, for staff. Raises NoResultFound."""
    page = queries.persons_plan(session, asker, person_id, now)
    return _as_of(asker, page, change_queries.changes(session, asker, person_id), day)


def _as_of(asker: Asker, page: PlanPage, changes: tuple[ChangeRow, ...], day: date) -> Version:
    present = Version(page.goal, {str(step.id): _facts(step) for step in page.steps})
    until = datetime.combine(day + timedelta(days=1), time(), asker.zone)
    return version_rules.as_of(present, changes, until)


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
