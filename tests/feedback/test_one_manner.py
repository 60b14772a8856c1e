"""Check-in, licensed scale and survey are answered in one manner: the same buttons, words and look."""

import pytest

from portal.db import Database
from tests.conftest import FrozenClock, SignIn
from tests.feedback.conftest import People, open_address
from tests.support.packs import install
from tests.support.pages import Client, parse, text_of
from tests.support.world import World
from tests.surveys.conftest import open_survey

ASKED = ("before", "after", "ors", "survey")


@pytest.fixture
def phone(sign_in: SignIn, world: World) -> Client:
    """The first participant's phone, through the first door."""
    return sign_in(world.participant, tier=1)


@pytest.fixture
def at(request: pytest.FixtureRequest, database: Database, people: People, frozen: FrozenClock) -> str:
    """The address of what is asked (`indirect`), open now."""
    with database.transaction() as session:
        if request.param == "survey":
            open_survey(session, people.world.participant)
            return "/survey/ongoing"
        if request.param == "ors":
            install(session, "ors", frozen.moment)
        return open_address(session, people.participant, request.param, frozen.moment)


def pressed(phone: Client, address: str) -> list[str]:
    """The buttons and ways on a page's own part, in order, by their words."""
    (main,) = parse(phone.get(address).text).iter("main")
    found = [one for one in main.iter() if "button" in (one.get("class") or "").split()]
    return ["".join(one.itertext()).strip() for one in found]


@pytest.mark.parametrize("at", ASKED, indirect=True)
def test_one_manner(phone: Client, at: str) -> None:
    """Begin, answer, look and send: whatever is asked, the same words in the same order."""
    assert pressed(phone, at)[:2] == ["Börja", "Inte nu"]
    start = text_of(phone.get(at))
    assert "Du får hoppa över frågor. Du kan sluta och fortsätta senare." in start
    first = phone.get(f"{at}/1")
    assert "Fråga 1 av " in text_of(first)
    assert pressed(phone, f"{at}/1") == ["Nästa", "Tillbaka", "Hoppa över", "Fortsätt senare"]
    phone.post(f"{at}/1", data={"act": "skip"})
    look = f"{at}/check"
    assert pressed(phone, look) == ["Skicka", "Till nästa fråga", "Fortsätt senare"]
    assert "Du har inte svarat på: " in text_of(phone.get(look))
    assert "När du har skickat kan du inte ändra dina svar." in text_of(phone.get(look))
    assert f'href="{at}/1?back=check"' in phone.get(look).text
    assert pressed(phone, at)[0] == "Fortsätt"
