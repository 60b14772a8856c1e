"""The journal's chain as values: every way of tampering with it is seen (S43)."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.journal.chain_rules import BEGINNING, Head, Line, Walk, seal, tie

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def chained(count: int) -> list[Line]:
    """A chain of this many lines, whose numbers have gaps."""
    head, made = BEGINNING, []
    for place in range(1, count + 1):
        line = Line(
            place * 3, NOW + timedelta(seconds=place), None, uuid.uuid4(), "read", "plan", None, None, None
        )
        head = Head(place, tie(KEY, head.mac, line))
        made.append(replace(line, link=head.link, mac=head.mac))
    return made


def faults(lines: list[Line], *noted: Head) -> list[str]:
    walk = Walk(KEY, BEGINNING, noted)
    return [fault for line in lines for fault in walk.step(line)] + list(walk.end())


def head_of(lines: list[Line]) -> Head:
    last = lines[-1]
    assert last.link is not None
    assert last.mac is not None
    return Head(last.link, last.mac)


def test_a_whole_chain_has_no_fault_though_numbers_have_gaps() -> None:
    lines = chained(20)
    assert faults(lines, head_of(lines), head_of(lines[:7])) == []
    assert faults([]) == []


def test_an_edit_names_the_one_line() -> None:
    lines = chained(9)
    lines[4] = replace(lines[4], actor_id=uuid.uuid4())
    assert faults(lines, head_of(lines)) == ["changed or moved: line 15 (link 5, 2026-11-24 08:00 UTC)"]


def test_a_deletion_in_the_middle_says_which_links_are_missing() -> None:
    lines = chained(9)
    assert faults(lines[:3] + lines[5:]) == ["2 deleted: links 4 to 5 are missing before line 18"]


def test_a_deletion_that_is_numbered_over_is_seen_all_the_same() -> None:
    lines = chained(9)
    closed_up = lines[:3] + [replace(line, link=(line.link or 0) - 1) for line in lines[4:]]
    assert "changed or moved: line 15 (link 4, 2026-11-24 08:00 UTC)" in faults(closed_up)


def test_two_lines_that_changed_places_are_seen() -> None:
    lines = chained(9)
    first, second = lines[2], lines[3]
    lines[2] = replace(second, link=first.link)
    lines[3] = replace(first, link=second.link)
    assert len(faults(lines)) >= 2


def test_a_tail_that_is_cut_off_is_seen_by_what_was_noted_elsewhere() -> None:
    lines = chained(9)
    noted = head_of(lines)
    assert faults(lines[:6]) == []
    assert faults(lines[:6], noted) == ["cut off: the chain ends at link 6, but link 9 was noted"]


def test_a_chain_that_was_made_anew_with_another_key_is_seen() -> None:
    lines = chained(5)
    forged, head = [], BEGINNING
    for line in lines:
        head = Head(head.link + 1, tie(OTHER, head.mac, line))
        forged.append(replace(line, mac=head.mac))
    assert len(faults(forged)) == 5
    assert "rewritten: link 5 is not what was noted elsewhere" in faults(forged, head_of(lines))


LINES = chained(12)


@settings(max_examples=200)
@given(st.data())
def test_whatever_is_done_to_the_lines_is_seen(data: st.DataObject) -> None:
    """One change of any field of any line, a deletion or a swap: there is a fault, and without one none."""
    lines, where = list(LINES), data.draw(st.integers(0, 11))
    what = data.draw(
        st.sampled_from(["at", "action", "kind", "subject_id", "object_id", "once", "number", "gone"])
    )
    if what == "gone":
        del lines[where]
    else:
        value: Any = {
            "at": lines[where].at + timedelta(microseconds=1),
            "action": "change",
            "kind": "plan ",
            "once": "",
            "number": lines[where].number + 1,
        }.get(what, uuid.uuid4())
        changes: dict[str, Any] = {what: value}
        lines[where] = replace(lines[where], **changes)
    assert faults(LINES, head_of(LINES)) == []
    assert faults(lines, head_of(LINES))


def test_a_head_is_read_as_it_was_printed() -> None:
    head = head_of(LINES)
    assert Head.parse(f" {head}\n") == head
    for wrong in ("", "5", "x:00", "5:zz", "-1:" + "00" * 32, "5:" + "00" * 31):
        with pytest.raises(ValueError, match=r".+"):
            Head.parse(wrong)


def test_a_seal_is_bound_to_all_that_it_says() -> None:
    head = head_of(LINES)
    made = seal(KEY, "head", head, NOW)
    others = [
        seal(OTHER, "head", head, NOW),
        seal(KEY, "checkpoint", head, NOW),
        seal(KEY, "head", replace(head, link=head.link - 1), NOW),
        seal(KEY, "head", head, NOW + timedelta(seconds=1)),
        seal(KEY, "head", head, NOW, 1),
    ]
    assert made not in others
