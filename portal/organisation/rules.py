"""What an organisation decides for itself, with the defaults that stand until it does."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from portal.organisation import reminder_rules


@dataclass(frozen=True)
class CrisisLine:
    """A number to turn to now. `purpose` is a code: emergency, care, suicide, violence."""

    purpose: str
    name: str
    number: str

    @property
    def key(self) -> str:
        """What the line is addressed by: its own content, for a place in a list is soon another line's."""
        content = "\n".join((self.purpose, self.name, self.number))
        return hashlib.sha256(content.encode()).hexdigest()[:16]


DEFAULT_CRISIS_LINES = (
    CrisisLine("emergency", "SOS Alarm", "112"),
    CrisisLine("care", "Vårdguiden", "1177"),
    CrisisLine("suicide", "Mind Självmordslinjen", "90101"),
)
"""From the lines' own public pages; the line for violence is filled in at set-up."""


MODES = ("on_site", "phone", "video", "walk")
"""The ways to meet, of which an organisation chooses its own."""
FOLLOW_UP_MONTHS = (3, 6, 12, 18, 24)
"""After how many months those can be asked who have left: what reports of the field name, and a year."""


@dataclass(frozen=True)
class Rules:
    """The settings of one organisation. Each name says its unit.

    `before_with` and `after_with`: what is asked before and after a talk, "own", "digital" (the licensed
    scale on the phone) or "paper"; `after_since`: since when (ISO). `group_with`: what is asked after a group
    has met, "none", "digital" or "paper". The scales' values are points of 40.
    `buffer_minutes`: the pause after each meeting; `buffer_<mode>_minutes`: after one of that kind, None as
    after each. `most_a_day`: meetings of one coach, 0 for any number. `eve_last_hour`: when meetings end on a
    day before a holiday, 24 as on others; 12 is an assumption, from no agreement.
    `attendance_signed`: participants sign that they were at a meeting.
    `interpreter_order_days`: working days that an agency needs; the default is an assumption.
    `agency_email`: where interpreters are ordered by e-mail, "" for nowhere.
    `reminder_steps`: of `reminder_rules.STEPS`; `reminder_steps_since`: since when (ISO).
    `follow_up_months`: when those are asked how it goes who have left, of `FOLLOW_UP_MONTHS`.
    `calendar_hosts`: hosts that staff's own calendars may be read from beside the known ones.
    `sms_provider`: who sends this organisation's SMS, "" for the installation's own choice.
    `sms_price_ore`: the price of one part of an SMS; the default is a round assumption, from no price list.
    """

    meeting_minutes: int = 60
    buffer_minutes: int = 15
    buffer_on_site_minutes: int | None = None
    buffer_phone_minutes: int | None = None
    buffer_video_minutes: int | None = None
    buffer_walk_minutes: int | None = None
    most_a_day: int = 0
    closed_on_holidays: bool = True
    eve_last_hour: int = 12
    minimum_notice_hours: int = 24
    horizon_days: int = 28
    change_deadline_hours: int = 24
    upcoming_own_bookings: int = 2
    attendance_signed: bool = True
    modes: tuple[str, ...] = MODES
    default_place: str = ""
    calendar_hosts: str = ""
    answer_working_days: int = 2
    interpreter_order_days: int = 3
    agency_email: str = ""
    caseload_ceiling: int = 30
    checkin_before_hours: int = 2
    checkin_after_hours: int = 48
    checkin_down_share: float = 0.125
    checkin_down_line: float = 3.0
    before_with: str = "own"
    after_with: str = "own"
    after_since: str = ""
    group_with: str = "none"
    ors_cut_off_adult: float = 25.0
    ors_cut_off_youth: float = 28.0
    srs_cut_off_adult: float = 36.0
    srs_cut_off_youth: float = 36.0
    gsrs_cut_off_adult: float = 36.0
    gsrs_cut_off_youth: float = 36.0
    reliable_change: float = 5.0
    no_change_talks: int = 3
    srs_slip: float = 1.0
    no_meeting_days: int = 21
    survey_ongoing: bool = True
    survey_closure: bool = True
    survey_after_months: int = 3
    survey_open_days: int = 30
    stair_shown: bool = False
    reminder_steps: tuple[str, ...] = reminder_rules.USUAL
    reminder_steps_since: str = ""
    follow_up_months: tuple[int, ...] = (3, 6)
    reminder_earliest_hour: int = 8
    reminder_latest_hour: int = 20
    foreign_numbers: bool = False
    sms_provider: str = ""
    codes_per_number_a_day: int = 10
    codes_a_day: int = 2000
    sms_price_ore: int = 50
    smallest_cell_team: int = 1
    smallest_cell_outside: int = 5
    keep_content_months: int = 24
    keep_notes_months: int = 12
    keep_staff_months: int = 24
    keep_journal_months: int = 60
    forget_daily: bool = False
    complaint_name: str = ""
    complaint_phone: str = ""
    crisis_lines: tuple[CrisisLine, ...] = DEFAULT_CRISIS_LINES
    crisis_lines_checked_on: str = ""

    def buffer_after(self, mode: str) -> int:
        """The pause after a meeting of this kind, in minutes."""
        own = {
            "on_site": self.buffer_on_site_minutes,
            "phone": self.buffer_phone_minutes,
            "video": self.buffer_video_minutes,
            "walk": self.buffer_walk_minutes,
        }.get(mode)
        return self.buffer_minutes if own is None else own

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Rules":
        """The rules as stored; what is not stored has its default, what we do not know is passed over."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        if "modes" in values:
            values["modes"] = tuple(values["modes"])
        if "follow_up_months" in values:
            chosen = values["follow_up_months"]
            values["follow_up_months"] = tuple(month for month in FOLLOW_UP_MONTHS if month in chosen)
        if "reminder_steps" in values:
            values["reminder_steps"] = reminder_rules.in_order(values["reminder_steps"])
        if "crisis_lines" in values:
            values["crisis_lines"] = tuple(CrisisLine(**line) for line in values["crisis_lines"])
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the defaults, so that a better default reaches everyone."""
        default, mine = asdict(Rules()), asdict(self)
        return {name: value for name, value in mine.items() if value != default[name]}


@lru_cache(maxsize=64)
def read(stored: str) -> Rules:
    """The rules out of the JSON of the database, read once: every page needs them, and they seldom change."""
    return Rules.from_json(json.loads(stored))
