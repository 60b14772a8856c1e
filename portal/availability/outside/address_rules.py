"""Which address of a calendar may be read: its form, its host, and where that host's name leads."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from portal.organisation.host_rules import HOST

HOSTS = frozenset({"outlook.office365.com", "outlook.office.com", "outlook.live.com", "calendar.google.com"})
"""Where Outlook and Google publish calendars: usecarly.com/blog/how-to-get-outlook-calendar-ics-url and
usecarly.com/blog/how-to-get-google-calendar-ics-url show the addresses as people copy them."""
_APPLE = re.compile(r"p[0-9]{1,3}-(caldav|calendars)\.icloud\.com")
"""Apple's published calendars stand at pNN-caldav.icloud.com/published/…, with a number for each account."""

LONGEST = 2000
"""Characters of an address: published ones have some hundred."""
_SIGNS = re.compile(r"[!-~]+")

_GLOBAL_V6 = IPv6Network("2000::/3")
"""All that is given out as global unicast (RFC 4291, 2.4): what embeds or translates IPv4 lies elsewhere."""


class WrongAddress(ValueError):
    """An address that is not read; `code` says why: odd, not_https, host."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Address:
    """An https address on port 443: `host` in small letters, `path` with the question after it."""

    host: str
    path: str

    def __str__(self) -> str:
        return f"https://{self.host}{self.path}"


def parse(text: str, more: Collection[str] = ()) -> Address:
    """The address, on a host that is known or one of `more`. Raises WrongAddress.

    What calendar programs call webcal is https.
    """
    typed = text.strip()
    if len(typed) > LONGEST or not _SIGNS.fullmatch(typed) or "\\" in typed:
        raise WrongAddress("odd")
    try:
        parts = urlsplit(re.sub(r"(?i)^webcals?://", "https://", typed))
        port = parts.port
    except ValueError:
        raise WrongAddress("odd") from None
    if parts.scheme != "https":
        raise WrongAddress("not_https")
    host = (parts.hostname or "").removesuffix(".")
    if "@" in parts.netloc or port not in (None, 443) or not HOST.fullmatch(host):
        raise WrongAddress("odd")
    if not allowed(host, more):
        raise WrongAddress("host")
    path = parts.path or "/"
    return Address(host, f"{path}?{parts.query}" if parts.query else path)


def allowed(host: str, more: Collection[str] = ()) -> bool:
    """Whether calendars are read from this host."""
    return host in HOSTS or _APPLE.fullmatch(host) is not None or host in more


def is_public(address: str) -> bool:
    """Whether this is an address of the open internet: no private, local, shared or translated one."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if found.is_multicast or found.is_reserved or found.is_unspecified or not found.is_global:
        return False
    return isinstance(found, IPv4Address) or _plain_v6(found)


def _plain_v6(found: IPv6Address) -> bool:
    embeds = found.ipv4_mapped or found.sixtofour or found.teredo
    return found in _GLOBAL_V6 and not embeds
