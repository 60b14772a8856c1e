"""What a person answers on one screen of an audit, and what travels along."""

from flask_babel import gettext as _

from portal.user_audit.draft_rules import TEXT_MAX
from portal.user_audit.queries import Question
from portal.web.forms import Form, Hidden, LongText, Text

BACK, SKIP, GO_TO, NEXT = "back", "skip", "to", "next"


class StepForm(Form):
    """One question: a code or words, and which button was pressed. `answers` is the sealed form so far."""

    answers = Hidden()
    number = Hidden()
    act = Text(required=False, max=10)
    value = Text(required=False, max=20)
    words = LongText(required=False, max=TEXT_MAX)

    def at(self, questions: int) -> int | None:
        """Which question was answered, from 1; None when it is none of these."""
        typed = self.number.data or ""
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
        return number if 1 <= number <= questions else None

    @property
    def pressed(self) -> str:
        """Which button: an answer goes on to the next question."""
        return self.act.data if self.act.data in (BACK, SKIP, GO_TO) else NEXT

    def given(self, question: Question) -> str | None:
        """The answer, "" for none in words; None and an error beside the field when it cannot be taken."""
        if not self.validate():
            return None
        if question.is_text:
            return self.words.data or ""
        if self.value.data in {option.code for option in question.options}:
            return self.value.data
        self.value.errors = [_("Svara först, eller tryck på Hoppa över.")]
        return None
