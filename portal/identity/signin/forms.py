"""The forms of signing in: numbers and codes as people type them; secrets are not given back."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.fields.core import Field
from wtforms.validators import StopValidation

from portal.identity.signin import password_rules, pin_rules, rules, words
from portal.messaging import rules as numbers
from portal.messaging.words import phone_problem
from portal.web.forms import Form, Text

LONGEST_TYPED = 100
"""What is given back in a field, in characters."""
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20"}
PIN = {"autocomplete": "off", "inputmode": "numeric"}
NEW_PASSWORD = {"autocomplete": "new-password"}


def _without_controls(text: str) -> str:
    """The text without characters that nobody types, such as the marks that a copied number brings along."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).strip()


class Bare(StringField):
    """One line, as typed, whatever its script; the form decides what it means."""

    def __init__(self, label: Any, *, hint: Any = "", attributes: dict[str, str], **more: Any) -> None:
        super().__init__(label, description=hint, render_kw=attributes, **more)
        self.flags.required = True

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = _without_controls(valuelist[0])[:LONGEST_TYPED] if valuelist else ""


class Secret(PasswordField):
    """A secret: read as it is, never given back."""

    def __init__(self, label: Any, *, hint: Any = "", attributes: dict[str, str], **more: Any) -> None:
        super().__init__(label, description=hint, render_kw=attributes, **more)
        self.flags.required = True


def _read(field: Field, wanted: int, problems: dict[str, Any]) -> str:
    try:
        return rules.digits((field.data or "")[:LONGEST_TYPED], wanted)
    except rules.CodeError as wrong:
        raise StopValidation(str(problems[wrong.code])) from None


class PhoneForm(Form):
    """The first door: which number the code goes to. `number` is E.164 once the form is valid."""

    phone = Bare(
        _l("Ditt mobilnummer"),
        hint=_l("Numret som du har sagt till oss."),
        attributes={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    )

    def __init__(self, *, foreign: bool) -> None:
        super().__init__()
        self._foreign = foreign
        self.number = ""

    def validate_phone(self, field: Field) -> None:
        """Say what is wrong with a number that cannot get an SMS."""
        try:
            self.number = numbers.normalise(field.data or "", allow_foreign=self._foreign)
        except numbers.PhoneError as wrong:
            raise StopValidation(str(phone_problem(wrong))) from None


class CodeForm(Form):
    """The code from the SMS. `digits` holds it once the form is valid."""

    code = Bare(
        _l("Koden i SMS:et"),
        hint=_l("8 siffror, till exempel 1234 5678."),
        attributes=CODE,
    )
    digits = ""

    def validate_code(self, field: Field) -> None:
        """Read the digits."""
        self.digits = _read(field, rules.CODE_DIGITS, words.CODE_PROBLEMS)

    def reject(self, left: int) -> None:
        """Say that it is another code, and how many tries are left."""
        self.code.errors = [words.wrong_code(left)]


class PinForm(Form):
    """The second door. `digits` holds the PIN once the form is valid."""

    pin = Secret(_l("Din pinkod"), hint=_l("6 siffror."), attributes=PIN)
    digits = ""

    def validate_pin(self, field: Field) -> None:
        """Read the digits."""
        self.digits = _read(field, rules.PIN_DIGITS, words.PIN_PROBLEMS)

    def reject(self, left: int) -> None:
        """Say that it is another PIN, and how many tries are left."""
        self.pin.errors = [words.wrong_pin(left)]


class DeskForm(PinForm):
    """A code from the coach's screen together with one's PIN. `code_digits` holds the code."""

    code = Bare(_l("Koden från din coach"), hint=_l("8 siffror, till exempel 1234 5678."), attributes=CODE)
    pin = Secret(_l("Din pinkod"), hint=_l("6 siffror."), attributes=PIN)
    code_digits = ""

    def validate_code(self, field: Field) -> None:
        """Read the digits."""
        self.code_digits = _read(field, rules.CODE_DIGITS, words.DESK_PROBLEMS)

    def refuse(self) -> None:
        """Say that something does not fit, and not what: that would help somebody who guesses."""
        self.code.errors = [_("Det stämmer inte. Titta på koden och pinkoden igen, eller be om en ny kod.")]


class NewPinForm(PinForm):
    """A PIN chosen by its owner, twice."""

    pin = Secret(
        _l("Välj 6 siffror"),
        hint=_l("Inte din födelsedag. Inte 123456."),
        attributes=PIN,
    )
    pin_again = Secret(_l("Skriv samma siffror igen"), attributes=PIN)

    def __init__(self, *, phone: str) -> None:
        super().__init__()
        self._phone = phone

    def validate_pin(self, field: Field) -> None:
        """Read the digits, and refuse what others try first."""
        super().validate_pin(field)
        try:
            pin_rules.check(self.digits, phone=self._phone)
        except pin_rules.WeakPin as weak:
            raise StopValidation(str(words.WEAK_PINS[weak.code])) from None

    def validate_pin_again(self, field: Field) -> None:
        """The same digits once more."""
        if self.digits and _read(field, rules.PIN_DIGITS, words.PIN_PROBLEMS) != self.digits:
            raise StopValidation(_("Siffrorna är inte samma som i första rutan."))


class DeskNewPinForm(NewPinForm):
    """A code from the coach's screen together with a PIN that is chosen now, twice."""

    code = Bare(_l("Koden från din coach"), hint=_l("8 siffror, till exempel 1234 5678."), attributes=CODE)
    code_digits = ""

    def __init__(self) -> None:
        super().__init__(phone="")

    def validate_code(self, field: Field) -> None:
        """Read the digits."""
        self.code_digits = _read(field, rules.CODE_DIGITS, words.DESK_PROBLEMS)

    def guessable(self, phone: str) -> bool:
        """Whether the digits stand in their owner's number (E.164), which only the code makes known."""
        try:
            pin_rules.check(self.digits, phone=phone)
        except pin_rules.WeakPin as weak:
            self.pin.errors = [str(words.WEAK_PINS[weak.code])]
            return True
        return False

    def refuse(self) -> None:
        """Say that the code does not fit."""
        self.code.errors = [_("Koden stämmer inte. Titta på skärmen igen, eller be om en ny kod.")]


class StaffForm(Form):
    """How staff come in. `digits` holds the app's code once the form is valid."""

    email = Text(_l("E-post"), autocomplete="username", inputmode="email")
    password = Secret(_l("Lösenord"), attributes={"autocomplete": "current-password"})
    totp = Bare(
        _l("Kod från appen"),
        hint=_l("6 siffror som byts varje halv minut."),
        attributes=CODE,
    )
    digits = ""

    def reject(self) -> None:
        """Say that something does not fit, and not what: that would help somebody who guesses."""
        self.totp.errors = [_("E-post, lösenord eller kod stämmer inte. Vänta på en ny kod och försök igen.")]

    def validate_password(self, field: Field) -> None:
        """Something was typed."""
        if not field.data:
            raise StopValidation(_("Skriv ditt lösenord."))

    def validate_totp(self, field: Field) -> None:
        """Read the digits."""
        self.digits = _read(field, rules.TOTP_DIGITS, words.TOTP_PROBLEMS)


class PasswordForm(Form):
    """Another password for oneself."""

    password = Secret(_l("Lösenordet du har nu"), attributes={"autocomplete": "current-password"})
    new_password = Secret(
        _l("Nytt lösenord"),
        hint=_l("Minst 12 tecken. Fyra olika ord är lätta att minnas."),
        attributes=NEW_PASSWORD,
    )
    new_password_again = Secret(_l("Nytt lösenord igen"), attributes=NEW_PASSWORD)

    def __init__(self, *, email: str) -> None:
        super().__init__()
        self._email = email

    def reject(self) -> None:
        """Say that the password one has is another."""
        self.password.errors = [_("Det är inte lösenordet du har nu.")]

    def validate_new_password(self, field: Field) -> None:
        """Long enough, and none that others try first."""
        try:
            password_rules.check(field.data or "", email=self._email)
        except password_rules.WeakPassword as weak:
            raise StopValidation(str(words.PASSWORD_PROBLEMS[weak.code])) from None
        if field.data == self.password.data:
            raise StopValidation(str(words.PASSWORD_PROBLEMS["same"]))

    def validate_new_password_again(self, field: Field) -> None:
        """The same once more."""
        if field.data != self.new_password.data:
            raise StopValidation(_("Det är inte samma lösenord som i rutan ovanför."))
