"""An organisation's own wording: fields, what is refused, what is pointed out, what it costs."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.languages import LANGUAGES
from portal.messaging.rules import BIDI_CONTROLS, GSM_BASIC, length
from portal.notices import rules, template_rules, texts
from portal.notices.template_rules import Costly, Problem
from tests.support.speaking import speaking_app

APP = speaking_app()
KIND = rules.BOOKED
VALUES = {"dag": "tisdag 24 november", "tid": "13.00", "datum": "24/11"}
_plain = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=30)
_field = st.sampled_from(["dag", "tid", "datum", "namn", ""])
_pieces = st.lists(st.tuples(_plain, _field), max_size=5)


def codes(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.about) for one in template_rules.problems(text, KIND)]


@given(_pieces)
def test_the_fields_of_a_text_are_those_that_were_written(pieces: list[tuple[str, str]]) -> None:
    text = "".join(f"{plain}{{{name}}}" for plain, name in pieces)
    assert template_rules.fields_in(text) == tuple(name for _plain, name in pieces)
    assert [about for code, about in codes(text) if code == "unknown"] == list(
        dict.fromkeys(name for _plain, name in pieces if name not in VALUES)
    )


@given(_pieces)
def test_filling_changes_the_fields_alone(pieces: list[tuple[str, str]]) -> None:
    text = "".join(f"{plain}{{{name}}}" for plain, name in pieces)
    wanted = "".join(plain + VALUES.get(name, f"{{{name}}}") for plain, name in pieces)
    assert template_rules.fill(text, VALUES, rtl=False) == wanted


@given(st.text(max_size=80))
def test_a_text_as_it_is_kept_is_one_line_that_turns_nothing(text: str) -> None:
    """S28"""
    kept = template_rules.normal(text)
    assert kept.splitlines() in ([kept], [])
    assert not BIDI_CONTROLS.intersection(kept)
    assert template_rules.normal(kept) == kept


@given(st.text(max_size=80))
def test_no_text_is_sent_that_still_has_a_brace(text: str) -> None:
    kept = template_rules.normal("{dag} {tid} " + text)
    if template_rules.usable(kept, KIND):
        assert not set("{}").intersection(template_rules.fill(kept, VALUES, rtl=False))


@pytest.mark.parametrize(
    "text, found",
    [
        ("", []),
        ("Välkommen {dag} klockan {tid}.", []),
        ("Välkommen {dag} ({datum}), {tid}", []),
        ("Välkommen { Dag } {TID}", []),
        ("Välkommen {dag}", [("missing", "tid")]),
        ("{namn}: {dag} {tid}", [("unknown", "namn")]),
        ("{} {dag} {tid}", [("unknown", "")]),
        ("{dag {tid}", [("open", ""), ("missing", "dag")]),
        ("{dag} tid}", [("open", ""), ("missing", "tid")]),
        ("{dag} {tid} https://x", [("link", "://")]),
        ("{dag} {tid} www.x", [("link", "www.")]),
        ("{dag} {tid} mote.nu", [("link", "mote.nu")]),
        ("{dag} {tid}.Kom i tid", [("link", "00.Kom")]),
        ("{dag} {tid} a@b", [("link", "@")]),
        ("{dag} {tid}, t.ex. 13.00, bl.a., t.o.m. fredag, m.fl. ... o.dyl.", []),
        ("{dag} {tid} t.me/x", [("link", "t.me")]),
        ("{dag} {tid} x.com", [("link", "x.com")]),
        ("{dag} {tid} exempel\uff0ese", [("link", "exempel.se")]),
        ("{dag} {tid} exempel\u3002se", [("link", "exempel.se")]),
        ("{dag} {tid} exempel.\u200dse", [("link", "exempel.se")]),
        ("{dag} {tid} exem\u00adpel.s\u2064e", [("link", "exempel.se")]),
        ("{dag} {tid} пример.рф", [("link", "пример.рф")]),
        ("{dag} {tid} \uff48ttp\uff1a\uff0f\uff0fx", [("link", "://")]),
        ("{dag} {tid} a\uff20b", [("link", "@")]),
    ],
)
def test_what_cannot_be_sent_is_named(text: str, found: list[tuple[str, str]]) -> None:
    """S31: no link, as phones make them, in any wording."""
    assert codes(text) == found


@pytest.mark.parametrize("unit", ["a", "1", "{", "a{", "a.", "1-", " "])
def test_what_a_form_brings_at_most_is_looked_through_in_a_moment(unit: str) -> None:
    """A quarter of a million signs: in the time that a page may take, not in an hour."""
    text = unit * (250_000 // len(unit))
    assert ("missing", "dag") in codes(text)
    assert bool(template_rules.telling(text, ["Team Norr"])) == ("1" in unit)


@pytest.mark.parametrize(
    "text, found",
    [
        ("Du har ett möte {dag} {tid}.", ()),
        ("Samordningen: möte {dag} {tid}", ("Samordningen",)),
        ("Samordningens möte {dag} {tid}", ("Samordningen",)),
        ("samordningar {dag} {tid}", ()),
        ("stigen {dag} {tid}", ("Stigen",)),
        ("Möte med din coach {dag} {tid}", ("coach",)),
        ("Ring 010-123 45 67. {dag} {tid}", ("010-123 45 67",)),
        ("العمل {dag} {tid}", ("العمل",)),
    ],
)
def test_what_says_who_writes_or_why_is_pointed_out(text: str, found: tuple[str, ...]) -> None:
    """S31"""
    assert template_rules.telling(text, ["Samordningen", "Team Norr", ""]) == found


@pytest.mark.parametrize("kind, code", list(product(rules.WORDED, LANGUAGES)))
def test_our_own_texts_would_pass_as_wordings(kind: str, code: str) -> None:
    """S31: in every language; what is neutral is not pointed out, and nothing doubles the price."""
    with APP.app_context():
        ours = texts.ours(kind, LANGUAGES[code])
    assert template_rules.problems(ours, kind) == ()
    assert template_rules.telling(ours, ["Samordningen"]) == ()
    assert LANGUAGES[code].ucs2 or template_rules.costly(ours) == ()
    assert template_rules.normal(ours) == ours


@pytest.mark.parametrize(
    "sign, instead",
    [
        ("–", "-"),
        ("”", '"'),
        ("’", "'"),
        ("\u00a0", " "),
        ("\u202f", " "),
        ("…", "..."),
        ("ç", "c"),
        ("ł", "l"),
        ("²", "2"),
        ("😀", ""),
        ("م", None),
        ("ж", None),
    ],
)
def test_a_sign_that_doubles_the_price_has_a_plain_one_instead(sign: str, instead: str | None) -> None:
    assert template_rules.costly(f"a{sign}b{sign}") == (Costly(sign, instead),)


@given(st.text(max_size=60))
def test_what_is_replaced_costs_no_more_and_leaves_only_other_letters(text: str) -> None:
    kept = template_rules.normal(text)
    swapped = template_rules.cheaper(kept)
    assert all(one.instead is None for one in template_rules.costly(swapped))
    assert length(swapped).ucs2 <= length(kept).ucs2
    assert swapped == kept or not set(kept) <= GSM_BASIC


def test_a_price_is_by_parts() -> None:
    assert template_rules.price("a" * 161, 50) == template_rules.Price(False, 161, 2, 100)
    assert template_rules.price("م", 45) == template_rules.Price(True, 1, 1, 45)


def test_numbers_keep_their_order_in_arabic() -> None:
    """S28: what the writer typed, isolated by the filler."""
    filled = template_rules.fill("موعد {tid} 12-14", {"tid": "\u206613:00\u2069"}, rtl=True)
    assert filled == "موعد \u206613:00\u2069 \u206612-14\u2069"
    assert template_rules.fill("{tid} 12-14", VALUES, rtl=False) == "13.00 12-14"


@pytest.mark.parametrize(
    "own, found",
    [
        ([], ()),
        (["sv"], ("en", "ar")),
        (["sv", "ar"], ("en",)),
        (["sv", "en", "ar"], ()),
        (["ar"], ()),
    ],
)
def test_a_language_lags_where_the_swedish_is_reworded_and_it_is_not(
    own: list[str], found: tuple[str, ...]
) -> None:
    wordings = {(KIND, code): "x" for code in own}
    assert template_rules.lagging(wordings, KIND, ["sv", "en", "ar"]) == found
    assert template_rules.lagging(wordings, rules.MOVED, ["sv", "en", "ar"]) == ()


def test_a_problem_is_a_value() -> None:
    assert template_rules.problems("{dag}", KIND) == (Problem("missing", "tid"),)
