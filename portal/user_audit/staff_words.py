"""The words of audits for staff."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

STATES: dict[str, tuple[LazyString, str]] = {
    "draft": (_l("Planeras"), "sun"),
    "open": (_l("Öppen för svar"), "pine"),
    "closed": (_l("Stängd"), "sky"),
    "published": (_l("Publicerad"), "pine"),
}
"""Each state of an audit, and its tone."""

KINDS: dict[str, LazyString] = {
    "agree": _l("Ja, både och, nej, vet inte"),
    "how_long": _l("Kortare eller längre än 6 månader"),
    "text": _l("Egna ord"),
}

SCREENED: dict[str, tuple[LazyString, str]] = {
    "waiting": (_l("Inte granskad"), "ribbon"),
    "shown": (_l("Visas"), "pine"),
    "part": (_l("En del visas"), "sun"),
    "hidden": (_l("Visas inte"), "sky"),
}

REPLIES: dict[str, tuple[LazyString, str]] = {
    "": (_l("Inget svar än"), "ribbon"),
    "will": (_l("Det ska vi göra"), "sky"),
    "done": (_l("Det är gjort"), "pine"),
    "no": (_l("Det gör vi inte"), "sun"),
}
