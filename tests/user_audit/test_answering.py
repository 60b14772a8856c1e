"""Tickets: once only, under race and after a lost answer; nothing that was changed is read (S39, S40)."""

import base64
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound

from portal.db import Database
from portal.identity import waiting_queries
from portal.identity.models import Enrolment, Person
from portal.journal.models import JournalRow
from portal.user_audit import answer_service, queries, service
from portal.user_audit.answer_service import AlreadySent, NotReadable, Over
from portal.user_audit.draft_rules import LIFE
from portal.user_audit.models import Audit, AuditIssue, AuditText, AuditUrn
from portal.user_audit.rules import FEW
from portal.user_audit.urn_rules import Urn
from tests.user_audit.conftest import CHOSEN, Audited, Crowd

YES = ("long", "yes", "yes", "")
AT_ONCE = 50


def urn(audited: Audited) -> Urn:
    with audited.database.reading() as session:
        return Urn.unpacked(session.get_one(AuditUrn, audited.audit_id).content)


def test_an_answer_is_counted_and_nothing_of_it_stands_beside_the_person(audited: Audited) -> None:
    """S39"""
    audited.answer(audited.world.participant, ("short", "no", "yes", "Bra fika"))
    found = urn(audited)
    assert found.count == 1
    assert found.sides["short"][audited.question("kind")] == {"no": 1}
    assert found.texts == {audited.question("good"): [("", "Bra fika")]}
    with audited.database.reading() as session:
        issue = session.scalars(select(AuditIssue)).one()
    assert issue.person_id == audited.world.participant.id
    assert issue.draft_hash.hex() not in found.spent


def test_fifty_tickets_at_once_are_one_answer(audited: Audited) -> None:
    """S40"""
    ticket = audited.issue(audited.world.participant, audited.draft(YES))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: audited.redeem(ticket), range(AT_ONCE)))
    assert urn(audited).count == 1


def test_fifty_forms_at_once_get_one_ticket(audited: Audited) -> None:
    """S40: each tap has begun a form of its own; one of them is sent."""
    asker = audited.asker(audited.world.participant)
    drafts = [audited.draft(YES) for _ in range(AT_ONCE)]

    def one(number: int) -> str | None:
        try:
            with audited.database.transaction() as session:
                return answer_service.issue(session, asker, audited.audit_id, drafts[number], audited.now)
        except AlreadySent:
            return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        tickets = [ticket for ticket in pool.map(one, range(AT_ONCE)) if ticket]
    assert len(tickets) == 1
    audited.redeem(tickets[0])
    assert urn(audited).count == 1


def test_answers_of_many_at_once_are_all_counted(audited: Audited, crowd: Crowd) -> None:
    """S40: one urn for all of them, and none is lost."""
    people = crowd(20)
    tickets = [audited.issue(person, audited.draft(YES)) for person in people]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(audited.redeem, tickets))
    assert urn(audited).count == 20


def test_a_lost_ticket_is_issued_again_to_the_same_form_alone(audited: Audited) -> None:
    """S40: the answer to "Send" never came; the same page is sent again."""
    person, draft = audited.world.participant, audited.draft(YES)
    first, second = audited.issue(person, draft), audited.issue(person, draft)
    audited.redeem(first)
    audited.redeem(second)
    assert urn(audited).count == 1
    with pytest.raises(AlreadySent):
        audited.issue(person, audited.draft(YES))


def test_a_form_with_its_ticket_cannot_be_counted_twice_with_other_answers(audited: Audited) -> None:
    person, draft = audited.world.participant, audited.draft(YES)
    audited.redeem(audited.issue(person, draft))
    audited.redeem(audited.issue(person, draft.answered(2, "no")))
    assert urn(audited).sides == {
        "long": {
            audited.question("kind"): {"yes": 1},
            audited.question("listens"): {"yes": 1},
            audited.question("good"): {"": 1},
        }
    }


def test_no_journal_and_no_log_line_says_when_somebody_answered(
    audited: Audited, caplog: pytest.LogCaptureFixture
) -> None:
    """S39"""
    with caplog.at_level(logging.DEBUG, logger="portal"):
        audited.answer(audited.world.participant, YES)
    assert not caplog.records
    with audited.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JournalRow)) == 0


def test_a_rare_language_is_not_kept(audited: Audited, crowd: Crowd) -> None:
    """S39: fewer than five in the team read it."""
    people = crowd(FEW + FEW - 1, languages=("sv", "en"))
    for person, language in zip(people, ("sv", "en") * FEW, strict=False):
        audited.answer(person, YES, language)
    # The world's first participant reads Swedish as well, and nobody but the four reads English.
    assert urn(audited).languages == {"sv": FEW, "": FEW - 1}


@pytest.mark.parametrize("change", ["cut", "turned", "another place", "not even that", ""])
def test_what_was_changed_on_the_way_is_not_read(audited: Audited, change: str) -> None:
    ticket = audited.issue(audited.world.participant, audited.draft(YES))
    raw = base64.urlsafe_b64decode(ticket)
    broken = {
        "cut": ticket[:-8],
        "turned": base64.urlsafe_b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode(),
        "another place": answer_service.seal(audited.draft(YES), audited.audit_id),
        "not even that": "åäö",
        "": "",
    }[change]
    with pytest.raises(NotReadable):
        audited.redeem(broken)
    assert urn(audited).count == 0


def test_a_form_belongs_to_its_audit_and_lives_a_day(audited: Audited) -> None:
    draft = audited.draft(YES)
    sealed = answer_service.seal(draft, audited.audit_id)
    assert answer_service.unseal(sealed, audited.audit_id, len(CHOSEN), audited.now) == draft
    for audit_id, questions, later in (
        (uuid.uuid4(), len(CHOSEN), timedelta()),
        (audited.audit_id, len(CHOSEN) + 1, timedelta()),
        (audited.audit_id, len(CHOSEN), LIFE),
    ):
        with pytest.raises(NotReadable):
            answer_service.unseal(sealed, audit_id, questions, audited.now + later)


def test_the_audit_asks_its_team_alone_and_while_it_lasts(audited: Audited, database: Database) -> None:
    """S2, S4"""
    world, now = audited.world, audited.now
    for stranger in (world.other_participant, world.far_participant):
        with pytest.raises(NoResultFound):
            audited.issue(stranger, audited.draft(YES))
    asker = audited.asker(world.participant)
    with database.transaction() as session, pytest.raises(Over):
        answer_service.issue(session, asker, audited.audit_id, audited.draft(YES), now + timedelta(days=30))


@pytest.mark.parametrize(("closed_on", "asked"), [(date(2026, 11, 19), False), (date(2026, 11, 23), True)])
def test_whoever_left_during_the_audit_is_asked_as_well(
    audited: Audited, database: Database, closed_on: date, asked: bool
) -> None:
    person = audited.world.participant
    with database.transaction() as session:
        session.execute(update(Enrolment).where(Enrolment.person_id == person.id).values(closed_on=closed_on))
    if asked:
        assert audited.issue(person, audited.draft(YES))
    else:
        with pytest.raises(NoResultFound):
            audited.issue(person, audited.draft(YES))


def test_a_ticket_of_the_last_evening_counts_until_it_is_closed_and_not_after(audited: Audited) -> None:
    late = audited.issue(audited.world.participant, audited.draft(YES))
    later = audited.issue(audited.world.second_participant, audited.draft(YES))
    audited.redeem(late)
    audited.close()
    with pytest.raises(Over):
        audited.redeem(later)


def test_whoever_sends_while_it_is_closed_is_counted_or_told_and_leaves_no_trace(
    audited: Audited, crowd: Crowd
) -> None:
    """S39: no row that says who took part outlives the closing."""
    people = crowd(12)
    askers = [audited.asker(person) for person in people]

    def send(number: int) -> bool:
        try:
            with audited.database.transaction() as session:
                draft = audited.draft(YES)
                answer_service.issue(session, askers[number], audited.audit_id, draft, audited.now)
        except Over:
            return False
        return True

    with ThreadPoolExecutor(13) as pool:
        sent = [pool.submit(send, number) for number in range(6)]
        closing = pool.submit(audited.close)
        sent += [pool.submit(send, number) for number in range(6, 12)]
        closing.result()
        assert len([one.result() for one in sent]) == 12
    with audited.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditIssue)) == 0


# --- closing ------------------------------------------------------------------------------------


def test_closing_freezes_and_forgets_urn_and_tickets(audited: Audited, crowd: Crowd) -> None:
    """S39, S41: what stays are figures and texts; who took part is forgotten."""
    for person in crowd(6):
        audited.answer(person, ("long", "yes", "no", "Bra fika"))
    audit = audited.close()
    assert audit.results is not None
    assert audit.results["count"] == 6
    audited.close()
    with audited.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditIssue)) == 0
        assert session.scalar(select(func.count()).select_from(AuditUrn)) == 0
        assert [row.text for row in session.scalars(select(AuditText))] == ["Bra fika"] * 6


def test_four_answers_are_thrown_away_with_their_texts(audited: Audited, crowd: Crowd) -> None:
    """S41"""
    for person in crowd(4):
        audited.answer(person, ("long", "yes", "no", "Bra fika"))
    assert audited.close().results == {"few": True}
    with audited.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditText)) == 0


def test_the_last_day_closes_it_where_it_is(audited: Audited, database: Database) -> None:
    def closed(days: int, hours: int = 0) -> int:
        with database.transaction() as session:
            return service.close_due(session, audited.now + timedelta(days=days, hours=hours))

    # 10 December is the last day; at 22.59 UTC on it it is still the tenth in Stockholm.
    assert closed(16, 14) == 0
    assert closed(16, 15) == 1
    assert closed(17) == 0
    with database.reading() as session:
        assert audited.audit(session).state == "closed"


def test_the_first_page_hears_of_it_until_a_ticket_is_issued(audited: Audited, database: Database) -> None:
    def waiting(person: Person, days: int = 0) -> list[str]:
        asker = audited.asker(person)
        with database.reading() as session:
            then = audited.now + timedelta(days=days)
            found = waiting_queries.waiting(session, asker, then, queries.WAITING)
            return [one.code for one in found if one.room == queries.ROOM]

    person = audited.world.participant
    assert waiting(person) == ["4"]
    assert waiting(person, days=-5) == []
    assert waiting(person, days=17) == []
    assert waiting(audited.world.other_participant) == []
    audited.issue(person, audited.draft(YES))
    assert waiting(person) == []
    assert waiting(audited.world.second_participant) == ["4"]


def test_a_draft_is_no_page(audited: Audited, database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Audit).values(state="draft"))
    with pytest.raises(NoResultFound):
        audited.issue(audited.world.participant, audited.draft(YES))
