"""What participants read of an audit goes to translators and comes back; answers never do (S9, S39, S41)."""

import uuid
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.organisation.models import Organisation
from portal.user_audit import queries, report_service, service, staff_queries, texts_service
from portal.user_audit.models import Audit, AuditText
from portal.user_audit.report_service import Reply, Writing
from portal.user_audit.service import OwnQuestion
from portal.web.asker import Asker
from portal.wording import queries as wording
from portal.wording import service as wording_service
from portal.wording.models import SourceText, Translation
from portal.wording.rules import Both
from tests.conftest import SignIn
from tests.journeys.test_selects import counted
from tests.plan.conftest import hidden
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World
from tests.user_audit.conftest import CHOSEN, Audited, Crowd, open_audit, plan_of

TITLE, PURPOSE = "Hur är det hos oss?", "Vi vill veta vad som är bra."
REPORT = Writing("Alla är snälla.", "Telefonen.", ("Ring tillbaka", "Fler språk"))
WRITTEN = ("Bra fika med Karin.", "Det är lugnt.", "Alla lyssnar.", "Nära bussen.", "Inget.")
ROOMS = "Är lokalen bra?"


@pytest.fixture
def tara(session: Session, world: World) -> Asker:
    """The translator."""
    return asker_of(session, world.translator)


def waiting(session: Session, tara: Asker, language: str = "ar") -> list[str]:
    return sorted(one.source for one in wording.desk(session, tara, language).waiting)


def translate(
    session: Session, tara: Asker, swedish: str, text: str, now: datetime, *, confirm: bool = True
) -> None:
    rows = session.scalars(select(SourceText).where(SourceText.wanted.is_(True))).all()
    work = next(row.id for row in rows if row.source == swedish)
    seen = wording.work(session, tara, work, "ar").seen
    wording_service.write(session, tara, work, "ar", text=text, confirm=confirm, seen=seen, now=now)


def draft(session: Session, world: World, now: datetime) -> tuple[Asker, Audit, uuid.UUID]:
    """A plan with a question of the auditor's own."""
    auditor, question = asker_of(session, world.user_auditor), uuid.uuid4()
    audit = service.plan(session, auditor, uuid.uuid4(), plan_of(world.here), CHOSEN, now)
    service.add_question(session, auditor, audit, question, OwnQuestion("agree", {"sv": ROOMS}), now)
    return auditor, audit, question


def published(session: Session, audited: Audited) -> Audit:
    """The report of an audit that is closed, handed out with every text shown."""
    auditor, audit = asker_of(session, audited.world.user_auditor), audited.audit(session)
    session.execute(update(AuditText).values(state="shown"))
    report_service.write(session, auditor, audit, REPORT)
    report_service.publish(session, auditor, audit, audited.now)
    return audit


# --- to the translators -------------------------------------------------------------------------


def test_title_purpose_and_own_questions_wait_from_the_plan_on(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    """Ours are in every language already. They wait until nobody reads them any more."""
    auditor, audit, question = draft(session, world, now)
    assert waiting(session, tara) == waiting(session, tara, "en") == sorted([TITLE, PURPOSE, ROOMS])
    service.change_question(
        session, auditor, audit, question, OwnQuestion("agree", {"sv": "Är rummen bra?"}), now
    )
    assert "Är rummen bra?" in waiting(session, tara)
    service.remove_question(session, auditor, audit, question)
    assert waiting(session, tara) == [TITLE, PURPOSE]
    service.start(session, auditor, audit, now)
    service.close(session, auditor, audit)
    assert waiting(session, tara) == [TITLE]


def test_a_plan_that_is_thrown_away_waits_for_nobody(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    """Nor is it kept: neither what was written nor what it was translated to."""
    auditor, audit, question = draft(session, world, now)
    for swedish in (TITLE, ROOMS):
        translate(session, tara, swedish, "كيف الحال؟", now)
    service.remove_question(session, auditor, audit, question)
    assert {row.source for row in session.scalars(select(SourceText))} == {TITLE, PURPOSE}
    service.remove(session, auditor, audit)
    assert waiting(session, tara) == []
    for table in (SourceText, Translation):
        assert session.scalars(select(table)).all() == []


def test_what_waits_does_not_tell_who_is_in_the_team(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    """S39: the languages are those that the organisation offers, whether or not somebody reads them."""
    draft(session, world, now)
    session.execute(update(Person).values(language="sv"))
    assert len(waiting(session, tara)) == len(waiting(session, tara, "en")) == 3
    session.get_one(Organisation, world.organisation.id).languages = ["sv", "en"]
    session.flush()
    assert (waiting(session, tara), len(waiting(session, tara, "en"))) == ([], 3)


def test_another_organisation_and_other_roles_translate_nothing(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    """S4"""
    draft(session, world, now)
    for person in (world.far_coach, world.coach, world.user_auditor):
        assert waiting(session, asker_of(session, person)) == []


def test_no_answer_ever_reaches_a_translator(audited: Audited, crowd: Crowd, database: Database) -> None:
    """S39, S41: not while it is open, nor screened, nor published; a report only once it is published."""

    def left() -> list[str]:
        with database.reading() as session:
            return waiting(session, asker_of(session, audited.world.translator))

    for words, person in zip(WRITTEN, crowd(5), strict=True):
        audited.answer(person, ("long", "yes", "no", words))
    assert left() == [TITLE, PURPOSE]
    audited.close()
    assert left() == [TITLE]
    with database.transaction() as session:
        auditor, quoting = asker_of(session, audited.world.user_auditor), f"Någon skrev: {WRITTEN[0]}"
        report_service.write(session, auditor, audited.audit(session), Writing(quoting, "Inget", ("Ring",)))
    assert left() == [TITLE]
    with database.transaction() as session:
        published(session, audited)
        known = {row.source for row in session.scalars(select(SourceText))}
    assert known == {TITLE, PURPOSE, REPORT.works, REPORT.improve, *REPORT.proposals}


def test_a_report_and_the_replies_wait_once_they_are_read(audited: Audited, database: Database) -> None:
    audited.close()
    with database.transaction() as session:
        tara, lead = (asker_of(session, one) for one in (audited.world.translator, audited.world.lead))
        first = staff_queries.proposals(session, published(session, audited))[0]
        reported = [TITLE, REPORT.works, REPORT.improve, *REPORT.proposals]
        assert waiting(session, tara) == sorted(reported)
        reply = Reply("done", "Vi har en ny telefon.", None)
        report_service.reply(session, lead, first, reply, audited.now)
        assert waiting(session, tara) == sorted([*reported, reply.why])


def test_the_worker_takes_in_audits_from_before(audited: Audited, database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(SourceText))
        assert texts_service.collect(session, audited.now) == 1
        assert waiting(session, asker_of(session, audited.world.translator)) == [TITLE, PURPOSE]
        assert texts_service.collect(session, audited.now) == 0


# --- and back to the participants ---------------------------------------------------------------


def test_draft_confirmed_and_outdated_as_in_a_plan(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    auditor, audit, _ = draft(session, world, now)
    service.start(session, auditor, audit, now)
    asker = replace(asker_of(session, world.participant), language="ar")

    def read() -> tuple[Both, Both | None]:
        sheet = queries.sheet(session, asker, audit.id, now)
        return sheet.title, sheet.questions[-1].both

    assert [one.other.state for one in read() if one and one.other] == ["none", "none"]
    translate(session, tara, TITLE, "كيف الحال؟", now, confirm=False)
    title, _ = read()
    assert title.other
    assert (title.own, title.other.state) == (TITLE, "draft")
    translate(session, tara, TITLE, "كيف الحال عندنا؟", now)
    translate(session, tara, ROOMS, "هل المكان جيد؟", now)
    title, asked = read()
    assert asked
    assert ([title.own, title.text], [asked.own, asked.text]) == (
        ["كيف الحال عندنا؟", TITLE],
        ["هل المكان جيد؟", ROOMS],
    )


def test_an_auditors_own_words_stand_until_a_translator_has_confirmed(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    auditor, audit, question = draft(session, world, now)
    both = OwnQuestion("agree", {"sv": ROOMS, "ar": "هل الغرف جيدة؟"})
    service.change_question(session, auditor, audit, question, both, now)
    asked = queries.words_of(session, audit, "ar").questions[-1]
    assert (asked.text("ar"), asked.language("ar"), asked.both) == ("هل الغرف جيدة؟", "ar", None)
    assert queries.words_of(session, audit, "en").questions[-1].language("en") == "sv"
    translate(session, tara, ROOMS, "هل المكان جيد؟", now)
    assert queries.words_of(session, audit, "ar").questions[-1].text("ar") == "هل المكان جيد؟"
    service.change_question(
        session, auditor, audit, question, OwnQuestion("agree", {**both.words, "sv": "Är rummen bra?"}), now
    )
    assert queries.words_of(session, audit, "ar").questions[-1].text("ar") == "هل الغرف جيدة؟"


def test_the_participant_reads_both_languages_and_what_is_outdated(
    audited: Audited, database: Database, world: World, sign_in: SignIn
) -> None:
    audited.close()
    with database.transaction() as session:
        tara, lead = asker_of(session, world.translator), asker_of(session, world.lead)
        audit = published(session, audited)
        first = staff_queries.proposals(session, audit)[0]
        report_service.reply(session, lead, first, Reply("done", "Vi ringer.", None), audited.now)
        for swedish, text in (
            (TITLE, "كيف الحال عندنا؟"),
            (REPORT.works, "الجميع لطفاء"),
            ("Vi ringer.", "نتصل"),
        ):
            translate(session, tara, swedish, text, audited.now)
        report_service.reply(session, lead, first, Reply("done", "Vi ringer alltid.", None), audited.now)
    phone = sign_in(world.second_participant, tier=1)
    said, page = text_of(phone.get("/you-said")), phone.get("/you-said").get_data(as_text=True)
    for words in ("كيف الحال عندنا؟", TITLE, "الجميع لطفاء", REPORT.works, "نتصل", "Vi ringer alltid."):
        assert words in said
    assert "النص السويدي جديد. والترجمة قديمة." in said
    assert "هذا غير مترجم بعد." in said
    assert "النص أدناه بالسويدية فقط." not in said
    assert f'<p class="soft written" lang="sv" dir="ltr">{REPORT.works}</p>' in page
    swedish = text_of(phone.get("/you-said?in=sv"))
    assert "Alla är snälla." in swedish
    assert "الجميع" not in swedish


def test_a_translator_works_on_a_reports_text_without_a_team(
    audited: Audited, database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.translator)
    page = browser.get("/staff/translations?language=ar")
    assert TITLE in text_of(page)
    assert world.here.team.name not in text_of(page)
    with database.reading() as session:
        found = next(row.id for row in session.scalars(select(SourceText)) if row.source == TITLE)
    at = f"/staff/translations/{found}/ar"
    seen = hidden(browser.get(at).get_data(as_text=True), "seen")
    answer = browser.post(
        at, data={"text": "كيف الحال؟", "seen": seen, "confirm": "1"}, follow_redirects=True
    )
    assert "Alla deltagare som läser språket får den." in text_of(answer)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
    start = text_of(sign_in(world.participant, tier=1).get(f"/audits/{audited.audit_id}"))
    assert "كيف الحال؟" in start
    assert TITLE in start


def test_a_report_costs_the_same_however_much_is_in_it(
    audited: Audited, database: Database, world: World, sign_in: SignIn
) -> None:
    audited.close()
    with database.transaction() as session:
        published(session, audited)
    phone = sign_in(world.second_participant, tier=1)
    phone.get("/you-said")
    with counted(database) as found:
        phone.get("/you-said")
    assert len(found) <= 5, found


def test_the_words_of_an_earlier_audit_are_suggested_for_a_new_one(
    session: Session, world: World, tara: Asker, now: datetime
) -> None:
    """What nobody has confirmed for the new one is not confirmed."""
    open_audit(session, world, now)
    translate(session, tara, TITLE, "كيف الحال؟", now)
    open_audit(session, world, now)
    rows = session.scalars(select(SourceText)).all()
    again = [wording.work(session, tara, row.id, "ar") for row in rows if row.source == TITLE]
    assert sorted(one.suggested for one in again) == ["", "كيف الحال؟"]
    assert sorted(one.state for one in again) == ["confirmed", "none"]
    assert {one.of_team for one in again} == {True}
