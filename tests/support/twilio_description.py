"""Twilio's published description of messages and calls, asked whether a request has their shape."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict

PUBLISHED = Path(__file__).parents[1] / "data" / "twilio"
CREATE = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
FETCH = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"
CREATE_CALL = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
FETCH_CALL = "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json"
FORM = "application/x-www-form-urlencoded"
# What the description says in words alone, of the fields that we use: E.164, a name of at most 11 signs, from
# 1 to 36000 seconds, no underscore in the host. 1600 signs is the most that its page on messages names.
# Of calls: a number rings a number, 4000 signs of TwiML, up to 600 seconds, four events.
IN_WORDS = {
    "To": re.compile(r"\+[1-9]\d{6,14}"),
    "From": re.compile(r"\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11}"),
    "StatusCallback": re.compile(r"https?://[^/_\s]+/\S+"),
    "ValidityPeriod": re.compile(r"[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36000"),
    "Body": re.compile(r".{1,1600}", re.DOTALL),
    "Twiml": re.compile(r".{1,4000}", re.DOTALL),
    "Timeout": re.compile(r"[1-9]\d?|[1-5]\d\d|600"),
    "StatusCallbackEvent": re.compile(r"initiated|ringing|answered|completed"),
}
TYPES = {
    "integer": re.compile(r"-?\d+"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "boolean": re.compile(r"true|false"),
}


@cache
def description() -> dict[str, Any]:
    """The whole of it."""
    whole: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
    for name in ("messages_openapi.json", "calls_openapi.json"):
        told = json.loads((PUBLISHED / name).read_text(encoding="utf-8"))
        whole["paths"].update(told["paths"])
        whole["components"]["schemas"].update(told["components"]["schemas"])
    return whole


def _schema(told: dict[str, Any]) -> dict[str, Any]:
    reference = told.get("$ref", "")
    if not reference:
        return told
    found: dict[str, Any] = description()["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def path_values(template: str, method: str, path: str) -> dict[str, str] | None:
    """What stands in the places of this address; None when it is none of that shape."""
    parameters = description()["paths"][template][method]["parameters"]
    shape = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
    for one in parameters:
        if one["in"] == "path":
            inner = one["schema"]["pattern"].strip("^$")
            shape = shape.replace("{" + one["name"] + "}", f"(?P<{one['name']}>{inner})")
    found = re.fullmatch(shape, path)
    return found.groupdict() if found else None


def form_problems(form: MultiDict[str, str], template: str = CREATE) -> list[str]:
    """What in a form that creates a message (or a call) the description does not know, misses or forbids."""
    schema = _schema(description()["paths"][template]["post"]["requestBody"]["content"][FORM]["schema"])
    known = schema["properties"]
    found = [f"unknown field {name}" for name in form if name not in known]
    found += [f"missing field {name}" for name in schema["required"] if name not in form]
    found += [f"{name} twice" for name in form if len(form.getlist(name)) > 1]
    found += [
        f"{name} is {form[name]!r}" for name in form if name in known and _wrong(name, form[name], known)
    ]
    return found


def _wrong(name: str, value: str, known: dict[str, Any]) -> bool:
    in_words = IN_WORDS.get(name)
    schema = _schema(known[name])
    return not _fits(value, schema.get("items", schema)) or bool(in_words and not in_words.fullmatch(value))


def answer_problems(answer: dict[str, Any], what: str = "message") -> list[str]:
    """What in a message (or a "call") that our own provider answers Twilio would not answer."""
    known = _schema({"$ref": f"api.v2010.account.{what}"})["properties"]
    found = [f"unknown field {name}" for name in answer if name not in known]
    found += [f"missing field {name}" for name in known if name not in answer]
    for name, value in answer.items():
        schema = _schema(known.get(name, {}))
        if isinstance(value, str) and not _fits(value, schema):
            found.append(f"{name} is {value!r}")
        if value is None and not schema.get("nullable"):
            found.append(f"{name} is nothing")
    return found


def _fits(value: str, schema: dict[str, Any]) -> bool:
    typed = TYPES.get(schema.get("type", "string"))
    if typed and not typed.fullmatch(value):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    return re.search(schema.get("pattern", ""), value) is not None
