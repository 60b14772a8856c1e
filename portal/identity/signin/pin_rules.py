"""Which PINs are too easy to guess, and how long a wish to choose one stands."""

from datetime import date, timedelta

REQUEST_LIFE = timedelta(minutes=10)
CHOOSE_LIFE = timedelta(minutes=10)
"""How long after the coach's yes the PIN may be chosen."""

_UP, _DOWN = "01234567890123456789", "98765432109876543210"


class WeakPin(ValueError):
    """A PIN that others would guess; `code` names why."""

    code = "weak"


class SameDigit(WeakPin):
    """One digit six times: 111111."""

    code = "same"


class InARow(WeakPin):
    """Digits in a row, up or down: 123456, 654321."""

    code = "row"


class Repeated(WeakPin):
    """Two or three digits over and over: 121212, 123123."""

    code = "repeated"


class LooksLikeADay(WeakPin):
    """A day, as people write their birthday: 850312 or 120385."""

    code = "day"


class PartOfTheNumber(WeakPin):
    """Six digits of the person's own phone number."""

    code = "phone"


def check(pin: str, *, phone: str = "") -> None:
    """Raise a `WeakPin` for six digits that others try first. `phone` is the person's own number (E.164)."""
    if len(set(pin)) == 1:
        raise SameDigit
    if pin in _UP or pin in _DOWN:
        raise InARow
    if pin[:2] * 3 == pin or pin[:3] * 2 == pin:
        raise Repeated
    if _is_day(pin[0:2], pin[2:4], pin[4:6]) or _is_day(pin[4:6], pin[2:4], pin[0:2]):
        raise LooksLikeADay
    if pin in phone:
        raise PartOfTheNumber


def _is_day(year: str, month: str, day: str) -> bool:
    for century in (1900, 2000):
        try:
            date(century + int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False
