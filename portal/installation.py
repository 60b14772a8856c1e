"""What every process of an installation sets up first, whether it serves pages or not: keys and clock."""

from portal import clock, crypto
from portal.config import Settings


def use_settings(settings: Settings) -> None:
    """Let sealed columns use the installation's keys, and `clock.now` its clock (the demo's can be moved)."""
    crypto.use(crypto.Keyring(settings.data_keys, settings.lookup_key))
    clock.use(clock.DemoClock(settings.instance / "demo-clock") if settings.demo else clock.system_time)
