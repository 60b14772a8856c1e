"""Form fields whose messages are plain words beside the field, and which keep what was typed.

They are WTForms' own fields with our messages, our limits and one cleaning of text: spaces at the
ends and what nobody sees go, characters are composed (NFC), and control characters are refused with a
sentence (`signs`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms import TextAreaField as AreaField
from wtforms.fields.core import Field
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from portal.crypto import code_hash
from portal.web.signs import clean, has_controls, one_line, without_controls

TEXT_MAX, LONG_MAX = 200, 2000
CHOOSE = _l("Välj ett svar.")


class Form(FlaskForm):
    """The base of our forms: a CSRF token, and texts cleaned as they come in."""

    class Meta(DefaultMeta):
        """What a form reads."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was given, None for nothing; else the fields that were sent.

            Never files nor JSON, which Flask-WTF would mix in: a field expects text, and they bring anything.
            """
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return request.form if form.is_submitted() else None

    def process(self, *sources: Any, **more: Any) -> None:
        """Read what was sent. What a field gives back must itself be a page that a browser can read."""
        super().process(*sources, **more)
        for field in self:
            if field.raw_data:
                field.raw_data = [
                    without_controls(sent) if isinstance(sent, str) else sent for sent in field.raw_data
                ]

    def differing(self, stored: "Form") -> list[str]:
        """Names of the fields, hidden ones aside, that hold something else in `stored`, the same form."""
        return [
            field.name
            for field in self
            if not isinstance(field, HiddenField) and _value(field) != _value(stored[field.name])
        ]

    def tell_others(self, stored: "Form") -> None:
        """Somebody saved while this was typed: say beside each field what stands there now in `stored`."""
        self.form_errors = [
            _("Någon annan har sparat medan du skrev. Det du skrev står kvar."),
            _("Läs igenom, och spara igen om allt stämmer."),
        ]
        for name in self.differing(stored):
            self[name].errors = [_("Nu står det: %(words)s.", words=_in_words(stored[name]))]


class Hidden(HiddenField):
    """A value that the page carries. It decides nothing about who owns what (S3)."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = without_controls(valuelist[0])


class SharedForm(Form):
    """A form about something that several people change: it carries a mark of what it showed."""

    seen = Hidden()

    def mark(self) -> None:
        """Remember what is filled in now. Call it once everything is."""
        shown = [(field.name, _value(field)) for field in self if not isinstance(field, HiddenField)]
        self.seen.data = code_hash(repr(shown), "seen").hex()[:16]

    def overtaken(self, stored: "SharedForm") -> bool:
        """Whether somebody saved something else meanwhile; then says so beside the fields.

        `stored` is the same form, filled with what stands now, and marked. The same again is no clash: a
        form that is sent twice is saved once.
        """
        if self.seen.data == stored.seen.data or not self.differing(stored):
            return False
        self.tell_others(stored)
        self.seen.data = stored.seen.data
        return True


def _value(field: Field) -> Any:
    """What a field holds, to be compared: nothing is nothing, and several have no order."""
    value = field.data
    if isinstance(value, list):
        return sorted(map(str, value)) or None
    return None if value is False or value == "" else value


def _in_words(field: Any) -> str:
    """What a field holds, as a person reads it."""
    value = field.data
    if isinstance(field, BooleanField):
        return _("ja") if value else _("nej")
    if value in (None, "", []):
        return _("ingenting")
    if isinstance(field, SelectField):
        chosen = {str(one) for one in value} if isinstance(value, list) else {str(value)}
        return ", ".join(str(words) for code, words, *_rest in field.iter_choices() if str(code) in chosen)
    # Points are kept in tenths: the field itself knows how they are written.
    numeric = isinstance(field, IntegerField)
    return str(field._value() if numeric else value)


def moment(text: str) -> datetime | None:
    """The moment that a page carries of its own making, in UTC; None when it is none."""
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


class Needed:
    """The field must have something in it."""

    field_flags = {"required": True}

    def __init__(self, message: str | None = None) -> None:
        self._message = message

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is None or field.data == "":
            if field.errors:
                raise StopValidation()
            raise StopValidation(self._message or _("Fyll i det här."))


class Plain:
    """Text of at most `longest` characters without control characters."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def __call__(self, form: Any, field: Field) -> None:
        text = field.data or ""
        if has_controls(text):
            # What comes back must itself be a page that a browser can read.
            field.data = without_controls(text)
            raise StopValidation(_("Texten har ett tecken som vi inte kan spara. Skriv om den delen."))
        if len(text) > self._longest:
            raise StopValidation(
                _(
                    "Texten är för lång. Skriv högst %(longest)s tecken. Nu är det %(length)s.",
                    longest=self._longest,
                    length=len(text),
                )
            )


def _checks(required: bool, *more: Any, message: str | None = None) -> list[Any]:
    return [*([Needed(message)] if required else []), *more]


class Text(StringField):
    """One line of text. `autocomplete` and `inputmode` help the phone's keyboard."""

    def __init__(
        self,
        label: Any = None,
        *,
        max: int = TEXT_MAX,
        required: bool = True,
        message: str | None = None,
        hint: Any = "",
        autocomplete: str = "off",
        inputmode: str = "text",
        **more: Any,
    ) -> None:
        attributes = {"autocomplete": autocomplete, "inputmode": inputmode}
        checks = [*_checks(required, Plain(max), message=message), *more.pop("validators", [])]
        super().__init__(label, checks, description=hint, render_kw=attributes, **more)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = one_line(valuelist[0]) if valuelist else ""


class Phone(Text):
    """A phone number as people type it; the room that takes it decides whether it is one."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, max=40, autocomplete="tel", inputmode="tel", **more)


class LongText(AreaField):
    """Several lines of text."""

    def __init__(
        self, label: Any = None, *, max: int = LONG_MAX, required: bool = True, hint: Any = "", **more: Any
    ) -> None:
        checks = [*_checks(required, Plain(max)), *more.pop("validators", [])]
        super().__init__(label, checks, description=hint, render_kw={"rows": "4"}, **more)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""


def _digits(text: str) -> str:
    """The text with every script's digits as 0–9."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in clean(text))


class Number(IntegerField):
    """A whole number from `min` to `max`, typed in any script's digits."""

    def __init__(
        self, label: Any = None, *, min: int, max: int, required: bool = True, hint: Any = "", **more: Any
    ) -> None:
        self._min, self._max = min, max
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label, _checks(required), description=hint, render_kw=attributes, **more)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = _digits(valuelist[0]) if valuelist else ""
        if not typed:
            self.data = None
            return
        whole = re.fullmatch(r"-?[0-9]{1,9}", typed)
        if whole is None or not self._min <= int(typed) <= self._max:
            self.data = None
            raise ValueError(_("Skriv ett tal från %(min)s till %(max)s.", min=self._min, max=self._max))
        self.data = int(typed)


class _Moment(DateTimeField):
    """What is read by patterns: typed in any script's digits, empty is nothing, else refused with `wrong`."""

    patterns: tuple[str, ...]
    wrong: Any

    def __init__(self, label: Any = None, *, required: bool = True, hint: Any = "", **more: Any) -> None:
        super().__init__(label, _checks(required), format=list(self.patterns), description=hint, **more)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = _digits(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            super().process_formdata([typed])
        except ValueError:
            self.data = None
            raise ValueError(str(self.wrong)) from None


class Day(_Moment, DateField):
    """A date: the browser's own picker, or typed as 2026-11-24, 24/11 2026 or 24.11.2026."""

    patterns = ("%Y-%m-%d", "%d/%m %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d")
    wrong = _l("Det datumet finns inte. Skriv så här: 2026-11-24.")


_HOUR = re.compile(r"\d{1,2}")


class Time(_Moment, TimeField):
    """A time on the clock: 13:00, 13.00, 1300 or 13."""

    patterns = ("%H:%M", "%H.%M", "%H%M", "%H:%M:%S")
    wrong = _l("Den tiden finns inte. Skriv så här: 13.00.")

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        # An hour alone is that hour: by %H%M "12" is two minutes past one.
        typed = valuelist[0].strip() if valuelist else ""
        super().process_formdata([f"{typed}.00" if _HOUR.fullmatch(typed) else typed])


class _OneOf(SelectField):
    """A choice among (value, words); what is not in the list is refused in our own words."""

    def __init__(
        self,
        label: Any = None,
        *,
        choices: Iterable[tuple[Any, Any]] = (),
        required: bool = True,
        hint: Any = "",
        **more: Any,
    ) -> None:
        super().__init__(label, _checks(required, message=CHOOSE), description=hint, **more)
        self.choices = list(choices)

    def pre_validate(self, form: Any) -> None:
        allowed = {str(value) for value, *_rest in self.iter_choices()}
        if self.data is None or str(self.data) in ("", "None"):
            return
        if str(self.data) not in allowed:
            raise StopValidation(_("Välj något i listan."))


class Choice(_OneOf):
    """One of a list, as a menu. `choices` is a list of (value, words)."""


class Choices(_OneOf, RadioField):
    """One of a few, all visible. `choices` is a list of (value, words)."""


class SomeChosen:
    """At least one of several must be chosen."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self._message = message

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data and not field.errors:
            raise StopValidation(str(self._message))


class Several(SelectMultipleField):
    """Any number of a few, all visible, each a box to tick. `needed`: what to say when none is."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self,
        label: Any = None,
        *,
        choices: Iterable[tuple[Any, Any]] = (),
        needed: Any = None,
        hint: Any = "",
        **more: Any,
    ) -> None:
        super().__init__(label, [SomeChosen(needed)] if needed else [], description=hint, **more)
        self.choices = list(choices)

    def pre_validate(self, form: Any) -> None:
        allowed = {str(value) for value, *_rest in self.iter_choices()}
        if {str(value) for value in self.data or ()} - allowed:
            raise StopValidation(_("Välj något i listan."))


class Tick(BooleanField):
    """Yes or nothing."""

    def __init__(self, label: Any = None, *, hint: Any = "", **more: Any) -> None:
        super().__init__(label, description=hint, **more)
