"""What a participant takes out of answers and causes is in words, never in a code (S47)."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.feedback import service as feedback
from portal.instruments import queries as instruments
from portal.instruments.models import TextPack
from portal.privacy import record_queries, told_words
from portal.staff import rules as staff
from tests.support.objects import asker_of
from tests.support.packs import content, install
from tests.support.paper import typed
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()


def test_every_cause_and_everything_that_is_done_about_it_has_words() -> None:
    assert set(told_words.WHY) == set(staff.URGENCY)
    assert set(told_words.HANDLED) == set(staff.OUTCOMES)


def test_every_instrument_has_words_or_a_name() -> None:
    ours = {one.key for one in instruments.installed() if one.title}
    assert set(told_words.ASKED) == ours
    # What is left are licensed scales, which are called by their letters.
    assert {key for key, _ in instruments.structures()} - ours >= {"ors", "srs"}


def told(database: Database, world: World) -> dict[str, list[dict[str, object]]]:
    """The record as it is read: by table, pairs of words and values."""
    with APP.test_request_context(), database.reading() as session:
        person = world.participant
        made = record_queries.record(session, asker_of(session, person), person, hidden_too=False)
        return {
            one.table: [{str(label): value for label, value in entry} for entry in one.entries]
            for one in made.chapters
        }


def on_the_phone(database: Database, world: World, now: datetime) -> None:
    """ORS is answered on a phone, in the words of a pack."""
    with database.transaction() as session:
        install(session, "ors", now)
        asker = asker_of(session, world.participant)
        begun = feedback.begin(
            session,
            asker,
            reference=uuid4(),
            instrument="ors",
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(hours=2),
            language="sv",
            direction="ltr",
            now=now,
        )
        for place in range(1, 5):
            feedback.answer_line(session, asker, begun.id, place, 50, now=now)


def test_a_scale_answered_on_a_phone_is_told_in_the_words_of_its_pack(
    database: Database, world: World, now: datetime
) -> None:
    on_the_phone(database, world, now)
    found = told(database, world)
    lines = content("ors")["lines"]
    said = {one["Fråga"] for one in found["response_line"]}
    assert said == {line["sv"]["question"] for line in lines}
    assert [one["Vilka frågor"] for one in found["check_in"]] == ["ORS"]


@pytest.mark.parametrize("paper", [True, False], ids=["paper", "pack taken away"])
def test_where_the_words_are_not_here_the_line_is_numbered(
    database: Database, world: World, now: datetime, paper: bool
) -> None:
    if paper:
        with database.transaction() as session:
            typed(session, asker_of(session, world.coach), world.participant.id, (50, 60, 40, 70), now)
    else:
        on_the_phone(database, world, now)
        with database.transaction() as session:
            pack = session.scalars(select(TextPack)).one()
            pack.content, pack.ended_at = None, now
    lines = told(database, world)["response_line"]
    assert sorted(str(one["Fråga"]) for one in lines) == ["Rad 1", "Rad 2", "Rad 3", "Rad 4"]
