"""The figures as tables to take out: a row for each question and group, the base beside the share."""

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.surveys import words
from portal.surveys.figure_rules import Figure
from portal.surveys.release_rules import FEWEST
from portal.surveys.result_queries import Results, Shown
from portal.surveys.rules import own
from portal.web.tables import Cell, Table

Row = list[Cell]


def tables(found: Results, language: str) -> list[Table]:
    """The figures, the single answers, and what was left out. Nobody's own words: a file is passed on."""
    return [
        Table(
            _("Siffror"),
            _figure_head(),
            [row for one in found.shown for row in _figures(found, one, language)],
        ),
        Table(
            _("Svar"),
            [_("Fråga"), _("Grupp"), _("Svar"), _("Antal"), _("Slags svar")],
            [row for one in found.shown for row in _answers(found, one, language)],
        ),
        Table(
            _("Lämnade utanför"),
            [_("Fråga"), _("Svar"), _("Antal"), _("Skäl"), _("Av"), _("Dag"), _("Siffran utan dem")],
            [row for one in found.shown for row in _left_out(one, language)],
        ),
    ]


def _figure_head() -> list[str]:
    return [
        _("Fråga"),
        _("Grupp"),
        _("Bra svar"),
        _("Av så många"),
        _("Procent"),
        _("Svarade inte"),
        _("Gäller inte mig"),
        _("Vet inte"),
        _("Som text"),
    ]


def _sides(found: Results, shown: Shown) -> Iterator[tuple[str, Figure]]:
    """Everybody, then each side of the split."""
    if shown.whole:
        yield _("Alla"), shown.whole
    if found.by:
        for group in shown.groups:
            yield words.side(found.by, group.value, found.municipalities), group.figure


def _label(shown: Shown, language: str) -> str:
    return own(shown.question.texts, language).question


def _figures(found: Results, shown: Shown, language: str) -> Iterator[Row]:
    label, free = _label(shown, language), not shown.question.options
    if shown.whole is None:
        few = _(
            "Ingen siffra än. Den kommer den första i en månad, när minst %(num)s har svarat.", num=FEWEST
        )
        yield [label, _("Alla"), None, None, None, None, None, None, few]
    for side, figure in _sides(found, shown):
        good = None if free else figure.good
        share = None if free else figure.share
        row: Row = [
            label,
            side,
            good,
            figure.base,
            share,
            figure.skipped,
            figure.not_for_me,
            figure.dont_know,
        ]
        yield [*row, words.printed(figure, free=free)]


def _answers(found: Results, shown: Shown, language: str) -> Iterator[Row]:
    options = {option.key: own(option.texts, language) for option in shown.question.options}
    for side, figure in _sides(found, shown):
        for key, count in figure.counts.items():
            said = options.get(key) or str(words.ANSWERS[key])
            good = _("bra svar") if key in shown.question.good else _("annat svar")
            sort = good if key in options else _("står utanför")
            yield [_label(shown, language), side, said, count, sort]


def _left_out(shown: Shown, language: str) -> Iterator[Row]:
    options = {option.key: own(option.texts, language) for option in shown.question.options}
    printed = words.counted(shown.printed) if shown.printed else ""
    for one in shown.left_out:
        label = _label(shown, language)
        yield [label, options[one.answer], one.count, one.reason, one.by, one.on, printed]
