"""Our counter of SMS parts beside an independent one: Twilio's own, over a table made once."""

import json

import pytest

from portal.messaging import rules
from tests.guards import tree

TABLE = json.loads((tree.ROOT / "tests" / "data" / "sms_parts.json").read_text(encoding="utf-8"))["cases"]


def test_the_table_has_every_alphabet_and_every_boundary() -> None:
    assert len(TABLE) > 250
    found = {(ucs2, units) for _text, ucs2, units, _parts in TABLE}
    assert {(False, size) for size in (160, 161, 306, 307)} <= found
    assert {(True, size) for size in (70, 71, 134, 135)} <= found


@pytest.mark.parametrize("number", range(len(TABLE)))
def test_a_text_takes_what_the_other_counter_says(number: int) -> None:
    text, ucs2, units, parts = TABLE[number]
    assert rules.length(text) == rules.Length(ucs2, units, parts)
