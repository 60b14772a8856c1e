"""Forms about interpreters and orders."""

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.identity.people.forms import read_phone
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_rules import NO_WISH, OrderWish
from portal.interpreting.order_words import GENDER, WAY, WISHED
from portal.interpreting.register_service import Facts
from portal.web.forms import Choice, Choices, Form, Phone, Several, Text, Tick
from portal.web.spoken import SPOKEN

NAME_MAX, WORDS_MAX = 120, 200


def spoken_choices() -> list[tuple[str, str]]:
    """Every language that an interpreter may be asked for, in the order of the page's language."""
    words = ((code, _(word)) for code, word in SPOKEN.items())
    return sorted(words, key=lambda one: one[1].casefold())


class OrderFields(Form):
    """What is wished of an interpreter beside the language; as is usual where nobody is asked."""

    dialect = Text(
        _l("Dialekt eller land"),
        max=WORDS_MAX,
        required=False,
        hint=_l("Till exempel: arabiska från Irak. Skriv inget om personen."),
    )
    gender = Choice(_l("Önskan om tolken"), choices=WISHED.items(), required=False)
    way = Choice(
        _l("Hur är tolken med?"),
        choices=[("", _l("Som ni andra")), *WAY.items()],
        required=False,
    )

    @property
    def order_wish(self) -> OrderWish | None:
        """What is wished; None where nobody was asked."""
        if self.gender.data is None:
            return None
        return OrderWish(self.dialect.data or "", self.gender.data or NO_WISH, self.way.data or "")

    def begin_wish(self, wish: OrderWish) -> None:
        """Show what was wished before, in an unsent form."""
        self.dialect.data, self.gender.data, self.way.data = wish.dialect, wish.gender, wish.way


class WishForm(Form):
    """Whom a participant would like to interpret for them."""

    gender = Choices(_l("Vem vill du ska tolka?"), choices=WISHED.items())
    dialect = Text(
        _l("Din dialekt, eller ditt land"),
        max=WORDS_MAX,
        required=False,
        hint=_l("Till exempel: arabiska från Irak."),
    )


class AgencyForm(Form):
    """An agency sends somebody."""

    agency = Text(_l("Förmedlingen"), max=NAME_MAX)
    reference = Text(_l("Förmedlingens nummer på beställningen"), max=NAME_MAX, required=False)

    @classmethod
    def of(cls, row: InterpreterOrder) -> "AgencyForm":
        """The form with what is known of an order."""
        return cls(formdata=None, data={"agency": row.agency, "reference": row.reference})


class InterpreterFactsForm(Form):
    """Somebody who interprets. `person` is asked about a new one alone."""

    person = Choice(
        _l("Någon i personalen"),
        required=False,
        hint=_l("Välj ingen om tolken kommer utifrån. Skriv då namnet."),
    )
    name = Text(_l("Tolkens namn"), max=NAME_MAX, required=False)
    phone = Phone(_l("Telefon"), required=False)
    agency = Text(_l("Förmedling"), max=NAME_MAX, required=False)
    languages = Several(_l("Språk"), needed=_l("Välj minst ett språk."))
    dialects = Text(_l("Dialekter eller länder"), max=WORDS_MAX, required=False)
    gender = Choices(_l("Kvinna eller man"), choices=GENDER.items(), required=False)
    on_site = Tick(_l("Kan komma till en plats"))
    by_phone = Tick(_l("Kan tolka på telefon"))

    def offer(self, staff: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Fill in the languages, and the staff who are not interpreters yet."""
        self.person.choices = [
            ("", _("Ingen, tolken kommer utifrån")),
            *((str(key), name) for key, name in staff),
        ]
        self.languages.choices = spoken_choices()

    def show(self, row: Interpreter, languages: Iterable[str]) -> None:
        """Show what is known, in an unsent form."""
        for name in ("name", "phone", "agency", "dialects", "gender", "on_site", "by_phone"):
            self[name].data = getattr(row, name)
        self.languages.data = list(languages)

    @property
    def person_id(self) -> uuid.UUID | None:
        """The member of staff who was chosen; None for somebody from outside."""
        return uuid.UUID(self.person.data) if self.person.data else None

    def facts(self, *, of_staff: bool) -> Facts | None:
        """What was filled in; None with a sentence beside the field that needs more."""
        if not self.validate_on_submit():
            return None
        if not of_staff and not self.name.data:
            self.name.errors = [_("Skriv tolkens namn, eller välj någon i personalen.")]
        if not (self.on_site.data or self.by_phone.data):
            self.on_site.errors = [_("Kryssa i minst ett sätt att tolka.")]
        phone = read_phone(self.phone, foreign=True)
        if self.errors:
            return None
        return Facts(
            languages=self.languages.data or (),
            on_site=bool(self.on_site.data),
            by_phone=bool(self.by_phone.data),
            name=self.name.data or "",
            phone=phone,
            agency=self.agency.data or "",
            dialects=self.dialects.data or "",
            gender=self.gender.data or "",
        )
