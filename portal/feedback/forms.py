"""What a person answers on one screen of a check-in, and the one button that sends it."""

import uuid
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.fields.core import Field

from portal.instruments.forms import why_not
from portal.instruments.rules import LineValueError, read_value
from portal.web.forms import Form, Hidden, LongText, Text, Tick

Act = Literal["next", "skip", "back"]
ACTS: dict[str, Act] = {"next": "next", "skip": "skip", "back": "back"}


@dataclass(frozen=True)
class LineAnswer:
    """What was pressed, and the place on the line in tenths (None: nothing that is one)."""

    act: Act
    tenths: int | None


class StepForm(Form):
    """A screen with three buttons; what was pressed is "next" unless it says otherwise."""

    act = Text(required=False, max=10)

    @property
    def pressed(self) -> Act:
        """Which of the three buttons."""
        return ACTS.get(self.act.data or "", "next")


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
    """One line among the others on one page: a number, or a tick to skip it."""

    value = Text(required=False)
    skip = Tick(_l("Hoppa över"))

    def __init__(self, number: int, *, answered: bool, typed: str, skipped: bool) -> None:
        """`answered`: something stands here already, so that nothing new may be given."""
        # The page has one token for all its lines.
        super().__init__(
            prefix=f"line{number}-", data={"value": typed, "skip": skipped}, meta={"csrf": False}
        )
        self._answered = answered

    def validate_value(self, field: Field) -> None:
        """An answer, or a skipping, and not both."""
        if not field.data and (self.skip.data or self._answered):
            return
        try:
            read_value(field.data or "")
        except LineValueError as refused:
            raise ValidationError(_why(refused.reason)) from None
        if self.skip.data:
            raise ValidationError(_("Du har både svarat och hoppat över. Välj ett av dem."))

    @property
    def given(self) -> bool:
        """Whether anything is to be stored."""
        return bool(self.skip.data or self.value.data)

    @property
    def tenths(self) -> int | None:
        """The place on the line, None when it is skipped. Call it when the form is valid."""
        return None if self.skip.data else read_value(self.value.data or "")


class PageCommentForm(Form):
    """The free answer under all the lines."""

    comment = LongText(required=False)


class CommentForm(StepForm):
    """The free answer after the lines."""

    comment = LongText(required=False)


class SendForm(Form):
    """The sending's own key, so that the same sending is stored once."""

    key = Hidden()

    def submission_key(self) -> uuid.UUID | None:
        """The key; None when it is not one."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return None
