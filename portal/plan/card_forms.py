"""What is written on the card of what helps somebody: chosen from our bank, or in own words."""

from uuid import UUID, uuid4, uuid5

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.plan.bank_rules import bank
from portal.plan.card_queries import CardRow
from portal.plan.card_rules import Entry
from portal.plan.forms import Versioned
from portal.web.forms import Choice, Form, Hidden, LongText, Several

WORDS_MAX = 200
"""Characters. A row is one sentence that somebody reads in passing."""


class AddForm(Form):
    """Several rows at once from the bank, and one in own words, with the same in Swedish where one likes."""

    key = Hidden()
    codes = Several(_l("Välj det som hjälper dig"))
    words = LongText(_l("Eller skriv med egna ord"), max=WORDS_MAX, required=False)
    swedish = LongText(
        _l("Samma sak på svenska"), max=WORDS_MAX, required=False, hint=_l("Då kan alla på jobbet läsa det.")
    )

    def validate_words(self, field: LongText) -> None:
        """Nothing chosen and nothing written is nothing to save."""
        if not (self.codes.data or field.data or (self.swedish.data or "")):
            raise ValidationError(_("Välj något i listan, eller skriv med egna ord."))

    def entries(self) -> list[tuple[UUID, Entry]]:
        """Each row with an id that the form decides: sent twice it is the same. Only after `validate`."""
        chosen = [Entry(code=code) for code in self.codes.data or ()]
        own = Entry(words=self.words.data or "", swedish=self.swedish.data or "")
        rows = chosen if own.empty else [*chosen, own]
        return [(uuid5(_key(self.key.data), repr(row)), row) for row in rows]


class RowForm(Versioned):
    """A row that stands on the card, in other words."""

    words = LongText(_l("Skriv med egna ord"), max=WORDS_MAX, required=False)
    swedish = LongText(
        _l("Samma sak på svenska"), max=WORDS_MAX, required=False, hint=_l("Då kan alla på jobbet läsa det.")
    )

    def validate_words(self, field: LongText) -> None:
        """A row that says nothing is taken off the card instead."""
        if not field.data and not self.swedish.data:
            raise ValidationError(_("Skriv något. Vill du inte ha raden kan du ta bort den."))

    def entry(self) -> Entry:
        """What was written. Only after `validate`."""
        return Entry(words=self.words.data or "", swedish=self.swedish.data or "")


class ProposeForm(Form):
    """What a coach proposes: a row of the bank, or a sentence in easy Swedish."""

    key = Hidden()
    code = Choice(_l("Välj ur listan"), required=False)
    swedish = LongText(
        _l("Eller skriv en mening"),
        max=WORDS_MAX,
        required=False,
        hint=_l("På lätt svenska, som deltagaren säger det."),
    )

    def validate_swedish(self, field: LongText) -> None:
        """One of the two, not both: they would be two rows."""
        if bool(field.data) == bool(self.code.data):
            raise ValidationError(_("Välj en rad i listan, eller skriv en mening."))

    def proposed(self) -> tuple[UUID, Entry]:
        """The row with the form's own id. Only after `validate`."""
        entry = Entry(code=self.code.data) if self.code.data else Entry(swedish=self.swedish.data or "")
        return _key(self.key.data), entry


def add_form(language: str) -> AddForm:
    """The participant's form. The page offers what is not on the card yet; sent twice, all of it is known."""
    form = AddForm(data={"key": str(uuid4())})
    form.codes.choices = [(one.code, one.text(language)) for one in bank().values()]
    return form


def row_form(row: CardRow, language: str) -> RowForm:
    """The form of a row, with what it says now; a row of the bank begins with its sentence."""
    if language == "sv":
        return RowForm(data={"version": row.version, "words": row.swedish})
    words, swedish = (row.own, row.swedish) if row.code else (row.words, row.swedish_words)
    return RowForm(data={"version": row.version, "words": words, "swedish": swedish})


def propose_form(language: str) -> ProposeForm:
    """The coach's form."""
    form = ProposeForm(data={"key": str(uuid4())})
    known = [(one.code, one.text(language)) for one in bank().values()]
    form.code.choices = [("", _("Inget ur listan")), *known]
    return form


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()
