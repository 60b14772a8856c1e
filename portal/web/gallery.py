"""What the gallery shows the parts with: made-up words in each language, and a form in each state."""

from dataclasses import dataclass, field
from typing import Any

from wtforms import Form

from portal.web.forms import Choice, Choices, Day, LongText, Phone, Tick

WORDS = {
    "sv": {
        "hello": "Hej Amina!",
        "day": "Tisdag 24 november",
        "in_days": "Om 3 dagar",
        "next": "Ditt nästa möte",
        "place": "Vi ses på Jobbtorget med Karin.",
        "coming": "Jag kommer",
        "move": "Byt tid",
        "cancel": "Avboka",
        "now": "Att göra nu",
        "week": "Hur har veckan varit?",
        "questions": "4 frågor",
        "news": "Nytt i din plan",
        "changed": "Karin har ändrat en sak",
        "goal": "Mitt mål, med mina ord",
        "own": "Jag vill arbeta i ett kök och laga mat för många.",
        "step_done": "Träffa studievägledaren",
        "step_now": "Praktik i skolköket, 2 dagar i veckan",
        "step_later": "Läkartid på vårdcentralen",
        "mark": "Ändrat",
        "question": "Hur mycket kraft har du haft i veckan?",
        "low": "Ingen kraft",
        "high": "Mycket kraft",
        "word": "samtycke",
        "consent": "samtycke",
        "meaning": "Samtycke betyder att du säger ja.",
        "nothing": "Du har inga möten än.",
        "book": "Boka ett möte",
        "sure": "Vill du avboka mötet?",
        "keep": "Behåll tiden",
        "phone": "Ditt telefonnummer",
        "phone_hint": "Till exempel 070-123 45 67.",
        "wrong": "Skriv ett nummer med 10 siffror.",
        "way": "Hur vill du ses?",
        "here": "Här hos oss",
        "call": "På telefon",
        "reach": "Ring mig om något ändras",
        "text": "Vill du säga något mer?",
        "language": "Språk",
        "name": "Amina H.",
        "down": "Ner 6,2",
        "why": "Lägre än i oktober. Fråga vad som har hänt.",
        "ringed": "Ringt",
        "later": "Senare",
        "comes": "Kommer",
        "curve": "Hur veckorna har varit",
        "curve_text": "Sju svar sedan 3 juni. Det sista är lägre än det förra.",
        "limit": "gräns 25",
        "first": "första 18 ± 5",
        "info": "Svaret kommer senast på torsdag.",
        "save": "Spara",
    },
    "en": {},
    "ar": {
        "hello": "مرحبا أمينة!",
        "day": "الثلاثاء 24 نوفمبر",
        "in_days": "بعد 3 أيام",
        "next": "موعدك القادم",
        "place": "نلتقي في Jobbtorget مع كارين.",
        "coming": "سأحضر",
        "move": "تغيير الموعد",
        "cancel": "إلغاء الموعد",
        "now": "ما عليك فعله الآن",
        "week": "كيف كان أسبوعك؟",
        "questions": "4 أسئلة",
        "news": "جديد في خطتك",
        "changed": "غيّرت كارين شيئا واحدا",
        "goal": "هدفي بكلماتي",
        "own": "أريد أن أعمل في مطبخ وأطبخ لكثير من الناس.",
        "step_done": "لقاء مرشد الدراسة",
        "step_now": "تدريب في مطبخ المدرسة، يومان في الأسبوع",
        "step_later": "موعد مع الطبيب",
        "mark": "تغيّر",
        "question": "كم كانت طاقتك هذا الأسبوع؟",
        "low": "لا طاقة لدي",
        "high": "طاقة كبيرة",
        "word": "samtycke",
        "consent": "موافقة",
        "meaning": "الموافقة تعني أنك تقول نعم.",
        "nothing": "ليس لديك مواعيد بعد.",
        "book": "احجز موعدا",
        "phone": "رقم هاتفك",
        "wrong": "اكتب رقما من 10 أرقام.",
        "way": "كيف تريد أن نلتقي؟",
        "here": "هنا عندنا",
        "call": "بالهاتف",
        "name": "أمينة ح.",
    },
}
"""Only the gallery's; a word that a language lacks is shown in Swedish."""

TOTALS = (18.0, 19.8, 21.9, 21.1, 25.1, 27.0, 20.8)


def words(language: str) -> dict[str, str]:
    """The gallery's words in this language."""
    return WORDS["sv"] | WORDS.get(language, {})


def sample_form(said: dict[str, str], *, wrong: bool) -> Form:
    """A form with a field of each kind: as it comes (`wrong` false), or as it comes back."""

    class Sample(Form):
        phone = Phone(said["phone"], hint=said["phone_hint"], message=said["wrong"])
        way = Choices(said["way"], choices=[("here", said["here"]), ("call", said["call"])])
        tongue = Choice(said["language"], choices=[("sv", "Svenska"), ("ar", "العربية")], required=False)
        day = Day(said["next"], required=False)
        text = LongText(said["text"], required=False)
        reach = Tick(said["reach"])

    form = Sample(prefix="wrong-" if wrong else "")
    if wrong:
        form.validate()
    return form


@dataclass(frozen=True)
class Dot:
    """A total on the sample curve, in units of its view box."""

    x: float
    y: float
    name_y: float = 0.0


@dataclass(frozen=True)
class Beside:
    """Another scale's last total, on the same axis."""

    x: float
    y: float
    total: int
    name_y: float


@dataclass(frozen=True)
class Drawn:
    """The sample curve, in the shape that the curve's macro draws."""

    dots: tuple[Dot, ...]
    frame: dict[str, int] = field(
        default_factory=lambda: {"width": 640, "height": 280, "left": 44, "right": 604, "bottom": 236}
    )
    band: dict[str, float] = field(default_factory=lambda: {"y": 114.1, "height": 53.0})
    ticks: tuple[dict[str, float], ...] = tuple({"y": 236 - 5.3 * n, "value": n} for n in range(0, 41, 10))

    @property
    def paths(self) -> tuple[str, ...]:
        """One unbroken line through all dots."""
        return (" ".join(f"{dot.x},{dot.y}" for dot in self.dots),)

    @property
    def layers(self) -> tuple[str, ...]:
        """What the total is built up of: here two thin lines under it."""
        return tuple(
            " ".join(f"{dot.x},{236 - (236 - dot.y) * part}" for dot in self.dots) for part in (0.3, 0.6)
        )

    @property
    def beside(self) -> Beside:
        """The last total of another scale."""
        return Beside(self.last.x, 60.0, 332, 48.0)

    @property
    def first(self) -> Dot:
        """The dot that the rest is measured from."""
        return self.dots[0]

    @property
    def last(self) -> Dot:
        """The dot that is named."""
        return self.dots[-1]


def sample(language: str) -> dict[str, Any]:
    """What the gallery's template needs: `w` (words), `meanings`, `form`, `returned`, `drawn`, `rows`."""
    said = words(language)
    dots = tuple(
        Dot(44 + 93.3 * n, round(236 - 5.3 * total, 1), round(260 - 5.3 * total, 1))
        for n, total in enumerate(TOTALS)
    )
    return {
        "w": said,
        "meanings": [
            {"language": code, "word": words(code)["consent"], "sentence": words(code)["meaning"]}
            for code in (language, "sv")
        ],
        "form": sample_form(said, wrong=False),
        "returned": sample_form(said, wrong=True),
        "drawn": Drawn(dots),
        "rows": [(f"2026-{6 + n:02}-03", str(total)) for n, total in enumerate(TOTALS)],
    }
