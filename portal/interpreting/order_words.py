"""The words for the codes of an order."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.interpreting import order_rules as rules

STATE: dict[str, LazyString] = {
    rules.ASKED: _l("Söker tolk"),
    rules.ASSIGNED: _l("Väntar på svar"),
    rules.CHANGED: _l("Ändrad, väntar på svar"),
    rules.CONFIRMED: _l("Klart"),
    rules.CANCELLED: _l("Avbokat"),
}
TONE = {
    rules.ASKED: "ribbon",
    rules.ASSIGNED: "sun",
    rules.CHANGED: "sun",
    rules.CONFIRMED: "pine",
    rules.CANCELLED: "sky",
}
MISSING: dict[str, LazyString] = {
    rules.ASKED: _l("Ingen tolk är vald."),
    rules.ASSIGNED: _l("Tolken har inte sagt ja."),
    rules.CHANGED: _l("Mötet är ändrat. Tolken har inte sagt ja till det nya."),
}
"""What is missing still."""
WHY: dict[str, LazyString] = {
    rules.MOVED: _l("Mötet flyttades, och tolken kunde inte den nya tiden."),
    rules.DECLINED: _l("Tolken kunde inte komma."),
    rules.WITHDRAWN: _l("Ni valde bort den förra tolken."),
}
"""Why another interpreter is asked for."""
OFF: dict[str, LazyString] = {
    rules.WITH_MEETING: _l("Mötet är avbokat, eller behöver ingen tolk."),
    rules.MOVED: _l("Mötet är flyttat till en tid då tolken inte kan."),
    rules.WITHDRAWN: _l("Ni har valt bort tolken."),
}
"""Why an order is off, to whoever tells the interpreter."""
WISHED: dict[str, LazyString] = {
    rules.NO_WISH: _l("Spelar ingen roll"),
    rules.WOMAN: _l("Helst en kvinna"),
    rules.MAN: _l("Helst en man"),
}
GENDER: dict[str, LazyString] = {
    "": _l("Inte noterat"),
    rules.WOMAN: _l("Kvinna"),
    rules.MAN: _l("Man"),
}
WAY: dict[str, LazyString] = {rules.PLACE: _l("På plats"), rules.PHONE: _l("På telefon")}
