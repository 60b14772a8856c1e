"""A time to be kept free of meetings, as it is typed."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.availability.block_service import Wish
from portal.availability.rules import Span, instant
from portal.staff.week_words import WRONG
from portal.web.forms import Day, Form, Text, Time

WORDS_MAX = 80
"""Characters of one's own word: it stands in a narrow column."""


class BlockForm(Form):
    """The day, from when until when, and a word of one's own."""

    day = Day(_l("Dag"))
    start = Time(_l("Från"))
    end = Time(_l("Till"))
    words = Text(
        _l("Ditt eget ord"),
        required=False,
        max=WORDS_MAX,
        hint=_l("Till exempel kurs. Bara du och den som leder teamet ser det."),
    )

    def show(self, span: Span, zone: ZoneInfo, words: str = "") -> None:
        """Fill in an unsent form."""
        start, end = span.start.astimezone(zone), span.end.astimezone(zone)
        self.day.data, self.start.data, self.end.data = start.date(), start.time(), end.time()
        self.words.data = words

    def wish(self, zone: ZoneInfo) -> Wish | None:
        """What is wished for; None with a sentence beside the field."""
        if not self.validate_on_submit():
            return None
        day, start, end = self.day.data, self.start.data, self.end.data
        if day is None or start is None or end is None:
            return None
        if end <= start:
            self.end.errors = [_("Sluttiden måste vara efter starttiden.")]
            return None
        span = self._span(day, start, end, zone)
        return Wish(span, self.words.data or "") if span else None

    def blame(self, trouble: str) -> None:
        """Say beside the day what is wrong with the time."""
        self.day.errors = [str(WRONG[trouble])]

    def _span(self, day: date, start: time, end: time, zone: ZoneInfo) -> Span | None:
        moments: list[datetime] = []
        for field, at in ((self.start, start), (self.end, end)):
            moment = instant(day, at, zone)
            if moment is None:
                field.errors = [
                    _("Den tiden finns inte den dagen, för klockan ställs om. Välj en annan tid.")
                ]
                return None
            moments.append(moment)
        return Span(*moments)
