"""Forms for settings: from what was typed to rules, crisis lines and words, or to a sentence beside it."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.languages import LANGUAGES
from portal.organisation import words
from portal.organisation.rules import CrisisLine, Rules
from portal.organisation.setting_rules import BOUNDS, PURPOSES
from portal.web.forms import Choice, Day, Form, Number, Several, Text, Tick

NAME_MAX, PHONE_MAX, WORD_MAX = 120, 40, 80
FEWEST_DIGITS = 3


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


class RulesForm(Form):
    """Every rule with a field of its own. Built from `words.RULES`, so that none is forgotten."""

    name = Text(_l("Organisationens namn"), max=NAME_MAX)
    phone = Ring(_l("Numret som deltagare ringer"))
    modes = Several(_l("Hur ses ni?"), choices=list(words.MODES.items()), needed=_l("Välj ett svar."))
    foreign_numbers = Tick(_l("Utländska nummer kan få SMS"))

    def show(self, rules: Rules) -> None:
        """Fill in what holds now."""
        for name in (*words.RULES, "foreign_numbers"):
            self[name].data = getattr(rules, name)
        self.modes.data = list(rules.modes)

    def rules(self, before: Rules) -> Rules:
        """The rules with what was filled in; the rest as before. Only after `validate`."""
        values = {name: self[name].data for name in (*words.RULES, "foreign_numbers")}
        for name, value in values.items():
            if value is None:
                values[name] = ""
        return replace(before, **values, modes=tuple(self.modes.data or ()))

    def blame(self, problems: dict[str, str]) -> None:
        """Put a sentence beside each setting that does not go with the others."""
        for name in problems:
            self[name].errors = [*self[name].errors, _("Det är längre än man kan boka framåt.")]


for _name, (_group, _label) in words.RULES.items():
    if _name in BOUNDS:
        setattr(RulesForm, _name, Number(_label, min=BOUNDS[_name][0], max=BOUNDS[_name][1]))
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


class WordForm(Form):
    """One word of a list in every language; Swedish is needed, the rest fall back on it."""

    retired = Tick(_l("Används inte längre"), hint=_l("De som har ordet nu behåller det."))

    def show(self, stored: dict[str, str]) -> None:
        """Fill in what is stored."""
        for code in LANGUAGES:
            self[f"word_{code}"].data = stored.get(code, "")

    def filled(self) -> dict[str, str]:
        """{language: word}, the empty ones left out. Only after `validate`."""
        typed = {code: self[f"word_{code}"].data or "" for code in LANGUAGES}
        return {code: word for code, word in typed.items() if word}


for _code, _language in LANGUAGES.items():
    setattr(WordForm, f"word_{_code}", Text(_language.name, max=WORD_MAX, required=_code == "sv"))
