"""What a person typed, without what must never be kept or given back."""

from collections.abc import Iterable

FORM_FIELD = "csrf_token"
SECRETS = frozenset(
    {"pin", "pin_again", "code", "totp", "password", "new_password", "new_password_again", "token"}
)
"""The names of the fields that hold a secret, in every form."""


def without_secrets(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields in their order, without the form's token and every secret."""
    return [(name, value) for name, value in fields if name != FORM_FIELD and name not in SECRETS]
