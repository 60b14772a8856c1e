"""The same words in several plans are one piece of work: listed, translated and confirmed once for all."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.journal.service import NOTES
from portal.plan import service as plans
from portal.plan.models import PlanStep
from portal.plan.rules import Wording
from portal.web.asker import Asker
from portal.wording import queries, rules, service
from portal.wording.models import SourceText, Translation
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import Desk, asker_of
from tests.support.pages import text_of
from tests.support.world import World
from tests.wording.conftest import Translate, source_of

Twice = Callable[[str], tuple[PlanStep, PlanStep]]


def also(session: Session, world: World, now: datetime, text: str, kind: str = "step") -> PlanStep:
    """The same coach writes it in another plan, of somebody who meets with an interpreter of Arabic."""
    service.want(session, world.second_participant.id, "ar", now)
    return plans.add_step(
        session,
        asker_of(world.coach, "coach"),
        person_id=world.second_participant.id,
        step_id=uuid.uuid4(),
        kind=kind,
        wording=Wording(text),
        now=now + timedelta(hours=1),
    )


@pytest.fixture
def twice(arabic: Desk, session: Session, world: World) -> Twice:
    """`twice(text)`: the text stands in two plans."""
    return lambda text: (arabic.add(text), also(session, world, arabic.now, text))


def test_what_has_begun_for_one_has_begun_for_all() -> None:
    assert rules.state_together(0, 0) == "none"
    assert rules.state_together(2, 0) == "outdated"
    assert rules.state_together(2, 1) == "draft"


def test_equal_words_are_one_row_that_counts_plans(twice: Twice, tara: Asker, session: Session) -> None:
    first, _second = twice("Ring skolan")
    found = queries.desk(session, tara, "ar")
    (row,) = found.waiting
    assert (row.source, row.many, row.since) == ("Ring skolan", 2, source_of(session, first).changed_at)
    assert found.counts["ar"] == found.page.total == 1


def test_other_words_and_other_kinds_are_rows_by_themselves(
    arabic: Desk, tara: Asker, session: Session, world: World
) -> None:
    """What stands in one plan alone, such as a name, is never put together with anything."""
    arabic.add("Ring skolan")
    also(session, world, arabic.now, "Ring skolan", kind="subgoal")
    also(session, world, arabic.now, "Ring Ebba på skolan")
    assert [row.many for row in queries.desk(session, tara, "ar").waiting] == [1, 1, 1]


def test_one_confirmation_is_for_every_plan(
    twice: Twice, tara: Asker, session: Session, translate: Translate
) -> None:
    first, second = twice("Ring skolan")
    translate(second, "اتصل بالمدرسة")
    rows = {row.source_id: row for row in session.scalars(select(Translation))}
    assert {row.translated for row in rows.values()} == {"اتصل بالمدرسة"}
    assert rows.keys() == {source_of(session, first).id, source_of(session, second).id}
    assert queries.desk(session, tara, "ar").waiting == ()


def test_a_colleagues_draft_is_everybodys(
    twice: Twice, tara: Asker, session: Session, world: World, arabic: Desk, translate: Translate
) -> None:
    first, second = twice("Ring skolan")
    translate(first, "اتصل", confirm=False)
    work = queries.work(session, asker_of(world.lead, "translator"), source_of(session, second).id, "ar")
    assert (work.translated, work.state, work.own, work.many) == ("اتصل", "draft", False, 2)


def test_what_was_confirmed_is_not_written_over_with_what_waits(
    arabic: Desk, tara: Asker, session: Session, world: World, translate: Translate
) -> None:
    """It is suggested, and what a colleague makes of it holds for what waits."""
    first = arabic.add("Ring skolan")
    translate(first, "اتصل بالمدرسة")
    second = also(session, world, arabic.now, "Ring skolan")
    work = queries.work(session, tara, source_of(session, second).id, "ar")
    assert (work.suggested, work.many) == ("اتصل بالمدرسة", 1)
    translate(second, "اتصل")
    texts = {row.source_id: row for row in session.scalars(select(Translation))}
    assert texts[source_of(session, first).id].translated == "اتصل بالمدرسة"
    assert texts[source_of(session, second).id].translated == "اتصل"


def test_a_correction_is_for_every_plan(
    twice: Twice, tara: Asker, session: Session, translate: Translate
) -> None:
    first, _second = twice("Ring skolan")
    translate(first, "اتصل")
    (row,) = queries.desk(session, tara, "ar", state="confirmed").waiting
    assert (row.many, row.state) == (2, "confirmed")
    translate(first, "اتصل بالمدرسة")
    assert {row.translated for row in session.scalars(select(Translation))} == {"اتصل بالمدرسة"}


def test_a_correction_reaches_the_plan_that_had_another_translation(
    arabic: Desk, tara: Asker, session: Session, world: World, translate: Translate
) -> None:
    """Each was confirmed by itself; what the one has already is no reason to leave the other as it is."""
    first = arabic.add("Ring skolan")
    translate(first, "اتصل بالمدرسة")
    second = also(session, world, arabic.now, "Ring skolan")
    translate(second, "اتصل")
    translate(first, "اتصل بالمدرسة")
    texts = {row.source_id: row.translated for row in session.scalars(select(Translation))}
    assert texts == dict.fromkeys((source_of(session, one).id for one in (first, second)), "اتصل بالمدرسة")


def test_a_page_is_stale_also_when_the_text_that_had_most_savings_is_gone(
    arabic: Desk, tara: Asker, session: Session, world: World, translate: Translate
) -> None:
    first = arabic.add("Ring skolan")
    translate(first, "اتصل", confirm=False)
    second = also(session, world, arabic.now, "Ring skolan")
    opened = queries.work(session, tara, source_of(session, second).id, "ar")
    translate(second, "اتصل بالمدرسة", confirm=False)
    arabic.finish(first)
    with pytest.raises(service.Stale):
        service.write(
            session, tara, opened.id, "ar", text="نص", confirm=True, seen=opened.seen, now=arabic.now
        )


def test_what_is_done_meanwhile_leaves_the_words_to_the_others(
    twice: Twice, arabic: Desk, tara: Asker, session: Session
) -> None:
    """Whoever has the page open goes on; the one that is done gets nothing, and alone it is gone (S33)."""
    first, second = twice("Ring skolan")
    opened = queries.work(session, tara, source_of(session, first).id, "ar")
    arabic.finish(first)
    service.write(session, tara, opened.id, "ar", text="اتصل", confirm=True, seen=opened.seen, now=arabic.now)
    assert session.scalars(select(Translation.source_id)).all() == [source_of(session, second).id]
    source_of(session, second).wanted = False
    session.flush()
    with pytest.raises(NoResultFound):
        queries.work(session, tara, opened.id, "ar")


def test_protected_people_are_never_among_them(
    twice: Twice, tara: Asker, session: Session, world: World
) -> None:
    """S37"""
    first, second = twice("Ring skolan")
    session.get_one(Person, world.second_participant.id).protected = True
    session.flush()
    assert queries.work(session, tara, source_of(session, first).id, "ar").many == 1
    with pytest.raises(NoResultFound):
        queries.work(session, tara, source_of(session, second).id, "ar")


def test_the_same_words_of_another_organisation_are_apart(
    twice: Twice, tara: Asker, session: Session, world: World, now: datetime
) -> None:
    """S4"""
    first, _second = twice("Ring skolan")
    far, other = asker_of(world.far_coach, "translator"), uuid.uuid4()
    theirs = service.Text((far.organisation_id, world.far_participant.id), "step", other, "Ring skolan", True)
    service.follow(session, theirs, now)
    service.want(session, world.far_participant.id, "ar", now)
    assert queries.work(session, tara, source_of(session, first).id, "ar").many == 2
    (row,) = queries.desk(session, far, "ar").waiting
    assert row.many == 1
    with pytest.raises(NoResultFound):
        queries.work(session, tara, row.id, "ar")


def test_everybody_whose_words_are_shown_or_written_is_noted(
    twice: Twice, tara: Asker, session: Session, world: World, translate: Translate
) -> None:
    """S42"""
    first, _second = twice("Ring skolan")
    both = {world.participant.id, world.second_participant.id}
    session.info.pop(NOTES)
    queries.desk(session, tara, None)
    assert {row["subject_id"] for row in session.info.pop(NOTES).values()} == both
    translate(first, "اتصل")
    noted = {(row["action"], row["subject_id"]) for row in session.info.pop(NOTES).values()}
    assert noted == {(action, person) for action in ("read", "change") for person in both}


def test_the_list_comes_a_page_at_a_time_by_state(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    steps = [arabic.add(f"Ring {number}") for number in range(33)]
    translate(steps[0], "اتصل", confirm=False)
    translate(steps[1], "اتصل")
    first, second = (queries.desk(session, tara, "ar", number=number) for number in (1, 2))
    assert (len(first.waiting), len(second.waiting), first.page.pages, first.page.total) == (30, 2, 2, 32)
    assert first.states == {"none": 31, "draft": 1, "confirmed": 1, "outdated": 0}
    for state, many in first.states.items():
        found = queries.desk(session, tara, "ar", state=state)
        assert (found.page.total, {row.state for row in found.waiting}) == (many, {state} if many else set())


def test_the_next_is_the_one_after_in_the_list(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    steps = [arabic.add(text) for text in ("Första", "Andra", "Tredje")]
    for number, step in enumerate(steps):
        source_of(session, step).changed_at = arabic.now + timedelta(hours=number)
    session.flush()
    ids = [source_of(session, step).id for step in steps]
    work = [queries.work(session, tara, text_id, "ar") for text_id in ids]
    assert [queries.next_after(session, tara, one, None) for one in work] == [ids[1], ids[2], None]
    translate(steps[1], "ثان", confirm=False)
    assert queries.next_after(session, tara, work[0], "none") == ids[2]


def test_what_comes_next_is_not_read_before_it_is_opened(
    arabic: Desk, tara: Asker, session: Session, world: World
) -> None:
    """S42: the way to the next text says nothing of it, and its person is told of no reading."""
    first = arabic.add("Ring skolan")
    also(session, world, arabic.now, "Ring Ebba")
    work = queries.work(session, tara, source_of(session, first).id, "ar")
    session.info.pop(NOTES)
    assert queries.next_after(session, tara, work, None) is not None
    assert NOTES not in session.info


def test_the_same_words_of_another_kind_come_next(arabic: Desk, tara: Asker, session: Session) -> None:
    step, subgoal = arabic.add("Ring skolan"), arabic.add("Ring skolan", kind="subgoal")
    ids = {source_of(session, one).id for one in (step, subgoal)}
    (first, second) = queries.desk(session, tara, "ar").waiting
    assert {first.id, second.id} == ids
    work = queries.work(session, tara, first.id, "ar")
    assert queries.next_after(session, tara, work, None) == second.id


def test_confirming_leads_on_to_the_next_text(
    database: Database, world: World, frozen: FrozenClock, sign_in: SignIn
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
        coach, own = asker_of(world.coach, "coach"), asker_of(world.participant, "participant")
        desk = Desk(session, world, frozen.moment, coach, own)
        first = source_of(session, desk.add("Ring skolan")).id
        also(session, world, frozen.moment, "Ring skolan")
        after = source_of(session, also(session, world, frozen.moment, "Ring Ebba")).id
    tara = sign_in(world.translator)
    assert "I 2 planer" in text_of(tara.get("/staff/translations"))
    at = f"/staff/translations/{first}/ar?state=none"
    page = tara.get(at)
    assert "Du översätter texten för alla på en gång." in text_of(page)
    assert f'href="/staff/translations/{after}/ar?state=none"' in page.text, "one can leave it out for now"
    seen = page.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    answer = tara.post(at, data={"text": "اتصل", "seen": seen, "confirm": "1"})
    assert (answer.status_code, answer.location) == (303, f"/staff/translations/{after}/ar?state=none")
    told = text_of(tara.get(answer.location))
    assert "Översättningen är bekräftad. 2 deltagare ser den nu." in told
    assert "Ring Ebba" in told
    seen = queries_seen(tara.get(answer.location).text)
    last = tara.post(answer.location, data={"text": "اتصل", "seen": seen, "confirm": "1"})
    assert last.location == "/staff/translations?language=ar&state=none"
    assert "Här finns inga texter." in text_of(tara.get(last.location))


def queries_seen(page: str) -> str:
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_of_translators_who_confirm_at_once_one_is_told_to_look_again(
    database: Database, world: World, now: datetime, tara: Asker
) -> None:
    """S49: each plan has one translation, and it is the same one."""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
        coach, own = asker_of(world.coach, "coach"), asker_of(world.participant, "participant")
        first = source_of(session, Desk(session, world, now, coach, own).add("Ring skolan")).id
        second = source_of(session, also(session, world, now, "Ring skolan")).id
    with database.reading() as session:
        seen = queries.work(session, tara, first, "ar").seen

    def confirm(number: int) -> bool:
        try:
            with database.transaction() as session:
                text_id = (first, second)[number % 2]
                service.write(
                    session, tara, text_id, "ar", text=f"نص {number}", confirm=True, seen=seen, now=now
                )
        except service.Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(confirm, range(6))) == [False] * 5 + [True]
    with database.reading() as session:
        rows = session.scalars(select(Translation)).all()
        assert (len(rows), len({row.translated for row in rows})) == (2, 1)


def test_words_that_change_while_a_translator_waits_for_them_are_told_not_lost(
    database: Database, world: World, now: datetime, tara: Asker
) -> None:
    """The coach saves between the translator's two looks: stale, as if it had been a moment before."""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
        coach, own = asker_of(world.coach, "coach"), asker_of(world.participant, "participant")
        step = Desk(session, world, now, coach, own).add("Ring skolan")
        found = source_of(session, step).id
    with database.reading() as session:
        seen = queries.work(session, tara, found, "ar").seen

    def act(number: int) -> str:
        try:
            with database.transaction() as session:
                if number % 2:
                    Desk(session, world, now, coach, own).change(
                        session.get_one(PlanStep, step.id), f"Ring {number}"
                    )
                else:
                    service.write(
                        session, tara, found, "ar", text=f"نص {number}", confirm=True, seen=seen, now=now
                    )
        except service.Stale:
            return "stale"
        except plans.Stale:
            return "changed before"
        return "saved"

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(act, range(6))) <= {"stale", "changed before", "saved"}
    with database.reading() as session:
        source = session.scalars(select(SourceText)).one()
        assert source.source == session.get_one(PlanStep, step.id).text
        assert len(session.scalars(select(Translation)).all()) <= 1
