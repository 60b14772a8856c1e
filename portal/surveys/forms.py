"""What is said on one screen of the survey, the one button that sends it, and what a lead leaves out."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.fields.core import Field

from portal.instruments import step_forms
from portal.surveys.figure_service import Leaving
from portal.surveys.sheet_queries import Step
from portal.web.forms import Choice, Choices, Form, LongText, Number

REASON_MAX = 500


class StepForm(step_forms.StepForm):
    """One screen: a choice or free words, and its buttons."""

    answer = Choices(required=False)
    words = LongText(required=False)

    @classmethod
    def at(cls, step: Step, *, filled: bool) -> "StepForm":
        """The form of a step; `filled`: with what stands there, as far as it may be read back."""
        stands = step.answer if filled and step.readable else ""
        form = cls(data={"answer": stands or None, "words": stands})
        form.step = step
        if step.question.options:
            del form.words
            form.answer.choices = [
                (key, step.words.get(key) or _("Jag vet inte")) for key in step.question.answers
            ]
        else:
            del form.answer
        return form

    step: Step

    @property
    def given(self) -> str:
        """What was chosen or written; "" for nothing."""
        return (self.answer.data if self.step.question.options else self.words.data) or ""

    def validate_answer(self, field: Field) -> None:
        """Something must be chosen to go on, unless something stands here already."""
        if self.pressed == "next" and not field.data and not self.step.handled:
            raise ValidationError(_("Svara först, eller tryck på Hoppa över."))

    def validate_words(self, field: Field) -> None:
        """Free words have the question's own limit."""
        length, longest = len(field.data or ""), self.step.question.longest
        if length > longest:
            raise ValidationError(
                _(
                    "Texten är för lång. Skriv högst %(longest)s tecken. Nu är det %(length)s.",
                    longest=longest,
                    length=length,
                )
            )


class LeaveOutForm(Form):
    """How many of one answer a lead leaves out of a printed figure, and why."""

    answer = Choice(_l("Vilket svar"))
    count = Number(_l("Hur många"), min=1, max=100_000)
    reason = LongText(
        _l("Varför"),
        max=REASON_MAX,
        hint=_l("Skälet står bredvid siffran, tillsammans med ditt namn. Skriv inget om en person."),
    )

    def leaving(self, version: int, question: str, period: str) -> Leaving:
        """What to leave out. Only after `validate`."""
        return Leaving(
            version,
            question,
            period,
            str(self.answer.data),
            int(self.count.data or 0),
            self.reason.data or "",
        )
