"""How often each page asks the database, its session included, with few people in it and with many."""

from dataclasses import dataclass
from typing import cast

from portal import clock
from tests.bench.places import Place
from tests.journeys.test_selects import ROLES, asked, most, pages
from tests.support.pages import Client
from tests.support.world import add_participant, add_staff

FEW, MANY, CASELOAD = 10, 10_000, 30


@dataclass(frozen=True)
class Selects:
    """One page: the SELECTs with `FEW` and with `MANY` participants, and the most that it may have."""

    page: str
    few: int
    many: int
    most: int

    @property
    def holds(self) -> bool:
        """Whether it stays below its ceiling, and asks no oftener for many."""
        return self.few == self.many <= self.most


def selects(place: Place) -> list[Selects]:
    """Every page behind a sign-in. Adds `MANY` participants, `CASELOAD` to a coach, to the database."""
    place.app.test_client_class = Client
    browsers = {}
    for who in ROLES:
        browser = cast(Client, place.app.test_client())
        name, _, value = place.cookie(who).partition("=")
        browser.set_cookie(name, value, domain="127.0.0.1")
        browsers[who] = browser
    walked = pages(place.app, place.objects)

    def count() -> dict[str, int]:
        return {page: len(asked(place.database, browsers[who], path)) for page, (who, path) in walked.items()}

    _fill(place, 3, FEW)
    few = count()
    _fill(place, FEW, MANY)
    many = count()
    return [Selects(page, few[page], many[page], most(page, who)) for page, (who, _) in walked.items()]


def _fill(place: Place, start: int, end: int) -> None:
    """A caseload for the world's coach, and after it caseloads for coaches of another team."""
    now, here = clock.now(), place.world.here
    coach, team = place.world.coach, here.team
    with place.database.transaction() as session:
        for number in range(start, end):
            if number >= CASELOAD and number % CASELOAD == 0:
                coach, team = add_staff(session, here, f"Coach {number}", "coach", now), here.other_team
            phone = f"+46701{number:06d}"
            add_participant(session, here, f"Person {number}", now, coach=coach, phone=phone, team=team)
