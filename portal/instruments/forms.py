"""Points typed by staff, and an organisation's choice of scales with the values they are judged by."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField
from wtforms.widgets import TextInput

from portal.instruments.rules import LINE_MAX, LineValueError, read_value, write_value
from portal.instruments.scale_rules import GROUP, SCALE_OF, reliable_change_of
from portal.organisation.rules import Rules
from portal.web.forms import Choices, Form, Needed, Number, SharedForm
from portal.web.words import current_language

HIGHEST = 400
"""The highest total of a scale with four lines, in tenths."""

TOTALS = (
    "ors_cut_off_adult",
    "ors_cut_off_youth",
    "srs_cut_off_adult",
    "srs_cut_off_youth",
    "gsrs_cut_off_adult",
    "gsrs_cut_off_youth",
)
CHANGES = ("reliable_change", "srs_slip")
WAYS = {
    "own": _l("Våra egna frågor, på mobilen"),
    "digital": _l("%(scale)s på mobilen"),
    "paper": _l("%(scale)s på papper. Ni skriver in talen"),
}
GROUP_WAYS = {"none": _l("Inget"), "digital": WAYS["digital"], "paper": WAYS["paper"]}
ASKED = {"before_with": SCALE_OF["before"], "after_with": SCALE_OF["after"], "group_with": GROUP}
"""Each choice of the form, with the scale that it is about."""


def why_not(reason: str, most: int = LINE_MAX) -> str:
    """What to say beside a number that cannot be one, by the reason of LineValueError."""
    return {
        "outside": _("Skriv ett tal från 0 till %(most)s.", most=most // 10),
        "decimals": _("Skriv högst en siffra efter kommat."),
    }.get(reason, _("Skriv ett tal, till exempel 7 eller 7,5."))


class Points(IntegerField):
    """Points with at most one decimal, by comma or point, in any script's digits; kept in tenths.

    The box is of type text: type number swallows "7,5" before it is sent.
    """

    widget = TextInput()

    def __init__(
        self,
        label: Any = None,
        *,
        most: int = LINE_MAX,
        least: int = 0,
        required: bool = True,
        hint: Any = "",
        **more: Any,
    ) -> None:
        self._most, self._least = most, least
        keys = {"inputmode": "decimal", "autocomplete": "off"}
        checks = [Needed()] if required else []
        super().__init__(label, checks, description=hint, render_kw=keys, **more)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        written = write_value(self.data)
        return written.replace(".", ",") if current_language().code == "sv" else written

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; nothing is nothing, else a sentence beside the field."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        try:
            tenths = read_value(typed, self._most)
        except LineValueError as refused:
            raise ValueError(why_not(refused.reason, self._most)) from None
        if tenths < self._least:
            raise ValueError(_("Det måste vara mer än 0."))
        self.data = tenths


class ScalesForm(SharedForm):
    """What is asked before and after a talk and after a group, and the values that scales are judged by."""

    before_with = Choices(_l("Före samtalet"))
    after_with = Choices(_l("Efter samtalet"))
    group_with = Choices(_l("Efter ett möte i en grupp"))
    ors_cut_off_adult = Points(_l("ORS, brytpunkt från 18 år"), most=HIGHEST, least=1)
    ors_cut_off_youth = Points(_l("ORS, brytpunkt 13–17 år"), most=HIGHEST, least=1)
    srs_cut_off_adult = Points(_l("SRS, brytpunkt från 18 år"), most=HIGHEST, least=1)
    srs_cut_off_youth = Points(_l("SRS, brytpunkt 13–17 år"), most=HIGHEST, least=1)
    reliable_change = Points(
        _l("Så många poäng är en tillförlitlig förändring"),
        most=HIGHEST,
        least=1,
        hint=_l("Oftast 5. En mindre skillnad kan vara en slump."),
    )
    no_change_talks = Number(_l("Säg till när ORS inte har ändrats på så många samtal"), min=1, max=20)
    gsrs_cut_off_adult = Points(_l("GSRS, brytpunkt från 18 år"), most=HIGHEST, least=1)
    gsrs_cut_off_youth = Points(_l("GSRS, brytpunkt 13–17 år"), most=HIGHEST, least=1)
    srs_slip = Points(_l("Säg till när SRS eller GSRS har fallit så många poäng"), most=HIGHEST, least=1)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for choice, scale in zip(self._choices(), ASKED.values(), strict=True):
            ways = GROUP_WAYS if scale == GROUP else WAYS
            choice.choices = [(way, str(words) % {"scale": scale.upper()}) for way, words in ways.items()]

    def _choices(self) -> tuple[Choices, ...]:
        return self.before_with, self.after_with, self.group_with

    @classmethod
    def of(cls, rules: Rules) -> "ScalesForm":
        """The form with what holds now."""
        form = cls(formdata=None, **{name: getattr(rules, name) for name in ASKED})
        for name in (*TOTALS, *CHANGES):
            form[name].data = round(getattr(rules, name) * 10)
        form.no_change_talks.data = rules.no_change_talks
        form.mark()
        return form

    def rules(self, before: Rules, now: datetime) -> Rules:
        """The rules with what was filled in; the rest as before. Only after `validate`.

        A scale after the talk that is taken into use now is missing only from now on.
        """
        begins = before.after_with == "own" != self.after_with.data
        points: dict[str, Any] = {name: (self[name].data or 0) / 10 for name in (*TOTALS, *CHANGES)}
        return replace(
            before,
            before_with=self.before_with.data,
            after_with=self.after_with.data,
            group_with=self.group_with.data,
            after_since=now.isoformat() if begins else before.after_since,
            no_change_talks=self.no_change_talks.data or 1,
            **points,
        )

    def may_send(self, sendable: Collection[str]) -> bool:
        """Whether each scale that is to be on the phone may be; else says so beside the choice."""
        refused = [
            name for name, scale in ASKED.items() if self[name].data == "digital" and scale not in sendable
        ]
        for name in refused:
            self[name].errors = [_not_sent(ASKED[name])]
        return not refused


def _not_sent(scale: str) -> str:
    name = scale.upper()
    if scale == GROUP:
        return _("%(scale)s får inte skickas till en mobil utan licens. Välj papper eller Inget.", scale=name)
    return _(
        "%(scale)s får inte skickas till en mobil utan licens. Välj papper eller våra egna frågor.",
        scale=name,
    )


class CountForm(Form):
    """A scale's spread and reliability, from which its reliable change is counted. It changes nothing."""

    spread = Points(_l("Standardavvikelse, i poäng"), most=HIGHEST, least=1)
    percent = Number(_l("Reliabilitet, i procent"), min=0, max=100)

    @classmethod
    def of(cls, asked: MultiDict[str, str] | None) -> "CountForm":
        """The form as it was sent by GET, where it was: there is nothing that a token would protect."""
        return cls(formdata=asked, meta={"csrf": False})

    def counted(self) -> int | None:
        """The reliable change in tenths; None where something is missing."""
        if not self.validate() or self.spread.data is None or self.percent.data is None:
            return None
        return round(reliable_change_of(self.spread.data / 10, self.percent.data / 100) * 10)
