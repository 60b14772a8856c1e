"""What has been done to a card, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ACTS: Mapping[str, LazyString] = {
    "add": _l("Lade till"),
    "propose": _l("Föreslog"),
    "withdraw": _l("Tog tillbaka förslaget"),
    "accept": _l("Sa ja till förslaget"),
    "decline": _l("Sa nej till förslaget"),
    "change": _l("Ändrade"),
    "remove": _l("Tog bort"),
    "move": _l("Flyttade"),
    "undo": _l("Ångrade"),
}

OWN_ACTS: Mapping[str, LazyString] = {
    "add": _l("Du har lagt till en rad."),
    "accept": _l("Du har sagt ja till ett förslag."),
    "decline": _l("Du har sagt nej till ett förslag."),
    "change": _l("Du har ändrat en rad."),
    "remove": _l("Du har tagit bort en rad."),
    "move": _l("Du har flyttat en rad."),
}
"""What the participant did last, beside the button that takes it back."""
