"""What somebody writes to the other, turned into a letter or into a sentence beside the field."""

from typing import cast
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l

from portal.conversation import rules
from portal.conversation.service import Letter
from portal.languages import SWEDISH
from portal.plan.forms import Phrased
from portal.web.forms import Choice, Form, Hidden, LongText, Tick
from portal.wording.forms import WRITTEN_HINT, WRITTEN_LABEL, language_of, offer_languages

WORDS_MAX = 1000
"""Characters: as much as somebody types on a phone; for more there is the phone call."""


class LetterForm(Form):
    """What the participant writes. They say in which language only where it is not Swedish anyway."""

    letter_id, upto = Hidden(), Hidden()
    words = LongText(_l("Skriv här"), max=WORDS_MAX)
    written = Choice(WRITTEN_LABEL, hint=WRITTEN_HINT)

    def offer(self, own: str) -> None:
        """Ask for the language, the writer's own first."""
        offer_languages(self, own, own)

    def letter(self, own: str) -> Letter:
        """The form as a value; `own` is the writer's language."""
        return _letter(self, self.words.data or "", own)

    @property
    def upto_number(self) -> int:
        """Up to which message the page showed them; 0 when it carried rubbish."""
        return whole(self.upto.data)


class AnswerForm(Phrased):
    """What staff write: freely, or a ready answer that stands in every language at once."""

    text_name, kind = "words", "reply"
    letter_id, upto = Hidden(), Hidden()
    words = LongText(
        _l("Skriv"),
        max=WORDS_MAX,
        required=False,
        hint=_l("Skriv på lätt svenska. Då går det fort att översätta."),
    )
    written = Choice(WRITTEN_LABEL)
    phrase = Choice(
        _l("Eller välj ett färdigt svar"), required=False, hint=_l("Det finns redan på alla språk.")
    )

    more = Tick(_l("Jag svarar mer sedan"), hint=_l("Frågan väntar kvar på din lista."))

    @property
    def answers(self) -> bool:
        """Whether what was asked is answered by this: not where more is promised."""
        return not self.more.data and self.phrase.data not in rules.POSTPONES

    def validate_words(self, field: LongText) -> None:
        """An answer is written or chosen."""
        self.either(field)

    def offer_to(self, reader: str, *, rung: bool) -> None:
        """Fill in the ready answers, and ask for the language where the reader's is not Swedish.

        `rung`: the reader may be rung up, so that an answer may speak of a call.
        """
        self.offer()
        if not rung:
            groups = cast("dict[str, list[tuple[str, str]]]", self.phrase.choices)
            self.phrase.choices = {
                theme: [one for one in ready if one[0] not in rules.CALLS] for theme, ready in groups.items()
            }
        offer_languages(self, SWEDISH.code, reader)

    def letter(self, reader: str) -> Letter:
        """The form as a value; `reader` is the participant's language. A ready answer is Swedish."""
        if self.phrase.data:
            return Letter(_uuid(self.letter_id.data), self.said, SWEDISH.code)
        return _letter(self, self.said, reader)

    @property
    def upto_number(self) -> int:
        """Up to which message the page showed them; 0 when it carried rubbish."""
        return whole(self.upto.data)


def fresh(upto: int) -> dict[str, str]:
    """What the hidden fields of a new form hold: an id of its own, and up to where its page shows."""
    return {"letter_id": str(uuid4()), "upto": str(upto)}


def _letter(form: LetterForm | AnswerForm, words: str, own: str) -> Letter:
    return Letter(_uuid(form.letter_id.data), words, language_of(form, words, own))


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()


def whole(text: str | None) -> int:
    """The number of a message that a page carries; 0 when it carried rubbish."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
