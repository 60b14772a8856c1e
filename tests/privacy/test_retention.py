"""A dry run lists exactly what the real run deletes, and figures stand without persons (S46)."""

import uuid
from datetime import date, datetime
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, event, func, select, update

from portal.db import Database
from portal.identity.models import Enrolment, Person, RoleGrant, StaffAccount
from portal.journal import chain_queries, chain_service
from portal.journal.models import JournalHead, JournalRow
from portal.organisation.models import Organisation
from portal.privacy import retention_queries, retention_service
from portal.privacy.holding_queries import HOLDINGS
from portal.privacy.holding_rules import WITH_PERSON
from portal.worker import Worker
from tests.conftest import FrozenClock, SignIn
from tests.privacy.forgetting import everything, forget, places, planned
from tests.support.pages import text_of
from tests.support.world import World


def test_the_real_run_deletes_exactly_what_was_listed(full: Database, world: World, now: datetime) -> None:
    before, plan = everything(full), planned(full, now)
    assert everything(full) == before
    assert plan.people == (world.participant.id,)
    assert plan.staff == (world.other_coach.id,)
    assert plan.lines == 2
    done = forget(full, now)
    assert done.digest == plan.digest
    after = everything(full)
    gone = {name: before[name] - after[name] for name in before if before[name] - after[name]}
    journal = gone.pop("journal")
    assert len(journal) == 2
    assert gone.pop("person") == {(world.participant.id,)}
    assert gone == {name: set(keys) for name, keys in plan.rows.items()}
    assert {"plan_step", "plan_event", "appointment", "response", "help_request"} <= gone.keys()
    assert planned(full, now).empty


def test_nothing_about_anybody_else_is_touched(full: Database, world: World, now: datetime) -> None:
    def others() -> dict[str, int]:
        people = [world.second_participant.id, world.other_participant.id, world.far_participant.id]
        with full.reading() as session:
            return {
                holding.table: session.scalar(
                    select(func.count()).select_from(holding.model).where(holding.whose(people))
                )
                or 0
                for holding in HOLDINGS
                if holding.whose is not None
            }

    before = others()
    forget(full, now)
    after = others()
    # One note of the second participant's is older than notes are kept.
    assert {name for name in before if before[name] != after[name]} == {"attention"}
    assert before["attention"] - after["attention"] == 1
    with full.reading() as session:
        assert session.get_one(Person, world.second_participant.id).name == "Yonas Tesfay"


def test_somebody_who_came_back_is_not_forgotten(full: Database, world: World, now: datetime) -> None:
    with full.transaction() as session:
        first = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
        session.add(
            Enrolment(
                person_id=first.person_id,
                programme_id=first.programme_id,
                team_id=first.team_id,
                coach_id=first.coach_id,
                applied_on=date(2026, 1, 2),
            )
        )
    assert planned(full, now).people == ()


def test_the_day_decides_on_the_organisations_own_clock(full: Database, world: World, now: datetime) -> None:
    with full.transaction() as session:
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == world.participant.id)
            .values(closed_on=date(2024, 11, 25))
        )
    assert planned(full, now).people == ()
    # 23.30 in UTC is the next day in Stockholm.
    assert planned(full, now.replace(hour=23, minute=30)).people == (world.participant.id,)


def test_the_settings_decide(full: Database, world: World, now: datetime) -> None:
    with full.transaction() as session:
        session.execute(
            update(Organisation)
            .where(Organisation.slug == "norrby")
            .values(settings={"keep_content_months": 60, "keep_staff_months": 60, "keep_notes_months": 60})
        )
    plan = planned(full, now)
    assert (plan.people, plan.staff, plan.rows) == ((), (), {})


def test_whoever_left_keeps_an_id_alone(full: Database, world: World, now: datetime) -> None:
    forget(full, now)
    with full.reading() as session:
        left = session.get_one(Person, world.other_coach.id)
        account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == left.id)).first()
        roles = session.scalars(select(RoleGrant).where(RoleGrant.person_id == left.id)).first()
    assert (left.name, account, roles) == ("", None, None)


def test_the_journal_holds_after_its_oldest_lines_went(full: Database, now: datetime) -> None:
    """S43"""
    forget(full, now)
    with full.transaction() as session:
        chain_service.chain(session, now)
    with full.snapshot() as session:
        found = chain_queries.verify(session)
    assert (found.faults, found.waiting) == ((), 0)


def test_who_is_forgotten_is_in_no_list(full: Database, world: World, now: datetime, sign_in: SignIn) -> None:
    forget(full, now)
    for staff in (world.coach, world.lead, world.admin):
        said = text_of(sign_in(staff).get("/staff/people"))
        assert "Amina" not in said
    assert sign_in(world.admin).get("/staff/members").status_code == 200
    assert sign_in(world.lead).get("/staff").status_code == 200


def run(app: Flask, *more: str) -> Result:
    return app.test_cli_runner().invoke(args=["retention", *more])


def test_the_command_lists_and_then_deletes_that_very_plan(
    app: Flask, full: Database, world: World, frozen: FrozenClock
) -> None:
    listed = run(app, "--dry-run")
    assert listed.exit_code == 0
    assert f"participant {world.participant.id}: " in listed.output
    assert "appointment 3" in listed.output
    assert "1 participants, 1 staff, 2 journal lines." in listed.output
    assert "Nothing was deleted." in listed.output
    plan = listed.output.split("Plan: ")[1].split()[0]
    before = everything(full)
    refused = run(app, "--only", "0123456789abcdef")
    assert (refused.exit_code, everything(full) == before) == (1, True)
    done = run(app, "--only", plan)
    assert (done.exit_code, f"Plan: {plan}" in done.output) == (0, True)
    assert "0 participants, 0 staff, 0 journal lines." in run(app).output


def test_the_command_deletes_nothing_while_the_journal_is_not_whole(app: Flask, full: Database) -> None:
    """S43: an old line may be what shows who took the rest away."""
    with full.transaction() as session:
        session.execute(delete(JournalHead))
    before = everything(full)
    refused = run(app)
    assert (refused.exit_code, "The journal is not whole." in refused.output) == (1, True)
    assert everything(full) == before


def test_the_worker_forgets_only_where_it_is_wanted(
    app: Flask, full: Database, world: World, now: datetime
) -> None:
    assert Worker(app).once()
    with full.reading() as session:
        assert session.get(Person, world.participant.id) is not None
    with full.transaction() as session:
        session.execute(
            update(Organisation).where(Organisation.slug == "norrby").values(settings={"forget_daily": True})
        )
    assert Worker(app).once()
    with full.reading() as session:
        assert session.get(Person, world.participant.id) is None
        noted = session.scalars(select(JournalRow).where(JournalRow.kind == "forgotten")).all()
    assert {row.subject_id for row in noted} == {world.participant.id, world.other_coach.id}


def test_whoever_keeps_the_journal_longest_decides_for_every_organisation(
    app: Flask, full: Database, world: World
) -> None:
    """S43: an organisation that forgets daily takes no line from one that keeps its lines for longer."""
    with full.transaction() as session:
        for slug, settings in (
            ("norrby", {"forget_daily": True, "keep_journal_months": 60}),
            ("soderby", {"forget_daily": False, "keep_journal_months": 90}),
        ):
            session.execute(update(Organisation).where(Organisation.slug == slug).values(settings=settings))
    assert Worker(app).once()
    with full.reading() as session:
        assert session.get(Person, world.participant.id) is None
        ages = select(func.count()).where(JournalRow.subject_id == world.lead.id)
        # Of 3000, 2500, 30 and 1 days, only the first is older than 90 months.
        assert session.scalar(ages) == 3


def test_cut_off_in_the_middle_nothing_is_forgotten(
    full: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(full)

    def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(retention_service, "_leave_an_id", broken)
    with pytest.raises(LookupError):
        forget(full, now)
    assert everything(full) == before


def test_every_condition_is_one_that_both_databases_answer(database: Database, world: World) -> None:
    with database.reading() as session:
        for holding in HOLDINGS:
            if holding.whose is not None:
                session.execute(select(holding.model).where(holding.whose([world.participant.id]))).all()


def test_many_are_found_and_counted_in_parts(
    full: Database, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run may find more people than a statement can name; it asks no more for each of them."""
    with full.transaction() as session:
        long_ago = update(Enrolment).where(Enrolment.person_id == world.second_participant.id)
        session.execute(long_ago.values(closed_on=date(2024, 1, 5)))
    with full.snapshot() as session:
        whole = retention_queries.forgetting(session, now, places(full))
        counts = retention_queries.counts_of(session, whole.people)
    monkeypatch.setattr(retention_queries, "AT_ONCE", 1)
    with full.snapshot() as session:
        assert retention_queries.forgetting(session, now, places(full)) == whole
        assert retention_queries.counts_of(session, whole.people) == counts
    assert set(whole.people) == {world.participant.id, world.second_participant.id}
    for holding in HOLDINGS:
        if holding.whose is not None and holding.fate in WITH_PERSON - {"notes"}:
            many = [counts[one].get(holding.table, 0) for one in whole.people]
            with full.reading() as session:
                theirs = select(func.count()).select_from(holding.model).where(holding.whose(whole.people))
                assert session.scalar(theirs) == sum(many), holding.table


def test_the_dry_run_asks_as_often_for_many_as_for_one(full: Database, world: World) -> None:
    def asked(people: list[uuid.UUID]) -> int:
        statements: list[str] = []

        def listen(*said: Any) -> None:
            statements.append(said[2])

        with full.snapshot() as session:
            event.listen(full.engine, "before_cursor_execute", listen)
            retention_queries.counts_of(session, people)
            event.remove(full.engine, "before_cursor_execute", listen)
        return len(statements)

    assert asked([world.participant.id]) == asked([uuid.uuid4() for _ in range(400)])
