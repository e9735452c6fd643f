"""The bodies of drafts and of the steps on them."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from api.described.body import JsonBody, Schemas, schemas_of
from domain.rules.sets.rule_set import Content, Digest

_OBJECT: Final = {"type": "object"}
_TEXT: Final = {"type": "string", "minLength": 1}
_NEW: Final[dict[str, Any]] = {
    "type": "object",
    "description": "A `RuleSetContent`, or, with `extends`, those parts of it that differ from another rule set.",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": _TEXT,
        "extends": _TEXT,
        "title": _TEXT,
        "scheme": _TEXT,
        "status": {"enum": ["draft"]},
        "completeness": {"enum": ["complete", "partial"]},
        "adopted_on": {"type": "string", "format": "date"},
        "published_on": {"type": "string", "format": "date"},
        "supersedes": _TEXT,
        "municipalities": _TEXT,
        "round": _OBJECT,
        "values": _OBJECT,
        "elements": {"type": "array", "items": _OBJECT},
        "options": _OBJECT,
    },
}


class SeenDraft(BaseModel):
    """The draft that was seen."""

    model_config = ConfigDict(extra="forbid")

    digest: Digest


def _new() -> Schemas:
    return {"NewRuleSet": _NEW, **schemas_of("RuleSetContent", TypeAdapter(Content))}


def _seen() -> Schemas:
    return schemas_of("SeenDraft", TypeAdapter(SeenDraft))


NEW_RULE_SET: Final = JsonBody("NewRuleSet", "The rule set.", _new)
SEEN_DRAFT: Final = JsonBody("SeenDraft", "The digest of the draft, as read.", _seen)
