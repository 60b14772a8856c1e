"""The demo: loaded once a day, believable, and never among real people."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.availability import queries as availability
from portal.availability.models import BusyTime
from portal.availability.outside import queries as outside
from portal.availability.outside import service as outside_service
from portal.booking import clash_queries
from portal.booking.hold_service import CAUSE
from portal.booking.models import Appointment
from portal.config import Settings
from portal.db import Database
from portal.demo import build
from portal.demo.cards import Card, cards, describe
from portal.feedback import queries as feedback
from portal.feedback.models import CheckIn
from portal.identity.models import Enrolment, EnrolmentPeriod, Person
from portal.identity.people import case_queries, number_queries
from portal.identity.signin import desk_queries
from portal.identity.waiting_queries import waiting
from portal.instruments import pack_queries
from portal.interpreting.order_models import InterpreterOrder
from portal.interpreting.order_queries import CAUSE as INTERPRETER
from portal.interpreting.order_rules import STATES
from portal.organisation.models import Installation, Organisation
from portal.organisation.rules import Rules
from portal.plan.card_queries import own_card
from portal.plan.models import PlanStep
from portal.plan.news_queries import open_questions
from portal.plan.queries import own_plan
from portal.plan.stair_queries import own_place
from portal.reports import queries as reports
from portal.reports.change_rules import COMPARED, moved, used
from portal.reports.forms import Asked
from portal.reports.rules import period
from portal.schema import WrongStamp
from portal.staff import queries, team_queries
from portal.surveys import queries as surveys
from portal.surveys import result_queries
from portal.surveys.release_rules import FEWEST
from portal.web.asker import STAFF_ROLES
from tests.conftest import NOW, FrozenClock
from tests.support.databases import database_url
from tests.support.objects import asker_of
from tests.support.schema import build_schema


@pytest.fixture(scope="module")
def loaded(worker_id: str) -> Database:
    """The demo as it stands just after loading, on SQLite."""
    from portal import crypto
    from portal.config import DEMO_KEY

    crypto.use(crypto.Keyring({"demo": DEMO_KEY}, DEMO_KEY))
    database = Database(database_url("sqlite", f"demo_{worker_id}", build=build_schema), durable=False)
    assert build.load(database, NOW, DEMO_KEY)
    return database


def test_a_meeting_of_the_demo_holds_its_time_as_any_other(loaded: Database) -> None:
    """Else its time is never free again when it is moved or cancelled."""
    with loaded.reading() as session:
        coming = Appointment.starts_at > NOW, Appointment.state == "booked"
        ahead = set(session.scalars(select(Appointment.id).where(*coming)))
        held = session.execute(select(BusyTime.cause_kind, BusyTime.cause_id)).all()
        assert ahead <= {row.cause_id for row in held}
        # An interpreter's time is held for the meeting too.
        assert {row.cause_kind for row in held if row.cause_id in ahead} == {CAUSE, INTERPRETER}


def test_the_demo_has_an_order_for_an_interpreter_in_each_state(loaded: Database) -> None:
    with loaded.reading() as session:
        assert set(session.scalars(select(InterpreterOrder.state))) == set(STATES)
        coming = Appointment.starts_at > NOW, Appointment.state == "booked"
        spoken = select(Appointment.id).where(*coming, Appointment.interpreter_language != "")
        ordered = select(InterpreterOrder.meeting_id).where(InterpreterOrder.state != "cancelled")
        assert set(session.scalars(spoken)) == set(session.scalars(ordered))


def people(loaded: Database) -> list[Card]:
    with loaded.reading() as session:
        return cards(session)


def test_all_staff_are_told_and_where_participants_come_in(loaded: Database) -> None:
    told = "\n".join(describe(people(loaded), "http://here"))
    staff = [card for card in people(loaded) if card["role"] != "participant"]
    assert {card["role"] for card in staff} == STAFF_ROLES
    for card in staff:
        assert f"{card['name']:<16} {card['email']}" in told
    for entry in ("/norrby", "/soderby"):
        assert f"http://here{entry}\n" in told
    assert len(told.splitlines()) < 40


def test_one_coach_has_thirty_people_in_eight_intakes(loaded: Database) -> None:
    with loaded.reading() as session:
        karin = next(one for one in session.scalars(select(Person)) if one.name == "Karin Lund")
        open_now = session.scalars(
            select(Enrolment).where(Enrolment.coach_id == karin.id, Enrolment.closed_on.is_(None))
        ).all()
        closed = session.scalars(
            select(Enrolment).where(Enrolment.coach_id == karin.id, Enrolment.closed_on.is_not(None))
        ).all()
    assert len(open_now) == 30
    assert {enrolment.intake for enrolment in open_now} == set(range(1, 9))
    assert all(enrolment.outcome for enrolment in closed)
    assert len({enrolment.person_id for enrolment in closed} & {one.person_id for one in open_now}) == 2


def test_some_pause_some_are_extended_and_three_languages_are_spoken(loaded: Database) -> None:
    with loaded.reading() as session:
        kinds = set(session.scalars(select(EnrolmentPeriod.kind)))
        first = session.scalar(select(func.min(Appointment.starts_at)))
        answers = session.scalar(select(func.count()).select_from(CheckIn)) or 0
    assert kinds == {"pause", "extension"}
    assert {card["language"] for card in people(loaded)} == {"sv", "en", "ar"}
    assert first is not None
    assert NOW - first > timedelta(days=400)
    assert answers > 500


def test_the_other_organisation_has_ors_and_srs_with_wording_that_says_it_is_made_up(
    loaded: Database,
) -> None:
    with loaded.reading() as session:
        frida = next(one for one in session.scalars(select(Person)) if one.name == "Frida Norén")
        told = feedback.told(session, asker_of(session, frida), NOW)
        packs = pack_queries.labelled(session, ["ors", "srs"], NOW.date())
        for key in ("ors", "srs"):
            pack_queries.to_send(session, key, NOW.date())
    assert {alert.instrument.key for alert in told.scales} <= {"gsrs", "ors", "srs"}
    assert told.scales
    assert all("Demonstrationstext" in scale.notice["sv"] for scale in packs.values())


def test_the_other_organisations_lead_sees_how_people_moved_on_the_scales(loaded: Database) -> None:
    """The report's tables about scales say nothing of fewer than five people: there are enough of them."""
    with loaded.reading() as session:
        maj = next(one for one in session.scalars(select(Person)) if one.name == "Maj Lundin")
        asker = asker_of(session, maj)
        cases = reports.cases(session, asker)
        known = reports.choices(session, asker, cases)
        found = reports.figures(session, asker, Asked(period("all")), known, cases, NOW)
    assert len(moved(found.readings, COMPARED, found.moments[1])) >= FEWEST
    told = {one.instrument: one.people for one in used(found.readings, *found.moments)}
    assert min(told["ors"], told["srs"]) >= FEWEST


def test_nobody_shares_a_number_and_all_are_kept_for_fiction(loaded: Database) -> None:
    numbers = [card["phone"] for card in people(loaded) if card["phone"]]
    assert len(set(numbers)) == len(numbers)
    assert all("+46701740605" <= number <= "+46701740699" for number in numbers)


def test_the_coach_has_a_morning(loaded: Database) -> None:
    with loaded.reading() as session:
        karin = next(one for one in session.scalars(select(Person)) if one.name == "Karin Lund")
        today = queries.today(session, asker_of(session, karin), NOW)
    kinds = {cause.kind for row in today.needs.items for cause in row.need.causes}
    assert kinds == {
        *("down", "help", "question", "missed", "sms", "call", "number", "no_meeting", "message"),
        "follow_up",
    }
    assert len(today.meetings) >= 1
    assert 4 <= len(today.needs.items) <= 15


def test_one_is_rung_up_one_gets_no_sms_and_one_number_is_silent(loaded: Database) -> None:
    """S34, S36: each can be tried at once; everybody else's number works."""
    with loaded.reading() as session:
        karin = next(one for one in session.scalars(select(Person)) if one.name == "Karin Lund")
        asker = asker_of(session, karin)
        found = queries.everybody(session, asker)
        unsafe = [one for one in found if one.sms_unsafe]
        assert [bool(one.pin_hash) for one in unsafe] == [True]
        assert desk_queries.may_be_shown(session, unsafe[0], NOW)
        assert len([one for one in found if one.way == "call"]) == 1
        assert [one.language for one in found if one.way == "voice"] == ["ar"]
        open_now = queries.open_people(session, asker)
        silent = {one.person_id for one in number_queries.silent(session, found, NOW)}
        assert len(silent & open_now) == 1


def test_the_lead_sees_what_people_think_and_somebody_is_asked_now(loaded: Database) -> None:
    with loaded.reading() as session:
        lena = next(one for one in session.scalars(select(Person)) if one.name == "Lena Ek")
        asker = asker_of(session, lena)
        team = result_queries.overview(session, asker)[0].team
        split = result_queries.results(session, asker, team.id, "ongoing", period="all", by="gender")
        closing = result_queries.results(session, asker, team.id, "closure", period="all")
        asked = [
            person.name
            for person in session.scalars(select(Person))
            for here in [asker_of(session, person)]
            if surveys.todos(
                waiting(session, here, NOW, surveys.waiting_selects(here, Rules(), NOW)),
                asker,
                Rules(),
                NOW,
            )
        ]
    assert {side.value for side in split.of("time").groups} >= {"woman", "man"}
    assert len(split.of("better").words) >= 5
    assert closing.of("reception").whole
    assert 1 <= len(asked) <= 10


def test_some_plans_have_news_a_card_stairs_and_a_step_that_staff_keep(loaded: Database) -> None:
    with loaded.reading() as session:
        named = {one.name: one for one in session.scalars(select(Person))}
        amina = asker_of(session, named["Amina Hassan"])
        page = own_plan(session, amina, NOW)
        card = own_card(session, amina)
        place = own_place(session, amina)
        (asked,) = open_questions(session, asker_of(session, named["Karin Lund"]))
        kept = session.scalars(select(PlanStep).where(PlanStep.in_portal.is_(False))).all()
        talked = own_plan(session, asker_of(session, named["Mariam Haddad"]), NOW).answers
    assert [one.last.text for one in page.news] == ["Besök skolans kök tillsammans"]
    assert (len(card.kept), len(card.proposed)) == (4, 1)
    assert place is not None
    assert asked.words == "What is Komvux?"
    assert len(kept) == 1
    assert [row.outcome for row in talked] == ["changed"]


def test_loaded_again_the_same_day_it_stays_and_another_day_it_is_new(
    database: Database, settings: Settings
) -> None:
    assert build.load(database, NOW, settings.pin_key)
    assert not build.load(database, NOW + timedelta(hours=3), settings.pin_key)
    assert build.load(database, NOW + timedelta(days=2), settings.pin_key)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 2
        newest = session.scalar(select(func.max(Appointment.starts_at)))
    assert newest is not None
    assert newest > NOW + timedelta(days=3)


def test_it_never_loads_among_real_people(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        session.add(Installation(id=1, stamp="real", stamped_at=NOW))
    with pytest.raises(WrongStamp):
        build.load(database, NOW, settings.pin_key)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_command_prints_everybody_for_a_program(app: Flask, frozen: FrozenClock) -> None:
    found = app.test_cli_runner().invoke(args=["demo", "--json"])
    assert found.exit_code == 0, found.output
    everybody = json.loads(found.output)
    roles = {card["role"] for card in everybody}
    assert roles == {"participant", "coach", "lead", "admin", "translator", "user_auditor"}
    assert all(card["totp_secret"] and card["email"] for card in everybody if card["role"] != "participant")


def test_the_command_refuses_production(app: Flask, settings: Settings) -> None:
    app.config["STIGEN"] = replace(settings, deployment="production")
    found = app.test_cli_runner().invoke(args=["demo"])
    assert found.exit_code != 0
    assert "DEPLOYMENT" in found.output


def test_the_lead_has_something_in_every_figure(loaded: Database) -> None:
    with loaded.reading() as session:
        lena = next(one for one in session.scalars(select(Person)) if one.name == "Lena Ek")
        asker = asker_of(session, lena)
        found = team_queries.team(session, asker, NOW)
        cases = case_queries.cases(session, asker)
    assert (found.waiting.waiting, found.waiting.longest_now) == (2, 34)
    assert found.missed.noted > 20
    assert sum(case.outcome == "dropout" for case in cases) == 1
    assert {case.outcome for case in cases} >= {"work", "studies", "daily"}


def test_the_coachs_calendars_show_what_they_do_and_nobody_is_asked(loaded: Database) -> None:
    with loaded.reading() as session:
        coach = next(one for one in session.scalars(select(Person)) if one.name == "Karin Lund")
        asker = asker_of(session, coach)
        (shown,) = outside.own_calendars(session, asker, NOW)
        assert shown.times > 10
        assert len(clash_queries.clashes(session, asker, NOW)) == 1
        held = availability.keeper(session, asker, coach.id)
        assert len(availability.free_times(session, held, NOW)) > 5
    with loaded.transaction() as session:
        assert outside_service.claim(session, NOW + timedelta(days=365)) is None
