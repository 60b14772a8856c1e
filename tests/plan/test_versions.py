"""How a plan looked on an earlier day, from its events, for staff and for the participant."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.plan import change_queries, version_queries
from portal.plan.version_rules import Version, as_of, differences, shown
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import Desk
from tests.support.pages import text_of
from tests.support.world import World


def test_a_plan_without_events_looked_as_it_looks() -> None:
    now = Version("Mål", {"a": {"kind": "step", "state": "now", "position": 1}})
    assert as_of(now, (), datetime(2020, 1, 1, tzinfo=UTC)) == now


def test_what_was_hidden_then_or_is_unknown_now_is_not_shown() -> None:
    """S33"""
    facts = {"kind": "step", "state": "now", "position": 1}
    then = Version("", {"a": facts, "b": facts, "c": {**facts, "in_portal": False}})
    assert set(shown(then, ("a", "c")).steps) == {"a"}


def test_what_differs_is_told_of_each_step_and_its_place_is_not() -> None:
    one = {
        "kind": "step",
        "text": "Ett",
        "state": "now",
        "position": 1,
        "day": None,
        "when": "",
        "doer": "coach",
        "doer_name": "",
    }
    two, three = {**one, "text": "Två", "position": 2}, {**one, "text": "Tre", "position": 3}
    then = Version("", {"a": one, "b": two, "gone": three})
    now = Version("", {"a": {**one, "position": 9}, "b": {**two, "state": "done"}, "new": three})
    found = [(row.text, row.was is None, row.became is None) for row in differences(then, now)]
    assert found == [("Två", False, False), ("Tre", True, False), ("Tre", False, True)]
    assert differences(now, now) == ()


def texts(version: Version) -> list[str]:
    return sorted(str(facts["text"]) for facts in version.steps.values())


def test_every_day_is_as_it_was(desk: Desk) -> None:
    """Goal, words, state, order, undo: each day's plan is what was read on that day."""
    days: dict[date, tuple[str, list[tuple[str, str, int]]]] = {}

    def end_of_day() -> None:
        today = desk.now.date()
        past = version_queries.persons_past(desk.session, desk.coach, desk.person_id, today, desk.now)
        version = past.version
        rows = sorted((f["text"], f["state"], f["position"]) for f in version.steps.values())
        days[desk.now.date()] = (version.goal, rows)
        desk.now += timedelta(days=1)

    end_of_day()
    one = desk.add("Ett")
    two = desk.add("Två")
    end_of_day()
    desk.goal("Laga mat")
    desk.change(one, "Ett och ett halvt")
    end_of_day()
    desk.put(two, "now")
    desk.finish(one)
    end_of_day()
    desk.undo()
    desk.add("Tre", in_portal=False)
    end_of_day()
    desk.undo()
    end_of_day()
    assert len({repr(told) for told in days.values()}) >= 5
    for day, (goal, rows) in days.items():
        again = version_queries.persons_past(desk.session, desk.coach, desk.person_id, day, desk.now).version
        assert again.goal == goal
        assert sorted((f["text"], f["state"], f["position"]) for f in again.steps.values()) == rows


def test_the_participant_reads_their_own_past_without_what_is_hidden(desk: Desk) -> None:
    """S33: neither a step that is hidden now, nor what one was while it was hidden."""
    desk.add("Ring skolan")
    secret = desk.add("Fråga om skulder", in_portal=False)
    shown_later = desk.add("Läkare", in_portal=False)
    desk.change(shown_later, "Träffa läkaren", in_portal=False)
    today = desk.now.date()
    desk.now += timedelta(days=1)
    desk.change(shown_later, "Träffa läkaren", in_portal=True)
    desk.put(secret, "now")

    def own(day: date) -> list[str]:
        return texts(version_queries.own_past(desk.session, desk.own, day, desk.now).version)

    assert own(today) == ["Ring skolan"]
    assert own(desk.now.date()) == ["Ring skolan", "Träffa läkaren"]
    told = change_queries.own_changes(desk.session, desk.own)
    assert [(change.action, change.text) for change in told] == [
        ("add", "Ring skolan"),
        ("add", "Träffa läkaren"),
    ]


def test_the_pages_show_days_and_what_stood_there(
    desk: Desk, sign_in: SignIn, world: World, frozen: FrozenClock
) -> None:
    step = desk.add("Ring skolan", day=date(2026, 12, 1))
    desk.now += timedelta(days=1)
    desk.change(step, "Mejla skolan")
    desk.session.commit()
    frozen.moment = desk.now
    amina = sign_in(world.participant)
    page = amina.get("/plan/changes")
    assert 'Karin ändrade "Ring skolan" till "Mejla skolan".' in text_of(page)
    days = re.findall(r'href="(/plan/changes/[0-9-]+)"', page.text)
    assert days == ["/plan/changes/2026-11-25", "/plan/changes/2026-11-24"]
    told = text_of(amina.get(days[1]))
    assert "Så såg din plan ut tisdag 24 november" in told
    assert "Ring skolan tisdag 1 december" in told
    then, now = told.split("Det här är annorlunda i dag")
    assert "Mejla" not in then
    assert 'Mejla skolan Text: förut "Ring skolan", nu "Mejla skolan".' in now
    karin, root = sign_in(world.coach), f"/staff/people/{world.participant.id}/plan/changes"
    assert f'href="{root}/2026-11-24"' in karin.get(root).text
    assert "Ring skolan" in text_of(karin.get(f"{root}/2026-11-24"))


def test_a_past_plan_leads_to_the_days_beside_it_and_says_what_has_become_of_it(
    desk: Desk, sign_in: SignIn, world: World, frozen: FrozenClock
) -> None:
    """The day's end, said plainly; a day of the same plan has no differences."""
    step = desk.add("Ring skolan", doer="coach", when="i mars")
    desk.now += timedelta(days=1)
    desk.goal("Laga mat")
    desk.now += timedelta(days=1)
    desk.change(step, "Ring skolan", doer="participant", day=date(2026, 12, 1))
    desk.put(step, "now")
    desk.add("Läs brevet")
    desk.session.commit()
    frozen.moment = desk.now
    amina, karin = sign_in(world.participant), sign_in(world.coach)
    page = amina.get("/plan/changes/2026-11-25")
    told = text_of(page)
    assert "Det här stod i planen när dagen var slut." in told
    assert "Ring skolan i mars (din coach)" in told
    assert "Tid: förut i mars, nu tisdag 1 december. Vem: förut din coach, nu du." in told
    assert "Läge: förut Senare, nu Nu." in told
    assert "Läs brevet Nytt sedan dess." in told
    assert 'rel="prev" href="/plan/changes/2026-11-24"' in page.text
    assert 'rel="next" href="/plan/changes/2026-11-26"' in page.text
    first, last = (amina.get(f"/plan/changes/2026-11-{day}") for day in (24, 26))
    assert 'rel="prev"' not in first.text
    assert "Laga mat Målet är nytt sedan dess." in text_of(first)
    assert "Planen har inte ändrats sedan dess." in text_of(last)
    assert "annorlunda" not in text_of(last)
    root = f"/staff/people/{world.participant.id}/plan/changes"
    desk_page = karin.get(f"{root}/2026-11-25")
    assert "Vem: förut Coachen, nu Deltagaren." in text_of(desk_page)
    assert f'rel="prev" href="{root}/2026-11-24"' in desk_page.text


@pytest.mark.parametrize("day", ["2026-02-30", "igår", "0"])
def test_a_day_that_does_not_exist_is_no_page(sign_in: SignIn, world: World, day: str) -> None:
    assert sign_in(world.participant).get(f"/plan/changes/{day}").status_code == 404


@pytest.mark.parametrize(
    ("day", "code"),
    [("9999-12-31", 404), ("2026-11-25", 404), ("2026-11-24", 200), ("2026-11-23", 200), ("0001-01-01", 200)],
)
def test_a_day_that_has_not_come_is_no_page_and_the_first_of_all_is_empty(
    desk: Desk, sign_in: SignIn, world: World, day: str, code: int
) -> None:
    desk.add("Ring skolan")
    desk.session.commit()
    for person, root in (
        (world.participant, "/plan"),
        (world.coach, f"/staff/people/{world.participant.id}/plan"),
    ):
        answer = sign_in(person).get(f"{root}/changes/{day}")
        assert answer.status_code == code
        assert ("Ring skolan" in answer.text) is (day == "2026-11-24")


def test_a_long_past_comes_in_parts(desk: Desk, sign_in: SignIn, world: World) -> None:
    for number in range(25):
        desk.add(f"Steg {number}")
    desk.session.commit()
    amina = sign_in(world.participant)
    first = amina.get("/plan/changes")
    assert "Steg 24" in text_of(first)
    assert "Steg 4" not in text_of(first)
    assert 'href="/plan/changes?from=20"' in first.text
    assert "Steg 4" in text_of(amina.get("/plan/changes?from=20"))
    assert amina.get("/plan/changes?from=-5").status_code == 200
