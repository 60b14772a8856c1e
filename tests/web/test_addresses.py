"""What an e-mail address is, however it is typed."""

import pytest

from portal.web.addresses import email_key


@pytest.mark.parametrize(
    "typed, key",
    [
        (" Karin@Kommun.SE ", "karin@kommun.se"),
        ("karin.ö@kommun.se", "karin.ö@kommun.se"),
        ("karin", ""),
        ("karin@kommun", ""),
        ("a b@kommun.se", ""),
        ("<b>@kommun.se", ""),
        ("", ""),
        ("a" * 65 + "@kommun.se", ""),
        ("a@" + "b" * 254 + ".se", ""),
    ],
)
def test_an_address_is_compared_without_case_or_is_none(typed: str, key: str) -> None:
    assert email_key(typed) == key
