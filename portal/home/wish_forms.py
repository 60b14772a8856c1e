"""What time would fit, as it was chosen."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.availability.wish_rules import AFTERNOON, MORNING, WEEKDAYS, TimeWish
from portal.availability.words import WEEKDAYS as NAMES
from portal.booking.forms import mode_choices
from portal.web.forms import Choice, Form, Hidden, LongText, Several
from portal.wording.forms import WRITTEN_HINT, WRITTEN_LABEL, language_of, offer_languages

WORDS_MAX = 500


class TimeWishForm(Form):
    """Weekdays, half of the day, ways to meet, and words for what no box says."""

    moving = Hidden()
    days = Several(_l("Vilka dagar passar?"), choices=[(str(day), NAMES[day]) for day in WEEKDAYS])
    parts = Several(
        _l("Vilken tid på dagen?"),
        choices=[(MORNING, _l("På förmiddagen")), (AFTERNOON, _l("På eftermiddagen"))],
    )
    ways = Several(_l("Hur vill du ses?"))
    words = LongText(_l("Vill du säga något mer?"), max=WORDS_MAX, required=False)
    written = Choice(WRITTEN_LABEL, hint=WRITTEN_HINT)

    def offer(self, modes: Sequence[str], own: str) -> None:
        """Fill in the ways to meet, and ask for the language, the writer's own first."""
        self.ways.choices = mode_choices(modes)
        offer_languages(self, own, own)

    def begin(self, wish: TimeWish) -> None:
        """Show what was wished for already, for the same meeting unless another one is named."""
        if self.which is None:
            self.moving.data = str(wish.moving or "")
        self.days.data = [str(day) for day in wish.days]
        self.parts.data, self.ways.data = list(wish.parts), list(wish.ways)

    def wish(self) -> TimeWish | None:
        """What is wished for; None with a sentence beside a field."""
        if not self.validate_on_submit():
            return None
        days = tuple(int(day) for day in self.days.data or ())
        wish = TimeWish(days, tuple(self.parts.data or ()), tuple(self.ways.data or ()), self.which)
        if not wish:
            self.days.errors = [_("Välj minst en dag, en tid eller ett sätt att ses.")]
            return None
        return wish

    def language(self, own: str) -> str:
        """In which language the words are."""
        return language_of(self, self.words.data or "", own)

    @property
    def which(self) -> UUID | None:
        """The meeting that another time is wished for; None for a new one, and for nonsense."""
        try:
            return UUID(self.moving.data or "")
        except ValueError:
            return None
