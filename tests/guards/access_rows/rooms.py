"""The rooms of the house."""

from tests.guards.access_row import HOUSE, Row

ROOM = {"room_id": "room"}
FACTS = {"name": "Salen", "place": "Storgatan 1", "seats": "12"}

ROWS: dict[str, Row] = {
    "GET rooms.show_rooms": Row("staff admin"),
    "GET rooms.new_room": Row("staff admin"),
    "POST rooms.add_room": Row("staff admin", data=FACTS),
    "GET rooms.edit_room": Row("staff admin", ROOM, HOUSE),
    "POST rooms.change_room": Row("staff admin", ROOM, HOUSE, FACTS),
    "POST rooms.close_room": Row("staff admin", ROOM, HOUSE),
    "POST rooms.open_room": Row("staff admin", ROOM, HOUSE),
}
