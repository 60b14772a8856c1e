"""What every process of an installation sets up first, pages or not: settings, keys and clock."""

from portal import clock, crypto
from portal.config import Settings

_settings: Settings | None = None


def settings() -> Settings:
    """The settings in use. Raises RuntimeError before `use_settings`."""
    if _settings is None:
        raise RuntimeError("no settings: create_app or the command line uses them first")
    return _settings


def use_settings(settings: Settings) -> None:
    """Let sealed columns use the installation's keys, and `clock.now` its clock (the demo's can be moved)."""
    global _settings
    _settings = settings
    crypto.use(crypto.Keyring(settings.data_keys, settings.lookup_key))
    clock.use(clock.DemoClock(settings.instance / "demo-clock") if settings.demo else clock.system_time)
