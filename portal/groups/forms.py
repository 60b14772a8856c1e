"""What staff fill in about a group and its sessions, turned into wishes or into words beside the field."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.availability.rules import Span, instant
from portal.groups import rules, words
from portal.groups.models import Group, GroupSession
from portal.groups.rules import Plan
from portal.groups.service import About
from portal.groups.session_service import Change
from portal.languages import LANGUAGES
from portal.web.forms import Choice, Choices, Day, Form, Hidden, LongText, Number, Several, Text, Tick, Time

OPEN, STAFF = "open", "staff"
ABOUT_MAX = 300


class AboutForm(Form):
    """What a group is."""

    title = Choice(_l("Vad heter gruppen?"), choices=list(words.TITLES.items()))
    own_title = Text(
        _l("Eget namn"), required=False, max=60, hint=_l("Skriv på lätt svenska. Namnet översätts.")
    )
    about = LongText(
        _l("Vad är gruppen, i en mening?"),
        required=False,
        max=ABOUT_MAX,
        hint=_l("Skriv på lätt svenska. Meningen översätts."),
    )
    languages = Several(
        _l("Språk i gruppen"),
        choices=[(code, one.name) for code, one in LANGUAGES.items()],
        needed=_l("Välj minst ett språk."),
    )
    mode = Choices(_l("Hur ses ni?"), choices=list(words.MODES.items()))
    place = Text(_l("Plats, eller länk till videomötet"), required=False)
    capacity = Number(_l("Antal platser"), min=1, max=rules.MOST_SEATS)
    sign_up = Choices(
        _l("Vem får gå med?"),
        choices=[(OPEN, _l("Alla deltagare i teamet")), (STAFF, _l("Bara de som personalen lägger till"))],
    )
    offer_hours = Number(
        _l("Timmar att svara på en ledig plats"),
        min=1,
        max=rules.MOST_OFFER_HOURS,
        hint=_l("Tiden räknas från när meddelandet får skickas. Den tar aldrig slut på natten."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A name of one's own has words."""
        good = super().validate(extra_validators)
        if self.title.data == rules.OWN and not self.own_title.data:
            self.own_title.errors = [_("Skriv vad gruppen heter.")]
            return False
        return good

    def told(self) -> About:
        """What was filled in. Only after `validate`."""
        return About(
            title=self.title.data,
            own_title=self.own_title.data or "",
            about=self.about.data or "",
            languages=tuple(code for code in LANGUAGES if code in (self.languages.data or ())),
            mode=self.mode.data,
            place=self.place.data or "",
            capacity=self.capacity.data or 1,
            is_open=self.sign_up.data == OPEN,
            offer_hours=self.offer_hours.data or rules.OFFER_HOURS,
        )

    @classmethod
    def of(cls, group: Group) -> "AboutForm":
        """The form with what stands."""
        names = ("title", "own_title", "about", "languages", "mode", "place", "capacity", "offer_hours")
        data = {name: getattr(group, name) for name in names}
        return cls(formdata=None, data=data | {"sign_up": OPEN if group.is_open else STAFF})


class GroupForm(AboutForm):
    """A new group with its days. `shown`: the days that the page has shown; `day`: those that are chosen."""

    key = Hidden()
    shown = Hidden()
    team = Choice(_l("Team"))
    leader = Choice(_l("Vem leder gruppen?"))
    second = Choice(_l("Vem leder den också?"), required=False, default="")
    first_day = Day(_l("Första dagen"))
    starts = Time(_l("Börjar"))
    ends = Time(_l("Slutar"))
    weekdays = Several(
        _l("Veckodagar"),
        choices=[(str(number), word) for number, word in enumerate(words.WEEKDAYS)],
        hint=_l("Ingen vald: samma veckodag som den första dagen."),
    )
    weeks = Number(_l("Antal veckor"), min=1, max=rules.MOST_WEEKS)

    @classmethod
    def fresh(cls, me: uuid.UUID) -> "GroupForm":
        """An empty form."""
        return cls(
            formdata=None,
            data={
                "key": str(uuid.uuid4()),
                "languages": ["sv"],
                "capacity": 12,
                "weeks": 4,
                "offer_hours": rules.OFFER_HOURS,
                "sign_up": OPEN,
                "mode": "on_site",
                "leader": str(me),
            },
        )

    def offer(self, teams: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]]) -> "GroupForm":
        """Fill in the menus."""
        people = list(people)
        self.team.choices = list(teams)
        self.leader.choices = people
        self.second.choices = [("", _("Ingen")), *people]
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """It ends after it begins, and its first day is one that somebody can mean."""
        good = super().validate(extra_validators)
        if self.starts.data and self.ends.data and self.ends.data <= self.starts.data:
            self.ends.errors = [_("Slutet måste vara efter början.")]
            return False
        return good

    def plan(self) -> Plan:
        """When it meets. Only after `validate`."""
        chosen = frozenset(int(number) for number in self.weekdays.data or ())
        first, starts, ends = self.first_day.data, self.starts.data, self.ends.data
        if first is None or starts is None or ends is None:
            raise ValueError("the form has not been validated")
        return Plan(first, starts, ends, chosen or frozenset({first.weekday()}), self.weeks.data or 1)

    def leaders(self) -> list[uuid.UUID]:
        """Who leads it, each once."""
        return [uuid.UUID(one) for one in dict.fromkeys((self.leader.data, self.second.data)) if one]

    def made_by(self) -> uuid.UUID:
        """The form's own key; a new one where it was lost."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return uuid.uuid4()


class SessionForm(Form):
    """Another time or place for one session."""

    seen = Hidden()
    day = Day(_l("Dag"))
    starts = Time(_l("Börjar"))
    ends = Time(_l("Slutar"))
    place = Text(_l("Plats, om den är en annan än gruppens"), required=False)
    anyway = Tick(_l("Flytta ändå"))

    @classmethod
    def of(cls, one: GroupSession, zone: ZoneInfo) -> "SessionForm":
        """The form with what stands."""
        starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        data = {
            "seen": str(one.revision),
            "day": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "place": one.place,
        }
        return cls(formdata=None, data=data)

    def change(self, now: datetime, zone: ZoneInfo) -> Change | None:
        """What was wished; None after an error, which stands beside the field. Only after `validate`."""
        day, begins, stops = self.day.data, self.starts.data, self.ends.data
        if day is None or begins is None or stops is None:
            raise ValueError("the form has not been validated")
        starts, ends = instant(day, begins, zone), instant(day, stops, zone)
        if starts is None or ends is None or ends <= starts:
            self.ends.errors = [_("Slutet måste vara efter början.")]
            return None
        if not now < starts < now + rules.FARTHEST:
            self.day.errors = [_("Välj en tid som inte har varit, inom två år.")]
            return None
        return Change(Span(starts, ends), self.place.data or "")


def seen_revision(text: str | None) -> int:
    """The revision that the page showed; -1 for none that there is."""
    return int(text) if text and text.isdecimal() and len(text) < 9 else -1


def marks_of(sent: Any, parts: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """What the page showed and what was chosen, of each line that was sent."""
    found = {}
    for part in parts:
        was, mark = sent.get(f"was-{part}", ""), sent.get(f"mark-{part}", "")
        if was in rules.ATTENDANCE and mark in rules.ATTENDANCE:
            found[part] = (was, mark)
    return found
