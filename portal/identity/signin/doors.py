"""What happens to somebody who may not enter yet."""

from flask import redirect, request
from flask.typing import ResponseReturnValue


class Doors:
    """Leads to the right door, and back inside afterwards."""

    def signed_out(self) -> ResponseReturnValue:
        """Lead to sign-in."""
        entry = "/staff/sign-in" if request.path.startswith("/staff") else "/"
        return redirect(entry, 303)

    def tier_too_low(self) -> ResponseReturnValue:
        """Lead to the PIN."""
        return redirect("/pin", 303)
