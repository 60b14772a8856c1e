"""Forms for settings: from what was typed to rules, crisis lines and words, or to a sentence beside it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from portal.languages import LANGUAGES, SWEDISH
from portal.organisation import reminder_rules, words
from portal.organisation.models import Choice as Word
from portal.organisation.models import Organisation
from portal.organisation.rules import FOLLOW_UP_MONTHS, CrisisLine, Rules
from portal.organisation.setting_rules import BOUNDS, MAY_BE_EMPTY, PURPOSES
from portal.web.forms import Choice, Day, Form, Number, Several, SharedForm, Text, Tick
from portal.web.words import current_language

NAME_MAX, PHONE_MAX, WORD_MAX = 120, 40, 80
FEWEST_DIGITS = 3
DOWN_TOTAL = 50
"""The highest total of our own check-ins, in points: a share of it says less to a person than points do."""


def _points(rules: Rules) -> tuple[int, int]:
    """What counts as a fall: of all questions together in tenths, of one in whole points.

    A total is whole tenths: the least fall that is told is the first one at or above the share.
    """
    share = round(rules.checkin_down_share * DOWN_TOTAL * 10, 6)
    return ceil(share), round(rules.checkin_down_line)


class Tenths(Number):
    """Points with at most one decimal, by comma or point, in any script's digits; kept in tenths.

    The box is of type text: type number swallows "6,3" before it is sent.
    """

    widget = TextInput()

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.render_kw = {**self.render_kw, "inputmode": "decimal"}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        written = "" if self.data is None else f"{self.data / 10:g}"
        return written.replace(".", ",") if current_language().code == SWEDISH.code else written

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        read = re.fullmatch(r"(\d{1,3})(?:[.,\u066b](\d))?", typed)
        tenths = int(read[1]) * 10 + int(read[2] or 0) if read else -1
        if not self._min * 10 <= tenths <= self._max * 10:
            raise ValueError(
                _(
                    "Skriv ett tal från %(min)s till %(max)s, med högst en siffra efter kommat.",
                    min=self._min,
                    max=self._max,
                )
            )
        self.data = tenths


class Ring(Text):
    """A number to ring, of any kind: three digits at least, kept as it was written."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, max=PHONE_MAX, inputmode="tel", **more)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Say so when it is no number."""
        text = self.data or ""
        signs = set(text) - set("0123456789 +-()/")
        if text and (signs or sum(sign.isdigit() for sign in text) < FEWEST_DIGITS):
            raise ValidationError(_("Det är inget telefonnummer. Skriv så här: 010-123 45 67."))


class RulesForm(SharedForm):
    """Every rule with a field of its own. Built from `words.RULES`, so that none is forgotten."""

    name = Text(_l("Organisationens namn"), max=NAME_MAX)
    phone = Ring(_l("Numret som deltagare ringer"))
    modes = Several(_l("Hur ses ni?"), choices=list(words.MODES.items()), needed=_l("Välj ett svar."))
    languages = Several(
        _l("Deltagarnas språk"),
        choices=[(one.code, one.name) for one in LANGUAGES.values()],
        hint=_l("Svenska finns alltid med. De som har ett språk nu behåller det."),
    )
    down_total = Tenths(
        _l("Säg till när summan av våra egna frågor har fallit så många poäng, av 50"), min=1, max=DOWN_TOTAL
    )
    down_line = Number(_l("Säg till när en fråga har fallit så många poäng, av 10"), min=1, max=10)

    reminder_steps = Several(
        _l("När man blir påmind om ett möte"),
        choices=list(words.STEPS.items()),
        needed=_l("Välj minst en tid."),
        hint=_l("Högst 3. Den som vill kan välja något annat för sig själv."),
    )
    follow_up_months = Several(
        _l("När ni frågar hur det går efter avslutet"),
        choices=[(str(month), _l("%(months)s månader", months=month)) for month in FOLLOW_UP_MONTHS],
        hint=_l("Bara den som har sagt ja. Ingen frågas när uppgifterna om personen har tagits bort."),
    )
    sms_provider = Choice(_l("Vem som skickar era SMS"), required=False, default="")

    @classmethod
    def given(cls, providers: Sequence[str], **more: Any) -> "RulesForm":
        """The form where these send SMS, the installation's own first: one of several can be chosen."""
        form = cls(**more)
        if len(providers) < 2:
            del form.sms_provider
            return form
        usual = _("Den vanliga: %(name)s", name=words.PROVIDERS[providers[0]])
        form.sms_provider.choices = [("", usual), *((one, words.PROVIDERS[one]) for one in providers)]
        return form

    @classmethod
    def of(cls, own: Organisation, providers: Sequence[str]) -> "RulesForm":
        """The form with what holds now."""
        form = cls.given(providers, formdata=None, name=own.name, phone=own.phone)
        if "sms_provider" in form and own.rules.sms_provider in providers:
            form.sms_provider.data = own.rules.sms_provider
        form.languages.data = own.spoken
        form.modes.data = list(own.rules.modes)
        form.follow_up_months.data = [str(month) for month in own.rules.follow_up_months]
        form.reminder_steps.data = list(own.rules.reminder_steps)
        for name in (*words.RULES, *words.TICKS):
            form[name].data = getattr(own.rules, name)
        form.down_total.data, form.down_line.data = _points(own.rules)
        form.mark()
        return form

    def validate_languages(self, field: Any) -> None:
        """Swedish is always among them."""
        field.data = [code for code in LANGUAGES if code == SWEDISH.code or code in field.data]

    def rules(self, before: Rules) -> Rules:
        """The rules with what was filled in; the rest as before. Only after `validate`."""
        values = {name: self[name].data for name in (*words.RULES, *words.TICKS)}
        if "sms_provider" in self:
            values["sms_provider"] = self.sms_provider.data
        for name, value in values.items():
            if value is None and name not in MAY_BE_EMPTY:
                values[name] = ""
        if (self.down_total.data, self.down_line.data) != _points(before):
            values["checkin_down_share"] = (self.down_total.data or 0) / (DOWN_TOTAL * 10)
            values["checkin_down_line"] = float(self.down_line.data or 0)
        steps = reminder_rules.in_order(self.reminder_steps.data or ())
        values["follow_up_months"] = tuple(sorted(int(month) for month in self.follow_up_months.data or ()))
        return replace(before, **values, modes=tuple(self.modes.data or ()), reminder_steps=steps)

    def blame(self, problems: dict[str, str]) -> None:
        """Put a sentence beside each setting that does not go with the others."""
        for name, code in problems.items():
            self[name].errors = [*self[name].errors, str(words.PROBLEMS[code])]


for _name, (_group, _label, _hint) in words.TICKS.items():
    setattr(RulesForm, _name, Tick(_label, hint=_hint))
for _name, (_group, _label) in words.RULES.items():
    if _name in BOUNDS:
        _least, _most = BOUNDS[_name]
        _hint = words.HINTS.get(_name, "")
        _needed = _name not in MAY_BE_EMPTY
        setattr(RulesForm, _name, Number(_label, min=_least, max=_most, required=_needed, hint=_hint))
    elif _name.endswith("_phone"):
        setattr(RulesForm, _name, Ring(_label, required=False))
    else:
        setattr(RulesForm, _name, Text(_label, max=NAME_MAX, required=False))


class LineForm(Form):
    """One crisis line. All three empty: no line."""

    purpose = Choice(
        _l("Vad linjen är till för"),
        choices=[("", "–"), *((code, words.PURPOSES[code]) for code in PURPOSES)],
    )
    name = Text(_l("Namn på linjen"), max=NAME_MAX)
    number = Ring(_l("Nummer"))

    def line(self) -> CrisisLine:
        """What was filled in. Only after `validate`."""
        return CrisisLine(self.purpose.data, self.name.data or "", self.number.data or "")


class CheckedForm(Form):
    """When somebody rang the lines, or read their own pages."""

    checked_on = Day(_l("Dag då numret kontrollerades"))


class WordForm(SharedForm):
    """One word of a list in every language; Swedish is needed, the rest fall back on it."""

    counts_as = Choice(
        _l("Hur rapporten räknar det"), choices=list(words.COUNTS_AS.items()), required=False, default=""
    )
    retired = Tick(_l("Används inte längre"), hint=_l("De som har ordet nu behåller det."))

    @classmethod
    def for_list(cls, kind: str, **given: Any) -> "WordForm":
        """The form for a word of this list: only an outcome says how it is counted."""
        form = cls(**given)
        if kind != "outcome":
            del form.counts_as
        return form

    @classmethod
    def of(cls, word: Word) -> "WordForm":
        """The form with what is stored."""
        form = cls.for_list(word.kind, formdata=None, retired=word.retired, counts_as=word.counts_as)
        for code in LANGUAGES:
            form[f"word_{code}"].data = word.words.get(code, "")
        form.mark()
        return form

    def filled(self) -> dict[str, str]:
        """{language: word}, the empty ones left out. Only after `validate`."""
        typed = {code: self[f"word_{code}"].data or "" for code in LANGUAGES}
        return {code: word for code, word in typed.items() if word}

    @property
    def counted(self) -> str:
        """How the word is counted. Only after `validate`."""
        return (self.counts_as.data or "") if "counts_as" in self else ""


for _code, _language in LANGUAGES.items():
    setattr(WordForm, f"word_{_code}", Text(_language.name, max=WORD_MAX, required=_code == "sv"))
