"""Settings are checked at start: one clear line for each that is wrong."""

import base64

import pytest

from portal.config import DEMO_KEY, Settings, WrongSettings

KEY = base64.b64encode(b"k" * 32).decode()
REAL = {
    "DATABASE_URL": "postgresql://stigen@db/stigen",
    "SECRET_KEY": "s" * 40,
    "DATA_KEYS": f"a1:{KEY}",
    "LOOKUP_KEY": KEY,
    "PIN_KEY": KEY,
    "PUBLIC_BASE_URL": "https://stigen.example.se",
    "TRUSTED_PROXIES": "1",
    "SMS_PROVIDER": "twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_SENDER": "+46701740605",
}


def lines(environment: dict[str, str]) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        Settings.from_environment(environment)
    return wrong.value.lines


def test_a_whole_environment_is_production() -> None:
    settings = Settings.from_environment(REAL)
    assert (settings.demo, settings.https, settings.trusted_proxies) == (False, True, 1)
    assert settings.data_keys == {"a1": b"k" * 32}


def test_nothing_at_all_names_every_setting_that_is_missing() -> None:
    found = lines({})
    for name in (
        "DATABASE_URL",
        "SECRET_KEY",
        "DATA_KEYS",
        "LOOKUP_KEY",
        "PIN_KEY",
        "PUBLIC_BASE_URL",
        "TRUSTED_PROXIES",
        "SMS_PROVIDER",
    ):
        assert [line for line in found if line.startswith(name)], name


def test_the_demo_needs_nothing() -> None:
    settings = Settings.from_environment({"DEPLOYMENT": "demo"})
    assert settings.demo
    assert settings.database_url.startswith("sqlite:///")
    assert settings.public_base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("name", ["LOOKUP_KEY", "PIN_KEY"])
def test_production_refuses_demo_keys(name: str) -> None:
    found = lines({**REAL, name: base64.b64encode(DEMO_KEY).decode()})
    assert found == [f"{name} is the demo's: make one of your own."]


def test_production_refuses_demo_data_keys_and_secret() -> None:
    demo = base64.b64encode(DEMO_KEY).decode()
    found = lines({**REAL, "DATA_KEYS": f"x:{demo}", "SECRET_KEY": DEMO_KEY.decode()})
    assert len(found) == 2


def test_production_refuses_the_console() -> None:
    assert lines({**REAL, "SMS_PROVIDER": "console"}) == [
        "SMS_PROVIDER: console is for the demo; people would get no codes."
    ]


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER"])
def test_twilio_needs_all_of_its_settings(missing: str) -> None:
    assert lines({**REAL, missing: ""}) == [f"{missing} is needed when SMS_PROVIDER is twilio."]


ELKS = {"ELKS_USERNAME": "u1", "ELKS_PASSWORD": "p", "ELKS_SENDER": "Portalen"}


@pytest.mark.parametrize("missing", ELKS)
def test_46elks_needs_all_of_its_settings(missing: str) -> None:
    only = {name: value for name, value in REAL.items() if not name.startswith("TWILIO")}
    assert Settings.from_environment({**only, **ELKS, "SMS_PROVIDER": "46elks"}).elks_sender == "Portalen"
    found = lines({**only, **ELKS, "SMS_PROVIDER": "46elks", missing: ""})
    assert found == [f"{missing} is needed when SMS_PROVIDER is 46elks."]


@pytest.mark.parametrize("missing", ELKS)
def test_a_second_provider_is_set_up_whole_or_not_at_all(missing: str) -> None:
    assert lines({**REAL, **ELKS, missing: " "}) == [
        f"{missing} is needed: other settings of 46elks are given."
    ]


@pytest.mark.parametrize("name", ["TWILIO_BASE_URL", "ELKS_BASE_URL"])
def test_production_talks_to_the_providers_themselves(name: str) -> None:
    assert lines({**REAL, name: "http://127.0.0.1:1"}) == [f"{name} is for tests; leave it out."]


@pytest.mark.parametrize(
    "sender", ["+46701740605", "71234", "MG" + "a" * 32, "Portalen", "Min Portal", "7 eleven"]
)
def test_a_sender_that_twilio_takes(sender: str) -> None:
    assert Settings.from_environment({**REAL, "TWILIO_SENDER": sender}).twilio_sender == sender


@pytest.mark.parametrize("sender", ["Samordningen", "Mötet", "070-174 06 05", "+4670", "12 34"])
@pytest.mark.parametrize("name", ["TWILIO_SENDER", "TWILIO_CODE_SENDER"])
def test_a_sender_that_twilio_does_not_take(name: str, sender: str) -> None:
    (found,) = lines({**REAL, name: sender})
    assert found.startswith(f"{name} must be")


@pytest.mark.parametrize("sender", ["Samordningen", "Mötet", "Ab", "Min Portal", "7eleven", "0701740605"])
@pytest.mark.parametrize("name", ["ELKS_SENDER", "ELKS_CODE_SENDER"])
def test_a_sender_that_46elks_does_not_take(name: str, sender: str) -> None:
    (found,) = lines({**REAL, **ELKS, name: sender})
    assert found.startswith(f"{name} must be")


def test_a_call_comes_from_a_number() -> None:
    own = {**REAL, "TWILIO_VOICE_NUMBER": "+46701740605"}
    assert Settings.from_environment(own).voice_providers == {"twilio"}
    assert Settings.from_environment(REAL).voice_providers == frozenset()
    assert Settings.from_environment({"DEPLOYMENT": "demo"}).voice_providers == {"console"}
    told = "TWILIO_VOICE_NUMBER must be a number (+46…): whom a call comes from."
    assert lines({**REAL, "TWILIO_VOICE_NUMBER": "Portalen"}) == [told]


MAIL = {"SMTP_HOST": "mail.example.se", "SMTP_FROM": "portalen@example.se"}


@pytest.mark.parametrize(
    "change, told",
    [
        ({"SMTP_HOST": ""}, "SMTP_HOST is needed: SMTP_FROM is given."),
        ({"SMTP_FROM": ""}, "SMTP_FROM must be an e-mail address: who e-mail comes from."),
        ({"SMTP_FROM": "Portalen"}, "SMTP_FROM must be an e-mail address: who e-mail comes from."),
        ({"SMTP_PORT": "0"}, "SMTP_PORT must be a whole number from 1 to 65535."),
        (
            {"SMTP_USERNAME": "u"},
            "SMTP_USERNAME and SMTP_PASSWORD go together: give both, or neither.",
        ),
        (
            {"SMTP_PASSWORD": "p"},
            "SMTP_USERNAME and SMTP_PASSWORD go together: give both, or neither.",
        ),
    ],
)
def test_a_mail_server_is_set_up_whole_or_not_at_all(change: dict[str, str], told: str) -> None:
    assert lines({**REAL, **MAIL, **change}) == [told]


def test_e_mail_leaves_by_the_mail_server_the_demos_console_or_not_at_all() -> None:
    real = Settings.from_environment({**REAL, **MAIL})
    assert (real.mail_provider, real.smtp_port) == ("smtp", 587)
    assert Settings.from_environment(REAL).mail_provider == ""
    assert Settings.from_environment({"DEPLOYMENT": "demo", **MAIL}).mail_provider == "console"


@pytest.mark.parametrize(
    "url", ["http://stigen.example.se", "stigen.example.se", "https://stigen.example.se/portal", ""]
)
def test_production_is_reached_over_https_at_the_root(url: str) -> None:
    assert len(lines({**REAL, "PUBLIC_BASE_URL": url})) == 1


def test_the_demo_answers_on_loopback_alone() -> None:
    assert len(lines({"DEPLOYMENT": "demo", "PUBLIC_BASE_URL": "http://192.0.2.1:8000"})) == 1


@pytest.mark.parametrize("value", ["", "0", "-1", "6", "two", "1.5", "²"])
def test_production_stands_behind_one_to_five_proxies(value: str) -> None:
    """S12: without the count, every network address would be the proxy's, and one limit everybody's."""
    assert lines({**REAL, "TRUSTED_PROXIES": value}) == [
        "TRUSTED_PROXIES must be 1 to 5: how many proxies stand in front."
    ]


@pytest.mark.parametrize("value", ["-1", "6", "two", "1.5", "²"])
def test_the_demo_may_stand_alone(value: str) -> None:
    assert Settings.from_environment({"DEPLOYMENT": "demo"}).trusted_proxies == 0
    assert lines({"DEPLOYMENT": "demo", "TRUSTED_PROXIES": value}) == [
        "TRUSTED_PROXIES must be a whole number from 0 to 5."
    ]


@pytest.mark.parametrize("keys", ["", "a1", f"a-1:{KEY}", f"a1:{KEY},a1:{KEY}", "a1:short", f":{KEY}"])
def test_data_keys_need_ids_and_32_bytes(keys: str) -> None:
    assert lines({**REAL, "DATA_KEYS": keys})


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "http://x.se", "https://x.se; script-src *", "https://x.se 'self'"]
)
def test_where_one_leaves_to_cannot_widen_the_policy(value: str) -> None:
    assert len(lines({**REAL, "LEAVE_TO": value})) == 1
