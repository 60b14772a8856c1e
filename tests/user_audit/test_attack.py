"""S39: a whole database in the hands of somebody who wants to know who said what.

With `-s` it prints how well the attack did beside chance.
"""

import random
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.crypto import keys
from portal.db import Database
from portal.identity.models import Person
from portal.journal.models import JournalRow
from portal.user_audit.models import Audit, AuditUrn
from portal.user_audit.urn_rules import Urn
from tests.conftest import FrozenClock, SignIn
from tests.support.forms import forms_of
from tests.support.pages import Client
from tests.user_audit.attack import Dump, dump, rows_of
from tests.user_audit.conftest import Audited, Crowd
from tests.user_audit.judging import Score, Verdict, judge

PEOPLE = 60
LEAKED = 12
"""So few of them given away must be found: one in five."""


def said(verdict: Verdict, what: str) -> None:
    sys.stdout.write(f"\n{what}: {verdict}\n")


def press(browser: Client, html: str, label: str, **data: str) -> str:
    """Send the form on the page that has a button with this name or value."""
    form = next(one for one in forms_of(html) if label in one.action)
    sent = {field.name: field.value or "" for field in form.fields if field.kind != "button"}
    answer = browser.post(form.action, data={**sent, **data})
    assert answer.status_code == 200, (label, answer.status_code)
    return answer.get_data(as_text=True)


def answer_on_the_phone(browser: Client, audit_id: uuid.UUID, words: str, chance: random.Random) -> None:
    """The whole way as a person goes it, but quickly: nothing lies between "Send" and sending."""
    page = press(browser, browser.get(f"/audits/{audit_id}").get_data(as_text=True), "/answer")
    for given in (
        {"value": chance.choice(("short", "long"))},
        {"value": chance.choice(("yes", "no"))},
        {"value": chance.choice(("yes", "no"))},
        {"words": words, "act": "next"},
    ):
        page = press(browser, page, "/answer", **given)
    page = press(browser, page, "/send")
    press(browser, page, "/unnamed/")


@pytest.fixture
def truth(audited: Audited, crowd: Crowd, sign_in: SignIn, frozen: FrozenClock) -> dict[str, uuid.UUID]:
    """Sixty people answer, each in a moment of their own, in an order that is not that of their coming."""
    chance = random.Random(39)
    people = crowd(PEOPLE, languages=("sv", "sv", "en", "ar"))
    chance.shuffle(people)
    found = {}
    for person in people:
        frozen.move(timedelta(minutes=chance.randrange(2, 90)))
        words = f"ord-{chance.getrandbits(48):012x}"
        answer_on_the_phone(sign_in(person, tier=1), audited.audit_id, words, chance)
        found[words] = person.id
    with audited.database.reading() as session:
        urn = Urn.unpacked(session.get_one(AuditUrn, audited.audit_id).content)
    assert urn.count == PEOPLE
    assert set(urn.languages) == {"sv", "en", "ar"}
    return found


@pytest.fixture
def few(audited: Audited, crowd: Crowd) -> dict[str, uuid.UUID]:
    """Six who have answered."""
    found = {f"ord-{number:012x}": person.id for number, person in enumerate(crowd(6))}
    with audited.database.reading() as session:
        people = [session.get_one(Person, person_id) for person_id in found.values()]
    for person, words in zip(people, found, strict=True):
        audited.answer(person, ("long", "yes", "no", words))
    return found


def test_the_whole_database_does_not_tell_who_said_what(
    audited: Audited, truth: dict[str, uuid.UUID]
) -> None:
    """S39: while it is open, when all is sealed in one text, and after closing, when texts are rows."""
    for what in ("open", "closed"):
        if what == "closed":
            audited.close()
        verdict = judge(dump(audited.database), truth)
        said(verdict, f"{audited.database.engine.dialect.name}, {what}")
        assert verdict.tried > 20
        assert not verdict.tells, verdict


# --- the same attack on what others would have stored -------------------------------------------


@contextmanager
def naive(database: Database, columns: str) -> Iterator[None]:
    """A table for answers one by one, gone afterwards."""
    with database.transaction() as session:
        session.execute(text(f"CREATE TABLE naive ({columns})"))
    # A connection that has seen an earlier table of this name would go on counting its columns.
    database.close()
    try:
        yield
    finally:
        with database.transaction() as session:
            session.execute(text("DROP TABLE naive"))


def with_naive(found: Dump, database: Database) -> Dump:
    return Dump({**found.tables, "naive": rows_of(database, "naive")})


NAIVE = ("order", "time", "hash")
"""By what a careless table tells who said what: the order of their coming, the time, a hash of who it was."""


def judged(audited: Audited, people: list[Person], now: datetime, kind: str, leaked: int) -> Verdict:
    """The attack on a table of answers one by one that gives away who said the first `leaked` of them."""
    chance = random.Random(40)
    chance.shuffle(people)
    truth = {f"ord-{chance.getrandbits(48):012x}": person.id for person in people}
    with audited.database.transaction() as session:
        for number, person_id in enumerate(truth.values()):
            issue_naively(session, audited.audit_id, person_id, now + timedelta(minutes=7 * number))
    rows = [
        {
            "words": words,
            "at": (now + timedelta(minutes=7 * number, seconds=20)).isoformat() if kind == "time" else None,
            "mark": keys().keyed_hash("naive", str(person_id)).hex() if kind == "hash" else None,
        }
        for number, (words, person_id) in enumerate(truth.items())
    ]
    rows[leaked:] = [{"words": row["words"], "at": None, "mark": None} for row in rows[leaked:]]
    # In the order of their coming the leaked ones stand in their places, and the others in no order.
    kept = rows[: leaked if kind == "order" else 0]
    others = rows[len(kept) :]
    chance.shuffle(others)
    with naive(audited.database, "words TEXT, at TEXT, mark TEXT"):
        for row in [*kept, *others]:
            with audited.database.transaction() as session:
                session.execute(text("INSERT INTO naive VALUES (:words, :at, :mark)"), row)
        verdict = judge(with_naive(dump(audited.database), audited.database), truth)
    said(verdict, f"{audited.database.engine.dialect.name}, {leaked} given away by {kind}")
    return verdict


@pytest.mark.parametrize("kind", NAIVE)
def test_the_attack_finds_them_where_answers_are_kept_one_by_one(
    audited: Audited, crowd: Crowd, now: datetime, kind: str
) -> None:
    """The attack can succeed: an order, a time or a shared value each give everybody away."""
    verdict = judged(audited, crowd(PEOPLE), now, kind, PEOPLE)
    assert verdict.best.right == PEOPLE
    assert verdict.tells


@pytest.mark.parametrize("kind", NAIVE)
def test_the_attack_finds_a_few_who_are_given_away_among_many(
    audited: Audited, crowd: Crowd, now: datetime, kind: str
) -> None:
    """S39: they are not lost in what many joins get right by luck."""
    verdict = judged(audited, crowd(PEOPLE), now, kind, LEAKED)
    assert LEAKED <= verdict.best.right < 2 * LEAKED
    assert verdict.tells, verdict


def test_a_few_named_rightly_surprise_more_than_many_by_luck() -> None:
    """What the joins are ranked by, at values that can be reckoned by hand."""
    assert Score(0, 60, 1.0).surprise == 0
    assert Score(1, 60, 1.0).surprise == pytest.approx(0.199, abs=0.001)
    assert Score(10, 10, 0.4).surprise > Score(10, 60, 1.0).surprise > Score(13, 60, 3.0).surprise > 4


def issue_naively(session: Session, audit_id: uuid.UUID, person_id: uuid.UUID, at: datetime) -> None:
    """What a careless portal writes down when somebody answers: a line in the journal, with a hash."""
    session.add(
        JournalRow(
            at=at,
            action="change",
            kind="audit",
            actor_id=person_id,
            subject_id=person_id,
            object_id=audit_id,
            once=keys().keyed_hash("naive", str(person_id)).hex(),
        )
    )
    session.flush()


def test_no_answer_stands_readable_in_the_files(audited: Audited, few: dict[str, uuid.UUID]) -> None:
    """S38, S39: not in the database's file, nor in what SQLite has written beside it."""
    if audited.database.engine.dialect.name != "sqlite":
        return
    path = Path(audited.database.url.removeprefix("sqlite:///"))
    # In a process of its own: whoever closes a file lets go of all locks that their process holds on it.
    files = [str(file) for file in path.parent.glob(f"{path.name}*")]
    written = subprocess.run(["cat", *files], capture_output=True, check=True).stdout
    assert few
    assert not [words for words in few if words.encode() in written]


def test_a_closed_audit_has_forgotten_who_took_part(audited: Audited, few: dict[str, uuid.UUID]) -> None:
    """S39"""
    audited.close()
    found = dump(audited.database)
    assert found.tables["audit_issue"] == []
    assert found.tables["audit_urn"] == []
    assert len(found.tables["audit_text"]) == len(few)
    with audited.database.reading() as session:
        assert session.get_one(Audit, audited.audit_id).results is not None
