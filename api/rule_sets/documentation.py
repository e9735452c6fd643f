"""What the documentation says of the operations on rule sets, with their examples."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache, reduce
from typing import Any, Final

from pydantic_core import to_jsonable_python

from api.described.responses import Responses, changing
from api.rule_sets.view import listing, whole
from domain.casework.commands.book import known_rule_sets
from domain.rulebook.release import adoption_of, shipped_contents, shipped_publications
from domain.rulebook.rulebook import BookEvent, By, RuleBook, approve, draft, evolve, publication, publish, release
from domain.rules.sets.rule_set import digest_of

Json = dict[str, Any]
EXAMPLE: Final = "nasjonal-alis-2026-final"
LIST: Final = """
The published rule sets in the order published, superseded ones too, then the drafts: those recorded here, and those
that this release brings.
"""
READ: Final = """
A rule set with its whole content, every number and every choice with its basis and source, and the register of
assumptions: for each option what was chosen, and the alternatives. The days are kept apart: `adopted_on`,
`published_on`, and the first and last day of the round that it applies to.
"""
DRAFT: Final = """
Records a draft, in the role `rules`. The body is the content of a rule set; with `extends` it names only what differs
from another one. Nothing but a calculation that names it uses a draft, and writing it anew takes back its approval.
201 with the draft; 200 where it stood like that already. All that is wrong with it is told at once, and what is in
force stays as it was.
"""
APPROVE: Final = """
Approves exactly the draft with this digest, in the role `approver` or `rules`, by another person than wrote it.
"""
PUBLISH: Final = """
Publishes exactly the draft with this digest, once it is approved, in the role `rules`. What is published differs from
the draft in `status` and, where none was written, `published_on`. It supersedes the rule set of its round that it
names, whose content stays for the decisions that rest on it.
"""
_OBJECT: Final[Json] = {"type": "object"}
_TEXT: Final[Json] = {"type": "string", "minLength": 1}
_NEW: Final[Json] = {
    "title": "NewRuleSet",
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
_DIGEST: Final[Json] = {
    "title": "SeenDraft",
    "type": "object",
    "description": "The draft that was seen.",
    "additionalProperties": False,
    "required": ["digest"],
    "properties": {"digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}},
}
_SEEN: Final = "sha256:41f4181bd5558cb3ffd3fe6e1f9b7fd1235e069e80f66aa00afde67805997887"
"""An example must not be computed while the program is loaded: a rule set that is wrong is said in words."""
_WHERE: Final = "The address of the rule set."


def drafting() -> Responses:
    """The responses of a draft."""
    answers = changing("bad-rule-set", "rule-set-published", location=_WHERE)
    headers = answers[200]["headers"]
    entry = {"content": {"application/json": {"schema": {"component": "WholeRuleSet"}}}, "headers": headers}
    return {
        **answers,
        200: {"description": "The draft stood like that already.", **entry},
        201: {"description": "The draft is recorded.", "headers": headers},
    }


def stepping(*codes: str) -> Responses:
    """The responses of an approval or a publication."""
    return changing("no-such-address", "no-draft", "draft-changed", "rule-set-published", *codes, location=_WHERE)


def draft_body() -> Json:
    """The body of a draft."""
    example = {
        "extends": "nasjonal-alis-2026-provisional",
        "id": EXAMPLE,
        "title": "Nasjonal ALIS og veiledning 2026, endelige satser",
        "supersedes": "nasjonal-alis-2026-provisional",
        "values": {
            "hourly_rate": {
                "value": "1375",
                "basis": "stated",
                "source": "advokatbladet.no, 2026",
                "note": "Den offentlige salærsatsen fra 1. januar 2026.",
            }
        },
    }
    return _body("The rule set.", _NEW, example)


def step_body() -> Json:
    """The body of an approval or a publication."""
    return _body("The digest of the draft, as read.", _DIGEST, {"digest": _SEEN})


def answers() -> list[tuple[str, str, str, Any]]:
    """The example answers, made by the very code that answers."""
    drafted, approved, published = _books()
    path, all_of = "/rule-sets/{rule_set}", known_rule_sets(published).values()
    return [
        ("/rule-sets", "get", "200", to_jsonable_python(listing(all_of, published))),
        ("/rule-sets", "post", "201", _whole(drafted)),
        ("/rule-sets", "post", "200", _whole(drafted)),
        (path, "get", "200", _whole(published)),
        (f"{path}/approval", "post", "200", _whole(approved)),
        (f"{path}/publication", "post", "200", _whole(published)),
    ]


def _body(description: str, schema: Json, example: Json) -> Json:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


def _whole(book: RuleBook) -> Any:  # noqa: ANN401 - JSON
    return to_jsonable_python(whole(known_rule_sets(book)[EXAMPLE], book))


def _content() -> Any:  # noqa: ANN401 - JSON
    return next(each for each in shipped_contents() if each["id"] == EXAMPLE)


@cache
def _books() -> tuple[RuleBook, RuleBook, RuleBook]:
    """The book with the example drafted, then approved, then published."""
    book, content = RuleBook(), _content()
    adoption = adoption_of(content["municipalities"], datetime(2025, 6, 1, 9, tzinfo=UTC), "release:alis")
    for each in shipped_publications():
        book = _after(book, release(book, publication(each, adoption.recorded_at, "release:alis"), adoption))
    kari = By("rules:kari", "rules", datetime(2026, 7, 1, 9, tzinfo=UTC))
    ola = By("approver:ola", "approver", datetime(2026, 7, 2, 9, tzinfo=UTC))
    digest = digest_of(dict(content))
    drafted = _after(book, draft(book, content, adoption, kari))
    approved = _after(drafted, approve(drafted, EXAMPLE, digest, ola))
    return drafted, approved, _after(approved, publish(approved, EXAMPLE, digest, kari))


def _after(book: RuleBook, events: Iterable[BookEvent]) -> RuleBook:
    return reduce(evolve, events, book)
