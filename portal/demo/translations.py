"""What the demo's people read in other languages: phrases, and free texts in every state of translation."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.identity.models import Person
from portal.languages import LANGUAGES
from portal.plan import texts_service
from portal.wording import service as wording
from portal.wording.models import SourceText, Translation, WantedLanguage
from portal.wording.queries import text_hash

ALL = 100_000
WORDS: Mapping[str, Mapping[str, str]] = {
    "Jag vill orka med ett jobb, kanske halva dagen.": {
        "ar": "أريد أن أقدر على عمل، ربما نصف يوم.",
        "en": "I want to manage a job, maybe half the day.",
    },
    "Jag vill köra buss.": {"ar": "أريد أن أقود حافلة.", "en": "I want to drive a bus."},
    "Skriva ett CV tillsammans": {"ar": "كتابة سيرة ذاتية معا", "en": "Write a CV together"},
    "Läkartid på vårdcentralen": {"ar": "موعد عند الطبيب في المركز الصحي"},
    "Söka två jobb som passar": {"ar": "التقدم لعملين مناسبين", "en": "Apply for two jobs that suit"},
    "Gå på gruppträffen på torsdagar": {"en": "Go to the group meeting on Thursdays"},
    "Praktik i skolköket, 2 dagar i veckan": {
        "ar": "تدريب عملي في مطبخ المدرسة، يومان في الأسبوع",
        "en": "Work placement in the school kitchen, 2 days a week",
    },
    "Hur är det hos oss?": {"ar": "كيف الحال عندنا؟", "en": "How are things here with us?"},
    "Vad ska vi göra bättre i vår?": {
        "ar": "ماذا يجب أن نحسن هذا الربيع؟",
        "en": "What should we do better this spring?",
    },
    "Vi frågar alla i teamet. Era svar visar vad som är bra och vad som kan bli bättre.": {
        "ar": "نسأل جميع المشاركين في الفريق. إجاباتكم تبين ما هو جيد وما يمكن أن يصبح أفضل.",
        "en": "We ask everybody in the team. Your answers show what is good and what can be better.",
    },
    "Vi lär känna varandra och pratar om vad du vill göra.": {
        "ar": "نتعرف على بعضنا ونتحدث عما تريد أن تفعل.",
        "en": "We get to know each other and talk about what you want to do.",
    },
    "Är lokalerna bra?": {"ar": "هل المكان جيد؟"},
    "De flesta känner sig trygga. Teamet lyssnar och förklarar.": {
        "ar": "معظم المشاركين يشعرون بالأمان. الفريق يستمع ويشرح.",
        "en": "Most people feel safe. The team listens and explains.",
    },
    "Det är svårt att få tag på teamet på fredagar. Flera vill ha tolk på varje möte.": {
        "ar": "من الصعب الوصول إلى الفريق أيام الجمعة. ويريد عدة مشاركين مترجما في كل لقاء.",
    },
    "Ha telefontid på fredagar också": {"ar": "ساعات للهاتف أيام الجمعة أيضا"},
    "Fråga alla om de vill ha tolk, varje gång": {"ar": "سؤال الجميع في كل مرة إن كانوا يريدون مترجما"},
    "Nu svarar vi i telefon varje dag klockan 9 till 12.": {
        "ar": "نرد الآن على الهاتف كل يوم من الساعة 9 حتى 12.",
    },
}
DRAFTS = {
    "Läkartid på vårdcentralen",
    "Gå på gruppträffen på torsdagar",
    "Fråga alla om de vill ha tolk, varje gång",
}
FORMER = {
    "Praktik i skolköket, 2 dagar i veckan": "Praktik i skolköket, 1 dag i veckan",
    "Nu svarar vi i telefon varje dag klockan 9 till 12.": "Nu svarar vi i telefon varje dag.",
}
"""What stood there when it was translated: such a translation is outdated."""


def add(session: Session, translator_id: uuid.UUID, now: datetime) -> None:
    """Take in every plan's texts, translate some of them, and let interpreters be at some meetings."""
    house = session.get_one(Person, translator_id).organisation_id
    _interpreters(session, house, now)
    texts_service.collect(session, now, texts_service.Bookmark(), most=ALL)
    languages: dict[uuid.UUID, set[str]] = defaultdict(set)
    own = select(Person.id, Person.language)
    asked = select(WantedLanguage.person_id, WantedLanguage.language)
    for person_id, language in (*session.execute(own), *session.execute(asked)):
        languages[person_id].add(language)
    for source in session.scalars(select(SourceText).where(SourceText.phrase == "")).all():
        wanted = languages[source.person_id] if source.person_id else set(LANGUAGES)
        for language in sorted(wanted):
            _translate(session, source, language, translator_id, now)
    session.flush()


def _translate(
    session: Session, source: SourceText, language: str, translator_id: uuid.UUID, now: datetime
) -> None:
    text = source.source
    translated = WORDS.get(text, {}).get(language)
    if translated is None:
        return
    origin, at = FORMER.get(text, text), now - timedelta(days=12)
    confirmed = text not in DRAFTS
    row = Translation(
        source_id=source.id,
        language=language,
        from_hash=text_hash(origin),
        state="confirmed" if confirmed else "draft",
        version=1,
        written_by=translator_id,
        written_at=at,
        confirmed_by=translator_id if confirmed else None,
        confirmed_at=at if confirmed else None,
    )
    row.translated, row.origin = translated, origin
    session.add(row)


def _interpreters(session: Session, organisation_id: uuid.UUID, now: datetime) -> None:
    """The house's next meeting, and every coming one with somebody who reads Arabic."""
    rows = session.execute(
        select(Appointment, Person.language)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.starts_at > now,
            Appointment.state == "booked",
        )
        .order_by(Appointment.starts_at)
    )
    for number, (meeting, language) in enumerate(rows.all()):
        if number == 0 or language == "ar":
            meeting.interpreter_language = "ar"
            wording.want(session, meeting.person_id, "ar", now)
