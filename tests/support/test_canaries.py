"""The ears of every test hear what they should: broken on purpose, each of these would go unnoticed (S44)."""

import logging
from collections.abc import Callable
from typing import cast

import pytest
from flask import Flask, redirect
from werkzeug.wrappers import Response

from tests.support import canaries
from tests.support.world import World

# A name of its own: the ears of this very test know it not.
NAME = "Provfågel Ett"
log = logging.getLogger("portal.some.room")


def a_line() -> None:
    log.warning("no SMS to %s", NAME)


def a_trace() -> None:
    try:
        raise LookupError(NAME)
    except LookupError:
        log.error("unforeseen", exc_info=True)


def answers(answer: Callable[[], object]) -> Callable[[], None]:
    def fetch() -> None:
        app = Flask("small")
        app.add_url_rule("/", view_func=lambda: cast(Response, answer()))
        assert app.test_client().get("/").status_code < 400

    return fetch


AWAY = answers(lambda: redirect("/people?q=Provf%C3%A5gel+Ett"))
LINK = answers(lambda: '<a href="/people?who=Provf&aring;gel%20Ett">x</a>')
FORM = answers(lambda: '<form action="/people/Provfågel Ett"></form>')


@pytest.mark.parametrize("sing", [a_line, a_trace, AWAY, LINK, FORM])
def test_a_canary_that_gets_out_fails_the_test(sing: Callable[[], None]) -> None:
    with pytest.raises(AssertionError, match="S44"), canaries.listening((NAME,)):
        sing()


@pytest.mark.parametrize(
    "sing",
    [
        lambda: log.warning("no SMS to %s", "somebody"),
        answers(lambda: f"<h1>{NAME}</h1>"),
        answers(lambda: '<a href="tel:+46701740605">Ring</a>'),
    ],
)
def test_a_name_on_a_page_and_a_number_to_ring_are_no_leak(sing: Callable[[], None]) -> None:
    with canaries.listening((NAME,)):
        sing()


@pytest.mark.parametrize("number", ["+46701740605", "070-174 06 99", "0701740650"])
def test_a_number_is_heard_however_it_is_written(number: str) -> None:
    ears = canaries.Ears(())
    ears.emit(logging.LogRecord("x", logging.ERROR, "", 0, "to %s", (number,), None))
    assert len(ears.heard) == 1


def test_everybody_in_the_tests_is_a_canary(world: World) -> None:
    people = [world.participant, world.second_participant, world.other_participant, world.far_participant]
    for person in [*people, world.coach, world.other_coach, world.lead, world.admin, world.far_coach]:
        ears = canaries.Ears(canaries.NAMES)
        ears.emit(logging.LogRecord("x", logging.ERROR, "", 0, person.name, None, None))
        assert ears.heard, person.name


def test_every_test_listens(request: pytest.FixtureRequest) -> None:
    assert "no_canary_gets_out" in request.fixturenames
