"""SMS or a call, how much an SMS says, and taking it back: on both databases (S31, S34)."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people import access_service
from portal.identity.session_models import SignInCode, WebSession
from portal.journal.service import take_notes
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service, rules, service
from portal.notices.models import CallWish
from portal.notices.rules import Detail, Held
from portal.web.asker import Asker
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
ALL = Detail(place=True, coach=True)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    return session.get_one(Person, world.participant.id)


@pytest.fixture
def herself(session: Session, world: World) -> Asker:
    return asker_of(session, world.participant)


def changed(
    session: Session, person: Person, world: World, now: datetime, **more: Any
) -> OutboxMessage | None:
    values: dict[str, Any] = {
        "appointment_id": uuid.UUID(int=77),
        "revision": 0,
        "kind": "booked",
        "starts_at": now + timedelta(days=2),
        "held": Held("on_site", "Storgatan 1", world.coach.id),
    }
    return service.meeting_changed(session, person_id=person.id, now=now, **{**values, **more})


def choose(
    session: Session, asker: Asker, person: Person, way: str, now: datetime, coach: Person | None = None
) -> None:
    def how_held(_: Session, meeting_id: uuid.UUID) -> Held:
        assert meeting_id == uuid.UUID(int=77)
        return Held("on_site", "Storgatan 1", (coach or person).id)

    reach_service.choose_way(session, asker, person, way, now, how_held)


def wishes(session: Session) -> list[tuple[str, int]]:
    return [(one.kind, one.revision) for one in session.scalars(select(CallWish))]


# --- what an SMS says (S31) ------------------------------------------------------------------------


def test_nothing_but_the_time_until_the_person_chooses(
    session: Session, amina: Person, world: World, now: datetime
) -> None:
    """S31"""
    message = changed(session, amina, world, now)
    assert message is not None
    assert message.body == "Du har ett möte torsdag 26 november klockan 09.00."


def test_place_and_first_name_by_choice_and_its_parts_are_counted(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    """S31: never the coach's whole name."""
    reach_service.choose_detail(session, herself, amina, ALL)
    message = changed(session, amina, world, now)
    assert message is not None
    assert message.body.endswith("klockan 09.00. Du träffar Karin. Plats: Storgatan 1.")
    assert "Lund" not in message.body
    assert message.parts == messaging.length(message.body).parts == 1
    long = changed(
        session, amina, world, now, revision=1, kind="moved", held=Held("walk", "x" * 90, world.coach.id)
    )
    assert long is not None
    assert long.parts == 2


@pytest.mark.parametrize(
    ("detail", "held", "said"),
    [
        (Detail(place=True), ("on_site", "Storgatan 1"), " Plats: Storgatan 1."),
        (Detail(coach=True), ("on_site", "Storgatan 1"), " Du träffar Karin."),
        (ALL, ("phone", "070-174 06 05"), " Karin ringer dig."),
        (ALL, ("video", "https://video.example/rum"), " Du träffar Karin."),
        (ALL, ("on_site", "https://karta.example"), " Du träffar Karin."),
        (
            ALL,
            ("on_site", "Storgatan 1\r\nfrån \u202eoss"),
            " Du träffar Karin. Plats: Storgatan 1 från oss.",
        ),
    ],
)
def test_only_what_was_chosen_is_said(
    session: Session,
    amina: Person,
    herself: Asker,
    world: World,
    now: datetime,
    detail: Detail,
    held: tuple[str, str],
    said: str,
) -> None:
    """S31, S28: no number, no link, no line of its own."""
    reach_service.choose_detail(session, herself, amina, detail)
    message = changed(session, amina, world, now, held=Held(*held, world.coach.id))
    assert message is not None
    assert message.body == f"Du har ett möte torsdag 26 november klockan 09.00.{said}"


def test_in_arabic_place_and_name_keep_their_order(session: Session, world: World, now: datetime) -> None:
    """S28: what is written from the left stays in one piece."""
    yonas = session.get_one(Person, world.second_participant.id)
    reach_service.choose_detail(session, asker_of(session, yonas), yonas, ALL)
    message = changed(session, yonas, world, now)
    assert message is not None
    assert "\u2066Karin\u2069" in message.body
    assert "\u2066Storgatan 1\u2069" in message.body
    assert "\u206609:00\u2069" in message.body
    assert message.parts == messaging.length(message.body).parts == 2


def test_a_cancelled_meeting_has_neither(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    reach_service.choose_detail(session, herself, amina, ALL)
    message = changed(session, amina, world, now, kind="cancelled")
    assert message is not None
    assert message.body == "Mötet torsdag 26 november klockan 09.00 är inställt."


def test_taking_it_back_rewords_what_waits(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    """S31: at once, what is queued included; what has left stays."""
    reach_service.choose_detail(session, herself, amina, ALL)
    waiting = changed(session, amina, world, now)
    left = changed(session, amina, world, now, appointment_id=uuid.UUID(int=78))
    code = outbox.put_code(session, now, recipient_id=amina.id)
    assert waiting
    assert left
    left.state = messaging.SENT
    reach_service.say_less(session, herself, amina)
    assert waiting.body == "Du har ett möte torsdag 26 november klockan 09.00."
    assert waiting.parts == 1
    assert "Karin" in left.body
    assert code.body == "Din kod: 1234 5678"
    assert reach_service.detail_of(amina) == Detail()


def test_nobody_else_lets_an_sms_say_more(session: Session, amina: Person, world: World) -> None:
    """S31: not the coach, and not whoever holds the phone at the first door."""
    first_door = Asker(
        person_id=amina.id,
        organisation_id=amina.organisation_id,
        roles=frozenset({"participant"}),
        tier=1,
        session_id=uuid.uuid4(),
        language="sv",
        zone=world.organisation.zone,
    )
    for other in (asker_of(session, world.coach), first_door):
        with pytest.raises(ValueError, match="only the person"):
            reach_service.choose_detail(session, other, amina, ALL)
    assert reach_service.detail_of(amina) == Detail()


# --- SMS or a call -----------------------------------------------------------------------------------


def test_who_wants_a_call_gets_no_sms_and_the_news_goes_on_the_list(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    choose(session, herself, amina, rules.CALL, now)
    assert changed(session, amina, world, now) is None
    assert wishes(session) == [(rules.BOOKED, 0)]
    assert changed(session, amina, world, now, kind="moved", revision=1) is None
    assert wishes(session) == [(rules.MOVED, 1)]
    assert session.scalars(select(OutboxMessage)).all() == []


def test_what_waits_as_sms_becomes_a_call_and_no_news_is_lost(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    message = changed(session, amina, world, now, kind="moved", revision=3)
    choose(session, herself, amina, rules.CALL, now)
    assert message
    assert (message.state, message.error_code) == (messaging.CANCELLED, "calls")
    assert wishes(session) == [(rules.MOVED, 3)]


def test_a_code_comes_by_sms_all_the_same(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    message = changed(session, amina, world, now)
    choose(session, herself, amina, rules.CALL, now)
    code = outbox.put_code(session, now, recipient_id=amina.id, address=amina.phone)
    assert service.check(session, code, now) == messaging.Go()
    assert message
    assert service.check(session, message, now) == messaging.Drop("calls")


def test_back_to_sms(session: Session, amina: Person, herself: Asker, world: World, now: datetime) -> None:
    choose(session, herself, amina, rules.CALL, now)
    choose(session, herself, amina, rules.SMS, now)
    assert changed(session, amina, world, now) is not None
    assert wishes(session) == []
    kinds = [note["kind"] for note in take_notes(session) if note["action"] == "change"]
    assert kinds == ["way"]


def test_news_that_waited_for_a_call_is_sent_when_sms_is_chosen_again(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    """Nobody knows whether it was told: an SMS more is better than news that is lost."""
    message = changed(session, amina, world, now)
    choose(session, herself, amina, rules.CALL, now)
    choose(session, herself, amina, rules.SMS, now)
    assert message
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()
    assert (sent.kind, sent.body, sent.again) == (message.kind, message.body, 1)
    assert wishes(session) == []


def test_however_often_the_way_is_changed_the_news_is_sent_as_the_person_chose(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    """S31: what waits overnight is taken back and said anew each time, place and coach with it."""
    reach_service.choose_detail(session, herself, amina, ALL)
    first = changed(session, amina, world, now)
    assert first
    for _ in range(3):
        choose(session, herself, amina, rules.CALL, now)
        assert wishes(session) == [(rules.BOOKED, 0)]
        choose(session, herself, amina, rules.SMS, now, world.coach)
        queued = session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()
        assert queued.body == first.body
        assert queued.body.endswith("Du träffar Karin. Plats: Storgatan 1.")
        assert wishes(session) == []


def test_news_stays_on_the_list_where_no_sms_may_be_sent(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    """Nothing is forgotten before it is queued: a number that bounces leaves it to the coach."""
    choose(session, herself, amina, rules.CALL, now)
    assert changed(session, amina, world, now) is None
    failed = outbox.put(session, now, recipient_id=amina.id)
    failed.state, failed.error_code, failed.changed_at = messaging.FAILED, "21211", now + timedelta(minutes=1)
    session.flush()
    choose(session, herself, amina, rules.SMS, now + timedelta(minutes=5))
    assert wishes(session) == [(rules.BOOKED, 0)]


# --- SMS is not safe (S34) ---------------------------------------------------------------------------


def test_every_channel_stops_at_once(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    """S34: queued messages and codes, other sessions, and calls; the session it is said in stays."""
    reach_service.choose_detail(session, herself, amina, ALL)
    message = changed(session, amina, world, now)
    code = outbox.put_code(session, now, recipient_id=amina.id, address=amina.phone)
    asked = _sign_in_code(amina, now)
    here, elsewhere = (_web_session(amina, now, number) for number in (1, 2))
    session.add_all([asked, here, elsewhere])
    session.flush()
    access_service.mark_unsafe(session, herself, amina, now=now, keep=here.id)
    session.refresh(here)
    session.refresh(elsewhere)
    session.refresh(asked)
    assert message
    assert (message.state, code.state) == (messaging.CANCELLED, messaging.CANCELLED)
    assert (here.ended_at, elsewhere.ended_at, asked.used_at) == (None, now, now)
    assert reach_service.detail_of(amina) == Detail()
    amina.way = rules.CALL
    assert changed(session, amina, world, now, revision=1, kind="moved") is None
    assert wishes(session) == []


def test_safe_again_only_undoes_the_mark(
    session: Session, amina: Person, herself: Asker, world: World, now: datetime
) -> None:
    access_service.mark_unsafe(session, herself, amina, now=now)
    access_service.mark_safe(session, herself, amina)
    assert reach_service.detail_of(amina) == Detail()
    assert changed(session, amina, world, now) is not None


def _sign_in_code(person: Person, now: datetime) -> SignInCode:
    return SignInCode(
        organisation_id=person.organisation_id,
        person_id=person.id,
        browser_hash=b"b",
        phone_hash=b"p",
        code_hash=b"c",
        created_at=now,
        expires_at=now + timedelta(minutes=10),
    )


def _web_session(person: Person, now: datetime, number: int) -> WebSession:
    return WebSession(
        token_hash=bytes([number]),
        person_id=person.id,
        roles=["participant"],
        tier=1,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=8),
    )
