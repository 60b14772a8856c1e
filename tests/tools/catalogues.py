"""Collects every text of the portal and brings the catalogues up to date: catalogues.py LOCALE...

New texts arrive untranslated and texts that are gone leave; nothing is guessed ("fuzzy"), because a
guessed sentence reaches a person as if somebody had written it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "translations"
# The names in the code that stand before a text: see portal/**.py.
KEYWORDS = ["_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2"]


def pybabel(*arguments: str | Path) -> None:
    """Run pybabel in the project's root; its error stops the whole."""
    program = Path(sys.executable).with_name("pybabel")
    subprocess.run([program, "--quiet", *arguments], cwd=ROOT, check=True)


def extract(target: Path) -> None:
    """Write all texts of portal/ and templates/ to `target` (a .pot)."""
    how = ["--add-comments=Translators:", "--add-location=file", "--sort-by-file", "--no-wrap"]
    keywords = [f"--keyword={word}" for word in KEYWORDS]
    about = [
        "--project=Stigen",
        "--version=1",
        "--header-comment=# The texts of Stigen; easy Swedish is the msgid.",
    ]
    pybabel(
        "extract", "--mapping-file=pyproject.toml", *how, *about, *keywords, f"--output-file={target}", "."
    )


def catalogue(locale: str) -> Path:
    """Where a language's texts are kept."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def update(locale: str, texts: Path) -> None:
    """Bring one language up to date with `texts`, then compile it."""
    po = catalogue(locale)
    if not po.exists():
        pybabel("init", "--no-wrap", "--input-file", texts, "--output-file", po, "--locale", locale)
    pybabel(
        *("update", "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--no-wrap"),
        *("--input-file", texts, "--output-file", po, "--locale", locale),
    )
    pybabel("compile", "--input-file", po, "--output-file", po.with_suffix(".mo"))


def main(locales: list[str]) -> None:
    """Extract once, update every language."""
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "messages.pot"
        extract(texts)
        for locale in locales:
            update(locale, texts)


if __name__ == "__main__":
    main(sys.argv[1:])
