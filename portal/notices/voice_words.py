"""Whether a voice can ring somebody up. Needs an app context."""

from flask import current_app

from portal.config import Settings
from portal.languages import language
from portal.notices import rules


def no_voice(chosen: str, spoken: str) -> str:
    """Why no voice rings up whoever reads this language, as a code of `rules.no_voice`; "" when one does.

    `chosen`: the provider that their organisation chose, "" for the installation's.
    """
    settings: Settings = current_app.config["STIGEN"]
    return rules.no_voice(settings, chosen, language(spoken).code)
