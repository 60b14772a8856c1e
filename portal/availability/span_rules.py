"""Spans made one. Pure."""

from collections.abc import Iterable

from portal.availability.rules import Span


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times, in order, those that touch or share a moment made one; plain spans alone."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(Span(span.start, span.end))
    return found
