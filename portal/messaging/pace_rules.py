"""How fast messages may leave through each provider, and how long one that does not answer is left alone.

Each provider by itself: what one of them says or takes holds back nothing that leaves by another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.config import SMTP, Settings
from portal.messaging import rules
from portal.messaging.gateways.base import Outcome

NONE = timedelta()


@dataclass(frozen=True)
class Pace:
    """What a provider takes: parts of SMS a minute, 0 where it takes any number."""

    provider: str
    a_minute: int

    def takes(self, parts: int) -> timedelta:
        """How long the provider is busy with so many parts."""
        return timedelta(minutes=parts / self.a_minute) if self.a_minute else NONE


@dataclass(frozen=True)
class Paces:
    """The providers of an installation: its own for SMS, and what each that is set up takes a minute.

    E-mail leaves by a server of the house's and has no pace.
    """

    own: str = ""
    rates: Mapping[str, int] = field(default_factory=dict)

    def of(self, provider: str) -> Pace:
        """The pace of one provider."""
        return Pace(provider, self.rates.get(provider, 0))

    @property
    def paced(self) -> tuple[str, ...]:
        """The providers that have a pace, always in the same order: they are locked in it."""
        return tuple(sorted(name for name, a_minute in self.rates.items() if a_minute))

    def way(self, channel: str, chosen: str) -> str:
        """By which provider a message leaves, where its organisation chose this one ("" for the usual)."""
        if channel == rules.EMAIL:
            return SMTP
        return chosen if chosen in self.rates else self.own


UNPACED = Paces()


def paces(settings: Settings) -> Paces:
    """The providers of this installation."""
    return Paces(settings.sms_provider, settings.sms_rates)


@dataclass
class _Silence:
    doubts: int
    until: datetime


@dataclass
class Patience:
    """How long to leave a provider alone that does not answer: each doubt costs somebody an SMS.

    Pauses double from `first` to `longest`; any answer of the same provider ends them.
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)
    _silent: dict[str, _Silence] = field(default_factory=dict)

    def left_alone(self, now: datetime) -> frozenset[str]:
        """The providers that are not to be tried now. A pause that a clock set back would stretch is over."""
        return frozenset(name for name, one in self._silent.items() if now < one.until <= now + self.longest)

    def heard(self, outcome: Outcome, now: datetime) -> None:
        """Remember what came of an attempt."""
        if outcome.state != rules.UNKNOWN:
            self._silent.pop(outcome.provider, None)
            return
        before = self._silent.get(outcome.provider)
        doubts = before.doubts if before else 0
        pause = min(self.longest, self.first * (1 << min(doubts, 12)))
        self._silent[outcome.provider] = _Silence(doubts + 1, now + pause)
