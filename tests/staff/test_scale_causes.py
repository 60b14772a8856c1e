"""ORS and SRS on a coach's list and first page: one sentence before the talk; SRS missing twice in a row."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.db import Database
from portal.feedback import queries as feedback
from portal.organisation.models import Organisation
from portal.staff import queries, rules
from tests.conftest import SignIn
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.paper import typed
from tests.support.world import World

DAY = timedelta(days=1)


def settings(session: Session, world: World, **chosen: object) -> None:
    session.get_one(Organisation, world.organisation.id).settings = chosen
    session.flush()


def talks(session: Session, world: World, now: datetime, ago: tuple[int, ...]) -> list[uuid.UUID]:
    """Talks that Amina came to, so many days ago each."""
    found = []
    for days in ago:
        at = now - days * DAY
        more = {"attendance": "came", "attended_at": at, "attendance_by": world.coach.id}
        found.append(add_meeting(session, world.participant, world.coach, at, at - 9 * DAY, **more).id)
    return found


def kinds(session: Session, world: World, now: datetime) -> list[str]:
    coach = asker_of(session, world.coach)
    told = feedback.told(session, coach, now)
    enrolled = {world.participant.id}
    return [
        cause.kind
        for cause in queries.causes(session, coach, enrolled, [], told, now)
        if cause.kind != "no_meeting"
    ]


def test_a_fall_stands_on_the_list_and_beside_the_meeting(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        typed(session, coach, world.participant.id, (60, 60, 60, 60), now - 14 * DAY)
        typed(session, coach, world.participant.id, (45, 45, 45, 45), now - DAY)
        typed(session, coach, world.second_participant.id, (45, 45, 45, 45), now - DAY)
        for person in (world.participant, world.second_participant):
            add_meeting(session, person, world.coach, now + timedelta(hours=2), now - 9 * DAY)
    text = text_of(sign_in(world.coach).get("/staff"))
    sentence = "ORS är 6 lägre än förra gången. Fråga vad som har hänt."
    assert text.count(sentence) == 2
    assert text.count("Första ORS är 18. Det är för tidigt att säga något.") == 1
    assert sentence in text_of(sign_in(world.coach).get(f"/staff/people/{world.participant.id}"))


def test_srs_that_is_low_and_down_is_told_as_both(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    """In one sentence: on the list, beside the meeting, on the person's page and in the answers."""
    with database.transaction() as session:
        coach, who = asker_of(session, world.coach), world.participant.id
        typed(session, coach, who, (83, 83, 82, 82), now - 14 * DAY, scale="srs")
        typed(session, coach, who, (70, 70, 70, 70), now - DAY, scale="srs")
        add_meeting(session, world.participant, world.coach, now + timedelta(hours=2), now - 9 * DAY)
    browser = sign_in(world.coach)
    sentence = "SRS är 28, under 36, och 5 lägre än förra gången. Fråga vad som kan bli bättre i era samtal."
    assert text_of(browser.get("/staff")).count(sentence) == 2
    assert text_of(browser.get(f"/staff/people/{who}")).count(sentence) == 2
    assert text_of(browser.get(f"/staff/people/{who}/answers")).count(sentence) == 1


def test_a_scale_that_is_answered_about_a_meeting_is_not_asked_for_again(
    sign_in: SignIn, database: Database, world: World, now: datetime
) -> None:
    """Whoever comes to the form by another way is told before anything is typed."""
    with database.transaction() as session:
        settings(session, world, before_with="digital", after_with="paper")
        coach, who = asker_of(session, world.coach), world.participant.id
        add = [
            add_meeting(session, world.participant, world.coach, now + timedelta(hours=hours), now - 9 * DAY)
            for hours in (2, 4)
        ]
        answered, other = add[0].id, add[1].id
        typed(session, coach, who, (50, 50, 50, 50), now, about=answered)
    browser, base = sign_in(world.coach), f"/staff/people/{who}"
    page = browser.get("/staff")
    assert text_of(page).count("ORS är ifylld") == 1
    for key, meeting, offered in (("ors", answered, False), ("srs", answered, True), ("ors", other, True)):
        assert (f"{base}/record/{key}?meeting={meeting}" in page.text) is offered
    told = browser.get(f"{base}/record/ors?meeting={answered}", follow_redirects=True)
    assert "ORS finns redan för det mötet. Inget är ändrat." in text_of(told)
    assert 'id="line_1"' not in told.text
    assert 'id="line_1"' in browser.get(f"{base}/record/ors?meeting={other}").text


def test_a_fall_of_ors_leads_before_a_low_srs_that_is_older(
    session: Session, world: World, now: datetime
) -> None:
    """Of one person's, and between people: what has waited longest leads only among the same."""
    coach = asker_of(session, world.coach)
    first, second = world.participant.id, world.second_participant.id
    for who, scale, part, days in (
        (first, "srs", 86, 5),
        (first, "ors", 60, 14),
        (first, "ors", 41, 1),
        (second, "srs", 80, 9),
    ):
        typed(session, coach, who, (part, part, part, part), now - days * DAY, scale=scale)
    told = feedback.told(session, coach, now)
    found = rules.needs(queries.causes(session, coach, {first, second}, [], told, now), {}, now)
    mine = next(need for need in found if need.person_id == first)
    assert [cause.facts["key"] for cause in mine.causes if cause.kind == rules.SCALE] == ["ors", "srs"]
    assert [need.person_id for need in found] == [first, second]


@pytest.mark.parametrize(
    "totals, kind", [((60, 45), [rules.SCALE]), ((60, 61, 60, 59), [rules.STILL]), ((60,), [])]
)
def test_which_cause_a_reading_is(
    session: Session, world: World, now: datetime, totals: tuple[int, ...], kind: list[str]
) -> None:
    coach = asker_of(session, world.coach)
    for number, part in enumerate(totals):
        at = now - 14 * DAY * (len(totals) - number)
        typed(session, coach, world.participant.id, (part, part, part, part), at)
    assert kinds(session, world, now) == kind


def test_srs_missing_twice_in_a_row(session: Session, world: World, now: datetime) -> None:
    settings(session, world, after_with="paper")
    first, second, _third = talks(session, world, now, (30, 16, 3))
    coach = asker_of(session, world.coach)
    assert kinds(session, world, now) == [rules.UNASKED]
    typed(session, coach, world.participant.id, (95, 95, 95, 95), now - 30 * DAY, scale="srs", about=first)
    assert kinds(session, world, now) == [rules.UNASKED]
    typed(session, coach, world.participant.id, (95, 95, 95, 95), now - 16 * DAY, scale="srs", about=second)
    assert kinds(session, world, now) == []


@pytest.mark.parametrize(
    "chosen, ago",
    [
        ({"after_with": "own"}, (16, 3)),
        ({"after_with": "paper"}, (3,)),
        ({"after_with": "paper"}, (16, 1)),
        ({"after_with": "paper", "after_since": "2026-11-20T00:00:00+00:00"}, (16, 3)),
    ],
    ids=["not used", "one talk", "time left to answer", "used since yesterday's talk"],
)
def test_srs_is_not_missing_where_it_could_not_be_there(
    session: Session, world: World, now: datetime, chosen: dict[str, object], ago: tuple[int, ...]
) -> None:
    settings(session, world, **chosen)
    talks(session, world, now, ago)
    assert kinds(session, world, now) == []
