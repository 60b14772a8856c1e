"""What came of a drill, and whether the laws held."""

from collections import Counter
from dataclasses import dataclass, field, fields


@dataclass
class Report:
    """Numbers of reminders that were due, of processes killed, and of what must never be.

    `kills` are workers, `web_kills` processes that took a letter by the web and were killed meanwhile; `kept`
    are the letters that were confirmed, `gone` those of them that are not there. Of what was due, each was
    sent `once`, is `unknown` (doubtful; the provider never took it on), or came `too_late` because the drill
    kept the provider away until the meeting began. Whatever else did not leave is `lost`; `hidden` are
    the unknown and the late that no list for staff has shown. `at`: at which steps processes died;
    `failed`: what workers logged as failed in one round, and tried again in the next.
    """

    kills: int = 0
    due: int = 0
    once: int = 0
    unknown: int = 0
    too_late: int = 0
    lost: int = 0
    twice: int = 0
    after_cancelling: int = 0
    in_quiet_hours: int = 0
    hidden: int = 0
    web_kills: int = 0
    kept: int = 0
    gone: int = 0
    at: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def lawful(self) -> bool:
        """Whether no law is broken."""
        sent_wrongly = self.twice + self.after_cancelling + self.in_quiet_hours
        broken = sent_wrongly + self.lost + self.hidden + self.gone
        return not broken and self.once + self.unknown + self.too_late == self.due

    def __add__(self, other: "Report") -> "Report":
        return Report(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )

    def lines(self) -> list[str]:
        """The report in words."""
        return [
            f"{self.kills} workers killed at {len(self.at)} kinds of step",
            f"due {self.due}, sent exactly once {self.once}, unknown {self.unknown}, "
            f"too late with the provider away {self.too_late}, of both not shown to staff {self.hidden}",
            f"lost {self.lost}, sent twice {self.twice}, after cancellation {self.after_cancelling}, "
            f"in quiet hours {self.in_quiet_hours}",
            f"{self.web_kills} web processes killed, letters confirmed {self.kept}, of them gone {self.gone}",
            *(f"{number} times, and tried again: {what}" for what, number in self.failed.items()),
        ]

    def counts(self) -> str:
        """Each number that is not 0, in one line."""
        every = ((one.name, getattr(self, one.name)) for one in fields(self) if one.name != "at")
        return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in every if number)
