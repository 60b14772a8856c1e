"""The names of hosts, as an organisation writes them down."""

import re

HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
"""A name with at least one dot, in small letters (RFC 1123, 2.1); no number of an address is one."""


def hosts(text: str) -> tuple[str, ...]:
    """The hosts in a text, apart by spaces or commas. Raises ValueError where one of them is no name."""
    named = tuple(one.removesuffix(".") for one in re.split(r"[\s,;]+", text.lower()) if one)
    if not all(HOST.fullmatch(one) for one in named):
        raise ValueError("no name of a host")
    return named


def are_hosts(text: str) -> bool:
    """Whether every word of the text is the name of a host."""
    try:
        hosts(text)
    except ValueError:
        return False
    return True
