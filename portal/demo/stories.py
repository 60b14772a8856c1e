"""Who the demo's people are. All of them are made up; the numbers are the series kept for fiction."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

SEED = 20_26
OPEN, CLOSED, INTAKES, MONTHS = 30, 12, 8, 15
PHONE_SERIES = range(605, 700)
"""070-174 06 05 to 070-174 06 99: kept by the telecom authority for books and films."""

WOMEN = {
    "sv": ("Lena", "Sara", "Emma", "Ingrid", "Maja", "Elin", "Karolina", "Tove", "Birgitta"),
    "ar": ("Amina", "Mariam", "Nour", "Layla", "Huda"),
    "en": ("Grace", "Selam", "Blessing", "Ruth"),
}
MEN = {
    "sv": ("Mattias", "Johan", "Oskar", "Peter", "Anders", "Kalle", "Viktor", "Niklas", "Hugo", "Leif"),
    "ar": ("Ali", "Omar", "Yusuf", "Khaled", "Samir", "Tariq"),
    "en": ("Yonas", "Daniel", "Joseph", "Samuel"),
}
SURNAMES = {
    "sv": (
        "Bergman",
        "Öberg",
        "Lindgren",
        "Nyström",
        "Åkesson",
        "Hedlund",
        "Ek",
        "Wallin",
        "Sjöberg",
        "Holm",
    ),
    "ar": ("Hassan", "Haddad", "Khalil", "Saleh", "Mansour", "Aziz"),
    "en": ("Tesfay", "Okafor", "Mensah", "Kamau", "Bekele"),
}
GOALS = (
    "Jag vill arbeta i ett kök och laga mat för många.",
    "Jag vill köra buss.",
    "Jag vill orka med ett jobb, kanske halva dagen.",
    "Jag vill bli undersköterska.",
    "Jag vill jobba med djur.",
    "Jag vill lära mig mer svenska och sedan jobba i affär.",
    "Jag vill jobba med händerna, helst i en verkstad.",
    "Jag vill läsa klart skolan.",
    "Jag vill ha ett arbete där jag får vara ute.",
    "Jag vill städa på sjukhus och ha snälla kollegor.",
)
STEPS = (
    ("Träffa studievägledaren", "participant"),
    ("Praktik i skolköket, 2 dagar i veckan", "participant"),
    ("Läkartid på vårdcentralen", "participant"),
    ("Skriva ett CV tillsammans", "coach"),
    ("Ringa arbetsplatsen om praktik", "coach"),
    ("Svenska på kvällen, en gång i veckan", "participant"),
    ("Möte med Försäkringskassan om aktivitetsersättning", "coach"),
    ("Prova att åka bussen till praktiken", "participant"),
    ("Gå på gruppträffen på torsdagar", "participant"),
    ("Söka två jobb som passar", "participant"),
)
NEEDS = (
    "Jag vet inte vart jag ska gå.",
    "Bussen går inte när jag slutar.",
    "Jag förstår inte papperet.",
)


@dataclass(frozen=True)
class Story:
    """One person. `course` is how the check-ins go: up, level, down or early. `until` is a closure.

    `missed`: did not come to the last meeting.
    """

    name: str
    gender: str
    language: str
    born_in_sweden: bool
    phone: str
    intake: int
    applied_on: date
    started_on: date
    goal: str
    course: str
    rhythm_days: int
    until: date | None = None
    outcome: str = ""
    returned: bool = False
    pausing: bool = False
    paused_before: bool = False
    extended: bool = False
    no_meeting: bool = False
    sms_fails: bool = False
    has_pin: bool = True
    calls: bool = False
    timing: str = "usual"
    email: str = ""
    by_mail: bool = False
    voice: bool = False
    sms_unsafe: bool = False
    silent: bool = False
    missed: bool = False


def stories(today: date) -> list[Story]:
    """Everybody in the care of the demo's first coach: those open first, then those closed."""
    chance = random.Random(SEED)
    names = _names(chance)
    phones = iter(f"+4670174{number:04d}" for number in PHONE_SERIES)
    return [_story(names[number], next(phones), today, number, chance) for number in range(OPEN + CLOSED)]


def _names(chance: random.Random) -> list[tuple[str, str, str]]:
    """(name, gender, language): one in two prefers Swedish; no name twice."""
    found = [("Amina Hassan", "woman", "sv"), ("Yonas Tesfay", "man", "en"), ("Mariam Haddad", "woman", "ar")]
    found += [("Lena Bergman", "woman", "sv"), ("Mattias Öberg", "man", "sv")]
    taken = {name for name, _, _ in found}
    while len(found) < OPEN + CLOSED:
        language = chance.choice(("sv", "sv", "ar", "en"))
        gender = chance.choice(("woman", "man", "man"))
        first = chance.choice((WOMEN if gender == "woman" else MEN)[language])
        name = f"{first} {chance.choice(SURNAMES[language])}"
        if name not in taken:
            taken.add(name)
            found.append((name, gender, language))
    return found


def _story(who: tuple[str, str, str], phone: str, today: date, number: int, chance: random.Random) -> Story:
    name, gender, language = who
    closed = number >= OPEN
    intake = 1 + (number - OPEN) % 4 if closed else 1 + number % INTAKES
    started = today - timedelta(days=MONTHS * 30 - (intake - 1) * 56 - chance.randrange(10))
    return Story(
        name=name,
        gender=gender,
        language=language,
        born_in_sweden=language == "sv" and number != 0,
        phone=phone,
        intake=intake,
        applied_on=started - timedelta(days=chance.randrange(20, 70)),
        started_on=started,
        goal=GOALS[number % len(GOALS)],
        course="down" if number in (0, 7, 16) else chance.choice(("up", "up", "level", "level", "early")),
        rhythm_days=chance.choice((14, 14, 21)),
        until=today - timedelta(days=chance.randrange(20, 150)) if closed else None,
        outcome=_outcome(number, chance) if closed else "",
        returned=number in (11, 19),
        pausing=number in (13, 22),
        paused_before=number in (5, 9, 24),
        extended=number in (2, 8, 17),
        no_meeting=number in (4, 20),
        sms_fails=number == 3,
        has_pin=number not in (3, 14),
        calls=number == 6,
        timing="near" if number == 1 else "usual",
        email={0: "amina@example.org", 8: "person8@example.org"}.get(number, ""),
        by_mail=number == 8,
        voice=number == 2,
        sms_unsafe=number == 10,
        silent=number == 20,
        missed=number in (10, 15),
    )


def _outcome(number: int, chance: random.Random) -> str:
    """What it led to; one of those who have ended left early."""
    found = chance.choice(("work", "work", "studies", "jobseeker", "referrer", "daily"))
    return "dropout" if number == OPEN + 6 else found


@dataclass(frozen=True)
class Applicant:
    """Somebody who has applied and waits to be met; no coach yet."""

    name: str
    gender: str
    phone: str
    days: int


APPLICANTS = (
    Applicant("Siv Hallberg", "woman", "+46701740671", 34),
    Applicant("Jamal Nasser", "man", "+46701740670", 12),
)


def stranger(number: int, today: date) -> Story:
    """One of the few people of the other coach, and of the other organisation."""
    names = (
        *("Rut Alm", "Ivar Falk", "Hodan Warsame", "Vera Kvist", "Nils Brandt", "Zahra Karimi"),
        *("Torsten Hagman", "Britta Forsell", "Sanna Ljung", "Elsa Grahn"),
    )
    started = today - timedelta(days=90 + 20 * number)
    return Story(
        name=names[number],
        gender="man" if number in (1, 4, 6) else "woman",
        language="sv",
        born_in_sweden=number not in (2, 5),
        phone=f"+4670174{PHONE_SERIES.stop - 1 - number:04d}",
        intake=1 + number % 3,
        applied_on=started - timedelta(days=40),
        started_on=started,
        goal=GOALS[number],
        course="level",
        rhythm_days=14,
    )
