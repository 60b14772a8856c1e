"""What stands around every answer."""

import pytest

from tests.support.pages import Client


@pytest.mark.parametrize("query", ["\xff", "\xe5=\xe4&lang=en", "lang=en\x00\xff", "%ff"])
def test_a_byte_that_no_address_may_have_is_no_error_of_ours(client: Client, query: str) -> None:
    """Whoever asks with one gets the page, and a page that is not there is not found."""
    for path, code in (("/", 200), ("/nowhere", 404)):
        answer = client.get(path, environ_overrides={"QUERY_STRING": query}, follow_redirects=True)
        assert answer.status_code == code, path
    answer = client.get("/", environ_overrides={"QUERY_STRING": "\xe5=\xe4&lang=en"}, follow_redirects=True)
    assert 'lang="en"' in answer.text
