"""The form of one wording: a text with fields, or sentences beside it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.notices import staff_words, template_rules
from portal.notices.template_queries import Desk
from portal.web.forms import LongText, SharedForm, Tick


class WordingForm(SharedForm):
    """One kind in one language. `kind` and `names` are set before it is validated."""

    text = LongText(_l("Er text"), max=template_rules.LONGEST, required=False)
    neutral = Tick(
        _l("Texten visar inte vem som skriver, och inte varför"),
        hint=_l("Kryssa bara om du är säker på att orden betyder något annat här."),
    )
    kind = ""
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, desk: Desk, text: str | None = None) -> "WordingForm":
        """The form with what is sent now, or with another text to be saved in its place."""
        form = cls(formdata=None, text=desk.now)
        form.mark()
        if text is not None:
            form.text.data = text
        return form

    @classmethod
    def sent(cls, desk: Desk, names: tuple[str, ...]) -> "WordingForm":
        """The form as it was sent, to be judged as a text of this kind."""
        form = cls()
        form.kind, form.names = desk.kind, names
        return form

    def wording(self) -> str:
        """What was typed, as it would be kept."""
        return template_rules.normal(self.text.data or "")

    def problems(self) -> list[str]:
        """Why it cannot be saved, each a sentence."""
        found = template_rules.problems(self.wording(), self.kind)
        return [staff_words.problem(one, self.kind) for one in found]

    def telling(self) -> tuple[str, ...]:
        """What in it may say who writes, or why."""
        return template_rules.telling(self.wording(), self.names)

    def overtaken(self, stored: SharedForm) -> bool:
        """Whether somebody saved another text meanwhile; the tick is of this visit alone."""
        stored["neutral"].data = self.neutral.data
        return super().overtaken(stored)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say beside the text what is wrong with it; what was typed stays."""
        if not super().validate(extra_validators):
            return False
        said = self.problems()
        words = self.telling()
        if words and not self.neutral.data:
            said.append(staff_words.telling(words))
        self.text.errors = said
        return not said

    def cheapen(self) -> None:
        """Put plain signs where there are costly ones."""
        self.text.data = template_rules.cheaper(self.wording())
        self.text.raw_data = None
