"""Who is asking, as the rooms above name it."""

from portal.web.asker import ROLES, STAFF_ROLES, Asker

__all__ = ["ROLES", "STAFF_ROLES", "Asker"]
