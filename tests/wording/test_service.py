"""From what a coach writes to what a translator confirms, and back when the Swedish changes."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.journal.service import NOTES
from portal.plan import ahead_queries, change_queries, texts_service
from portal.plan import queries as plans
from portal.plan import service as plan_service
from portal.plan.rules import Wording
from portal.web.asker import Asker
from portal.wording import queries, service
from portal.wording.models import SourceText, Translation
from tests.plan.conftest import Desk, asker_of
from tests.support.world import World
from tests.wording.conftest import Translate, source_of


def reworded(desk: Desk, step_id: uuid.UUID, text: str, version: int) -> None:
    plan_service.change_step(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        step_id=step_id,
        wording=Wording(text),
        version=version,
        now=desk.now + timedelta(minutes=1),
    )


def waiting(session: Session, asker: Asker, language: str | None = None) -> list[tuple[str, str, str]]:
    found = queries.desk(session, asker, language).waiting
    return [(row.source, row.language, row.state) for row in found]


def test_a_free_text_waits_for_its_readers_language(arabic: Desk, tara: Asker, session: Session) -> None:
    arabic.add("Ring Ebba på skolan")
    assert waiting(session, tara) == [("Ring Ebba på skolan", "ar", "none")]
    assert waiting(session, tara, "en") == []
    assert queries.desk(session, tara, "en").counts == {"sv": 0, "en": 0, "ar": 1}


def test_a_phrase_is_in_every_language_at_once(arabic: Desk, tara: Asker, session: Session) -> None:
    step = arabic.add("Gå till läkaren")
    assert waiting(session, tara) == []
    assert source_of(session, step).phrase == "health-doctor"
    (shown,) = plans.own_plan(session, arabic.own, arabic.now).steps
    assert shown.own == "الذهاب إلى الطبيب"
    assert shown.other is not None
    assert shown.other.ready


def test_a_reader_of_swedish_needs_no_translation(desk: Desk, tara: Asker, session: Session) -> None:
    desk.add("Ring Ebba på skolan")
    assert waiting(session, tara) == []
    (shown,) = plans.own_plan(session, desk.own, desk.now).steps
    assert (shown.own, shown.other) == ("Ring Ebba på skolan", None)


def test_draft_confirmed_outdated_and_confirmed_again(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    step = arabic.add("Ring skolan")
    translate(step, "اتصل", confirm=False)
    assert waiting(session, tara) == [("Ring skolan", "ar", "draft")]
    translate(step, "اتصل بالمدرسة")
    assert waiting(session, tara) == []
    (shown,) = ahead_queries.whats_next(session, arabic.own, 2).steps
    assert shown.own == "اتصل بالمدرسة"
    reworded(arabic, step.id, "Ring skolan i maj", step.version)
    assert waiting(session, tara) == [("Ring skolan i maj", "ar", "outdated")]
    (shown,) = ahead_queries.whats_next(session, arabic.own, 2).steps
    assert shown.other is not None
    assert (shown.own, shown.other.state) == ("Ring skolan i maj", "outdated")
    assert shown.other.former == "اتصل بالمدرسة"
    work = queries.work(session, tara, source_of(session, step).id, "ar")
    assert (work.source, work.origin) == ("Ring skolan i maj", "Ring skolan")
    translate(step, "اتصل بالمدرسة في أيار")
    assert waiting(session, tara) == []


def test_taking_a_change_back_makes_the_old_translation_good_again(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    step = arabic.add("Ring skolan")
    translate(step, "اتصل بالمدرسة")
    reworded(arabic, step.id, "Ring", step.version)
    last = change_queries.changes(session, arabic.coach, arabic.person_id)[-1]
    plan_service.undo(session, arabic.coach, person_id=arabic.person_id, event_id=last.id, now=arabic.now)
    assert waiting(session, tara) == []


def test_what_is_done_dropped_or_taken_back_waits_no_longer(
    arabic: Desk, tara: Asker, session: Session
) -> None:
    done, dropped = arabic.add("Ring skolan"), arabic.add("Ring Ebba")
    arabic.finish(done)
    arabic.put(dropped, "dropped")
    arabic.add("Ring Ali")
    assert [source for source, _, _ in waiting(session, tara)] == ["Ring Ali"]
    added = change_queries.changes(session, arabic.coach, arabic.person_id)[-1]
    plan_service.undo(session, arabic.coach, person_id=arabic.person_id, event_id=added.id, now=arabic.now)
    assert waiting(session, tara) == []


def test_the_oldest_waits_first(arabic: Desk, tara: Asker, session: Session) -> None:
    for number, text in enumerate(("Andra", "Tredje", "Första")):
        step = arabic.add(text)
        source_of(session, step).changed_at = arabic.now + timedelta(hours=(1, 2, 0)[number])
    session.flush()
    assert [source for source, _, _ in waiting(session, tara)] == ["Första", "Andra", "Tredje"]


def test_ones_own_words_in_another_script_do_not_wait(arabic: Desk, tara: Asker, session: Session) -> None:
    plan_service.write_goal(
        session, arabic.own, person_id=arabic.person_id, words="أريد أن أطبخ", version=0, now=arabic.now
    )
    assert waiting(session, tara) == []
    page = plans.own_plan(session, arabic.own, arabic.now)
    assert (page.goal, page.goal_other) == ("أريد أن أطبخ", None)


def test_an_interpreters_language_is_wanted_too(desk: Desk, tara: Asker, session: Session) -> None:
    desk.add("Ring skolan")
    service.want(session, desk.person_id, "ar", desk.now)
    service.want(session, desk.person_id, "ar", desk.now)
    service.want(session, desk.person_id, "sv", desk.now)
    assert waiting(session, tara) == [("Ring skolan", "ar", "none")]


def test_nobody_elses_text_is_ever_there(arabic: Desk, tara: Asker, session: Session, world: World) -> None:
    """S37, S4: protected people, other organisations, people who have left, and for every other role."""
    step = arabic.add("Ring skolan")
    found = source_of(session, step).id
    person = session.get_one(Person, arabic.person_id)
    for other in (arabic.coach, arabic.own, asker_of(world.far_coach, "translator")):
        assert waiting(session, other) == []
        with pytest.raises(NoResultFound):
            queries.work(session, other, found, "ar")
    person.protected = True
    session.flush()
    assert waiting(session, tara) == []
    with pytest.raises(NoResultFound):
        service.write(session, tara, found, "ar", text="x", confirm=True, seen="", now=arabic.now)
    person.protected = False
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
    enrolment.closed_on = arabic.now.date()
    session.flush()
    assert waiting(session, tara) == []


def test_what_changed_meanwhile_is_not_written_over(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    step = arabic.add("Ring skolan")
    found = source_of(session, step).id
    seen = queries.work(session, tara, found, "ar").seen
    translate(step, "اتصل")
    with pytest.raises(service.Stale):
        service.write(session, tara, found, "ar", text="كلم", confirm=True, seen=seen, now=arabic.now)
    service.write(session, tara, found, "ar", text="اتصل", confirm=True, seen=seen, now=arabic.now)
    fresh = queries.work(session, tara, found, "ar").seen
    reworded(arabic, step.id, "Ring i dag", step.version)
    with pytest.raises(service.Stale):
        service.write(session, tara, found, "ar", text="كلم", confirm=True, seen=fresh, now=arabic.now)


def test_a_colleague_confirms_and_who_did_what_is_kept(
    arabic: Desk, tara: Asker, session: Session, world: World, translate: Translate
) -> None:
    step = arabic.add("Ring skolan")
    translate(step, "اتصل", confirm=False)
    colleague = asker_of(world.user_auditor, "translator")
    work = queries.work(session, colleague, source_of(session, step).id, "ar")
    assert not work.own
    service.write(
        session, colleague, work.id, "ar", text="اتصل", confirm=True, seen=work.seen, now=arabic.now
    )
    row = session.scalars(select(Translation)).one()
    assert (row.written_by, row.confirmed_by) == (tara.person_id, colleague.person_id)


def test_what_was_translated_before_is_suggested_and_waits_for_a_fresh_look(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    translate(arabic.add("Ring skolan"), "اتصل بالمدرسة")
    other = session.get_one(Person, arabic.world.second_participant.id)
    again = plan_service.add_step(
        session,
        arabic.coach,
        person_id=other.id,
        step_id=uuid.uuid4(),
        kind="step",
        wording=Wording("Ring skolan"),
        now=arabic.now,
    )
    assert queries.work(session, tara, source_of(session, again).id, "ar").suggested == "اتصل بالمدرسة"
    assert queries.work(session, tara, source_of(session, again).id, "en").suggested == ""
    assert waiting(session, tara) == [("Ring skolan", "ar", "none")]
    session.get_one(Person, arabic.person_id).protected = True
    session.flush()
    assert queries.work(session, tara, source_of(session, again).id, "ar").suggested == ""


def test_every_reading_is_noted_of_the_person(arabic: Desk, tara: Asker, session: Session) -> None:
    """S42"""
    step = arabic.add("Ring skolan")
    session.info.pop(NOTES)
    queries.desk(session, tara, None)
    (noted,) = session.info[NOTES].values()
    assert (noted["kind"], noted["subject_id"]) == ("translation", arabic.person_id)
    assert noted["object_id"] == source_of(session, step).id


def test_texts_that_stood_before_are_collected_once(arabic: Desk, tara: Asker, session: Session) -> None:
    arabic.add("Ring skolan")
    plan_service.write_goal(
        session, arabic.coach, person_id=arabic.person_id, words="Laga mat", version=0, now=arabic.now
    )
    session.execute(delete(SourceText))
    assert texts_service.collect(session, arabic.now, texts_service.Bookmark()) == 2
    assert texts_service.collect(session, arabic.now, texts_service.Bookmark()) == 0
    assert sorted(source for source, _, _ in waiting(session, tara)) == ["Laga mat", "Ring skolan"]


def test_many_texts_are_collected_a_few_at_a_time_and_then_anew(arabic: Desk, session: Session) -> None:
    for number in range(5):
        arabic.add(f"Ring {number}")
    session.execute(delete(SourceText))
    at = texts_service.Bookmark()
    taken = [texts_service.collect(session, arabic.now, at, most=2) for _ in range(3)]
    assert (sum(taken), max(taken)) == (5, 2)
    assert at == texts_service.Bookmark()
    session.execute(delete(SourceText))
    assert texts_service.collect(session, arabic.now, at) == 5


def test_both_texts_are_sealed(arabic: Desk, session: Session, translate: Translate) -> None:
    """S38"""
    translate(arabic.add("Ring skolan"), "اتصل")
    row, source = session.scalars(select(Translation)).one(), session.scalars(select(SourceText)).one()
    for sealed in (row.translated_sealed, row.origin_sealed, source.source_sealed):
        assert sealed is not None
        assert b"skolan" not in sealed
        assert "اتصل".encode() not in sealed


def test_a_text_that_cannot_be_kept_is_no_text_that_somebody_else_told_of(desk: Desk) -> None:
    nobody = uuid.uuid4()
    text = service.Text(
        (desk.coach.organisation_id, nobody), "step", uuid.uuid4(), "Ring skolan", wanted=True
    )
    with pytest.raises(IntegrityError):
        service.follow(desk.session, text, desk.now)
