"""A room as an admin types it."""

from flask_babel import lazy_gettext as _l

from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import FEWEST, MOST
from portal.availability.rooms.service import Facts
from portal.web.forms import Number, SharedForm, Text

NAME_MAX = 80


class RoomForm(SharedForm):
    """One room."""

    name = Text(_l("Rummets namn"), max=NAME_MAX)
    place = Text(_l("Var det är"), hint=_l("Adress, våning och hur man hittar dit. Deltagare läser det."))
    seats = Number(_l("Så många får plats"), min=FEWEST, max=MOST)

    @classmethod
    def of(cls, room: Room) -> "RoomForm":
        """The form with what is stored."""
        form = cls(formdata=None, name=room.name, place=room.place, seats=room.seats)
        form.mark()
        return form

    def facts(self) -> Facts:
        """What was filled in. Only after `validate`."""
        return Facts(
            " ".join((self.name.data or "").split()), self.place.data or "", self.seats.data or FEWEST
        )
