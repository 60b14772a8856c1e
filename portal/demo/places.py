"""The demo's two organisations, with their lists of words."""

from datetime import date
from typing import Any

LISTS: dict[str, dict[str, tuple[str, str, str]]] = {
    "referrer": {
        "fk": ("Försäkringskassan", "Social Insurance Agency", "صندوق التأمينات الاجتماعية"),
        "af": ("Arbetsförmedlingen", "Public Employment Service", "مكتب العمل"),
        "region": ("Vården", "Health care", "الرعاية الصحية"),
        "municipality": ("Kommunen", "The municipality", "البلدية"),
        "self": ("Personen själv", "The person", "الشخص نفسه"),
    },
    "outcome": {
        "work": ("Arbete", "Work", "عمل"),
        "studies": ("Studier", "Studies", "دراسة"),
        "jobseeker": ("Söker arbete", "Looking for work", "يبحث عن عمل"),
        "daily": ("Daglig verksamhet", "Daily activity", "نشاط يومي"),
        "medical": ("Vård och behandling", "Health care", "علاج"),
        "referrer": ("Tillbaka till den som anvisade", "Back to the referrer", "العودة إلى الجهة المحيلة"),
        "dropout": ("Slutade", "Left", "توقّف"),
    },
    "income": {
        "activity_compensation": ("Aktivitetsersättning", "Activity compensation", "تعويض النشاط"),
        "sickness": ("Sjukpenning", "Sickness benefit", "بدل المرض"),
        "activity_support": ("Aktivitetsstöd", "Activity support", "دعم النشاط"),
        "social": ("Försörjningsstöd", "Income support", "دعم المعيشة"),
        "study": ("Studiestöd", "Student aid", "دعم الدراسة"),
        "wage": ("Lön", "Wage", "راتب"),
        "none": ("Ingen egen inkomst", "No income of one's own", "لا دخل خاص"),
    },
    "education": {
        "none": ("Ingen skola", "No school", "بدون مدرسة"),
        "primary": ("Grundskola", "Compulsory school", "التعليم الأساسي"),
        "secondary": ("Gymnasium", "Upper secondary school", "الثانوية"),
        "higher": ("Högskola", "University", "تعليم جامعي"),
    },
    "stair": {
        "prepare": ("Komma i gång", "Getting started", "البداية"),
        "train": ("Träna och prova", "Training and trying", "التدريب والتجربة"),
        "praktik": ("Praktik", "Work placement", "التدريب العملي"),
        "support": ("Arbete med stöd", "Work with support", "عمل مع دعم"),
        "work": ("Arbete eller studier", "Work or studies", "عمل أو دراسة"),
    },
    "municipality": {
        "norrby": ("Norrby", "Norrby", "نوربي"),
        "asen": ("Åsen", "Åsen", "أوسن"),
        "sjovik": ("Sjövik", "Sjövik", "شوفيك"),
    },
}
"""list → code → words in Swedish, English and Arabic"""

COUNTED = {"work": "goal", "studies": "goal", "dropout": "dropout"}
"""How the reports count an outcome: as the goal, or as left early."""

SETTINGS: dict[str, Any] = {
    "default_place": "Jobbtorget, Storgatan 4",
    "agency_email": "bokning@tolkformedlingen.example",
    "complaint_name": "Eva Ström",
    "complaint_phone": "010-123 45 99",
    "stair_shown": True,
}


def crisis_lines_checked(today: date) -> dict[str, Any]:
    """The crisis lines are the defaults, looked at today."""
    return {"crisis_lines_checked_on": today.isoformat()}
