"""Which passwords staff may choose, and which step of their app's clock a code belongs to."""

import hmac
from datetime import datetime

import pyotp

FEWEST, MOST = 12, 200
"""Letters in a password; NIST SP 800-63B asks for length, not for signs of several kinds."""

STEP_SECONDS = 30
STEPS_OFF = 1
"""How many steps of 30 seconds a phone's clock may be wrong."""

NOBODYS_SECRET = "A" * 32
"""Reckoned with where there is no account, so that it takes the same time."""


class WeakPassword(ValueError):
    """A password that will not do; `code` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(password: str, *, email: str = "") -> None:
    """Raise a `WeakPassword` whose code is short, long, simple or email."""
    if len(password) < FEWEST:
        raise WeakPassword("short")
    if len(password) > MOST:
        raise WeakPassword("long")
    if len(set(password)) < 6:
        raise WeakPassword("simple")
    name = email.partition("@")[0].casefold()
    if len(name) > 3 and name in password.casefold():
        raise WeakPassword("email")


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step of the clock that this six-digit code belongs to (RFC 6238), None when it is another's.

    `secret` is base32. The same work is done whatever the code.
    """
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found
