"""The tables as an installation gets them: by its migrations."""

from portal import schema


def build_schema(url: str) -> None:
    """Bring the empty database at this address to this version's tables."""
    schema.upgrade(url)
