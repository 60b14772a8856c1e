"""How somebody is told, and where and when: for themselves and for staff, who say it in other words."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.identity.signin import rules as codes
from portal.notices.rules import Hours
from portal.web.addresses import LONGEST_EMAIL, email_key
from portal.web.forms import Choice, Choices, Form, Text
from portal.web.words import current_language


class OfferedWays(Form):
    """The ways that are offered; a page gives `way` its label, and `words` of every way."""

    words: ClassVar[Mapping[str, LazyString]]
    way: Choices

    @classmethod
    def of(cls, way: str, offered: Iterable[str], *, sent: bool = False) -> Self:
        """The form with the way of now, or as it was `sent`."""
        form = cls() if sent else cls(formdata=None, data={"way": way})
        form.way.choices = [(one, words) for one, words in cls.words.items() if one in offered]
        return form


class Timings(Form):
    """When to be reminded of meetings; a page gives `timing` its label."""

    timing: Choices

    @classmethod
    def among(cls, choices: list[tuple[str, str]], **given: Any) -> Self:
        """The form with these to choose among."""
        form = cls(**given)
        form.timing.choices = choices
        return form


class AddressForm(Form):
    """Where to send e-mail. `address` holds it once the form is valid."""

    email = Text(_l("E-postadress"), max=LONGEST_EMAIL, inputmode="email", autocomplete="email")
    address = ""

    def validate_email(self, field: Any) -> None:
        """It must be an address, of letters that every mail server knows (RFC 5321)."""
        self.address = email_key(field.data or "")
        if not self.address.isascii():
            raise ValidationError(_("Vi kan inte skicka till en adress med å, ä, ö eller liknande."))
        if not self.address:
            raise ValidationError(_("Det är ingen e-postadress. Skriv så här: namn@exempel.se."))


class DigitsForm(Form):
    """The digits from the e-mail. `digits` holds them once the form is valid."""

    code = Text(
        _l("Koden i e-posten"),
        max=40,
        inputmode="numeric",
        autocomplete="one-time-code",
        hint=_l("6 siffror."),
    )
    digits = ""

    def validate_code(self, field: Any) -> None:
        """Read the digits."""
        try:
            self.digits = codes.digits(field.data or "", 6)
        except codes.CodeError:
            raise ValidationError(_("Koden är 6 siffror. Titta i e-posten, och skriv den igen.")) from None

    def other(self) -> None:
        """Say beside the field that it was another code."""
        self.code.errors = [_("Det var en annan kod. Titta i e-posten, och skriv den igen.")]


class HoursForm(Form):
    """Between which hours of the house's somebody wants to be written to."""

    earliest = Choice(_l("Skicka inget före klockan"))
    latest = Choice(_l("Skicka inget efter klockan"))
    house: Hours

    @classmethod
    def of(
        cls, house: Hours, earliest: int | None = None, latest: int | None = None, *, sent: bool = False
    ) -> "HoursForm":
        """The form with what is chosen now, or as it was `sent`."""
        own = house.narrowed(earliest, latest)
        form = cls() if sent else cls(formdata=None, data={"earliest": own.earliest, "latest": own.latest})
        form.house = house
        form.earliest.choices = [(str(one), clock(one)) for one in range(house.earliest, house.latest)]
        form.latest.choices = [(str(one), clock(one)) for one in range(house.earliest + 1, house.latest + 1)]
        return form

    def validate_latest(self, field: Any) -> None:
        """Something must be left of the day."""
        first = self.earliest.data or ""
        if first.isdecimal() and field.data.isdecimal() and int(first) >= int(field.data):
            raise ValidationError(_("Välj en senare tid här än i rutan före."))

    @property
    def chosen(self) -> tuple[int | None, int | None]:
        """The hours, None where they are the house's. Only after `validate`."""
        first, last = int(self.earliest.data), int(self.latest.data)
        house = self.house
        return first if first > house.earliest else None, last if last < house.latest else None


def clock(hour: int) -> str:
    """ "08.00" in Swedish, "08:00" elsewhere."""
    return f"{hour:02}.00" if current_language().code == "sv" else f"{hour:02}:00"
