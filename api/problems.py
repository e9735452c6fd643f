"""Problems: how a refusal is written over HTTP (RFC 9457).

The codes and sentences of refusals are the domain's; those that only HTTP knows of stand here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response

from api.kinds import KINDS
from domain import sentences
from domain.errors import MOST_TOLD, Refused, refused, said

MEDIA_TYPE: Final = "application/problem+json"
KEY: Final = "Idempotency-Key"
"""The header with the caller's own name for a request."""

_NAMED_BY_ADDRESS: Final = frozenset({"unknown-claim"})
"""What no body names."""
_OWN: Final[Mapping[str, str]] = {
    "not-loopback": ("Tjenesten svarer bare maskinen den kjører på, for den vet ennå ikke hvem som får gjøre hva."),
    "wrong-host": "Tjenesten svarer bare på navnene localhost, 127.0.0.1 og [::1].",
    "no-such-address": "Tjenesten har ingen slik adresse.",
    "method-not-allowed": "Adressen kan bare brukes med {allowed}.",
    "too-large": "Innholdet er større enn {limit:number} byte.",
    "head-too-large": "Adressen, parameterne og hodene er til sammen større enn {limit:number} byte.",
    "unsupported-media-type": "Innholdet må være application/json i UTF-8, uten komprimering.",
    "invalid-request": "Forespørselen er ikke skrevet som den skal: {first}",
    "header-twice": "Headeren {field} står flere ganger; send den én gang.",
    "parameter-twice": "Parameteren «{field}» står flere ganger; oppgi den én gang.",
    "unknown-parameter": "Parameteren «{field}» finnes ikke for denne adressen.",
    "document-erased": "Dokumentet er slettet, for nøkkelen til den det gjaldt, er destruert.",
    "role-sees-no-claims": "Rollen din gir ikke innsyn i tilskuddssøknader. Spør kommunen om innsyn.",
    "organisation-missing": "Oppgi hvilken kommune du handler på vegne av (Alis-Actor: …; organisation=1804).",
    "digest-differs": "Innholdet har ikke den kontrollsummen som {header} sier; send det på nytt.",
    "crowded": "Tjenesten har for mye å gjøre akkurat nå. Prøv igjen om litt.",
    "takes-too-long": (
        "Utregningen tok mer enn {seconds} sekunder og ble avbrutt. Still et mindre spørsmål, for eksempel med"
        " tidspunkter som ligger nærmere hverandre."
    ),
    "aborted": "Forbindelsen ble brutt før forespørselen var mottatt.",
    "internal": "Noe gikk galt hos oss. Oppgi {correlation} når du spør om det.",
    "not-yet-visible": (
        "Det som er registrert, er lagret, men vises ikke i oversiktene ennå; de ligger {seconds} sekunder etter. "
        "Prøv igjen om litt."
    ),
    "set-aside": (
        "Oversiktene kan ikke vise legen med HPR-nummer {hpr} nå, for noe av det som er registrert, lar seg ikke vise. "
        "Opplysningene er lagret og kan leses hver for seg. Meld fra til den som drifter tjenesten."
    ),
    "rules-set-aside": (
        "Oversiktene kan ikke vise tilskuddsperioden {round} etter regelsettet «{rules}» nå. "
        "Beregningen av én kommune viser det som gjelder. Meld fra til den som drifter tjenesten."
    ),
    "not-migrated": "Databasen mangler stegene {missing}; start programmet på nytt for å oppdatere den.",
}
SENTENCES: Final[Mapping[str, str]] = {**sentences.SENTENCES, **_OWN}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a request: the field or parameter, a stable code, a sentence."""

    field: str | None
    code: str
    detail: str

    @classmethod
    def of(cls, refusal: Refused) -> "FieldError":
        """The error that a refusal of a value stands for."""
        field = refusal.details.get("field")
        return cls(str(field) if field else None, refusal.code, str(refusal))

    @classmethod
    def of_code(cls, code: str, field: object) -> "FieldError":
        """An error that only HTTP knows of."""
        return cls(str(field), code, said(SENTENCES[code], {"field": field}))


@dataclass(frozen=True, slots=True)
class ProblemDocument:
    """An RFC 9457 problem. `type` and `code` are stable; `instance` is the correlation id of the request."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldError] | None = None


class Problem(Exception):
    """A problem that HTTP itself finds; `details` fill the sentence."""

    allow: str | None = None
    errors: tuple[FieldError, ...] = ()

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @classmethod
    def of(cls, refusal: Refused) -> "Problem":
        """A refusal of the domain; of a rule set with each of its flaws."""
        problem = cls(refusal.code, **refusal.details)
        flaws = refusal.details.get("problems")
        if isinstance(flaws, list):
            problem.errors = tuple(FieldError(each["key"], refusal.code, each["reason"]) for each in flaws)
        return problem

    @classmethod
    def invalid(cls, found: Sequence[FieldError]) -> "Problem":
        """A request with errors in its fields or parameters, all of them at once."""
        different = tuple(dict.fromkeys(found))
        more = f" (og {len(different) - 1} til)" if len(different) > 1 else ""
        problem = cls("invalid-request", first=f"{different[0].detail}{more}")
        left = len(different) - MOST_TOLD
        untold = (cls._more(left),) if left > 0 else ()
        problem.errors = (*different[:MOST_TOLD], *untold)
        return problem

    @staticmethod
    def _more(count: int) -> FieldError:
        return FieldError.of(refused("more-errors", count=count))

    def __str__(self) -> str:
        """Give the Norwegian sentence."""
        return said(SENTENCES[self.code], self.details)


def refusal_response(request: Request, refusal: Refused) -> Response:
    """A refusal of the domain as a response.

    Whatever the address names and is not there is 404; what only the body names makes it unprocessable.
    """
    status = KINDS[refusal.code].status
    named_in_body = refusal.code not in _NAMED_BY_ADDRESS
    in_body = request.method == "POST" and status == KINDS["no-such-address"].status and named_in_body
    problem = Problem.of(refusal)
    if refusal.code == "command-id-reused":
        problem.details["command"] = request.headers.get(KEY, problem.details["command"])  # as it was sent
    return problem_response(request.scope, problem, KINDS["invalid-request"].status if in_body else status)


def problem_response(scope: Mapping[str, Any], problem: Problem, status: int | None = None) -> Response:
    """A problem as a response, with the status of the table unless another is given."""
    kind, state = KINDS[problem.code], scope["state"]
    state["problem"] = problem.code
    status = status or kind.status
    content = document(problem.code, str(problem), status, state["correlation"])
    if problem.errors:
        content["errors"] = [asdict(error) for error in problem.errors]
    headers = {"Allow": problem.allow, "Retry-After": kind.retry_after and str(kind.retry_after)}
    said = {name: value for name, value in headers.items() if value}
    return Response(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"), status, said, MEDIA_TYPE)


def document(code: str, detail: str, status: int, correlation: UUID) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": f"urn:alis:problem:{code}",
        "title": KINDS[code].title,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": f"urn:uuid:{correlation}",
    }
