"""Every code has its words, and every change is one plain sentence."""

import uuid
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from portal.plan import rules, service, words
from portal.plan.rows import ChangeRow, StepRow
from portal.web.errors import Refused

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def change(action: str, **facts: str) -> ChangeRow:
    given = {"kind": "step", "text": "Ring skolan", "earlier": "", "state": "", "detail": "", **facts}
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


@pytest.mark.parametrize("error", [service.NotOpen(), service.Stale(), service.NotFromHere()])
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
