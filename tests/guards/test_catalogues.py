"""The catalogues: nothing missing, nothing left over, nothing guessed, placeholders and plurals in order."""

import re
import unicodedata
from pathlib import Path

import polib
import pytest

from portal.languages import LANGUAGES
from tests.guards import tree
from tests.guards.texts import Text, text_of, texts
from tests.tools import catalogues

# Plural forms as CLDR has them (Babel's own for these locales).
PLURAL_FORMS = {"en": 2, "ar": 6}
SCRIPTS = {"ar": "ARABIC"}
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])|%(?!%|\()\w")
# Left as they are in every language: a name, or nothing but placeholders and digits.
NAMES = {"Stigen"}


def placeholders(text: str) -> set[str]:
    """The named places in a text, and unnamed ones as they stand."""
    return {found.group(1) or found.group(0) for found in PLACEHOLDER.finditer(text.replace("%%", ""))}


def letters(text: str) -> str:
    """A text's own letters, placeholders taken out."""
    return "".join(letter for letter in PLACEHOLDER.sub("", text) if letter.isalpha())


def wrong_form(entry: polib.POEntry, form: str, last: bool, language: str) -> list[str]:
    """What is wrong with one translated sentence."""
    wanted = placeholders(entry.msgid_plural or entry.msgid)
    has = placeholders(form)
    # "one day" may do without its number in every form but the last, which serves all other numbers.
    counted = {"num"} if entry.msgid_plural and not last else set()
    found = []
    if not form.strip():
        return ["is not translated"]
    if has - wanted or wanted - has - counted:
        found.append(f"has places {sorted(has)} for {sorted(wanted)}")
    if "<" in form:
        found.append("holds markup")
    script = SCRIPTS.get(language)
    own = letters(form)
    written = script is None or any(unicodedata.name(letter, "").startswith(script) for letter in own)
    if script and not written and letters(entry.msgid) and entry.msgid not in NAMES:
        found.append(f"is not written in {script.title()}")
    return found


def wrong_entry(entry: polib.POEntry, language: str) -> list[str]:
    """What is wrong with one entry."""
    if entry.fuzzy:
        return [f"is a guess: {entry.msgid!r}"]
    forms = [entry.msgstr]
    if entry.msgid_plural:
        forms = [entry.msgstr_plural.get(number, "") for number in range(PLURAL_FORMS[language])]
    said = [
        what
        for number, form in enumerate(forms)
        for what in wrong_form(entry, form, number == len(forms) - 1, language)
    ]
    if len(entry.msgstr_plural) > len(forms) and entry.msgid_plural:
        said.append("has too many plural forms")
    return [f"{what}: {entry.msgid!r}" for what in dict.fromkeys(said)]


def faults(wanted: tuple[Text, ...], catalogue: polib.POFile, language: str) -> list[str]:
    """Everything that is wrong with a language's catalogue, each on a line."""
    there = {text_of(entry).key: entry for entry in catalogue if not entry.obsolete}
    keys = {text.key for text in wanted}
    found = [f"missing: {text.text!r} ({min(text.files)})" for text in wanted if text.key not in there]
    found += [f"no longer used: {key[1]!r}" for key in there if key not in keys]
    found += [f"no longer used: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    for key, entry in there.items():
        if key in keys:
            found += wrong_entry(entry, language)
    declared = re.search(r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    if not declared or int(declared.group(1)) != PLURAL_FORMS[language]:
        found.append(f"Plural-Forms must declare {PLURAL_FORMS[language]} forms")
    return [f"{language}: {line}" for line in found]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "sv"])
def test_every_text_stands_in_every_language(language: str) -> None:
    path = catalogues.catalogue(language)
    assert path.exists(), f"{tree.name(path)} is missing: make catalogues"
    tree.report(faults(texts(), polib.pofile(str(path)), language))


def sample(path: Path, *changes: tuple[str, str]) -> polib.POFile:
    """A sound little catalogue in Arabic, with changes."""
    text = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : 1);\\n"\n\n'
        'msgid "Hej %(name)s"\nmsgstr "مرحبا %(name)s"\n\n'
        'msgid "%(num)s dag"\nmsgid_plural "%(num)s dagar"\n'
        'msgstr[0] "لا أيام"\nmsgstr[1] "يوم"\nmsgstr[2] "يومان"\n'
        'msgstr[3] "%(num)s أيام"\nmsgstr[4] "%(num)s يوم"\nmsgstr[5] "%(num)s يوما"\n'
    )
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
    return polib.pofile(str(path))


WANTED = (
    Text("", "Hej %(name)s", "", frozenset({"a.html"})),
    Text("", "%(num)s dag", "%(num)s dagar", frozenset({"a.html"})),
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('msgid "Hej %(name)s"\nmsgstr "مرحبا %(name)s"\n', ""), "missing: 'Hej %(name)s' (a.html)"),
        (("مرحبا %(name)s", ""), "is not translated"),
        (("مرحبا %(name)s", "مرحبا"), "has places [] for ['name']"),
        (("مرحبا %(name)s", "Hello %(name)s"), "is not written in Arabic"),
        (("مرحبا %(name)s", "<b>مرحبا</b> %(name)s"), "holds markup"),
        (('msgid "Hej %(name)s"', '#, fuzzy\nmsgid "Hej %(name)s"'), "is a guess"),
        (
            ('msgid "Hej %(name)s"', 'msgid "Hejdå"\nmsgstr "سلام"\n\nmsgid "Hej %(name)s"'),
            "no longer used: 'Hejdå'",
        ),
        (
            ('msgid "Hej %(name)s"', '#~ msgid "Hejdå"\n#~ msgstr ""\n\nmsgid "Hej %(name)s"'),
            "no longer used",
        ),
        (('msgstr[4] "%(num)s يوم"\n', ""), "is not translated"),
        (('%(num)s يوما"', 'يوما"'), "has places [] for ['num']"),
        (("nplurals=6", "nplurals=2"), "Plural-Forms must declare 6 forms"),
    ],
)
def test_the_guard_sees_a_broken_catalogue(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert not faults(WANTED, sample(tmp_path / "ar.po"), "ar")
    found = faults(WANTED, sample(tmp_path / "ar.po", change), "ar")
    assert any(said in line for line in found), found
