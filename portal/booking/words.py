"""The words for the codes of a meeting."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MODE: dict[str, LazyString] = {
    "on_site": _l("Vi ses på plats"),
    "phone": _l("Telefon"),
    "video": _l("Video"),
    "walk": _l("Promenad"),
}

MODE_MEANING: dict[str, LazyString] = {
    "on_site": _l("Du kommer till oss."),
    "phone": _l("Vi ringer dig."),
    "video": _l("Du får en länk här i portalen."),
    "walk": _l("Vi går ut och pratar."),
}


ATTENDANCE: dict[str, LazyString] = {
    "none": _l("Inte noterat"),
    "came": _l("Kom"),
    "absent": _l("Kom inte"),
}
