"""What a person answers on one screen of a check-in, its sending, and what staff type from paper."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.fields.core import Field

from portal.instruments.forms import Points, why_not
from portal.instruments.rules import LineValueError, read_value
from portal.instruments.step_forms import Act, StepForm
from portal.web.forms import Day, Form, Hidden, LongText, SharedForm, Text, Tick

REASON_MAX = 200


@dataclass(frozen=True)
class LineAnswer:
    """What was pressed, and the place on the line in tenths (None: nothing that is one)."""

    act: Act
    tenths: int | None


class LineForm(StepForm):
    """One line: a number from 0 to 10, with at most one decimal."""

    value = Text(required=False)

    def __init__(self, *, answered: bool = False, typed: str = "") -> None:
        """`answered`: something stands here already, so that nothing new may be given."""
        super().__init__(data={"value": typed})
        self._answered = answered

    def validate_value(self, field: Field) -> None:
        """Refuse what is not on the line, when one wants to go on with it."""
        if self.pressed != "next" or (self._answered and not field.data):
            return
        try:
            read_value(field.data or "")
        except LineValueError as refused:
            raise ValidationError(_why(refused.reason)) from None

    def answer(self) -> LineAnswer:
        """What to do. Call it when the form is valid."""
        try:
            return LineAnswer(self.pressed, read_value(self.value.data or ""))
        except LineValueError:
            return LineAnswer(self.pressed, None)


def _why(reason: str) -> str:
    return _("Svara först, eller tryck på Hoppa över.") if reason == "empty" else why_not(reason)


class PageLineForm(Form):
    """One line among the others on one page: a number, or nothing."""

    value = Text(required=False)

    def __init__(self, number: int, *, typed: str) -> None:
        """`typed`: what stands there, as far as it may be read back."""
        # The page has one token for all its lines.
        super().__init__(prefix=f"line{number}-", data={"value": typed}, meta={"csrf": False})
        self._stood = typed

    def validate_value(self, field: Field) -> None:
        """Refuse what is not on the line; an empty one waits, and is passed over when all is sent."""
        if not field.data:
            return
        try:
            read_value(field.data)
        except LineValueError as refused:
            raise ValidationError(_why(refused.reason)) from None

    @property
    def given(self) -> bool:
        """Whether anything is to be stored: an answer, or one that was taken away."""
        return bool(self.value.data or self._stood)

    @property
    def tenths(self) -> int | None:
        """The place on the line, None for an answer that was taken away. Call it when the form is valid."""
        return read_value(self.value.data) if self.value.data else None


class PageCommentForm(Form):
    """The free answer under all the lines."""

    comment = LongText(required=False)


class CommentForm(StepForm):
    """The free answer after the lines."""

    comment = LongText(required=False)


class LinesForm(Form):
    """The four numbers of a paper form.

    An empty line is taken only when somebody says that it is empty on the paper too: Enter too early
    stores nothing.
    """

    line_1 = Points(required=False)
    line_2 = Points(required=False)
    line_3 = Points(required=False)
    line_4 = Points(required=False)
    missing = Tick(_l("En rad är tom på papperet också"), hint=_l("Då blir det ingen summa."))

    @property
    def boxes(self) -> tuple[Points, ...]:
        """The four boxes."""
        return self.line_1, self.line_2, self.line_3, self.line_4

    def numbers(self) -> tuple[int | None, ...]:
        """What stands on each line, in tenths. Only after `validate`."""
        return tuple(box.data for box in self.boxes)

    def validate_missing(self, field: Field) -> None:
        """Ask before a line is left out; four empty ones are no form at all."""
        empty = [box for box in self.boxes if box.data is None and not box.errors]
        if len(empty) == len(self.boxes):
            raise ValidationError(_("Skriv minst ett tal."))
        if empty and not field.data:
            for box in empty:
                box.errors = [_("Den här raden är tom.")]
            raise ValidationError(_("Skriv talet, eller kryssa i att raden är tom på papperet."))


class PaperForm(LinesForm):
    """The numbers and their day. `key` is the form's own, so that twice is once.

    `first` is asked for when the day is before the first form there is.
    """

    day = Day(_l("Dag"))
    first = Tick(_l("Ja, det här papperet är det första"))
    key = Hidden()
    meeting = Hidden()

    def ids(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        """The form's own key, and the meeting it was opened from where there is one."""
        return _id(self.key.data) or uuid.uuid4(), _id(self.meeting.data)


class CorrectForm(LinesForm, SharedForm):
    """Other numbers in the place of those that were typed, and why.

    `first` is asked for when another form would be the first by them.
    """

    reason = Text(_l("Varför ändrar du?"), max=REASON_MAX, hint=_l("Till exempel: jag skrev fel."))
    first = Tick(_l("Ja, en annan blir den första"))

    @classmethod
    def of(cls, values: Sequence[int | None]) -> "CorrectForm":
        """The form with what stands now."""
        form = cls(formdata=None)
        for box, tenths in zip(form.boxes, values, strict=True):
            box.data = tenths
        form.missing.data = None in values
        form.mark()
        return form


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
