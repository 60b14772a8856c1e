"""Imports every room's tables, so that the metadata is whole for migrations and tests."""

from importlib import import_module
from importlib.util import find_spec

from portal.db import Base

MODULES = (
    "organisation.models",
    "journal.models",
    "messaging.models",
    "identity.models",
    "identity.session_models",
    "notices.models",
    "availability.models",
    "instruments.models",
    "plan.models",
    "booking.models",
    "feedback.models",
    "reminders.models",
    "staff.models",
    "ops.models",
)

for name in MODULES:
    if find_spec(f"portal.{name}"):
        import_module(f"portal.{name}")

metadata = Base.metadata
