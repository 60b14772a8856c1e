"""Values as a person reads them."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from portal.web.formats import day_words, daytime, number


def say(value: Any) -> str | Markup:
    """A day, a moment, a number, yes or no, or the text itself."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, datetime):
        return daytime(value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, int | float):
        return number(value)
    return str(value)
