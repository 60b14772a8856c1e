"""What people type is kept, and refused in words beside the field."""

from collections.abc import Iterator
from datetime import time as clock_time
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web import signs, words
from portal.web.forms import Choice, Day, Form, LongText, Number, Text, Time

UNSEEN = ("\u200b", "\u2060", "\ufeff", "\U000e0041\U000e0042", "\u2028", "\u2029", "\u2060 \u200b")
"""Signs without a shape, as copied texts bring them along, and those that hide words."""
LINE_ENDS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")


class Sample(Form):
    word = Text("Ord", max=20)
    story = LongText("Text", max=100, required=False)
    number = Number("Tal", min=1, max=60, required=False)
    day = Day("Dag", required=False)
    time = Time("Tid", required=False)
    way = Choice("Sätt", choices=[("a", "A"), ("b", "B")], required=False)


@pytest.fixture
def small() -> Iterator[Flask]:
    """An app with nothing but a language."""
    from portal.app import ROOT

    app = Flask("small")
    app.secret_key = "k"
    app.config["WTF_CSRF_ENABLED"] = False
    words.install(app, ROOT / "translations", "https://x.se/")
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        yield app


def filled(**typed: str) -> Sample:
    form = Sample(formdata=MultiDict({"word": "ord", **typed}))
    form.validate()
    return form


@pytest.mark.usefixtures("small")
class TestFields:
    def test_a_good_form_has_no_errors(self) -> None:
        form = filled(story="Hej\r\nhej", number="7", day="2026-11-24", time="13.00", way="a")
        assert form.errors == {}
        assert form.story.data == "Hej\nhej"

    @pytest.mark.parametrize("empty", ["", "   ", "\n", *UNSEEN])
    def test_what_is_needed_is_asked_for(self, empty: str) -> None:
        assert filled(word=empty).errors == {"word": ["Fyll i det här."]}

    @pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\x7f"])
    def test_signs_that_nobody_types_are_refused(self, bad: str) -> None:
        """S28"""
        assert "tecken" in str(filled(word=bad).errors["word"])

    @pytest.mark.parametrize("bad", ["--5", "5-", "0", "61", "7.5", "sju", "9" * 20])
    def test_what_is_no_whole_number_is_refused_in_our_words(self, bad: str) -> None:
        assert filled(number=bad).errors == {"number": ["Skriv ett tal från 1 till 60."]}

    @pytest.mark.parametrize(
        "good", ["🙂👩‍👩‍👧", "أمينة", "می‌خواهم", "<b>fet</b>", "Ö", "' OR 1=1 --", "x", "🇸🇪", "👍🏽", "हिन्दी"]
    )
    def test_other_scripts_emoji_and_markup_are_kept(self, good: str) -> None:
        form = filled(word=good)
        assert form.errors == {}
        assert form.word.data == good

    @pytest.mark.parametrize("unseen", UNSEEN)
    def test_what_nobody_sees_is_not_kept(self, unseen: str) -> None:
        """S28: neither alone nor inside; the joiners that a word is written with stay in it."""
        form = filled(word=f"{unseen}می\u200cخواهم{unseen}", story=unseen)
        assert form.errors == {}
        assert form.word.data == "می\u200cخواهم"
        assert form.story.data == ""

    def test_a_text_that_is_too_long_is_kept_and_counted(self) -> None:
        form = filled(story="x" * 10_000)
        assert form.errors == {"story": ["Texten är för lång. Skriv högst 100 tecken. Nu är det 10000."]}
        assert form.story.data == "x" * 10_000

    def test_letters_are_composed(self) -> None:
        assert filled(word="A\u030asa").word.data == "Åsa"

    @pytest.mark.parametrize("typed", ["0", "61", "-3", "sju", "1.5", "9" * 30])
    def test_a_number_outside_its_range(self, typed: str) -> None:
        form = filled(number=typed)
        assert form.errors == {"number": ["Skriv ett tal från 1 till 60."]}
        assert typed in str(form.number())

    def test_digits_of_another_script(self) -> None:
        assert filled(number="١٢").number.data == 12

    @pytest.mark.parametrize("typed", ["2026-02-30", "31/4 2026", "i morgon", "0000-00-00", "2026-13-01"])
    def test_a_day_that_does_not_exist(self, typed: str) -> None:
        form = filled(day=typed)
        assert form.errors == {"day": ["Det datumet finns inte. Skriv så här: 2026-11-24."]}
        assert typed in str(form.day())

    @pytest.mark.parametrize("typed", ["2026-11-24", "24/11 2026", "24.11.2026", "٢٠٢٦-١١-٢٤"])
    def test_a_day_typed_in_many_ways(self, typed: str) -> None:
        form = filled(day=typed)
        assert form.day.data is not None
        assert form.day.data.isoformat() == "2026-11-24"

    @pytest.mark.parametrize("typed", ["25:00", "13:60", "ett"])
    def test_a_time_that_does_not_exist(self, typed: str) -> None:
        assert filled(time=typed).errors == {"time": ["Den tiden finns inte. Skriv så här: 13.00."]}

    @pytest.mark.parametrize("typed", ["13:05", "13.05", "1305"])
    def test_a_time_typed_in_many_ways(self, typed: str) -> None:
        found = filled(time=typed).time.data
        assert found is not None
        assert (found.hour, found.minute) == (13, 5)

    @pytest.mark.parametrize("typed", ["12", " 12 ", "١٢"])
    def test_an_hour_alone_is_that_hour(self, typed: str) -> None:
        assert filled(time=typed).time.data == clock_time(12)

    def test_a_choice_that_is_not_in_the_list(self) -> None:
        assert filled(way="c").errors == {"way": ["Välj något i listan."]}


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"word": (BytesIO(b"ord"), "ord.txt")}},
        {"json": {"word": True}},
        {"json": {"word": "ord"}},
        {"json": "x"},
        {"data": "{", "content_type": "application/json"},
    ],
)
def test_a_file_or_json_is_no_text(small: Flask, sent: dict[str, Any]) -> None:
    """What was not sent as a field was not sent."""
    with small.test_request_context(method="POST", headers={"Accept-Language": "sv"}, **sent):
        form = Sample(data={"word": "stod där"})
        assert not form.validate_on_submit()
        assert form.errors == {"word": ["Fyll i det här."]}
        assert Sample(formdata=None, data={"word": "stod där"}).word.data == "stod där"
        assert Sample(formdata=MultiDict({"word": "ord"})).word.data == "ord"


def test_clean_and_controls_agree() -> None:
    assert not signs.has_controls(signs.clean(" Hej\r\nhej\t "))


@pytest.mark.parametrize("end", LINE_ENDS)
def test_a_line_end_of_any_kind_glues_no_words_together(end: str) -> None:
    text = f"kommer{end}inte"
    assert signs.clean(text) == signs.without_controls(text) == "kommer\ninte"
    assert signs.one_line(text) == signs.one_line(f"kommer {end}{end} inte") == "kommer inte"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("end", LINE_ENDS)
def test_a_field_of_one_line_holds_one_line(end: str) -> None:
    """S28"""
    form = filled(word=f"{end}kommer{end}inte{end}", story=f"kommer{end}inte")
    assert (form.errors, form.word.data, form.story.data) == ({}, "kommer inte", "kommer\ninte")


@pytest.mark.parametrize(
    "text", ["", " ", "\u200c\u200d", "\u200e", "\xad", "\u0301", "\ufe0f", "\u3164", "\u2800", *UNSEEN]
)
def test_nothing_is_seen_of_what_has_no_shape(text: str) -> None:
    assert not signs.is_seen(text)
    assert signs.clean(text) == ""


@pytest.mark.parametrize("text", ["a", "٣", "-", "🙂", "می\u200cخواهم", "\u200fא", "e\u0301"])
def test_something_is_seen_of_everything_else(text: str) -> None:
    assert signs.is_seen(text)
