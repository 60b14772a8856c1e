"""The texts that an organisation has for its staff: titles, languages, versions, taking out of use."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.journal.models import JournalRow
from portal.languages import LANGUAGES, SWEDISH
from portal.notices import own_queries, own_service
from portal.notices.template_service import NotOffered, WrongWording
from portal.organisation.models import Organisation
from tests.support.objects import asker_of
from tests.support.own_messages import own_message
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def test_each_language_has_its_text_and_what_is_missing_is_named(
    session: Session, world: World, now: datetime
) -> None:
    admin = asker_of(session, world.admin)
    made = own_message(session, admin, now)
    (row,) = own_queries.rows(session, admin)
    assert (row.message.id, set(row.said.texts), row.missing) == (made.id, {"sv", "ar"}, ("en",))
    assert row.said.version == 2
    own_service.word(session, admin, made, LANGUAGES["ar"], "", now)
    (row,) = own_queries.rows(session, admin)
    assert (set(row.said.texts), row.missing, row.said.version) == ({"sv"}, ("en", "ar"), 3)


def test_the_same_text_makes_no_version_and_each_change_one_that_stays(
    session: Session, world: World, now: datetime
) -> None:
    admin = asker_of(session, world.admin)
    made = own_message(session, admin, now, sv="Stängt i dag.")
    assert own_service.word(session, admin, made, SWEDISH, "  Stängt i\ndag. ", now) is None
    own_service.word(session, admin, made, SWEDISH, "Vi har stängt i dag.", now)
    desk = own_queries.desk(session, admin, made, SWEDISH)
    assert desk is not None
    assert [(one.number, one.text) for one in desk.versions] == [
        (2, "Vi har stängt i dag."),
        (1, "Stängt i dag."),
    ]
    assert (desk.now, desk.ours, desk.is_own, desk.lagging) == (desk.swedish, "", True, ("en", "ar"))
    journal.write_own(session, now)
    assert session.scalars(select(JournalRow.kind)).all().count("own_message") == 3


@pytest.mark.parametrize("text", ["Möte {dag}", "Läs på norrby.se", "Hej {", "www.norrby"])
def test_a_link_a_field_and_an_open_brace_are_refused(
    session: Session, world: World, now: datetime, text: str
) -> None:
    """S31"""
    admin = asker_of(session, world.admin)
    made = own_message(session, admin, now, sv="Stängt.")
    with pytest.raises(WrongWording):
        own_service.word(session, admin, made, SWEDISH, text, now)


def test_only_languages_that_the_house_offers(session: Session, world: World, now: datetime) -> None:
    admin = asker_of(session, world.admin)
    made = own_message(session, admin, now)
    session.get_one(Organisation, world.organisation.id).languages = ["en"]
    session.flush()
    assert own_queries.desk(session, admin, made, LANGUAGES["ar"]) is None
    with pytest.raises(NotOffered):
        own_service.word(session, admin, made, LANGUAGES["ar"], "مغلق", now)


def test_two_texts_in_use_are_not_called_the_same(session: Session, world: World, now: datetime) -> None:
    admin = asker_of(session, world.admin)
    first = own_message(session, admin, now, "Öppet hus")
    with pytest.raises(own_service.TitleTaken):
        own_service.add(session, admin, "öppet HUS", now)
    own_service.retire(session, admin, first, now)
    second = own_service.add(session, admin, "öppet hus", now)
    with pytest.raises(own_service.TitleTaken):
        own_service.restore(session, admin, first)
    own_service.rename(session, admin, second, "Fika")
    own_service.restore(session, admin, first)
    with pytest.raises(own_service.TitleTaken):
        own_service.rename(session, admin, second, "Öppet hus")
    assert [one.message.title for one in own_queries.rows(session, admin)] == ["Fika", "Öppet hus"]


def test_nothing_crosses_organisations(session: Session, world: World, now: datetime) -> None:
    """S4"""
    made = own_message(session, asker_of(session, world.admin), now)
    far = asker_of(session, world.far_coach)
    assert own_queries.rows(session, far) == ()
    with pytest.raises(NoResultFound):
        own_queries.message_for(session, far, made.id)
