"""What is new to a participant: the cases of the rule, one by one."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from portal.plan.news_rules import News, is_told, news

ME, KARIN = uuid.uuid4(), uuid.uuid4()
STEP, OTHER = uuid.uuid4(), uuid.uuid4()


@dataclass(frozen=True)
class Told:
    """A recorded change as the rules see it."""

    number: int
    action: str = "change"
    step_id: uuid.UUID | None = STEP
    by_id: uuid.UUID = KARIN
    was: dict[str, Any] | None = None
    became: dict[str, Any] | None = None
    undone: bool = False
    undid: int = 0
    undid_answered: bool = False


SHOWN: dict[str, Any] = {"in_portal": True}
HIDDEN: dict[str, Any] = {"in_portal": False}


def found(
    *events: Told, seen: int = 0, answered: dict[uuid.UUID | None, int] | None = None
) -> list[News[Told]]:
    return list(news(events, ME, seen, answered or {}))


def test_all_changes_of_a_step_are_one_piece_of_news() -> None:
    events = (Told(1, "add", became=SHOWN), Told(2, was=SHOWN, became=SHOWN), Told(3, "state", was=SHOWN))
    (one,) = found(*events)
    assert one.added
    assert one.last.number == 3
    assert one.before is None


def test_what_was_read_is_not_new_and_a_known_step_is_changed() -> None:
    events = (Told(1, "add", became=SHOWN), Told(2, was=SHOWN, became=SHOWN))
    (one,) = found(*events, seen=1)
    assert not one.added
    assert one.before == SHOWN
    assert found(*events, seen=2) == []


def test_an_answer_makes_its_own_step_known_and_no_other() -> None:
    events = (Told(1, "add"), Told(2, "add", OTHER), Told(3, "goal", None))
    told = found(*events, answered={STEP: 1})
    assert [one.last.number for one in told] == [2, 3]
    assert not told[1].added, "a goal that is new is a change"


@pytest.mark.parametrize("action", ["move", "help_asked", "help_closed"])
def test_some_events_are_no_news(action: str) -> None:
    assert found(Told(1, action)) == []


def test_what_one_does_oneself_is_no_news() -> None:
    assert found(Told(1, "state", by_id=ME)) == []


def test_what_was_taken_back_before_anybody_saw_it_is_never_told() -> None:
    assert found(Told(1, undone=True), Told(2, "undo", undid=1)) == []


@pytest.mark.parametrize("known", [{"seen": 1}, {"seen": 0, "answered": True}], ids=["read", "answered"])
def test_what_was_taken_back_after_it_was_seen_is_told(known: dict[str, Any]) -> None:
    undo = Told(2, "undo", was=SHOWN, became=SHOWN, undid=1, undid_answered=known.get("answered", False))
    (one,) = found(Told(1, undone=True), undo, seen=known["seen"])
    assert one.last == undo


def test_what_happened_while_a_step_was_hidden_is_not_told_when_it_is_shown() -> None:
    """S33: a step that is shown later is new, as if it had been added then."""
    events = (
        Told(1, "add", became=HIDDEN),
        Told(2, was=HIDDEN, became=HIDDEN),
        Told(3, was=HIDDEN, became=SHOWN),
        Told(4, "state", was=SHOWN, became=SHOWN),
    )
    (one,) = found(*events)
    assert [change.number for change in one.changes] == [3, 4]
    assert one.added
    assert one.before is None


def test_a_step_that_was_hidden_for_a_while_comes_back_as_new() -> None:
    """S33"""
    events = (
        Told(1, was=SHOWN, became=SHOWN),
        Told(2, was=SHOWN, became=HIDDEN),
        Told(3, was=HIDDEN, became=SHOWN),
    )
    (one,) = found(*events)
    assert [change.number for change in one.changes] == [3]
    assert one.added


def test_news_come_by_their_last_change() -> None:
    told = found(Told(1), Told(2, step_id=OTHER), Told(3))
    assert [one.last.number for one in told] == [2, 3]


def test_an_event_is_told_once_it_is_later_than_what_was_read() -> None:
    assert is_told(Told(5), ME, 4)
    assert not is_told(Told(5), ME, 5)
