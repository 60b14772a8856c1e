"""The demo's user audits: one that has become a report with replies, and one that asks now."""

import random
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import code_hash
from portal.demo.people import House
from portal.identity.models import Enrolment, Person
from portal.user_audit import queries, report_service, service, staff_queries
from portal.user_audit.bank_rules import bank, options
from portal.user_audit.models import TEXT, Audit, AuditIssue, AuditUrn
from portal.user_audit.report_service import Reply, Screening, Writing
from portal.user_audit.service import OwnQuestion, Plan
from portal.user_audit.urn_rules import Urn
from portal.web.asker import Asker

PAST, PERIOD = timedelta(days=130), timedelta(days=21)
HAVE_ANSWERED = {"past": 23, "now": 9}
WEIGHTS = (7, 3, 1, 1)
TEXTS = (
    ("sv", "Karin lyssnar alltid på mig.", "Svårt att få tag på någon på fredagar."),
    (
        "sv",
        "Det är lugnt och ingen stressar.",
        "Jag vill ha fler tider på eftermiddagen. Bussen går bara på morgonen.",
    ),
    ("sv", "Jag fick hjälp att ringa min läkare.", "Ring tillbaka samma dag."),
    ("ar", "الجميع لطفاء وأشعر بالراحة.", "أحتاج إلى مترجم في كل لقاء."),
    ("en", "They explain things until I understand.", "Longer meetings, please."),
)
"""What some have written: what is good, what could be better. Five of each, for fewer are not shown."""
REPORT = Writing(
    works="De flesta känner sig trygga. Teamet lyssnar och förklarar.",
    improve="Det är svårt att få tag på teamet på fredagar. Flera vill ha tolk på varje möte.",
    proposals=(
        "Ha telefontid på fredagar också",
        "Fråga alla om de vill ha tolk, varje gång",
        "Ha tider på eftermiddagen som passar bussen",
    ),
)
REPLIES = (
    Reply("done", "Nu svarar vi i telefon varje dag klockan 9 till 12.", None),
    Reply("will", "Vi frågar när vi bokar mötet. Vi börjar efter årsskiftet.", None),
)


def add_audits(session: Session, house: House, auditor: Person, lead: Person, now: datetime) -> None:
    """Both of them, and who has got a ticket for the one that is open."""
    chance = random.Random(7)
    then = now - PAST
    past = _planned(session, _asker(auditor, "user_auditor"), house, "Hur är det hos oss?", then)
    _answered(session, past, HAVE_ANSWERED["past"], chance)
    _reported(session, past, auditor, lead, then + PERIOD)
    open_now = _planned(
        session,
        _asker(auditor, "user_auditor"),
        house,
        "Vad ska vi göra bättre i vår?",
        now - timedelta(days=3),
    )
    _answered(session, open_now, HAVE_ANSWERED["now"], chance)
    _issued(session, open_now, HAVE_ANSWERED["now"])


def _asker(person: Person, role: str) -> Asker:
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset({role}),
        tier=2,
        session_id=uuid.uuid4(),
        language="sv",
        zone=ZoneInfo("Europe/Stockholm"),
    )


def _planned(session: Session, asker: Asker, house: House, title: str, begins: datetime) -> Audit:
    """An audit with all questions of ours and one own, open from this day on."""
    first = begins.date()
    purpose = "Vi frågar alla i teamet. Era svar visar vad som är bra och vad som kan bli bättre."
    plan = Plan(house.team.id, title, purpose, first, first + PERIOD)
    audit = service.plan(session, asker, uuid.uuid4(), plan, bank(), begins)
    words = {"sv": "Är lokalerna bra?", "en": "Are the rooms good?"}
    service.add_question(session, asker, audit, uuid.uuid4(), OwnQuestion("agree", words), begins)
    service.start(session, asker, audit, begins)
    return audit


def _answered(session: Session, audit: Audit, count: int, chance: random.Random) -> None:
    """So many answers in the urn, some of them with words."""
    row = session.get_one(AuditUrn, audit.id)
    urn = Urn()
    asked = queries.questions(session, audit.id)
    for number in range(count):
        language, *words = TEXTS[number % len(TEXTS)]
        written = iter(words)
        given: list[str] = []
        for one in asked:
            codes = [option.code for option in options(one.kind)]
            if one.kind == TEXT:
                given.append(next(written) if number < len(TEXTS) else "")
            else:
                given.append(chance.choices(codes, WEIGHTS[: len(codes)])[0])
        ballot = code_hash(str(number), "demo").hex()
        urn.drop(ballot, language, queries.asked(session, audit.id), given)
    row.content = urn.packed()
    session.flush()


def _reported(session: Session, audit: Audit, auditor: Person, lead: Person, then: datetime) -> None:
    """Closed, screened, reported, and replied to but for the last proposal."""
    asker = _asker(auditor, "user_auditor")
    service.close(session, asker, audit)
    for free in staff_queries.free_texts(session, asker, audit):
        named = free.text.startswith("Karin ")
        cut = free.text.replace("Karin", "[…]")
        decided = Screening("part", cut, "Ett namn stod i texten.") if named else Screening("shown")
        report_service.screen(session, asker, audit, free.id, decided)
    report_service.write(session, asker, audit, REPORT)
    report_service.publish(session, asker, audit, then + timedelta(days=10))
    for proposal, reply in zip(staff_queries.proposals(session, audit), REPLIES, strict=False):
        due = (then + PAST).date() if reply.code == "will" else None
        said = Reply(reply.code, reply.why, due)
        report_service.reply(session, _asker(lead, "lead"), proposal, said, then + timedelta(days=20))


def _issued(session: Session, audit: Audit, count: int) -> None:
    """The last ones who came have answered; the first on the list are still asked."""
    people = session.scalars(
        select(Enrolment.person_id)
        .where(Enrolment.team_id == audit.team_id, Enrolment.closed_on.is_(None))
        .order_by(Enrolment.started_on.desc(), Enrolment.person_id)
    ).all()
    # The demo's own people of the cards are the first of each list and have not answered yet.
    for person_id in [one for one in people if one not in _shown_first(session, audit)][:count]:
        mark = code_hash(str(person_id), "demo")
        session.add(AuditIssue(audit_id=audit.id, person_id=person_id, draft_hash=mark))
    session.flush()


def _shown_first(session: Session, audit: Audit) -> set[uuid.UUID]:
    """Those whom the demo's cards name: the first five by name are left to be tried."""
    people = session.scalars(select(Person).where(Person.organisation_id == audit.organisation_id)).all()
    named = ("Amina Hassan", "Yonas Tesfay", "Mariam Haddad", "Lena Bergman", "Mattias Öberg")
    return {person.id for person in people if person.name in named}
