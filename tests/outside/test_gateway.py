"""Fetching a calendar: from the allowed hosts, the open internet and within bounds, and else not at all."""

import gzip
import os
import zlib
from collections.abc import Iterable
from itertools import repeat

import pytest

from portal.availability.outside import gateway
from portal.availability.outside.gateway import NOTHING_SEEN, Failed, Fetched, Seen, fetch
from tests.support.calendar_server import GOOGLE, PUBLIC, CalendarServer, answer, calendar

ADDRESS = f"https://{GOOGLE}/calendar/ical/me/private-x/basic.ics"
PATH = "/calendar/ical/me/private-x/basic.ics"
BODY = calendar("DTSTART:20261201T090000Z\nDTEND:20261201T100000Z")


def get(server: CalendarServer, address: str = ADDRESS, seen: Seen = NOTHING_SEEN) -> Fetched:
    """The calendar at this address."""
    return fetch(address, (), seen, server.net)


def failure(server: CalendarServer, address: str = ADDRESS) -> str:
    """Why it cannot be had."""
    with pytest.raises(Failed) as failed:
        get(server, address)
    return failed.value.code


def test_a_calendar_comes_with_what_says_its_version(
    calendars: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "HTTPS_PROXY", "http://127.0.0.1:1")
    changed = "Tue, 24 Nov 2026 08:00:00 GMT"
    calendars.answers[PATH] = answer(body=BODY, ETag='"one"', Last_Modified=changed, Set_Cookie="a=b")
    found = get(calendars)
    assert (found.body, found.seen) == (BODY, Seen('"one"', changed))
    assert calendars.connected == [PUBLIC]
    ((_, headers),) = calendars.asked
    assert headers["Host"] == GOOGLE
    assert not {"Cookie", "Authorization", "If-None-Match"} & headers.keys()


def test_what_has_not_changed_is_not_sent_again(calendars: CalendarServer) -> None:
    calendars.answers[PATH] = answer("304 Not Modified")
    assert get(calendars, seen=Seen('"one"', "yesterday")) == Fetched(None, Seen('"one"', "yesterday"))
    assert calendars.asked[0][1]["If-None-Match"] == '"one"'
    assert calendars.asked[0][1]["If-Modified-Since"] == "yesterday"
    assert failure(calendars) == "no_answer"


def test_a_validator_that_could_fill_or_end_a_line_is_not_kept(calendars: CalendarServer) -> None:
    calendars.answers[PATH] = answer(body=BODY, ETag="x" * 300, Last_Modified="a\tb")
    assert get(calendars).seen == NOTHING_SEEN


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"http://{GOOGLE}/a.ics", "moved"),
        ("https://evil.example/a.ics", "host"),
        (f"https://{GOOGLE}.evil.example/a.ics", "host"),
        (f"https://{GOOGLE}@evil.example/", "moved"),
        (f"https://{GOOGLE}:8443/a.ics", "moved"),
        ("https://127.0.0.1/a.ics", "moved"),
    ],
)
def test_another_address_is_not_even_resolved(calendars: CalendarServer, address: str, code: str) -> None:
    assert failure(calendars, address) == code
    calendars.answers[PATH] = answer("302 Found", Location=address)
    assert failure(calendars) == code
    assert calendars.resolved == [GOOGLE]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "not an address",
    ],
)
def test_a_name_that_leads_within_is_not_followed(calendars: CalendarServer, address: str) -> None:
    for addresses in ([address], [PUBLIC, address]):
        calendars.names[GOOGLE] = [addresses]
        assert failure(calendars) == "unsafe"
    assert calendars.connected == []


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(calendars: CalendarServer) -> None:
    """DNS rebinding: only the address that was looked at is connected to."""
    calendars.names[GOOGLE] = [[PUBLIC], ["127.0.0.1"]]
    calendars.answers[PATH] = answer(body=BODY)
    assert get(calendars).body == BODY
    assert calendars.connected == [PUBLIC]
    assert calendars.resolved == [GOOGLE]


def test_a_redirect_is_looked_at_like_the_first_address(calendars: CalendarServer) -> None:
    calendars.answers[PATH] = answer("302 Found", Location="https://outlook.office365.com/b.ics")
    calendars.answers["/b.ics"] = answer(body=BODY)
    assert get(calendars).body == BODY
    calendars.names["outlook.office365.com"] = [["192.168.1.1"]]
    assert failure(calendars) == "unsafe"
    assert calendars.connected.count("192.168.1.1") == 0


def test_three_redirects_and_no_more(calendars: CalendarServer) -> None:
    for number in range(5):
        calendars.answers[f"/{number}"] = answer("301 Moved", Location=f"/{number + 1}")
    calendars.answers["/4"] = answer(body=BODY)
    assert get(calendars, f"https://{GOOGLE}/1").body == BODY
    assert failure(calendars, f"https://{GOOGLE}/0") == "moved"
    assert [path for path, _ in calendars.asked].count("/4") == 1


def test_a_certificate_of_another_name_or_authority_is_refused(calendars: CalendarServer) -> None:
    assert failure(calendars, "https://outlook.live.com/a.ics") == "no_answer"
    strangers = gateway.Net(calendars._resolve, calendars._connect)
    with pytest.raises(Failed, match="no_answer"):
        fetch(ADDRESS, (), NOTHING_SEEN, strangers)
    assert calendars.asked == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("401 Unauthorized", "refused"),
        ("403 Forbidden", "refused"),
        ("404 Not Found", "not_found"),
        ("410 Gone", "not_found"),
        ("429 Slow", "no_answer"),
        ("500 Broken", "no_answer"),
        ("204 Nothing", "no_answer"),
    ],
)
def test_what_the_server_says_has_a_code(calendars: CalendarServer, status: str, code: str) -> None:
    calendars.answers[PATH] = answer(status)
    assert failure(calendars) == code


@pytest.mark.parametrize(
    "said", [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nBEG"]
)
def test_half_an_answer_is_none(calendars: CalendarServer, said: bytes) -> None:
    calendars.answers[PATH] = said
    if said.startswith(b"HTTP"):
        assert get(calendars).body == b"BEG"
    else:
        assert failure(calendars) == "no_answer"


def test_more_than_a_calendar_holds_is_not_read_to_its_end(calendars: CalendarServer) -> None:
    def endless(_: dict[str, str]) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        yield from repeat(b"x" * 65536)

    calendars.answers[PATH] = endless
    assert failure(calendars) == "too_big"


def test_what_is_packed_small_is_not_unpacked_to_its_end(calendars: CalendarServer) -> None:
    calendars.answers[PATH] = answer(body=gzip.compress(BODY), Content_Encoding="gzip")
    assert get(calendars).body == BODY
    bomb = gzip.compress(b"\0" * (200 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < 300_000
    calendars.answers[PATH] = answer(body=bomb, Content_Encoding="gzip")
    assert failure(calendars) == "too_big"
    for body, how in ((b"no gzip", "gzip"), (zlib.compress(BODY), "deflate"), (BODY, "br")):
        calendars.answers[PATH] = answer(body=body, Content_Encoding=how)
        assert failure(calendars) == "not_calendar"


@pytest.mark.parametrize("begins", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_what_drips_is_left_when_the_time_is_up(calendars: CalendarServer, begins: bytes) -> None:
    """Each byte comes in time, all of them never: the clock goes on with each look at it."""

    def drips(_: dict[str, str]) -> Iterable[bytes]:
        yield begins
        yield from repeat(b"x")

    calendars.answers[PATH] = drips
    calendars.step = 1.0
    assert failure(calendars) == "no_answer"
    assert calendars.ticks <= gateway.TOTAL_SECONDS + 3
