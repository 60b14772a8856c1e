"""How much a page weighs, what others learn, and what is gone when it is taken back."""

import random
import re
import uuid
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from sqlalchemy import select, update

from portal.conversation import queries, rules, service, thread_queries
from portal.conversation.models import Message
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.journal.models import JournalRow
from portal.plan.help_service import ask_help
from portal.wording.models import SourceText, Translation
from tests.conftest import FrozenClock, SignIn
from tests.conversation.conftest import Talk
from tests.guards.test_pages import BROTLI_LEVEL, PAGE_BYTES
from tests.migrations.test_migrations import bare
from tests.plan.conftest import Desk, hidden
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["bare"]
AT = "/messages"
CATALOGUE = Path(__file__).resolve().parents[2] / "translations/ar/LC_MESSAGES/messages.po"
CHANCE = random.Random(5)


def prose(words: list[str]) -> str:
    """1,000 characters of words as they are used in the portal."""
    out = ""
    while len(out) < 1000:
        out += CHANCE.choice(words) + " "
    return out[:999].strip()


@pytest.mark.parametrize("both", [False, True], ids=["own", "translated"])
def test_eight_long_messages_in_arabic_keep_within_the_bytes(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock, both: bool
) -> None:
    catalogue = CATALOGUE.read_text()
    arabic = re.findall(r"[\u0600-\u06ff]{2,}", catalogue)
    swedish = re.findall(r"[a-zåäö]{2,}", "".join(re.findall(r'^msgid "(.*)"', catalogue, re.M)))
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language="ar"))
    with database.transaction() as session:
        coach, own = asker_of(session, world.coach), asker_of(session, world.participant)
        for _number in range(thread_queries.PAGE_SIZE):
            if not both:
                service.write(session, own, Letter(uuid.uuid4(), prose(arabic), "ar"), frozen.moment)
                continue
            letter = Letter(uuid.uuid4(), prose(swedish), "sv")
            said = service.answer(session, coach, own.person_id, letter, upto=0, now=frozen.moment)
            source = session.scalars(select(SourceText).where(SourceText.object_id == said.id)).one()
            made = Translation(source_id=source.id, language="ar", version=1)
            made.translated, made.origin, made.from_hash = prose(arabic), source.source, source.source_hash
            made.state, made.written_by, made.written_at = "confirmed", world.translator.id, frozen.moment
            made.confirmed_by, made.confirmed_at = world.translator.id, frozen.moment
            session.add(made)
    html = sign_in(world.participant).get(AT).get_data(as_text=True)
    assert len(brotli.compress(html.encode(), quality=BROTLI_LEVEL)) <= PAGE_BYTES


def test_what_somebody_with_protected_identity_asks_reaches_their_handler(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S37: they are in no list, so that it is said without who."""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(protected=True))
        session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.coach.id))
        own = asker_of(session, world.participant)
        service.write(session, own, Letter(uuid.uuid4(), "Jag blir hotad", "sv"), frozen.moment)
    karin = sign_in(world.coach)
    pages = [karin.get(one) for one in ("/staff", "/staff/people", f"/staff/people/{world.participant.id}")]
    handled = karin.get("/staff/protected")
    assert "Någon med skyddade uppgifter har skrivit" in text_of(pages[0])
    assert world.participant.name not in pages[0].get_data(as_text=True)
    assert handled.status_code == 200


def test_the_page_says_who_else_reads_what_is_written_in_another_language(
    sign_in: SignIn, database: Database, world: World
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language="en"))
    assert "translator" in text_of(sign_in(world.participant).get(AT)).casefold()


def test_an_empty_outcome_is_not_saved(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        asked = service.write(session, own, Letter(uuid.uuid4(), "Hej", "sv"), frozen.moment).id
    karin, at = sign_in(world.coach), f"/staff/people/{world.participant.id}/conversation"
    karin.post(f"{at}/{asked}/close", data={"outcome": ""})
    assert "Sparat." not in text_of(karin.get(at))


def test_a_late_answer_that_is_put_off_is_late_still(talk: Talk) -> None:
    """The lead's figure counts what waits, whatever the list says."""
    talk.write()
    lead = asker_of(talk.session, talk.world.lead)
    later = talk.now + timedelta(days=3)
    (waits,) = queries.unanswered(talk.session, lead, later)
    assert queries.is_late(waits, lead, later)


def test_every_reading_is_noted_in_words(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S42"""
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        service.write(session, own, Letter(uuid.uuid4(), "Hej", "sv"), frozen.moment)
    frozen.move(timedelta(days=3))
    for path in ("/staff", f"/staff/people/{world.participant.id}"):
        sign_in(world.lead).get(path)
    with database.reading() as session:
        rows = session.scalars(
            select(JournalRow.kind).where(
                JournalRow.actor_id == world.lead.id, JournalRow.subject_id == world.participant.id
            )
        ).all()
    assert "conversation" in rows


def test_a_text_that_is_taken_back_is_gone_from_the_translators_page(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language="ar"))
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        letter = Letter(uuid.uuid4(), "Till fel person", "sv")
        said = service.answer(session, coach, world.participant.id, letter, upto=0, now=frozen.moment).id
        source = session.scalars(select(SourceText)).one().id
    tara = sign_in(world.translator)
    page = tara.get(f"/staff/translations/{source}/ar").get_data(as_text=True)
    with database.transaction() as session:
        service.take_back(session, asker_of(session, world.coach), world.participant.id, said, frozen.moment)
    data = {"text": "خطأ", "seen": hidden(page, "seen"), "confirm": "1"}
    assert tara.post(f"/staff/translations/{source}/ar", data=data).status_code == 404


def test_signs_that_mirror_a_text_are_refused_on_both_sides(
    sign_in: SignIn, database: Database, world: World
) -> None:
    """S28"""
    amina, karin = sign_in(world.participant), sign_in(world.coach)
    data = {"words": "hej\u202eneger", "letter_id": str(uuid.uuid4()), "upto": "0"}
    assert amina.post(AT, data=data).status_code == 422
    assert karin.post(f"/staff/people/{world.participant.id}/conversation", data=data).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(Message)).all() == []


def test_an_answer_to_a_call_that_was_called_off_is_not_due(talk: Talk) -> None:
    wish = talk.call(rules.SOON)
    service.call_off(talk.session, talk.own, wish.id, talk.now)
    assert not queries.unanswered(talk.session, talk.coach, talk.now)


def test_two_ways_from_one_row_have_two_names(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """Help with a step, and a message."""
    with database.transaction() as session:
        own, coach = asker_of(session, world.participant), asker_of(session, world.coach)
        step = Desk(session, world, frozen.moment, coach, own).add("Ring skolan")
        ask_help(session, own, step_id=step.id, request_id=uuid.uuid4(), words="", now=frozen.moment)
        service.write(session, own, Letter(uuid.uuid4(), "Hej", "sv"), frozen.moment)
    page = sign_in(world.coach).get("/staff").get_data(as_text=True)
    labels = re.findall(r'<a class="button quiet small"[^>]*aria-label="([^"]*)"', page)
    assert len(labels) == len(set(labels)), labels


def test_a_lead_who_is_told_of_other_things_reads_no_message_of_another_coach(
    talk: Talk,
) -> None:
    """Until it is late, or nobody is the coach."""
    talk.write()
    lead = asker_of(talk.session, talk.world.lead)
    assert queries.unanswered(talk.session, lead, talk.now) == ()


def test_what_a_coach_writes_is_no_sms_before_a_person_can_read_it(talk: Talk) -> None:
    """Take back within the ten minutes: nothing is told, and nothing is left."""
    said, since = talk.answer("Fel"), talk.now - timedelta(days=1)
    assert queries.unread(talk.session, since) == {talk.person_id: talk.now}
    service.take_back(talk.session, talk.coach, talk.person_id, said.id, talk.now)
    assert queries.unread(talk.session, since) == {}
