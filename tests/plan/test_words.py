"""Every code has its words, and every change is one plain sentence."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from portal.plan import news_rules, news_service, news_words, rules, service, words
from portal.plan.news_rules import News
from portal.plan.rows import ChangeRow, StepRow
from portal.web.errors import Refused

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def change(action: str, **facts: str) -> ChangeRow:
    given: dict[str, Any] = {
        "kind": "step",
        "text": "Ring skolan",
        "earlier": "",
        "state": "",
        "detail": "",
        **facts,
    }
    return ChangeRow(
        id=uuid.uuid4(),
        at=NOW,
        by_id=uuid.uuid4(),
        by="Karin",
        action=action,
        undoes=None,
        **given,
    )


def step(doer: str, doer_name: str = "") -> StepRow:
    return StepRow(
        id=uuid.uuid4(),
        kind="step",
        state="now",
        position=1,
        text="Ring skolan",
        doer=doer,
        doer_name=doer_name,
        day=None,
        when="",
        subgoal_id=None,
        version=1,
        changed_at=NOW,
        changed_by=uuid.uuid4(),
    )


def test_every_code_has_its_words() -> None:
    for table in (words.STATES, words.STATE_TONES, words.STATE_VERBS):
        assert set(table) == set(rules.STATES)
    assert set(words.DOERS) == set(rules.DOERS)
    assert set(words.OUTCOMES) == set(words.OUTCOME_CHOICES) == set(rules.OUTCOMES)


@pytest.mark.parametrize(
    "error", [service.NotOpen(), service.Stale(), service.NotFromHere(), news_service.TalkedAbout()]
)
def test_every_refusal_has_a_sentence(app: Flask, error: Refused) -> None:
    with app.test_request_context():
        assert words.refusal(error).endswith(".")


@pytest.mark.parametrize(
    "told, sentence",
    [
        (change("goal", text="Bli kock"), 'Karin skrev målet: "Bli kock"'),
        (change("add"), 'Karin lade till "Ring skolan".'),
        (change("add", kind="subgoal"), 'Karin lade till delmålet "Ring skolan".'),
        (
            change("change", earlier="Ring läkaren"),
            'Karin ändrade "Ring läkaren" till "Ring skolan".',
        ),
        (change("change", earlier="Ring skolan"), 'Karin ändrade vem eller när för "Ring skolan".'),
        (change("state", state="done"), 'Karin markerade "Ring skolan" som klart.'),
        (change("move"), 'Karin flyttade "Ring skolan" i ordningen.'),
        (change("undo"), 'Karin ångrade en ändring av "Ring skolan".'),
        (change("help_asked"), 'Karin bad om hjälp med "Ring skolan".'),
        (
            change("help_closed", state="booked"),
            'Karin svarade om "Ring skolan": Vi har bokat ett möte.',
        ),
    ],
)
def test_a_change_is_one_sentence(app: Flask, told: ChangeRow, sentence: str) -> None:
    with app.test_request_context():
        assert words.change_sentence(told) == sentence


def test_every_action_and_every_state_can_be_told(app: Flask) -> None:
    with app.test_request_context():
        for action in set(rules.ACTIONS) - {"state", "help_closed"}:
            assert "Ring skolan" in words.change_sentence(change(action))
        told = {words.change_sentence(change("state", state=state)) for state in rules.STATES}
        answers = {words.change_sentence(change("help_closed", state=code)) for code in rules.OUTCOMES}
    assert (len(told), len(answers)) == (len(rules.STATES), len(rules.OUTCOMES))


@pytest.mark.parametrize(
    "doer, doer_name, coach, sentence",
    [
        ("participant", "", "Karin", "Du gör det."),
        ("coach", "", "Karin", "Karin gör det."),
        ("other", "läkaren", "Karin", "Läkaren gör det."),
        ("coach", "", "", "Någon annan gör det."),
    ],
)
def test_who_does_it(app: Flask, doer: str, doer_name: str, coach: str, sentence: str) -> None:
    with app.test_request_context():
        assert words.doer_sentence(step(doer, doer_name), coach) == sentence


def test_a_percent_sign_in_the_words_does_no_harm(app: Flask) -> None:
    """S23: what people write is never a pattern."""
    with app.test_request_context():
        assert "100 % %(by)s" in words.change_sentence(change("add", text="100 % %(by)s"))


def test_say_reads_the_words_for_one_reader() -> None:
    say = words.Say("ar", date(2026, 11, 24))
    assert [meaning.language for meaning in say.words("praktik")[0].meanings] == ["ar", "sv"]
    assert say.may_finish(step("participant"))
    assert say.next_states("done") == ("now", "planned")


def told(**facts: Any) -> News[ChangeRow]:
    """A step that Karin has changed, as news."""
    row = {"text": "Ring", "state": "now", "day": None, "when": "", "doer": "coach", "doer_name": ""}
    was, became = {**row, **facts.pop("was", {})}, {**row, **facts.pop("became", {})}
    action, added = facts.pop("action", "change"), facts.pop("added", False)
    one = replace(change(action, **facts), step_id=uuid.uuid4(), was=was, became=became)
    return News((one,), added)


@pytest.mark.parametrize(
    "one, sentence",
    [
        (told(added=True), "Karin har lagt till ett steg."),
        (told(added=True, kind="subgoal"), "Karin har lagt till ett delmål."),
        (told(), "Karin har ändrat ett steg."),
        (told(kind="subgoal"), "Karin har ändrat ett delmål."),
        (told(action="undo"), "Karin har tagit tillbaka en ändring."),
        (told(action="state", state="paused"), "Karin vill vänta med det här."),
        (
            told(action="state", state="dropped", became={"state": "dropped"}),
            "Karin har tagit bort ett steg.",
        ),
        (told(kind="subgoal", became={"state": "dropped"}), "Karin har tagit bort ett delmål."),
        (News((change("goal", earlier="Kock"),), False), "Karin har ändrat ditt mål."),
        (News((change("goal"),), False), "Karin har skrivit ditt mål."),
    ],
)
def test_news_are_one_sentence(app: Flask, one: News[ChangeRow], sentence: str) -> None:
    with app.test_request_context():
        assert news_words.news_sentence(one) == sentence


def test_what_stood_before_is_named(app: Flask) -> None:
    with app.test_request_context():
        assert news_words.earlier_words(told(was={"day": "2026-12-01"}, became={"text": "Mejla"})) == [
            ("Förut stod det", "Ring"),
            ("Förut var tiden", "tisdag 1 december"),
        ]
        assert news_words.earlier_words(told(added=True, was={"text": "Annat"})) == []
        goal = News((change("goal", earlier="Kock"),), False)
        assert news_words.earlier_words(goal) == [("Förut stod det", "Kock")]


def test_every_answer_and_outcome_has_its_words() -> None:
    assert set(news_words.ANSWERS) == set(news_rules.ANSWERS)
    assert set(news_words.OUTCOME_CHOICES) == set(news_rules.CHOSEN_OUTCOMES)
