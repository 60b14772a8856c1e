"""The card of what helps: the participant's own, proposed to by staff; on both databases, and its pages."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import brotli
import pytest
from sqlalchemy.exc import NoResultFound

from portal.plan import card_queries, card_service
from portal.plan.bank_rules import bank
from portal.plan.card_rules import MOST, Entry, in_state, swap
from portal.plan.service import NotFromHere, Stale
from portal.web.icons import icon_svg
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import Desk, asker_of, hidden
from tests.support.pages import Client, text_of
from tests.support.world import World

QUIET, BREAKS = Entry(code="quiet"), Entry(code="breaks")


def add(desk: Desk, *entries: Entry) -> list[uuid.UUID]:
    rows = [(uuid.uuid4(), entry) for entry in entries]
    card_service.add(desk.session, desk.own, rows, desk.now)
    return [row_id for row_id, _entry in rows]


def propose(desk: Desk, entry: Entry) -> uuid.UUID:
    row_id = uuid.uuid4()
    card_service.propose(
        desk.session, desk.coach, person_id=desk.person_id, row_id=row_id, entry=entry, now=desk.now
    )
    return row_id


def kept(desk: Desk) -> list[str]:
    return [row.swedish for row in card_queries.own_card(desk.session, desk.own).kept]


def undo(desk: Desk) -> None:
    last = card_queries.own_card(desk.session, desk.own).last_own(desk.now)
    assert last is not None
    for _tap in range(2):
        card_service.undo(desk.session, desk.own, event_id=last.id, now=desk.now)


def test_the_bank_has_a_picture_and_every_language_for_each(desk: Desk) -> None:
    assert len(bank()) >= 16
    for one in bank().values():
        assert icon_svg(one.icon)
        assert {"sv", "en", "ar"} <= one.texts.keys()
        assert all(text.endswith(".") for text in one.texts.values())


def test_rows_are_added_once_in_order(desk: Desk) -> None:
    rows = [(uuid.uuid4(), QUIET), (uuid.uuid4(), Entry(words="Jag vill stå vid dörren."))]
    for _tap in range(2):
        card_service.add(desk.session, desk.own, rows, desk.now)
    add(desk, QUIET, Entry())
    assert kept(desk) == ["Jag behöver en tyst plats.", "Jag vill stå vid dörren."]


def test_own_words_are_shown_in_swedish_where_they_are(desk: Desk) -> None:
    add(desk, Entry(words="قرب الباب", swedish="Jag vill stå vid dörren."))
    (row,) = card_queries.own_card(desk.session, asker_of(desk.world.participant, "participant", "ar")).kept
    assert (row.own, row.swedish) == ("قرب الباب", "Jag vill stå vid dörren.")


def test_a_proposal_is_not_on_the_card_until_the_participant_says_yes(desk: Desk) -> None:
    row_id = propose(desk, QUIET)
    propose(desk, QUIET)
    card = card_queries.own_card(desk.session, desk.own)
    assert (card.kept, [row.by for row in card.proposed]) == ((), ["Karin"])
    for _tap in range(2):
        card_service.accept(desk.session, desk.own, row_id=row_id, now=desk.now)
    assert kept(desk) == ["Jag behöver en tyst plats."]
    with pytest.raises(NotFromHere):
        card_service.withdraw(desk.session, desk.coach, person_id=desk.person_id, row_id=row_id, now=desk.now)


def test_no_is_no_and_a_coach_takes_back_what_nobody_answered(desk: Desk) -> None:
    first, second = propose(desk, QUIET), propose(desk, BREAKS)
    for _tap in range(2):
        card_service.decline(desk.session, desk.own, row_id=first, now=desk.now)
        card_service.withdraw(desk.session, desk.coach, person_id=desk.person_id, row_id=second, now=desk.now)
    assert card_queries.own_card(desk.session, desk.own).proposed == ()
    for row_id in (first, second):
        with pytest.raises(NotFromHere):
            card_service.accept(desk.session, desk.own, row_id=row_id, now=desk.now)


def test_a_row_is_said_in_other_words_unless_it_changed_meanwhile(desk: Desk) -> None:
    (row_id,) = add(desk, QUIET)
    new = Entry(words="Tyst, tack.")
    with pytest.raises(Stale):
        card_service.change(desk.session, desk.own, row_id=row_id, entry=new, version=9, now=desk.now)
    card_service.change(desk.session, desk.own, row_id=row_id, entry=new, version=1, now=desk.now)
    card_service.change(desk.session, desk.own, row_id=row_id, entry=new, version=1, now=desk.now)
    assert kept(desk) == ["Tyst, tack."]


def test_every_act_of_ones_own_is_taken_back_the_last_first(desk: Desk) -> None:
    """Undo: add, move, change, remove, accept; a proposal in between is nobody's to undo."""
    one, two = add(desk, QUIET, BREAKS)
    row_id = propose(desk, Entry(swedish="Visa mig maskinen."))
    acts: list[Callable[[], None]] = [
        lambda: card_service.move(desk.session, desk.own, row_id=two, way="up", now=desk.now),
        lambda: card_service.change(
            desk.session, desk.own, row_id=one, entry=Entry(words="Tyst"), version=2, now=desk.now
        ),
        lambda: card_service.remove(desk.session, desk.own, row_id=two, now=desk.now),
        lambda: card_service.accept(desk.session, desk.own, row_id=row_id, now=desk.now),
    ]
    stood = []
    for act in acts:
        stood.append(kept(desk))
        act()
        propose(desk, Entry(swedish=f"Förslag {len(stood)}"))
    for before in reversed(stood):
        undo(desk)
        assert kept(desk) == before
    undo(desk)
    assert kept(desk) == ["Jag behöver en tyst plats."], "each row that was added is an act of its own"


def test_only_the_last_act_is_taken_back(desk: Desk) -> None:
    add(desk, QUIET)
    first = card_queries.own_card(desk.session, desk.own).last_own(desk.now)
    assert first is not None
    add(desk, BREAKS)
    with pytest.raises(Stale):
        card_service.undo(desk.session, desk.own, event_id=first.id, now=desk.now)
    with pytest.raises(NoResultFound):
        card_service.undo(desk.session, desk.own, event_id=uuid.uuid4(), now=desk.now)


def test_what_was_done_long_ago_is_not_taken_back(desk: Desk) -> None:
    add(desk, QUIET)
    card = card_queries.own_card(desk.session, desk.own)
    last, next_day = card.last_own(desk.now + timedelta(hours=23)), desk.now + timedelta(days=1)
    assert last is not None
    assert card.last_own(next_day) is None
    with pytest.raises(Stale):
        card_service.undo(desk.session, desk.own, event_id=last.id, now=next_day)
    assert kept(desk) == ["Jag behöver en tyst plats."]


def test_a_card_ends_where_nobody_reads_on(desk: Desk) -> None:
    with pytest.raises(card_service.CardFull):
        add(desk, *(Entry(words=f"Rad {number}") for number in range(MOST + 1)))
    assert len(kept(desk)) == MOST


def test_nobody_touches_somebody_elses_card(desk: Desk) -> None:
    """S3: and a coach has no verb but proposing."""
    (row_id,) = add(desk, QUIET)
    stranger = asker_of(desk.world.second_participant, "participant")
    acts = (
        lambda: card_service.remove(desk.session, stranger, row_id=row_id, now=desk.now),
        lambda: card_service.remove(desk.session, desk.coach, row_id=row_id, now=desk.now),
        lambda: card_service.accept(desk.session, stranger, row_id=row_id, now=desk.now),
        lambda: card_queries.own_row(desk.session, stranger, row_id),
        lambda: card_queries.persons_card(
            desk.session, asker_of(desk.world.other_coach, "coach"), desk.person_id
        ),
    )
    for act in acts:
        with pytest.raises(NoResultFound):
            act()
    assert kept(desk) == ["Jag behöver en tyst plats."]


def test_the_ends_of_the_card_hold(desk: Desk) -> None:
    one, two = add(desk, QUIET, BREAKS)
    rows = card_queries.own_card(desk.session, desk.own).kept
    assert swap(rows, one, "up") is None
    assert swap(rows, two, "down") is None
    assert [row.id for row in in_state(rows, "kept")] == [one, two]


@pytest.fixture
def amina(sign_in: SignIn, world: World) -> Client:
    """Amina's phone."""
    return sign_in(world.participant)


@pytest.fixture
def karin(sign_in: SignIn, world: World) -> Client:
    """Karin's desk."""
    return sign_in(world.coach)


def test_the_card_from_the_list_to_the_supervisor(amina: Client) -> None:
    empty = text_of(amina.get("/plan/card"))
    assert "Börja på mitt kort" in empty
    assert "Din coach och chefen för din coach kan läsa det." in empty
    assert "data-print" not in amina.get("/plan/card/show").text
    form = amina.get("/plan/card/add").text
    data = {"key": hidden(form, "key"), "codes": ["quiet", "bus"], "words": "Ring inte, skriv."}
    for _tap in range(2):
        assert amina.post("/plan/card/add", data=data).location == "/plan/card"
    assert "data-print" in amina.get("/plan/card/show").text
    told = text_of(amina.get("/plan/card/show"))
    for words in (
        "Det här hjälper mig",
        "Jag behöver en tyst plats.",
        "Jag måste hinna med bussen.",
        "Ring inte, skriv.",
    ):
        assert told.count(words) == 1
    row = re.findall(r'href="(/plan/card/[0-9a-f-]{36})"', amina.get("/plan/card").text)[0]
    amina.post(f"{row}/move", data={"way": "down"})
    amina.post(f"{row}/remove")
    assert "Du har tagit bort en rad." in text_of(amina.get("/plan/card"))
    amina.post("/plan/card/undo", data={"event": hidden(amina.get("/plan/card").text, "event")})
    assert "Du har flyttat en rad." in text_of(amina.get("/plan/card"))


def test_undo_is_offered_until_the_next_day(
    sign_in: SignIn, world: World, amina: Client, frozen: FrozenClock
) -> None:
    amina.post("/plan/card/add", data={"words": "Tyst, tack."})
    assert 'action="/plan/card/undo"' in amina.get("/plan/card").text
    frozen.move(timedelta(days=1))
    later = sign_in(world.participant).get("/plan/card")
    assert "Tyst, tack." in text_of(later)
    assert 'action="/plan/card/undo"' not in later.text


def test_a_few_lines_at_once_and_the_others_a_tap_away(amina: Client) -> None:
    """S57: pictures for those who read little, on a page that stays light."""
    answer = amina.get("/plan/card/add")
    first = answer.text
    assert len(brotli.compress(answer.get_data(), quality=5)) <= 10_000
    assert "Säg en sak i taget." in first
    assert first.count('class="choice"') == 7
    typed = {"key": hidden(first, "key"), "codes": "quiet", "words": "Kaffe innan jag börjar"}
    others = amina.post("/plan/card/add", data={**typed, "more": "7"})
    assert others.status_code == 200
    assert re.search(r'<input[^>]*checked[^>]*value="quiet"|value="quiet"[^>]*checked', others.text)
    assert "Kaffe innan jag börjar" in others.text
    last = amina.post("/plan/card/add", data={**typed, "more": "14"}).text
    # Past the last line one comes back to the first.
    assert 'name="more" value="0"' in last
    assert amina.post("/plan/card/add", data={**typed, "more": "-9"}).status_code == 200
    amina.post("/plan/card/add", data=typed)
    assert "Kaffe innan jag börjar" in amina.get("/plan/card").text


def test_nothing_chosen_is_said_beside_the_field(amina: Client) -> None:
    answer = amina.post("/plan/card/add", data={"key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "Välj något i listan, eller skriv med egna ord." in text_of(answer)


def test_a_row_of_the_list_that_is_left_alone_stays_one(amina: Client) -> None:
    amina.post("/plan/card/add", data={"key": str(uuid.uuid4()), "codes": "quiet"})
    row = re.findall(r'href="(/plan/card/[0-9a-f-]{36})"', amina.get("/plan/card").text)[0]
    form = amina.get(row).text
    amina.post(row, data={"version": hidden(form, "version"), "words": "Jag behöver en tyst plats."})
    assert "Du har ändrat" not in text_of(amina.get("/plan/card"))
    assert amina.post(row, data={"version": "1", "words": ""}).status_code == 422
    amina.post(row, data={"version": "1", "words": "Tyst, tack."})
    assert "Tyst, tack." in text_of(amina.get("/plan/card/show"))


def test_a_proposal_goes_from_the_desk_to_the_phone_and_back(
    amina: Client, karin: Client, world: World
) -> None:
    path = f"/staff/people/{world.participant.id}/plan/card"
    assert karin.post(path, data={"code": "quiet", "swedish": "Både och"}).status_code == 422
    assert karin.post(path, data={}).status_code == 422
    karin.post(path, data={"key": hidden(karin.get(path).text, "key"), "swedish": "Visa mig maskinen."})
    assert "Väntar på deltagarens ja" in text_of(karin.get(path))
    amina.get("/plan/goal")
    accept = re.findall(r'action="(/plan/card/[0-9a-f-]{36}/accept)"', amina.get("/plan/card").text)[0]
    amina.post(accept)
    assert "Visa mig maskinen." in text_of(amina.get("/plan/card/show"))
    told = text_of(karin.get(path))
    assert "Väntar på" not in told
    assert "Amina: Sa ja till förslaget Visa mig maskinen." in told


def test_the_first_page_tells_of_a_proposal(amina: Client, karin: Client, world: World) -> None:
    amina.post("/plan/goal", data={"goal": "Laga mat", "version": "0"})
    path = f"/staff/people/{world.participant.id}/plan/card"
    karin.post(path, data={"key": str(uuid.uuid4()), "code": "quiet"})
    assert "Förslag till ditt kort" in text_of(amina.get("/home"))
    assert "1 förslag att svara på" in text_of(amina.get("/plan"))


def test_the_first_door_shows_nothing_of_the_card(sign_in: SignIn, world: World) -> None:
    """S30"""
    outside = sign_in(world.participant, tier=1)
    for path in ("/plan/card", "/plan/card/show", "/plan/card/add"):
        assert outside.get(path).status_code == 303
