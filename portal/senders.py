"""What may stand as the sender of an SMS and of a call, and what kind of sender one is."""

import re

OF_TWILIO = (
    re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}"),
    "a number (+46…), a messaging service (MG…), or at most 11 letters A to Z and digits",
)
"""twilio.com/docs/glossary/what-alphanumeric-sender-id"""
OF_ELKS = (
    re.compile(r"\+[1-9][0-9]{6,14}|[A-Za-z][A-Za-z0-9]{2,10}"),
    "a number (+46…), or 3 to 11 letters A to Z and digits that begin with a letter",
)
"""46elks.com/kb/text-sender-id"""
CALLER = re.compile(r"\+[1-9][0-9]{6,14}")
"""A number that can ring."""

SERVICE_LENGTH = 34
"""The name of a messaging service of Twilio: MG and 32 hexadecimal digits."""


def kind_of_sender(sender: str) -> str:
    """What a sender is: a "number", which one can answer, a "name", which one cannot, or a "service".

    twilio.com/docs/glossary/what-alphanumeric-sender-id, 46elks.com/kb/text-sender-id; a messaging service
    chooses among senders of its own.
    """
    if sender.startswith("MG") and len(sender) == SERVICE_LENGTH:
        return "service"
    return "number" if sender.lstrip("+").isdigit() else "name"
