"""An admin keeps the recordings for calls: adding, hearing, replacing, removing, what is refused."""

import io
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from portal.db import Database
from portal.identity.models import Person
from portal.journal.models import JournalRow
from portal.messaging import voice_rules
from portal.messaging.voice_rules import VOICES
from portal.notices.models import Recording
from portal.organisation.models import Organisation
from portal.web.uploads import LARGEST_REQUEST
from tests.conftest import SignIn
from tests.support.objects import asker_of
from tests.support.pages import Client, parse, text_of
from tests.support.sounds import SAID, mp3, record, wav
from tests.support.world import World

LIST = "/staff/organisation/recordings"
ONE = f"{LIST}/reminder/sv"


@pytest.fixture
def admin(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.admin)


def upload(
    browser: Client,
    content: bytes | None,
    said: str = SAID,
    path: str = ONE,
    name: str = "a.mp3",
    **more: str,
) -> TestResponse:
    fields: dict[str, object] = {"words": said, "csrf_token": browser.token(), **more}
    if content is not None:
        fields["sound"] = FileStorage(io.BytesIO(content), name, content_type="audio/mpeg")
    return send(browser, path, fields)


def send(browser: Client, path: str, fields: dict[str, object]) -> TestResponse:
    """Post it as a page with a file does, in memory: what the test client puts on disk it leaves open."""
    body, _, boundary = stream_encode_multipart(fields, use_tempfile=False)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.open(path, method="POST", data=body.read(), content_type=kind)


def stored(database: Database) -> list[Recording]:
    with database.reading() as session:
        wanted = select(Recording).options(undefer(Recording.sound)).order_by(Recording.removed_at.is_(None))
        return list(session.scalars(wanted))


def sources(page: TestResponse) -> list[str]:
    return [str(one.get("src")) for one in parse(page.text).iter("audio")]


@pytest.mark.parametrize("who", ["coach", "lead", "translator", "participant"])
def test_recordings_are_for_admins(sign_in: SignIn, world: World, who: str) -> None:
    browser = sign_in(getattr(world, who))
    assert [browser.get(path).status_code for path in (LIST, ONE)] == [404, 404]
    assert upload(browser, mp3()).status_code == 404


def test_one_is_added_heard_replaced_and_removed(admin: Client, database: Database, world: World) -> None:
    assert "Inte inspelad" in text_of(admin.get(LIST))
    assert upload(admin, mp3()).location == ONE
    page = admin.get(ONE)
    assert SAID in text_of(page)
    (source,) = sources(page)
    heard = admin.get(source)
    assert (heard.status_code, heard.data, heard.mimetype) == (200, mp3(), "audio/mpeg")
    assert admin.get(source, headers={"Range": "bytes=0-1"}).status_code == 206
    listed = admin.get(LIST)
    assert sources(listed) == [source]
    assert "1 av 5 är inspelade" in text_of(listed)
    assert f"Av {world.admin.name}" in text_of(listed)

    # Whatever it is called and said to be.
    assert upload(admin, wav(), "Hej igen.", name="a.mp3").status_code == 303
    assert admin.get(source).status_code == 404
    assert [(one.format, one.removed_at is None) for one in stored(database)] == [
        ("mp3", False),
        ("wav", True),
    ]
    assert "Ta bort inspelningen" in text_of(admin.get(ONE))
    assert admin.post(f"{ONE}/remove").location == ONE
    assert sources(admin.get(ONE)) == []
    assert admin.post(f"{ONE}/remove").status_code == 303
    with database.reading() as session:
        kinds = session.scalars(select(JournalRow.kind).where(JournalRow.action == "change")).all()
    assert kinds.count("recording") == 3


@pytest.mark.parametrize(
    "content, sentence",
    [
        (None, "Välj en fil."),
        (b"", "Välj en fil."),
        (b"<html>", "Filen är inte mp3 eller wav."),
        (b"\0\0\0\x20ftypM4A " + bytes(99), "Filen är m4a"),
        (mp3(1) + b"x", "Filen går inte att läsa."),
        (mp3(30), "Inspelningen är för lång."),
        (wav(60), "Filen är för stor."),
    ],
)
def test_a_file_that_cannot_be_played_is_named_beside_the_field(
    admin: Client, database: Database, content: bytes | None, sentence: str
) -> None:
    """And what was typed stays."""
    answer = upload(admin, content)
    assert answer.status_code == 422
    errors = {one.get("id"): "".join(one.itertext()).strip() for one in parse(answer.text).iter("p")}
    assert errors["sound-error"].startswith(sentence)
    (box,) = parse(answer.text).iter("textarea")
    assert str(box.text).strip() == SAID
    assert stored(database) == []


def test_a_text_under_the_files_name_is_no_file(admin: Client, database: Database) -> None:
    answer = admin.post(ONE, data={"words": SAID, "sound": "a.mp3"})
    assert answer.status_code == 422
    assert "Välj en fil." in text_of(answer)
    assert stored(database) == []


def test_a_request_has_its_limit_and_no_other_page_takes_more(admin: Client, database: Database) -> None:
    for path, size in ((ONE, LARGEST_REQUEST), ("/staff/organisation/texts/meeting_booked/sv", 300_000)):
        file = FileStorage(io.BytesIO(bytes(size)), "a.wav")
        assert send(admin, path, {"text": "x", "sound": file}).status_code == 413
    assert stored(database) == []


@pytest.mark.parametrize("said", ["", "x" * 321])
def test_the_words_are_needed_and_have_an_end(admin: Client, database: Database, said: str) -> None:
    assert upload(admin, mp3(), said).status_code == 422
    assert stored(database) == []


def test_what_says_who_rings_or_why_needs_a_tick(admin: Client, database: Database) -> None:
    """S31"""
    answer = upload(admin, mp3(), "Hej från kommunen.")
    assert answer.status_code == 422
    assert "Kan det här visa vem som ringer, eller varför: ”kommunen”?" in text_of(answer)
    assert "Välj filen en gång till." in text_of(answer)
    assert stored(database) == []
    assert upload(admin, mp3(), "Hej från kommunen.", neutral="y").status_code == 303


def test_another_organisations_is_no_page(
    admin: Client, database: Database, world: World, now: datetime
) -> None:
    """S4"""
    with database.transaction() as session:
        far = asker_of(session, session.get_one(Person, world.far_coach.id))
        (made,) = record(session, far, now, occasions=["reminder"], said="kanariefågel")
    assert admin.get(f"{LIST}/{made.id}/sound").status_code == 404
    assert "kanariefågel" not in admin.get(LIST).text
    admin.post(f"{ONE}/remove")
    assert stored(database)[0].removed_at is None


def test_a_language_that_is_not_offered_is_no_page(admin: Client, database: Database, world: World) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).languages = ["en"]
    assert admin.get(f"{LIST}/reminder/ar").status_code == 404
    assert upload(admin, mp3(), path=f"{LIST}/reminder/ar").status_code == 404
    assert admin.get(f"{LIST}/something/sv").status_code == 404


# --- where a voice is offered ----------------------------------------------------------------------


def test_a_voice_is_offered_once_all_five_are_recorded(
    sign_in: SignIn, database: Database, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a language that no voice reads; staff are told what can be done."""
    without = {code: one for code, one in VOICES.items() if code != "ar"}
    monkeypatch.setattr(voice_rules, "VOICES", without)
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        person.language = "ar"
        made = record(session, asker_of(session, world.admin), now, "ar")
    coach, participant, admin = sign_in(world.coach), sign_in(world.participant), sign_in(world.admin)
    page = f"/staff/people/{world.participant.id}/reach"
    offered = 'value="voice"'
    assert offered in coach.get(page).text
    assert "spela in fem korta meningar" not in text_of(coach.get(page))
    shown = participant.post("/me/reach", data={"way": "voice"}, follow_redirects=True)
    assert SAID in shown.text
    assert 'lang="sv" dir="ltr">onsdag 25 november, klockan 13 noll noll.' in shown.text

    admin.post(f"{LIST}/{made[0].occasion}/ar/remove")
    assert "spela in fem korta meningar" in text_of(coach.get(page))
    assert "Ingen röst än: spela in alla fem" in text_of(admin.get(LIST))
    assert "coachen får ringa i stället" in text_of(admin.get(f"{LIST}/reminder/ar"))
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).way = "sms"
    assert offered not in coach.get(page).text
    assert offered not in participant.get("/me/reach").text
    assert coach.post(page, data={"way": "voice"}).status_code == 422
