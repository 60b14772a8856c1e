"""One object of each kind for three participants: in the team, in another team, in another organisation."""

from datetime import datetime

from sqlalchemy.orm import Session

from tests.support.world import World

OWNERS = ("participant", "other_participant", "far_participant")


def populate(session: Session, world: World, now: datetime) -> dict[str, dict[str, object]]:
    """Make them; returns kind -> owner -> what stands in an address for it. The caller commits."""
    return {"person": {owner: getattr(world, owner).id for owner in OWNERS}}
