"""What stands in our SMS, and what does not."""

import re
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from portal.languages import LANGUAGES
from portal.messaging import rules as messaging
from portal.notices import rules, texts
from tests.support.speaking import speaking_app

APP = speaking_app()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MEETING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EACH = [
    pytest.param(kind, language, id=f"{kind}-{language}")
    for kind, language in product(rules.KINDS, LANGUAGES)
]


def said(kind: str, language: str, starts_at: datetime = MEETING) -> str:
    with APP.app_context():
        return texts.text(kind, starts_at, LANGUAGES[language], STOCKHOLM)


@pytest.mark.parametrize(
    "kind, text",
    [
        (rules.BOOKED, "Du har ett möte tisdag 24 november klockan 13.00."),
        (rules.MOVED, "Din nya mötestid är tisdag 24 november klockan 13.00."),
        (
            rules.MOVED_MORE,
            "Din nya mötestid är tisdag 24 november klockan 13.00. Något mer är ändrat. Logga in och läs.",
        ),
        (
            rules.CHANGED,
            "Något är ändrat i ditt möte tisdag 24 november klockan 13.00. "
            "Tiden är samma som förut. Logga in och läs.",
        ),
        (rules.CANCELLED, "Mötet tisdag 24 november klockan 13.00 är inställt."),
        (
            rules.CANCELLED_MORE,
            "Mötet tisdag 24 november klockan 13.00 är inställt. Något mer är ändrat. Logga in och läs.",
        ),
        (rules.THREE_DAYS, "Kom ihåg: Du har ett möte tisdag 24 november klockan 13.00."),
        (rules.ONE_DAY, "Kom ihåg: Du har ett möte tisdag 24 november klockan 13.00."),
        (rules.NOW, "Kom ihåg: Du har ett möte tisdag 24 november klockan 13.00."),
    ],
)
def test_the_swedish_texts(kind: str, text: str) -> None:
    assert said(kind, "sv") == text


@pytest.mark.parametrize("kind, language", EACH)
def test_a_text_is_neutral(kind: str, language: str) -> None:
    """S31: no name, service, place, number or link, in any language."""
    text = said(kind, language).casefold()
    forbidden = [
        "stigen",
        "http",
        "www",
        "://",
        ".se",
        "@",
        "coach",
        "plan",
        "jobb",
        "rehab",
        "kommun",
        "arbet",
    ]
    assert [word for word in forbidden if word in text] == []
    assert not re.search(r"\d{3,}", text)


@pytest.mark.parametrize("kind, language", EACH)
def test_a_text_is_one_line_that_fits(kind: str, language: str) -> None:
    """S28: one part in the alphabets that have room for it, at most two elsewhere, whatever the day."""
    longest = max(
        (said(kind, language, datetime(2026, month, 23, 12, tzinfo=UTC)) for month in range(1, 13)),
        key=len,
    )
    assert longest.splitlines() == [longest]
    length = messaging.length(longest)
    assert length.ucs2 == LANGUAGES[language].ucs2
    assert length.parts <= (2 if LANGUAGES[language].ucs2 else 1)


@pytest.mark.parametrize("kind", rules.KINDS)
def test_the_time_keeps_its_order_in_arabic(kind: str) -> None:
    """S28: 24 hours, and isolated in a right-to-left line."""
    assert "\u206613:00\u2069" in said(kind, "ar")
    assert "\u2066" not in said(kind, "sv")


@pytest.mark.parametrize(
    "utc, wall",
    [("2026-10-25T00:30", "02.30"), ("2026-10-25T01:30", "02.30"), ("2026-03-29T01:30", "03.30")],
)
def test_the_wall_time_is_right_on_days_when_the_clock_changes(utc: str, wall: str) -> None:
    """S54."""
    starts_at = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert f"klockan {wall}." in said(rules.ONE_DAY, "sv", starts_at)


def test_a_number_in_the_houses_words_for_news_keeps_its_order_as_in_its_preview() -> None:
    """S28"""
    wording = "اتصل 13-15"
    own = {(rules.SOMETHING_NEW, "ar"): wording, (rules.SOMETHING_NEW, "sv"): "Ring 13-15"}
    with APP.app_context():
        said = texts.something_new(LANGUAGES["ar"], own)
        assert said == texts.worded(wording, MEETING, LANGUAGES["ar"]) == "اتصل \u206613-15\u2069"
        assert texts.something_new(LANGUAGES["sv"], own) == "Ring 13-15"
