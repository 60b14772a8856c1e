"""All tables at once, for tests that are not about migrations."""

from portal.db import Database
from portal.tables import metadata


def build_schema(url: str) -> None:
    """Make every table in the empty database at this address."""
    fresh = Database(url, durable=False)
    metadata.create_all(fresh.engine)
    fresh.engine.dispose()
