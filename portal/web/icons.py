"""Pictures beside words: one SVG of the bundled set, ready to stand inside a page."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

_SET = Path(__file__).parents[2] / "static" / "icons" / "healthicons" / "icons.json"

PICTURES = {
    "alert": "alert-circle",
    "belief": "factory-worker",
    "book": "register-book",
    "calendar": "calendar",
    "call": "phone",
    "came": "yes",
    "cancel": "no",
    "chart": "chart-line",
    "check-in": "happy-24px",
    "coach": "city-worker",
    "contact": "people",
    "crisis": "call-centre",
    "disagree": "no",
    "done": "yes",
    "emergency": "ambulance",
    "energy": "weights",
    "everyday": "hot-meal",
    "find": "magnifying-glass",
    "goal": "award-trophy",
    "group": "group-discussion-meetingx3",
    "health": "heart",
    "help": "call-centre",
    "high": "happy-24px",
    "home": "home",
    "info": "info",
    "interpreter": "speech-language-therapy",
    "language": "speech-language-therapy",
    "leave": "running",
    "listen": "ear-24px",
    "listened": "ear-24px",
    "lock": "ui-secure",
    "low": "sad-24px",
    "meetings": "group-discussion-meeting",
    "money": "coins",
    "move": "i-schedule-school-date-time",
    "news": "i-documents-accepted",
    "next": "travel",
    "no": "no",
    "not-understand": "question-circle",
    "on_site": "group-discussion-meeting",
    "other": "forum",
    "pace": "running",
    "people": "people",
    "person": "person",
    "phone": "mobile-24px",
    "place": "geo-location",
    "plan": "travel",
    "settings": "ui-settings",
    "steps": "walking-24px",
    "stop": "alert-circle",
    "study": "i-training-class",
    "talk": "forum",
    "team": "i-groups-perspective-crowd",
    "time": "i-schedule-school-date-time",
    "topics": "forum",
    "trail": "forest-persons",
    "understand": "yes",
    "understood": "yes",
    "video": "video",
    "visit": "entry",
    "wait": "i-schedule-school-date-time",
    "walk": "walking-24px",
    "warning": "alert-triangle",
    "work": "construction-worker",
    "write": "i-note-action",
}
"""What a picture is for -> its name in the set. Templates say what they mean, not what is drawn."""


@dataclass(frozen=True)
class Drawing:
    """One drawing of the set: the inside of its SVG, and the side of its square in its own units."""

    body: str
    side: int

    def __html__(self) -> str:
        """As it stands: the body comes from the bundled set, never from a person."""
        return self.body


@cache
def _drawings() -> dict[str, Drawing]:
    found = json.loads(_SET.read_text(encoding="utf-8"))
    side = int(found["width"])
    return {name: Drawing(one["body"], int(one.get("width", side))) for name, one in found["icons"].items()}


@cache
def icon_svg(name: str) -> Markup:
    """The picture as inline SVG, hidden from screen readers: the word beside it is what is read.

    `name` is a key of PICTURES, or the set's own name for a drawing. Raises KeyError for neither.
    """
    drawing = _drawings()[PICTURES.get(name, name)]
    return Markup(
        '<svg class="icon" viewBox="0 0 %d %d" width="24" height="24"'
        ' aria-hidden="true" focusable="false">%s</svg>'
    ) % (drawing.side, drawing.side, drawing)
