"""What is filled in about a meeting of several, as values or as sentences beside the fields."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import ON_SITE
from portal.booking import rules as meetings
from portal.booking.forms import interpreter_choices, mode_choices, read_key
from portal.booking.network import rules
from portal.booking.network import staff_words as words
from portal.booking.network.party_queries import Gathering
from portal.booking.network.service import About, Guest, Plan
from portal.booking.room_words import room_choices
from portal.booking.time_service import Wish
from portal.interpreting.order_queries import Known
from portal.web.addresses import LONGEST_EMAIL, email_key
from portal.web.forms import (
    Choice,
    Choices,
    Form,
    Hidden,
    LongText,
    Number,
    Several,
    SharedForm,
    Text,
    Tick,
)

USUAL_MINUTES = 60
"""A network meeting takes an hour: longer than a talk of two."""


class PlanForm(Form):
    """Who must be there, and how they meet: before the times are shown, and once more with the chosen one."""

    at = Hidden()
    key = Hidden()
    kind = Choices(_l("Vad är det för möte?"), choices=list(words.KINDS.items()))
    staff = Several(_l("Vilka kollegor ska vara med?"))
    minutes = Number(_l("Längd i minuter"), min=10, max=480)
    mode = Choices(_l("Hur ses ni?"))
    room = Choice(_l("Rum"), required=False, hint=_l("Bara för möten på plats."))
    interpreter = Choice(_l("Tolk"), required=False)
    who = Choice(
        _l("Vem tolkar?"),
        required=False,
        hint=_l("Väljer du någon visas bara tider då den personen kan."),
    )

    def offer(
        self,
        modes: Sequence[str],
        rooms: Sequence[Room],
        colleagues: Mapping[uuid.UUID, str],
        known: Iterable[Known],
    ) -> None:
        """Fill in what can be chosen; what the house has none of is not asked about."""
        self.mode.choices = mode_choices(modes)
        self.staff.choices = [(str(one), name) for one, name in colleagues.items()]
        self.interpreter.choices = interpreter_choices()
        able = [one for one in known if not one.closed]
        self.who.choices = [("", _("Bestäms senare")), *((str(one.id), one.name) for one in able)]
        if not able:
            del self.who
        if rooms:
            self.room.choices = room_choices(rooms)
        else:
            del self.room

    def begin(self, language: str, modes: Sequence[str]) -> None:
        """What an empty form shows: the interpreter as usual, and the house's first way to meet."""
        self.kind.data, self.minutes.data, self.mode.data = rules.NETWORK, USUAL_MINUTES, modes[0]
        self.interpreter.data = language

    @property
    def length(self) -> timedelta:
        """How long the meeting is. Only after `validate`."""
        return timedelta(minutes=self.minutes.data or USUAL_MINUTES)

    @property
    def room_id(self) -> uuid.UUID | None:
        """The chosen room of a meeting on site. Only after `validate`."""
        chosen = self.room.data if "room" in self and self.mode.data == ON_SITE else ""
        return uuid.UUID(chosen) if chosen else None

    @property
    def plan(self) -> Plan:
        """Who is to be there. Only after `validate`."""
        who = self.who.data if "who" in self and self.interpreter.data else ""
        staff = tuple(uuid.UUID(one) for one in self.staff.data or ())
        return Plan(self.kind.data, staff, uuid.UUID(who) if who else None)

    def wish(self) -> Wish | None:
        """The chosen time with all the rest; None where no time is chosen. Only after `validate`."""
        at: datetime | None = meetings.read_start(self.at.data or "")
        if at is None:
            return None
        return Wish(
            starts_at=at,
            mode=self.mode.data,
            key=read_key(self.key.data),
            length=self.length,
            interpreter=self.interpreter.data or "",
            room=self.room_id,
        )


class AboutForm(SharedForm):
    """What the meeting is, who leads it, and what those who are invited read."""

    kind = Choices(_l("Vad är det för möte?"), choices=list(words.KINDS.items()))
    leader = Choice(_l("Vem leder mötet?"), required=False)
    reference = Text(
        _l("Vad gäller det?"),
        required=False,
        max=rules.REFERENCE_MAX,
        hint=_l(
            "Till exempel initialer, eller numret på ert ärende. Det står i e-posten, som andra kan läsa. "
            "Skriv inte personens namn."
        ),
    )
    agenda = LongText(
        _l("Dagordning"),
        required=False,
        max=rules.AGENDA_MAX,
        hint=_l(
            "En punkt på varje rad, på lätt svenska. Deltagaren och alla som är bjudna läser den. "
            "Skriv inget om hälsa."
        ),
    )

    @classmethod
    def of(cls, found: Gathering, coach: str, *, sent: bool = False) -> "AboutForm":
        """The form with what stands, marked; with `sent` as it came in."""
        form = cls() if sent else cls(formdata=None)
        leaders = [(str(one.id), one.name) for one in found.parties]
        form.leader.choices = [("", _("%(name)s, coach", name=coach)), *leaders]
        if not sent:
            form.kind.data, form.leader.data = found.kind, str(found.leader_id or "")
            form.reference.data, form.agenda.data = found.reference, found.agenda
            form.mark()
        return form

    @property
    def about(self) -> About:
        """The form as a value. Only after `validate`."""
        leader = self.leader.data or ""
        return About(
            self.kind.data,
            uuid.UUID(leader) if leader else None,
            self.reference.data or "",
            self.agenda.data or "",
        )


class ColleagueForm(Form):
    """One more colleague."""

    person = Choice(_l("Kollega"))

    def offer(self, colleagues: Mapping[uuid.UUID, str]) -> None:
        """Fill in who can be chosen."""
        self.person.choices = [(str(one), name) for one, name in colleagues.items()]


class GuestForm(Form):
    """Somebody from outside."""

    name = Text(_l("Namn"), max=80)
    organisation = Text(
        _l("Var arbetar personen?"),
        max=80,
        required=False,
        hint=_l("Till exempel vårdcentralen eller Arbetsförmedlingen."),
    )
    email = Text(_l("E-post"), max=LONGEST_EMAIL, inputmode="email")
    agreed = Tick(_l("Deltagaren har sagt ja till att vi bjuder in personen"))

    def validate_email(self, field: Any) -> None:
        """It must be an address."""
        if not email_key(field.data or ""):
            raise ValidationError(_("Det är ingen e-postadress. Skriv så här: namn@kommun.se."))

    def validate_agreed(self, field: Any) -> None:
        """Nobody is told of a participant whom they have not wanted there."""
        if not field.data:
            raise ValidationError(_("Fråga deltagaren först. Kryssa i rutan när deltagaren har sagt ja."))

    @property
    def guest(self) -> Guest:
        """The form as a value. Only after `validate`."""
        return Guest(self.name.data or "", self.organisation.data or "", (self.email.data or "").strip())
