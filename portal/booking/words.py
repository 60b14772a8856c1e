"""The words for the codes of a meeting."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MODE: dict[str, LazyString] = {
    "on_site": _l("På plats"),
    "phone": _l("Telefon"),
    "video": _l("Video"),
    "walk": _l("Promenad"),
}

ATTENDANCE: dict[str, LazyString] = {
    "none": _l("Inte noterat"),
    "came": _l("Kom"),
    "absent": _l("Kom inte"),
}
