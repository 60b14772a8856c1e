"""Whether a voice can ring somebody up. Needs an app context."""

from flask import current_app
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.languages import language
from portal.messaging.voice_rules import voice_of
from portal.notices import recording_queries, rules
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


def no_voice(session: Session, asker: Asker, spoken: str) -> str:
    """Why no voice rings up whoever reads this language, as a code of `rules.no_voice`; "" when one does.

    They belong to the asker's organisation.
    """
    settings: Settings = current_app.config["STIGEN"]
    code, chosen = language(spoken).code, rules_of(session, asker).sms_provider
    recorded = not voice_of(code) and recording_queries.is_whole(session, asker.organisation_id, code)
    return rules.no_voice(settings, chosen, code, recorded=recorded)
