"""An organisation's own wording of SMS, saved and sent: on both databases (S31)."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.journal.service import take_notes
from portal.languages import LANGUAGES
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service, rules, service, template_queries, template_service
from portal.notices.models import NoticeTemplate
from portal.notices.rules import Detail, Held
from portal.notices.template_rules import Wordings
from portal.organisation.models import Organisation
from portal.reminders import service as reminders
from portal.web.asker import Asker
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
OWN = "Vi ses {dag} klockan {tid}"
SWEDISH, ARABIC = LANGUAGES["sv"], LANGUAGES["ar"]


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def admin(session: Session, world: World) -> Asker:
    return asker_of(session, world.admin)


def booked(session: Session, person: Person, now: datetime, held: Held | None = None) -> OutboxMessage:
    made = service.meeting_changed(
        session,
        person_id=person.id,
        appointment_id=uuid.uuid4(),
        revision=0,
        kind="booked",
        starts_at=now + timedelta(days=2),
        now=now,
        held=held,
    )
    assert made is not None
    return made


def test_the_houses_own_words_are_sent_and_ours_elsewhere(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    template_service.word(session, admin, rules.BOOKED, SWEDISH, OWN, now)
    assert booked(session, world.participant, now).body == "Vi ses torsdag 26 november klockan 09.00"
    assert "\u206609:00\u2069" in booked(session, world.second_participant, now).body
    far = booked(session, world.far_participant, now)
    assert "Vi ses" not in far.body


def test_place_and_coach_follow_as_before(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    """S31: by the person's own choice, after a full stop of their own."""
    amina = session.get_one(Person, world.participant.id)
    reach_service.choose_detail(session, asker_of(session, amina), amina, Detail(place=True, coach=True))
    template_service.word(session, admin, rules.BOOKED, SWEDISH, OWN, now)
    said = booked(session, amina, now, Held("on_site", "Storgatan 1", world.coach.id))
    assert said.body.endswith("klockan 09.00. Du träffar Karin. Plats: Storgatan 1.")
    reach_service.say_less(session, asker_of(session, amina), amina)
    assert said.body == "Vi ses torsdag 26 november klockan 09.00"


def test_arabic_digits_keep_their_order(session: Session, world: World, admin: Asker, now: datetime) -> None:
    """S28"""
    template_service.word(session, admin, rules.BOOKED, ARABIC, "موعد {dag} {datum} {tid}", now)
    body = booked(session, world.second_participant, now).body
    assert "\u206626/11\u2069" in body
    assert "\u206609:00\u2069" in body


def test_reminders_of_many_ask_for_the_wordings_once(
    session: Session, world: World, admin: Asker, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    template_service.word(session, admin, rules.ONE_DAY, SWEDISH, OWN, now)
    starts_at = now + timedelta(days=5, hours=3)
    for person, later in ((world.participant, 0), (world.second_participant, 2)):
        meetings.add_meeting(session, person, world.coach, starts_at + timedelta(hours=later), now)
    asked: list[uuid.UUID] = []
    looked_up = template_queries.wordings

    def counted(given: Session, organisation_id: uuid.UUID) -> Wordings:
        asked.append(organisation_id)
        return looked_up(given, organisation_id)

    monkeypatch.setattr(template_queries, "wordings", counted)
    assert reminders.tick(session, starts_at - timedelta(hours=20)) == 2
    assert asked == [world.organisation.id]
    said = {row.language: row.body for row in session.scalars(select(OutboxMessage))}
    assert said["sv"] == "Vi ses söndag 29 november klockan 12.00"
    assert "\u206614:00\u2069" in said["ar"]


def test_versions_are_kept_and_the_newest_counts(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    own = "Möte {dag} {tid}."
    for text in (own, own, " Nytt: {DAG} {tid}.\r\n", "", ""):
        template_service.word(session, admin, rules.BOOKED, SWEDISH, text, now)
    rows = session.scalars(select(NoticeTemplate).order_by(NoticeTemplate.version)).all()
    assert [(row.version, row.text) for row in rows] == [(1, own), (2, "Nytt: {dag} {tid}."), (3, "")]
    assert template_queries.wordings(session, world.organisation.id) == {}
    desk = template_queries.desk(session, admin, rules.BOOKED, SWEDISH)
    assert desk is not None
    assert [one.number for one in desk.versions] == [3, 2, 1]
    assert {one.made_by for one in desk.versions} == {session.get_one(Person, world.admin.id).name}
    assert [note["kind"] for note in take_notes(session) if note["action"] == "change"] == ["sms_text"] * 3


def test_ours_word_for_word_is_ours(session: Session, admin: Asker, now: datetime) -> None:
    ours = "Du har ett möte {dag} klockan {tid}."
    assert template_service.word(session, admin, rules.BOOKED, SWEDISH, ours, now) is None
    assert session.scalar(select(func.count()).select_from(NoticeTemplate)) == 0


def test_what_cannot_be_sent_is_not_saved(session: Session, admin: Asker, now: datetime) -> None:
    with pytest.raises(template_service.WrongWording) as refused:
        template_service.word(session, admin, rules.BOOKED, SWEDISH, "Hej {namn} {dag}", now)
    assert [one.about for one in refused.value.problems] == ["namn", "tid"]
    assert session.scalar(select(func.count()).select_from(NoticeTemplate)) == 0


def test_only_a_language_that_is_offered_is_worded(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    session.get_one(Organisation, world.organisation.id).languages = ["en"]
    session.flush()
    with pytest.raises(template_service.NotOffered):
        template_service.word(session, admin, rules.BOOKED, ARABIC, "{dag} {tid}", now)
    assert template_queries.desk(session, admin, rules.BOOKED, ARABIC) is None


def test_a_wording_whose_field_has_gone_is_not_sent(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    """S31: nobody is sent a text with braces in it; ours stands in."""
    made = template_service.word(session, admin, rules.BOOKED, SWEDISH, OWN, now)
    assert made is not None
    made.text = "Vi ses {dag} {sal} {tid}"
    session.flush()
    assert booked(session, world.participant, now).body.startswith("Du har ett möte")


def test_the_list_says_which_languages_lag(
    session: Session, world: World, admin: Asker, now: datetime
) -> None:
    template_service.word(session, admin, rules.BOOKED, SWEDISH, OWN, now)
    template_service.word(session, admin, rules.BOOKED, LANGUAGES["en"], "{dag} {tid}", now)
    spoken, rows = template_queries.kinds(session, admin)
    assert [one.code for one in spoken] == ["sv", "en", "ar"]
    first, second = rows[:2]
    assert (first.kind, first.own, first.lagging) == (rules.BOOKED, frozenset({"sv", "en"}), ("ar",))
    assert (second.own, second.lagging) == (frozenset(), ())
    names = template_queries.names(session, admin)
    assert world.organisation.name in names
    assert world.elsewhere.organisation.name not in names
