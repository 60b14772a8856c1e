"""What people send about meetings, turned into wishes or into a sentence beside the field."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import ON_SITE
from portal.availability.rules import FreeTime, Span, instant
from portal.booking import rules, words
from portal.booking.back_rules import page_of
from portal.booking.room_words import room_choices
from portal.booking.shown_queries import Meeting
from portal.booking.time_service import Wish
from portal.interpreting.order_forms import OrderFields
from portal.languages import SWEDISH
from portal.web.forms import Choice, Choices, Day, Form, Hidden, LongText, Number, Text, Tick, Time
from portal.web.spoken import SPOKEN

REASON_MAX = 500
FARTHEST = timedelta(days=730)
"""Staff book at most two years ahead: a later day is a slip of the finger."""


def mode_choices(modes: Sequence[str]) -> list[tuple[str, str]]:
    """The ways to meet, with their words."""
    return [(mode, str(words.MODE[mode])) for mode in modes if mode in words.MODE]


def interpreter_choices() -> list[tuple[str, str]]:
    """No interpreter, or one of each language, as the page's language calls them and orders them."""
    spoken = sorted(((code, _(word)) for code, word in SPOKEN.items()), key=lambda one: one[1].casefold())
    return [("", _("Ingen tolk")), *spoken]


class InterpreterForm(OrderFields):
    """Whether an interpreter is to be at a meeting, of which language, and what else is wished of them."""

    language = Choice(_l("Tolk på mötet"), required=False)

    def offer(self, standing: str, own: str) -> None:
        """Fill in the languages: what stands is chosen, else the participant's `own`."""
        self.language.choices = interpreter_choices()
        if not self.is_submitted():
            self.language.data = standing or (own if own != SWEDISH.code else "")


def read_key(text: str | None) -> uuid.UUID:
    """The form's own key; a new one where it was lost."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.uuid4()


class StaffForm(Form):
    """What staff do with a meeting: the page to come back to, and the revision that they looked at."""

    back = Hidden()
    revision = Hidden()
    anyway = Hidden()

    @property
    def seen(self) -> int | None:
        """The revision that the page showed; None where it is not known."""
        text = self.revision.data or ""
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else None

    @property
    def back_to(self) -> str:
        """The address to come back to, "" for none."""
        return page_of(self.back.data or "")

    def overtaken(self, meeting: Meeting, sentences: Sequence[str]) -> None:
        """Say what has become of the meeting meanwhile; sent again it is about the meeting as it stands."""
        self.form_errors = [*sentences, _("Det du skrev står kvar. Skicka igen om det stämmer ändå.")]
        self.revision.data = str(meeting.revision)


class BookForm(Form):
    """A chosen time: how to meet, and the key that makes a second sending harmless."""

    at = Hidden()
    key = Hidden()
    mode = Choices(_l("Hur vill du ses?"))

    def offer(self, modes: Sequence[str]) -> None:
        """Fill in the ways to meet, the first one chosen until another is."""
        self.mode.choices = mode_choices(modes)
        if not self.mode.data or (self.mode.data not in modes and not self.is_submitted()):
            self.mode.data = modes[0]

    def starts_at(self) -> datetime | None:
        """The chosen time; None for nonsense."""
        return rules.read_start(self.at.data or "")

    def wish(self, starts_at: datetime) -> Wish:
        """What is wished for, once the form is valid."""
        return Wish(starts_at, self.mode.data, read_key(self.key.data))


class ReasonForm(Form):
    """Why a meeting is cancelled, from whoever wants to say."""

    reason = LongText(_l("Vill du säga varför?"), max=REASON_MAX, required=False)


class StaffReasonForm(StaffForm):
    """Why staff cancel; only staff read it."""

    reason = LongText(
        _l("Varför?"), max=REASON_MAX, required=False, hint=_l("Bara personalen ser det du skriver.")
    )


class StaffMeetingForm(StaffForm, OrderFields):
    """Any time that staff choose, in the organisation's wall time."""

    key = Hidden()
    day = Day(_l("Dag"))
    at = Time(_l("Tid"))
    minutes = Number(_l("Längd i minuter"), min=10, max=480)
    mode = Choices(_l("Hur ses ni?"))
    place = Text(
        _l("Plats, nummer eller länk"),
        required=False,
        hint=_l("Tomt: platsen där coachen är den tiden. Deltagaren ser det efter sin pinkod."),
    )
    room = Choice(
        _l("Rum"), required=False, hint=_l("Bara för möten på plats. Deltagaren ser rummets namn och plats.")
    )
    interpreter = Choice(_l("Tolk"), required=False, hint=_l("Deltagaren ser att en tolk ska vara med."))
    hidden = Tick(
        _l("Visa inte mötet i portalen"),
        hint=_l("Då skickas inget meddelande. Deltagaren ser inget spår av mötet."),
    )
    room_names: Mapping[str, str] = {}

    def offer(self, modes: Sequence[str]) -> None:
        """Fill in the ways to meet, and the languages of interpreters."""
        self.mode.choices = mode_choices(modes)
        self.interpreter.choices = interpreter_choices()
        if not self.mode.data:
            self.mode.data = modes[0]

    def offer_rooms(self, rooms: Sequence[Room]) -> None:
        """Fill in the rooms; where the house has none nobody is asked."""
        if not rooms:
            del self.room
            return
        self.room.choices = room_choices(rooms)
        self.room_names = {str(one.id): one.name for one in rooms}

    def prefer(self, chosen: FreeTime | None) -> None:
        """A free time's room is chosen, and its first way to meet, unless one of its ways is already."""
        if chosen is None:
            return
        if self.mode.data not in chosen.modes:
            self.mode.data = chosen.modes[0]
        if "room" in self and chosen.room is not None:
            self.room.data = str(chosen.room)

    def begin(self, span: Span, zone: ZoneInfo, *, empty: bool = False) -> None:
        """Show this length, and this time unless it is to be chosen, in an unsent form."""
        start = span.start.astimezone(zone)
        if not empty:
            self.day.data, self.at.data = start.date(), start.time()
        self.minutes.data = int((span.end - span.start).total_seconds() // 60)

    def begin_from(self, meeting: Meeting, zone: ZoneInfo, chosen: datetime | None) -> None:
        """Show how a meeting stands, at the chosen new time if there is one."""
        start = chosen or meeting.starts_at
        self.begin(Span(start, start + (meeting.ends_at - meeting.starts_at)), zone)
        self.mode.data, self.place.data = meeting.mode, "" if meeting.room_id else meeting.place
        if "room" in self:
            self.room.data = str(meeting.room_id or "")
        self.revision.data = str(meeting.revision)

    def wish(self, zone: ZoneInfo, now: datetime) -> Wish | None:
        """What is wished for; None with a sentence beside the field."""
        if not self.validate_on_submit():
            return None
        room = self._room()
        if room is not None and self.place.data:
            self.place.errors = [_("Rummet har sin egen plats. Töm rutan, eller välj Inget rum.")]
            return None
        day, at, minutes = self.day.data, self.at.data, self.minutes.data
        if day is None or at is None or minutes is None:
            return None
        if day > (now + FARTHEST).date():
            self.day.errors = [_("Välj en dag inom två år.")]
            return None
        starts_at = instant(day, at, zone)
        if starts_at is None:
            self.at.errors = [_("Den tiden finns inte den dagen, för klockan ställs om. Välj en annan tid.")]
            return None
        return Wish(
            starts_at=starts_at,
            mode=self.mode.data,
            key=read_key(self.key.data),
            place=self.place.data or "",
            length=timedelta(minutes=minutes),
            in_portal=not self.hidden.data,
            interpreter=self.interpreter.data or "",
            room=room,
            order=self.order_wish,
        )

    def _room(self) -> uuid.UUID | None:
        """The chosen room of a meeting on site. Only after `validate`."""
        chosen = self.room.data if "room" in self and self.mode.data == ON_SITE else ""
        return uuid.UUID(chosen) if chosen else None
