"""What the Cloud API refuses: unknown fields, lengths, counts, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]


class GraphError(Exception):
    """An error as Meta answers it."""

    def __init__(self, code: int, details: str = "", status: int = 400) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details
        self.status = status

    def body(self) -> Json:
        return {
            "error": {
                "message": f"(#{self.code}) refused",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "Atrace",
            }
        }


def refuse(code: int, details: str) -> None:
    raise GraphError(code, details)


def only(found: Any, needed: str, may: str = "", where: str = "") -> Json:
    """An object with these fields and no others."""
    if not isinstance(found, dict):
        raise GraphError(100, f"{where} is no object")
    for name in needed.split():
        if name not in found:
            refuse(100, f"{where}.{name} is missing")
    for name in found:
        if name not in needed.split() + may.split():
            refuse(100, f"Unexpected key {name!r} on {where}")
    return found


def text(found: Any, most: int, where: str, least: int = 1) -> str:
    """A text of so many Unicode characters; blank is empty."""
    if not isinstance(found, str):
        raise GraphError(100, f"{where} is no text")
    if len(found.strip()) < least:
        refuse(131009, f"{where} is empty")
    if len(found) > most:
        refuse(131009, f"{where} is longer than {most}")
    return found


_KINDS = "text interactive image document audio template"


def check(message: Mapping[str, Any], templates: Mapping[tuple[str, str], Json]) -> None:
    """Raise GraphError for whatever is not as the documentation says."""
    whole = only(
        dict(message),
        "messaging_product type",
        f"recipient_type to recipient context biz_opaque_callback_data {_KINDS}",
        "message",
    )
    if whole["messaging_product"] != "whatsapp":
        refuse(100, "messaging_product must be whatsapp")
    if whole.get("recipient_type", "individual") != "individual":
        refuse(100, "recipient_type must be individual")
    if not (whole.get("to") or whole.get("recipient")):
        refuse(100, "to or recipient is missing")
    if len(str(whole.get("biz_opaque_callback_data", ""))) > 512:
        refuse(100, "biz_opaque_callback_data is longer than 512")
    if "context" in whole:
        text(only(whole["context"], "message_id", where="context")["message_id"], 512, "context")
    kind = whole["type"]
    if kind not in _CHECKS:
        refuse(100, f"type {kind} is unknown")
    if kind not in whole or any(other in whole for other in _KINDS.split() if other != kind):
        refuse(100, f"{kind} is missing, or there is another content")
    if kind == "template":
        _template(whole["template"], templates)
    else:
        _CHECKS[kind](whole[kind])


def _text(found: Any) -> None:
    content = only(found, "body", "preview_url", "text")
    text(content["body"], 4096, "text.body")
    if not isinstance(content.get("preview_url", False), bool):
        refuse(100, "text.preview_url is no boolean")


def _interactive(found: Any) -> None:
    content = only(found, "type body action", "header footer", "interactive")
    text(only(content["body"], "text", where="body")["text"], 1024, "body.text")
    if "footer" in content:
        text(only(content["footer"], "text", where="footer")["text"], 60, "footer.text")
    if "header" in content:
        header = only(content["header"], "type text", where="header")
        if header["type"] != "text":
            refuse(131009, "the header of a list may only be text")
        text(header["text"], 60, "header.text")
    kinds: dict[str, Callable[[Any], None]] = {
        "button": _buttons,
        "list": _rows,
        "cta_url": _link,
    }
    if content["type"] not in kinds:
        refuse(100, "interactive.type is unknown")
    kinds[content["type"]](content["action"])


def _buttons(found: Any) -> None:
    buttons = only(found, "buttons", where="action")["buttons"]
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        refuse(131009, "one to three buttons")
    ids, titles = [], []
    for button in buttons:
        each = only(button, "type reply", where="button")
        if each["type"] != "reply":
            refuse(131009, "a button is of the type reply")
        reply = only(each["reply"], "id title", where="reply")
        ids.append(_id(reply["id"], 256))
        titles.append(text(reply["title"], 20, "title"))
    _each_once(ids, "ids")
    _each_once(titles, "titles")


def _rows(found: Any) -> None:
    action = only(found, "button sections", where="action")
    text(action["button"], 20, "action.button")
    sections = action["sections"]
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        refuse(131009, "one to ten sections")
    ids, titles = [], []
    for section in sections:
        each = only(section, "rows", "title", "section")
        if len(sections) > 1 or "title" in each:
            text(each.get("title", ""), 24, "section.title")
        for found_row in each["rows"]:
            row = only(found_row, "id title", "description", "row")
            ids.append(_id(row["id"], 200))
            titles.append(text(row["title"], 24, "row.title"))
            if "description" in row:
                text(row["description"], 72, "row.description")
    if not 1 <= len(ids) <= 10:
        refuse(131009, "one to ten rows in total")
    _each_once(ids, "ids")
    _each_once(titles, "titles")


def _link(found: Any) -> None:
    action = only(found, "name parameters", where="action")
    if action["name"] != "cta_url":
        refuse(131009, "action.name must be cta_url")
    parameters = only(action["parameters"], "display_text url", where="parameters")
    text(parameters["display_text"], 20, "display_text")
    if not str(parameters["url"]).startswith(("http://", "https://")):
        refuse(131009, "url is no address")


def _media(found: Any, may: str = "caption") -> None:
    content = only(found, "", f"id link {may}", "media")
    if ("id" in content) == ("link" in content):
        refuse(100, "either id or link")
    if "caption" in content:
        text(content["caption"], 1024, "caption")
    if "filename" in content:
        text(content["filename"], 240, "filename")


def _document(found: Any) -> None:
    _media(found, "caption filename")


def _audio(found: Any) -> None:
    _media(found, "")


def _template(found: Any, templates: Mapping[tuple[str, str], Json]) -> None:
    content = only(found, "name language", "components", "template")
    text(content["name"], 512, "template.name")
    code = only(content["language"], "code", "policy", "language")["code"]
    known = {language for name, language in templates if name == content["name"]}
    if not known:
        refuse(132001, "template does not exist")
    if code not in known:
        refuse(132001, "template does not exist in this language")
    template = templates[content["name"], code]
    if template["state"] == "PAUSED":
        refuse(132015, "template is paused")
    if template["state"] == "DISABLED":
        refuse(132016, "template is disabled")
    if template["state"] != "APPROVED":
        refuse(132001, "template is not approved")
    given = 0
    for component in content.get("components", []):
        each = only(component, "type parameters", "sub_type index", "component")
        for parameter in each["parameters"]:
            if not str(only(parameter, "type text", where="parameter")["text"]).strip():
                refuse(131008, "a parameter is empty")
            given += 1
    if given != template.get("parameters", 0):
        refuse(132000, "number of parameters does not match")


def _id(found: Any, most: int) -> str:
    name = text(found, most, "id")
    if name != name.strip():
        refuse(131009, "an id begins or ends with a space")
    return name


def _each_once(found: list[str], what: str) -> None:
    if len(set(found)) < len(found):
        refuse(131009, f"{what} must be unique")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "text": _text,
    "interactive": _interactive,
    "image": _media,
    "document": _document,
    "audio": _audio,
    "template": _text,
}
