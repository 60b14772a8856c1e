"""What may be done to a free text before it is shown: parts go, nothing is written in."""

GAP = "[…]"
"""Stands where something was taken out."""


def only_cuts(original: str, shown: str) -> bool:
    """Whether `shown` is the original with parts replaced by gaps, and nothing else."""
    parts = [part.strip() for part in shown.replace("[...]", GAP).split(GAP)]
    if len(parts) < 2:
        return False
    at = 0
    for number, part in enumerate(parts):
        found = original.find(part, at)
        if found < 0 or (number == 0 and found != 0 and part):
            return False
        at = found + len(part)
    return not parts[-1] or original.endswith(parts[-1])


def lines(text: str) -> list[str]:
    """The proposals of a report, one on each line, in their order, each once."""
    return list(dict.fromkeys(line.strip(" \t-–•*") for line in text.split("\n") if line.strip(" \t-–•*")))
