"""What a row of the access table says: who may open a route, and whose objects each of them may reach.

`who` is what the view declares, written out: "public", "signed_in", "participant 1" (through the first
door), "participant 2" (through both), "staff" (any), "staff coach lead", "interpreter" (let in by
a code), "callback", "demo".
`holds` says what each place in the address holds: a kind of object (a key of tests/support/objects.py), or
a fixed value ("=day"). `reach` says whose objects each asker gets; everybody else's are a 404.
`data` is a form that the view accepts; where it is empty, a form that comes back (422) counts as let in.
`also` holds statuses that are a proper answer of this route to somebody who was let in, or, of a callback,
how it refuses where that is not a 403; `only` names those for whom the page exists, where that is not
everybody of the role.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Reach = Mapping[str, frozenset[str]]

OWN: Reach = {
    "participant1": frozenset({"participant"}),
    "participant2": frozenset({"participant"}),
    "other_participant": frozenset({"other_participant"}),
    "far_participant": frozenset({"far_participant"}),
}
CASELOAD: Reach = {
    "coach": frozenset({"participant"}),
    "other_coach": frozenset({"other_participant"}),
    "far_coach": frozenset({"far_participant"}),
}
CONTENT: Reach = {**CASELOAD, "lead": frozenset({"participant"})}
PEOPLE: Reach = {**CONTENT, "admin": frozenset({"participant", "other_participant"})}
HOUSE: Reach = {"admin": frozenset({"participant", "other_participant"})}
LEADING: Reach = {"lead": frozenset({"participant"}), **HOUSE}
STAFF = frozenset({*PEOPLE, "translator", "user_auditor"})


@dataclass(frozen=True)
class Row:
    """What one method of one route is expected to do."""

    who: str
    holds: Mapping[str, str] = field(default_factory=dict)
    reach: Reach | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    also: frozenset[int] = frozenset()
    only: frozenset[str] | None = None


PERSON: Mapping[str, str] = {"person_id": "person"}
"""The place in an address that holds a participant."""
