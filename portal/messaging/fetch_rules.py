"""The addresses at which a provider fetches the sound of a call: ours, for this sound, for a while (S26)."""

import hmac
import uuid
from datetime import UTC, datetime, timedelta

from portal import crypto

FETCHED_WITHIN = timedelta(minutes=15)
"""Ours: a call rings for 35 seconds and lasts for two minutes (`gateways.twilio_calls`); the rest is for one
that waits in the provider's queue, from which one a second leaves."""


def address(home: str, recording_id: uuid.UUID, now: datetime) -> str:
    """Where this sound can be fetched from now on. `home`: where the portal answers."""
    until = int((now + FETCHED_WITHIN).timestamp())
    return f"{home}/voice/sound/{recording_id}/{until}/{_secret(recording_id, until)}"


def is_open(recording_id: uuid.UUID, until: int, told: str, now: datetime) -> bool:
    """Whether an address of ours, and not too old, ends so. `until`: seconds since 1970, UTC."""
    ours = hmac.compare_digest(_secret(recording_id, until).encode(), told.encode())
    return ours and now.astimezone(UTC).timestamp() < until


def _secret(recording_id: uuid.UUID, until: int) -> str:
    return crypto.keys().keyed_hash("sound of a call", str(recording_id), str(until)).hex()
