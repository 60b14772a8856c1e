"""The made-up providers see what the real ones would refuse: else a test that passes would say nothing."""

import pytest
import requests
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tests.support import fake_elks, fake_twilio, twilio_description
from tests.support.fake_elks import FakeElks
from tests.support.fake_provider import Accept, FakeProvider, Refuse, Sms
from tests.support.fake_twilio import FakeTwilio

GOOD = {
    "To": "+46701740605",
    "From": "Portalen",
    "Body": "Hej",
    "ValidityPeriod": "600",
    "StatusCallback": "https://stigen.example.se/sms/twilio/1",
}


@pytest.mark.parametrize(
    "change, problem",
    [
        ({}, None),
        ({"MaxParts": "2"}, "unknown field MaxParts"),
        ({"To": "070-174 06 05"}, "To is '070-174 06 05'"),
        ({"From": "Samordningen"}, "From is 'Samordningen'"),
        ({"ValidityPeriod": "0"}, "ValidityPeriod is '0'"),
        ({"ValidityPeriod": "36001"}, "ValidityPeriod is '36001'"),
        ({"ValidityPeriod": "1.5"}, "ValidityPeriod is '1.5'"),
        ({"SmartEncoded": "yes"}, "SmartEncoded is 'yes'"),
        ({"RiskCheck": "maybe"}, "RiskCheck is 'maybe'"),
        ({"MessagingServiceSid": "MG1"}, "MessagingServiceSid is 'MG1'"),
        ({"StatusCallback": "https://a_b.se/x"}, "StatusCallback is 'https://a_b.se/x'"),
    ],
)
def test_a_form_is_held_against_twilios_description(change: dict[str, str], problem: str | None) -> None:
    found = twilio_description.form_problems(MultiDict({**GOOD, **change}))
    assert found == ([problem] if problem else [])


GOOD_CALL = {"To": "+46701740605", "From": "+46700000000", "Twiml": "<Response/>", "Timeout": "30"}


@pytest.mark.parametrize(
    "change, problem",
    [
        ({}, None),
        ({"Body": "Hej"}, "unknown field Body"),
        ({"Twiml": "x" * 4001}, f"Twiml is {'x' * 4001!r}"),
        ({"Timeout": "601"}, "Timeout is '601'"),
        ({"Timeout": "soon"}, "Timeout is 'soon'"),
        ({"StatusCallbackEvent": "finished"}, "StatusCallbackEvent is 'finished'"),
    ],
)
def test_a_call_is_held_against_twilios_description(change: dict[str, str], problem: str | None) -> None:
    form = MultiDict({**GOOD_CALL, **change})
    found = twilio_description.form_problems(form, twilio_description.CREATE_CALL)
    assert found == ([problem] if problem else [])


def test_our_calls_are_those_that_twilio_describes() -> None:
    call = Sms("CA" + "0" * 32, "+46701740605", "<Response/>", "", GOOD_CALL)
    answer = fake_twilio.resource(call, "no-answer")
    assert twilio_description.answer_problems(answer, "call") == []


def test_what_is_missing_or_said_twice_is_seen() -> None:
    form = MultiDict([(name, value) for name, value in GOOD.items() if name != "To"])
    form.add("Body", "Hej igen")
    assert twilio_description.form_problems(form) == ["missing field To", "Body twice"]


def test_our_answers_are_those_that_twilio_describes() -> None:
    sms = Sms("SM" + "0" * 32, "+46701740605", "Hej", "", GOOD)
    assert twilio_description.answer_problems(fake_twilio.resource(sms, "queued")) == []
    assert twilio_description.answer_problems({**fake_twilio.resource(sms, "gone"), "x": "1"}) == [
        "unknown field x",
        "status is 'gone'",
    ]


@pytest.mark.parametrize(
    "change, problem",
    [
        ({}, None),
        ({"dryrun": "yes"}, None),
        ({"dryrun": "true"}, "dryrun is 'true'"),
        ({"validity": "60"}, "unknown field validity"),
        ({"to": "0701740605"}, "to is '0701740605'"),
        ({"from": "7eleven"}, "from is '7eleven'"),
        ({"message": ""}, "message is ''"),
    ],
)
def test_a_form_is_held_against_46elks_documentation(change: dict[str, str], problem: str | None) -> None:
    form = {"from": "Portalen", "to": "+46701740605", "message": "Hej", **change}
    headers = [("Authorization", fake_elks.EXPECTED)]
    environ = EnvironBuilder(path="/a1/sms", method="POST", data=form, headers=headers)
    assert fake_elks.problems(Request(environ.get_environ())) == ([problem] if problem else [])


@pytest.mark.parametrize("kind", [FakeTwilio, FakeElks])
def test_each_does_as_it_is_told_and_then_accepts_again(kind: type[FakeProvider]) -> None:
    with kind() as provider:
        to = {FakeTwilio: "To", FakeElks: "to"}[kind]
        provider.will("+46", Refuse(429, retry_after="7"), Accept(lost=True), Accept(body="what"))
        first = requests.post(provider.url, {to: "+46"}, timeout=5)
        assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
        with pytest.raises(requests.ConnectionError):
            requests.post(provider.url, {to: "+46"}, timeout=5)
        assert requests.post(provider.url, {to: "+46"}, timeout=5).text == "what"
        assert "id" in requests.post(provider.url, {to: "+46"}, timeout=5).text
        assert (provider.requests, len(provider.accepted)) == (4, 3)
        assert provider.problems
