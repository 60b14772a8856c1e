"""Easy Swedish, measured: what a participant reads on a page has short sentences and short words.

LIX = words / sentences + 100 · words of more than six letters / words (Björnsson 1968). Below 30 is very
easy, as in books for children. A fragment (a button, a heading, a label) is not a sentence.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.guards import tree
from tests.guards.texts import texts

LIX, MEAN, LONGEST = 30, 12, 18
SHORTEST_SENTENCE = 4  # words; with its full stop
UNENDED_SENTENCE = 8  # words; a text this long is read as a sentence, full stop or not
SMALL_PAGE = 30  # words; below it LIX says little, so small pages are measured together

STAFF_SIDE = re.compile(
    r"^templates/(staff|dev|ops|people|organisation|reports)[/.]|_staff|staff_|^portal/(staff|demo|ops|organisation|reports)/"
    r"|^portal/identity/people/(?!card_words)|^portal/\w+\.py$|/commands\.py$"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
WORD = re.compile(r"[^\W_]+(?:[-:’'][^\W_]+)*")
JOINED = re.compile(r"\{%-?\s*(?:extends|include)\s+[\"']([^\"']+)")


@dataclass(frozen=True)
class Measure:
    """How hard a text is. `sentences` holds the words of each."""

    sentences: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> list[str]:
        """All words of all sentences."""
        return [word for sentence in self.sentences for word in sentence]

    @property
    def mean(self) -> float:
        """Words a sentence."""
        return len(self.words) / len(self.sentences) if self.sentences else 0.0

    @property
    def lix(self) -> float:
        """LIX of the sentences taken together; 0 when there are none."""
        long_words = sum(1 for word in self.words if len(word) > 6)
        return self.mean + 100 * long_words / len(self.words) if self.words else 0.0


def sentences(text: str) -> Iterator[tuple[str, ...]]:
    """The sentences of a text, as words; fragments are left out."""
    plain = PLACEHOLDER.sub("ord", text)
    for part in re.split(r"(?<=[.!?…])[\s”\"]+|\n+", plain):
        words = tuple(WORD.findall(part))
        ended = part.rstrip('”" )').endswith((".", "!", "?", "…"))
        if len(words) >= (SHORTEST_SENTENCE if ended else UNENDED_SENTENCE):
            yield words


def measure(texts_of_page: Iterable[str]) -> Measure:
    """Measure a page's texts together; a text that stands twice counts once."""
    unique = dict.fromkeys(texts_of_page)
    return Measure(tuple(sentence for text in unique for sentence in sentences(text)))


def hard(name: str, measured: Measure) -> list[str]:
    """What is too hard on a page; its LIX only when it has words enough to say something."""
    found = [
        f"{name}: {len(sentence)} words in one sentence: {' '.join(sentence)}"
        for sentence in measured.sentences
        if len(sentence) > LONGEST
    ]
    if len(measured.words) >= SMALL_PAGE:
        if measured.lix >= LIX:
            long_words = ", ".join(sorted({word for word in measured.words if len(word) > 6}))
            found.append(f"{name}: LIX {measured.lix:.0f}, must be below {LIX}; long words: {long_words}")
        if measured.mean > MEAN:
            found.append(f"{name}: {measured.mean:.1f} words a sentence, at most {MEAN}")
    return found


def by_file() -> dict[str, list[str]]:
    """The participants' Swedish texts by the file they stand in."""
    found: dict[str, list[str]] = {}
    for text in texts():
        for file in sorted(text.files):
            if not STAFF_SIDE.search(file):
                found.setdefault(file, []).extend(filter(None, (text.text, text.plural)))
    for path in tree.tracked("portal/*.toml"):
        found[tree.name(path)] = list(swedish(tomllib.loads(path.read_text())))
    return found


def swedish(value: Any, inside: bool = False) -> Iterator[str]:
    """Everything under a key `sv` in a data file."""
    if isinstance(value, str) and inside:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from swedish(part, inside)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from swedish(part, inside or key == "sv")


def joined(template: str) -> set[str]:
    """A template and what it stands in or takes in: what a person sees as one page."""
    path = tree.ROOT / template
    if not path.exists():
        return set()
    found = {template}
    for part in JOINED.findall(path.read_text()):
        found |= joined(f"templates/{part}")
    return found


def pages() -> dict[str, list[str]]:
    """The texts of each page: a template with its layout, a module's messages, a data file."""
    own = by_file()
    return {
        file: [text for part in sorted(joined(file) or {file}) for text in own.get(part, [])] for file in own
    }


def staff_words() -> dict[str, str]:
    """Words for staff only, and the plain word for each."""
    lines = Path(__file__).with_name("staff_words.txt").read_text().splitlines()
    pairs = (line.partition(" -> ") for line in lines if line and not line.startswith("#"))
    return {word: plain for word, _, plain in pairs}


def officialese(name: str, text: str, words: dict[str, str]) -> list[str]:
    """Words in a text that participants do not use."""
    found = []
    for word, plain in words.items():
        pattern = r"\b" + re.escape(word).replace(r"\*", r"\w*") + r"\b"
        if hit := re.search(pattern, text, re.IGNORECASE):
            found.append(f"{name}: {hit.group(0)!r}, say {plain!r}: {text}")
    return found


@pytest.mark.parametrize(("page", "said"), sorted(pages().items()), ids=lambda value: str(value)[:60])
def test_every_page_is_easy_to_read(page: str, said: list[str]) -> None:
    tree.report(hard(page, measure(said)))


def test_small_pages_are_easy_to_read_together() -> None:
    small = [text for said in by_file().values() if len(measure(said).words) < SMALL_PAGE for text in said]
    tree.report(hard("small pages together", measure(small)))


def test_no_participant_reads_the_words_of_staff() -> None:
    words = staff_words()
    glossary = "glossary"  # there a hard word is explained, so there it stands
    tree.report(
        [
            line
            for file, said in by_file().items()
            if glossary not in file
            for text in said
            for line in officialese(file, text, words)
        ]
    )


def test_lix_is_reckoned_as_written() -> None:
    measured = measure(["Du har ett möte. Mötet är om tre dagar.", "Spara", "Mina möten"])
    assert len(measured.sentences) == 2
    assert len(measured.words) == 9
    assert measured.lix == pytest.approx(9 / 2)
    assert measure(["Organisationen genomför uppföljningen skriftligt."]).lix == pytest.approx(4 + 100)
    assert measure(["Vi ses klockan 13.00 den %(day)s."]).mean == 7


def test_the_guard_sees_hard_words_and_long_sentences() -> None:
    easy = ["Du kan boka en ny tid här. Välj en dag som passar dig. Vi ses då."] * 1
    assert not hard(
        "a.html",
        measure([*easy, "Du kan byta tid. Ring oss om du vill. Vi svarar i dag, eller i morgon. Bra!"]),
    )
    assert hard("a.html", measure(["Organisationen genomför uppföljningen skriftligt och muntligt. " * 10]))
    assert hard("a.html", measure(["du " * (LONGEST + 1) + "kom."]))
    assert not hard("a.html", measure(["du " * (LONGEST - 1) + "kom."]))
    middling = ["en två tre fyra fem sex sju åtta nio tio elva tolv tretton. " * 3]
    assert "words a sentence" in "".join(hard("a.html", measure(middling)))


def test_the_guard_sees_the_words_of_staff() -> None:
    words = staff_words()
    assert officialese("a.html", "Vi planerar en Insats för dig.", words)
    assert not officialese("a.html", "Vi hjälper dig.", words)
    assert all(words.values())
