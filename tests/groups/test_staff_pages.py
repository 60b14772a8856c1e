"""Staff make a group, see who is in it, move and cancel sessions, and fill in the list."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.db import Database
from portal.groups.models import Group, GroupPart, GroupSeat, GroupSession
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from tests.conftest import FrozenClock, SignIn
from tests.groups.conftest import FIRST, Made, seats, sessions
from tests.support.pages import Client
from tests.support.world import World

Joined = Callable[..., GroupSeat]
Crowd = Callable[[int], list[Person]]


def filled(world: World, **more: object) -> dict[str, object]:
    """A form that is accepted: four Thursdays in December, of which one is a holiday."""
    return {
        "title": "start",
        "own_title": "",
        "about": "Vi lär känna varandra.",
        "languages": ["sv", "ar"],
        "mode": "on_site",
        "place": "Stora rummet",
        "capacity": "12",
        "sign_up": "staff",
        "offer_hours": "24",
        "team": str(world.here.team.id),
        "leader": str(world.coach.id),
        "second": "",
        "first_day": "2026-12-03",
        "starts": "10.00",
        "ends": "11.30",
        "weeks": "4",
        "key": "11111111-2222-4333-8444-555555555555",
        **more,
    }


DAYS = ["2026-12-03", "2026-12-10", "2026-12-17", "2026-12-24"]


def test_a_group_is_made_once_its_days_have_been_seen(
    database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.coach)
    assert browser.get("/staff/groups").status_code == 200
    assert browser.get("/staff/groups/new").status_code == 200
    page = browser.post("/staff/groups/new", data=filled(world))
    assert page.status_code == 200
    assert "Julafton" in page.text
    assert 'value="2026-12-24" checked' not in page.text
    assert 'value="2026-12-17" checked' in page.text
    # Nothing is saved before the days have been shown, whatever was sent.
    browser.post("/staff/groups/new", data=filled(world, save="1", day=DAYS))
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Group)) == 0
    seen = filled(world, save="1", shown=",".join(DAYS), day=DAYS[:3])
    for _twice in range(2):
        answer = browser.post("/staff/groups/new", data=seen, follow_redirects=True)
        assert "Startgrupp" in answer.text
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Group)) == 1
        assert fresh.scalar(select(func.count()).select_from(GroupSession)) == 3
    assert "10.00–11.30" in browser.get("/staff/week?from=2026-12-03").text


def test_what_clashes_with_the_leader_is_shown_and_cannot_be_chosen(
    database: Database, world: World, made: Made, sign_in: SignIn
) -> None:
    made()
    browser = sign_in(world.coach)
    clash = filled(world, first_day="2026-12-01", starts="10.30", weeks="1")
    page = browser.post("/staff/groups/new", data=clash)
    assert "Den som leder är upptagen" in page.text
    answer = browser.post(
        "/staff/groups/new", data={**clash, "save": "1", "shown": "2026-12-01", "day": "2026-12-01"}
    )
    assert answer.status_code == 422
    assert "Välj minst en dag." in answer.text


def test_errors_stand_beside_the_fields_and_what_was_typed_stays(world: World, sign_in: SignIn) -> None:
    wrong = filled(world, title="own", about="Vi pratar", ends="09.00", capacity="0")
    answer = sign_in(world.coach).post("/staff/groups/new", data=wrong)
    assert answer.status_code == 422
    for words in ("Slutet måste vara efter början.", "Skriv ett tal från 1 till 60.", "Vi pratar"):
        assert words in answer.text


def test_a_leader_or_team_that_is_not_offered_is_refused_s3(
    database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.coach)
    for more in ({"leader": str(world.far_coach.id)}, {"team": str(world.elsewhere.team.id)}):
        wrong = filled(world, save="1", shown=",".join(DAYS), day=DAYS[:1], **more)
        assert browser.post("/staff/groups/new", data=wrong).status_code == 422
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Group)) == 0


def test_people_are_put_in_and_taken_out(
    database: Database, world: World, made: Made, sign_in: SignIn
) -> None:
    group, browser = made(is_open=False, capacity=1), sign_in(world.coach)
    for person, words in (
        (world.participant, "Personen är med i gruppen."),
        (world.second_participant, "Gruppen är full. Personen står i kö."),
    ):
        data = {"person": str(person.id)}
        answer = browser.post(f"/staff/groups/{group.id}/people", data=data, follow_redirects=True)
        assert words in answer.text
    out = f"/staff/groups/{group.id}/people/{world.participant.id}/out"
    answer = browser.post(out, follow_redirects=True)
    assert "Har fått frågan om en plats" in answer.text
    with database.reading() as fresh:
        assert seats(fresh, group)[world.second_participant.id].state == "offered"
    assert "Promenadgrupp" not in browser.get(f"/staff/groups?person={world.participant.id}").text
    assert browser.get(f"/staff/groups?person={world.other_participant.id}").status_code == 404
    assert "Promenadgrupp" in browser.get(f"/staff/groups?person={world.second_participant.id}").text


def test_who_leads_reads_short_names_and_other_coaches_read_how_many_s2(
    world: World, made: Made, joined: Joined, sign_in: SignIn
) -> None:
    group = made()
    joined(group, world.participant)
    page = sign_in(world.coach).get(f"/staff/groups/{group.id}").text
    assert "Amina H." in page
    page = sign_in(world.other_coach).get(f"/staff/groups/{group.id}").text
    assert "Amina" not in page
    assert "Och 1 person till, som inte är din deltagare." in page
    assert "Amina H." in sign_in(world.lead).get(f"/staff/groups/{group.id}").text
    assert sign_in(world.far_coach).get(f"/staff/groups/{group.id}").status_code == 404


def test_nobody_with_protected_identity_is_on_a_page_of_a_group_s37(
    database: Database, world: World, made: Made, joined: Joined, sign_in: SignIn
) -> None:
    group = made()
    joined(group, world.participant)
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).protected = True
        first = sessions(fresh, group)[0]
    browser = sign_in(world.coach)
    for path in (f"/staff/groups/{group.id}", f"/staff/groups/sessions/{first.id}"):
        assert "Amina" not in browser.get(path).text


def marked(page: str, browser: Client, path: str, mark: str) -> None:
    parts = [piece.split('"')[0] for piece in page.split('name="was-')[1:]]
    data = {f"was-{one}": "none" for one in parts} | {f"mark-{one}": mark for one in parts}
    browser.post(path, data=data, follow_redirects=True)


def test_the_list_of_twenty_is_one_form_and_one_save(
    database: Database,
    world: World,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    frozen: FrozenClock,
) -> None:
    group = made(capacity=20)
    for one in crowd(20):
        joined(group, one)
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
    path = f"/staff/groups/sessions/{first.id}"
    browser = sign_in(world.coach)
    assert "Listan går att fylla i från en timme före mötet." in browser.get(path).text
    frozen.moment = FIRST + timedelta(minutes=5)
    browser = sign_in(world.coach)
    assert "Grupper i dag" in browser.get("/staff").text
    page = browser.get(path).text
    assert page.count("<fieldset") == 20
    marked(page, browser, path, "came")
    with database.reading() as fresh:
        came = select(func.count()).where(GroupPart.attendance == "came", GroupPart.session_id == first.id)
        assert fresh.scalar(came) == 20


def test_a_session_is_moved_and_cancelled_with_one_message_to_each(
    database: Database, world: World, made: Made, joined: Joined, sign_in: SignIn, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
    base, browser = f"/staff/groups/sessions/{first.id}", sign_in(world.coach)
    assert browser.get(f"{base}/move").status_code == 200
    wish = {"seen": "0", "day": "2026-12-02", "starts": "13.00", "ends": "14.00", "place": ""}
    assert browser.post(f"{base}/move", data={**wish, "day": "2026-11-02"}).status_code == 422
    answer = browser.post(f"{base}/move", data=wish, follow_redirects=True)
    assert "Mötet är ändrat. De som vi når får veta det." in answer.text
    assert "1 person är med. De som vi når får veta det nu." in browser.get(f"{base}/cancel").text
    # A page from before the move cancels nothing.
    answer = browser.post(f"{base}/cancel", data={"seen": "0"}, follow_redirects=True)
    assert "Mötet har ändrats sedan du öppnade sidan." in answer.text
    answer = browser.post(f"{base}/cancel", data={"seen": "1"}, follow_redirects=True)
    assert "Mötet är inställt." in answer.text
    with database.reading() as fresh:
        rows = fresh.scalars(select(OutboxMessage)).all()
        assert sorted((one.kind, one.state) for one in rows) == [
            ("meeting_cancelled", "queued"),
            ("meeting_moved", "cancelled"),
        ]


def test_what_the_group_is_can_be_changed_by_whoever_leads_it(
    database: Database, world: World, made: Made, sign_in: SignIn
) -> None:
    group = made()
    browser = sign_in(world.coach)
    assert "Torget" in browser.get(f"/staff/groups/{group.id}/change").text
    data = {**filled(world), "title": "own", "own_title": "Vi lagar mat", "capacity": "9"}
    answer = browser.post(f"/staff/groups/{group.id}/change", data=data, follow_redirects=True)
    assert "Vi lagar mat" in answer.text
    assert sign_in(world.other_coach).get(f"/staff/groups/{group.id}/change").status_code == 404
