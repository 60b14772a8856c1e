"""Settings from the environment, checked at start: one clear line for each that is wrong."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal import senders

DEMO_KEY = b"demo keys protect nothing at all"
"""32 bytes that everybody can read here; production refuses them."""

LEAVE_TO = "https://www.smhi.se/"
"""Where the quick exit leads: a weather page, which anybody may be reading."""

PRODUCTION, DEMO = "production", "demo"
CONSOLE, TWILIO, ELKS, SMTP = "console", "twilio", "46elks", "smtp"
PROVIDER_SETTINGS = {
    TWILIO: ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER"),
    ELKS: ("ELKS_USERNAME", "ELKS_PASSWORD", "ELKS_SENDER"),
}
"""What each provider needs; one of which nothing is given is not set up."""
PROVIDERS = (CONSOLE, *PROVIDER_SETTINGS)
FOR_TESTS = ("TWILIO_BASE_URL", "ELKS_BASE_URL")
SENDERS = {TWILIO: senders.OF_TWILIO, ELKS: senders.OF_ELKS}
RATES = {CONSOLE: 0, TWILIO: 60, ELKS: 100}
"""Parts of SMS a minute, 0 where it does not matter. Twilio: one a second, what it gives a number of ours
(twilio.com/docs/api/errors/21611). 46elks publishes none: 100 is a careful start, and a 429 makes us slower.
Whoever has a faster sender sets SMS_RATE_A_MINUTE."""
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class WrongSettings(Exception):
    """What is wrong with the environment; `lines` has one sentence for each setting."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Keys are bytes, times are in the name's unit."""

    deployment: str
    database_url: str
    secret_key: str
    data_keys: dict[str, bytes]
    lookup_key: bytes
    pin_key: bytes
    backup_key: bytes
    public_base_url: str
    trusted_proxies: int
    sms_provider: str
    sms_rate_a_minute: int
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_sender: str
    twilio_code_sender: str
    twilio_voice_number: str
    twilio_base_url: str
    elks_username: str
    elks_password: str
    elks_sender: str
    elks_code_sender: str
    elks_base_url: str
    smtp_host: str
    smtp_port: int
    smtp_username: str
    smtp_password: str
    smtp_from: str
    leave_to: str
    idle_minutes: int
    session_hours: int
    instance: Path

    @property
    def demo(self) -> bool:
        """Whether this installation holds made-up people."""
        return self.deployment == DEMO

    @property
    def sms_providers(self) -> tuple[str, ...]:
        """What is set up, the installation's own first. Beside the demo's console there is nothing."""
        if self.sms_provider == CONSOLE:
            return (CONSOLE,)
        given = {TWILIO: self.twilio_sender, ELKS: self.elks_sender}
        return (self.sms_provider, *(one for one in given if given[one] and one != self.sms_provider))

    @property
    def sms_rates(self) -> dict[str, int]:
        """Parts of SMS a minute of each that is set up: the own one's as it is set, the other's published."""
        usual = {one: RATES[one] for one in self.sms_providers}
        return {**usual, self.sms_provider: self.sms_rate_a_minute}

    @property
    def mail_provider(self) -> str:
        """What e-mail leaves by: the demo's console, a mail server, or "" where there is none."""
        return CONSOLE if self.sms_provider == CONSOLE else SMTP if self.smtp_host else ""

    @property
    def voice_providers(self) -> frozenset[str]:
        """Who of `sms_providers` can also ring people up: for Twilio, where a number to ring from is set.

        46elks plays sound files and does not read (46elks.com/docs/voice-play).
        """
        given = {CONSOLE: True, TWILIO: bool(self.twilio_voice_number)}
        return frozenset(one for one in self.sms_providers if given.get(one))

    def sender_of(self, provider: str, *, code: bool = False) -> str:
        """Who an SMS is from, as its phone shows it; a sign-in code may have a sender of its own."""
        usual, of_codes = {
            TWILIO: (self.twilio_sender, self.twilio_code_sender),
            ELKS: (self.elks_sender, self.elks_code_sender),
        }[provider]
        return (code and of_codes) or usual

    def way_of(self, chosen: str) -> str:
        """What sends the SMS of an organisation that chose this: the usual way where it is not set up."""
        return chosen if chosen in self.sms_providers else self.sms_provider

    def is_answered(self, chosen: str) -> bool:
        """Whether the SMS of such an organisation come from a number; the demo's phones answer too."""
        way = self.way_of(chosen)
        return way == CONSOLE or senders.kind_of_sender(self.sender_of(way)) == "number"

    @property
    def stamp(self) -> str:
        """What the database of such an installation bears."""
        return "demo" if self.demo else "real"

    @property
    def https(self) -> bool:
        """Whether people reach us over TLS."""
        return self.public_base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check. Raises `WrongSettings` with a line for each that is missing or wrong."""
        reader = _Reader(environment)
        settings = cls(
            deployment=reader.one_of("DEPLOYMENT", (PRODUCTION, DEMO), PRODUCTION),
            database_url=reader.database_url(),
            secret_key=reader.secret("SECRET_KEY"),
            data_keys=reader.data_keys(),
            lookup_key=reader.key("LOOKUP_KEY"),
            pin_key=reader.key("PIN_KEY"),
            backup_key=reader.backup_key(),
            public_base_url=reader.base_url(),
            trusted_proxies=reader.proxies(),
            sms_provider=reader.provider(),
            sms_rate_a_minute=reader.whole("SMS_RATE_A_MINUTE", reader.usual_rate, 0, 6000),
            twilio_account_sid=reader.text("TWILIO_ACCOUNT_SID"),
            twilio_auth_token=reader.text("TWILIO_AUTH_TOKEN"),
            twilio_sender=reader.sender(TWILIO, "TWILIO_SENDER"),
            twilio_code_sender=reader.sender(TWILIO, "TWILIO_CODE_SENDER"),
            twilio_voice_number=reader.caller("TWILIO_VOICE_NUMBER"),
            twilio_base_url=reader.text("TWILIO_BASE_URL"),
            elks_username=reader.text("ELKS_USERNAME"),
            elks_password=reader.text("ELKS_PASSWORD"),
            elks_sender=reader.sender(ELKS, "ELKS_SENDER"),
            elks_code_sender=reader.sender(ELKS, "ELKS_CODE_SENDER"),
            elks_base_url=reader.text("ELKS_BASE_URL"),
            smtp_host=reader.text("SMTP_HOST"),
            smtp_port=reader.whole("SMTP_PORT", 587, 1, 65535),
            smtp_username=reader.text("SMTP_USERNAME"),
            smtp_password=reader.text("SMTP_PASSWORD"),
            smtp_from=reader.text("SMTP_FROM"),
            leave_to=reader.leave_to(),
            idle_minutes=reader.whole("IDLE_MINUTES", 15, 1, 120),
            session_hours=reader.whole("SESSION_HOURS", 8, 1, 24),
            instance=Path(environment.get("INSTANCE", "instance")).absolute(),
        )
        reader.check(settings.sms_provider)
        if reader.wrong:
            raise WrongSettings(reader.wrong)
        return settings


class _Reader:
    """Reads one setting at a time and collects what is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.demo = environment.get("DEPLOYMENT") == DEMO
        self.wrong: list[str] = []

    def _get(self, name: str, default: str = "") -> str:
        return self._environment.get(name, default).strip()

    def text(self, name: str) -> str:
        return self._get(name)

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self._get(name, default)
        if value not in allowed:
            self.wrong.append(f"{name} must be one of {', '.join(allowed)}.")
        return value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self._get(name, str(default))
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.wrong.append(f"{name} must be a whole number from {low} to {high}.")
            return default
        return int(value)

    def proxies(self) -> int:
        """Production is reached through a proxy that speaks HTTPS: without one named, all look like it."""
        if self.demo:
            return self.whole("TRUSTED_PROXIES", 0, 0, 5)
        value = self._get("TRUSTED_PROXIES")
        if value not in ("1", "2", "3", "4", "5"):
            self.wrong.append("TRUSTED_PROXIES must be 1 to 5: how many proxies stand in front.")
            return 1
        return int(value)

    def secret(self, name: str) -> str:
        value = self._get(name, DEMO_KEY.decode() if self.demo else "")
        if len(value) < 32:
            self.wrong.append(f"{name} must have at least 32 characters.")
        elif value == DEMO_KEY.decode() and not self.demo:
            self.wrong.append(f"{name} is the demo's: make one of your own.")
        return value

    def key(self, name: str) -> bytes:
        value = self._get(name)
        if not value and self.demo:
            return DEMO_KEY
        return self._bytes(name, value)

    def backup_key(self) -> bytes:
        """Needed by `backup` and `restore` alone: whoever serves pages need not have it (b"")."""
        if not self._get("BACKUP_KEY") and not self.demo:
            return b""
        return self.key("BACKUP_KEY")

    def _bytes(self, name: str, value: str) -> bytes:
        try:
            key = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            self.wrong.append(f"{name} must be 32 bytes in base64.")
        elif key == DEMO_KEY and not self.demo:
            self.wrong.append(f"{name} is the demo's: make one of your own.")
        return key

    def data_keys(self) -> dict[str, bytes]:
        value = self._get("DATA_KEYS")
        if not value and self.demo:
            return {"demo": DEMO_KEY}
        keys: dict[str, bytes] = {}
        for part in filter(None, value.split(",")):
            key_id, _, encoded = part.strip().partition(":")
            if not key_id.isascii() or not key_id.isalnum() or len(key_id) > 32 or key_id in keys:
                self.wrong.append("DATA_KEYS: each key needs an id of its own, of letters and digits.")
                continue
            keys[key_id] = self._bytes(f"DATA_KEYS ({key_id})", encoded)
        if not keys:
            self.wrong.append("DATA_KEYS must name at least one key: id:base64, the newest first.")
        return keys

    def database_url(self) -> str:
        default = f"sqlite:///{Path(self._get('INSTANCE', 'instance')).absolute() / 'stigen.db'}"
        value = self._get("DATABASE_URL", default if self.demo else "")
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            self.wrong.append("DATABASE_URL must start with sqlite:/// or postgresql://.")
        return value

    def base_url(self) -> str:
        here = f"http://127.0.0.1:{self._get('PORT', '8000')}"
        value = self._get("PUBLIC_BASE_URL", here if self.demo else "")
        parts = urlsplit(value)
        schemes = ("http", "https") if self.demo else ("https",)
        if parts.scheme not in schemes or not parts.netloc or parts.path not in ("", "/"):
            self.wrong.append(
                "PUBLIC_BASE_URL must be the address people use, such as https://stigen.example.se."
            )
        elif self.demo and parts.hostname not in ("127.0.0.1", "localhost"):
            self.wrong.append("PUBLIC_BASE_URL: the demo answers on this machine alone (127.0.0.1).")
        return value.rstrip("/")

    def leave_to(self) -> str:
        value = self._get("LEAVE_TO", LEAVE_TO)
        if not value.startswith("https://") or any(sign in value for sign in " ;,'\""):
            self.wrong.append("LEAVE_TO must be an https address: where 'leave this page' leads.")
        return value

    def provider(self) -> str:
        return self.one_of("SMS_PROVIDER", PROVIDERS, CONSOLE if self.demo else "")

    @property
    def usual_rate(self) -> int:
        return RATES.get(self._get("SMS_PROVIDER", CONSOLE), 0)

    def check(self, provider: str) -> None:
        """What goes together, and what is needed by what."""
        self.check_provider(provider)
        self.check_mail()

    def check_provider(self, provider: str) -> None:
        if provider == CONSOLE and not self.demo:
            self.wrong.append("SMS_PROVIDER: console is for the demo; people would get no codes.")
        for one, names in PROVIDER_SETTINGS.items():
            missing = [name for name in names if not self._get(name)]
            if one == provider:
                self.wrong.extend(f"{name} is needed when SMS_PROVIDER is {one}." for name in missing)
            elif len(missing) < len(names):
                self.wrong.extend(f"{name} is needed: other settings of {one} are given." for name in missing)
        for name in FOR_TESTS:
            if self._get(name) and not self.demo:
                self.wrong.append(f"{name} is for tests; leave it out.")

    def check_mail(self) -> None:
        if not self._get("SMTP_HOST"):
            given = [name for name in ("SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_FROM") if self._get(name)]
            self.wrong.extend(f"SMTP_HOST is needed: {name} is given." for name in given[:1])
        elif not MAIL_ADDRESS.fullmatch(self._get("SMTP_FROM")):
            self.wrong.append("SMTP_FROM must be an e-mail address: who e-mail comes from.")
        if bool(self._get("SMTP_USERNAME")) != bool(self._get("SMTP_PASSWORD")):
            self.wrong.append("SMTP_USERNAME and SMTP_PASSWORD go together: give both, or neither.")

    def caller(self, name: str) -> str:
        value = self._get(name)
        if value and not senders.CALLER.fullmatch(value):
            self.wrong.append(f"{name} must be a number (+46…): whom a call comes from.")
        if value and not self._get("TWILIO_SENDER"):
            self.wrong.append(f"{name}: the other settings of twilio are needed too.")
        return value

    def sender(self, provider: str, name: str) -> str:
        value = self._get(name)
        shape, words = SENDERS[provider]
        if value and not shape.fullmatch(value):
            self.wrong.append(f"{name} must be {words}.")
        return value
