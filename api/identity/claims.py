"""What the claims of a token say: in which roles somebody may act, for which organisation, and on whose behalf.

The shapes are those of Digdir's and Norsk helsenett's documentation. Whatever is not exactly of its shape gives no
role; an empty list of organisations is no role, and no error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.identity.issuers import RoleRule

Claims = Mapping[str, Any]
AUTHORITY: Final = "iso6523-actorid-upis"
_NUMBER: Final = re.compile(r"0192:([0-9]{9})", re.ASCII)
_HPR_NUMBER: Final = re.compile(r"[1-9][0-9]{6,8}", re.ASCII)
_PID, _PID_OF_HELSEID = "pid", "helseid://claims/identity/pid"
_OF_PERSONS: Final = {_PID, _PID_OF_HELSEID, "acr"}
_HPR: Final = "helseid://claims/hpr/hpr_number"
_SYSTEM_USER: Final = "urn:altinn:systemuser"
_RESOURCE: Final = "ansattporten:altinn:resource"
_SERVICE: Final = "ansattporten:altinn:service"
_ENTRA: Final = "ansattporten:orgno"


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that a token gives, and whom it is for: an organisation, a doctor, or nobody but the person.

    A doctor without a number is whoever has been linked to one.
    """

    role: str
    organisation: str | None = None
    hpr: str | None = None


def granted(rules: tuple[RoleRule, ...], claims: Claims) -> tuple[Granted, ...]:
    """The roles that a token gives, each once, in the order of the settings."""
    found = (each for rule in rules if _has_scope(rule, claims) for each in _SHAPES[rule.shape](rule, claims))
    return tuple(dict.fromkeys(found))


def is_machine(claims: Claims) -> bool:
    """Whether the token is a machine's: it names the organisation that it was given to, and no person.

    A person's token of ID-porten names the organisation too, of the service that they signed in to.
    """
    return "consumer" in claims and not _OF_PERSONS & claims.keys()


def identity_number(claims: Claims) -> str | None:
    """The national identity number that the token states, by Digdir's or Norsk helsenett's name for it."""
    stated = claims.get(_PID) or claims.get(_PID_OF_HELSEID)
    return stated if isinstance(stated, str) else None


def on_behalf(claims: Claims) -> str | None:
    """The organisation that asks on another's behalf: a supplier, or the vendor of a system user."""
    if any(True for _ in _details(claims, _SYSTEM_USER)):
        return organisation_number(claims.get("consumer"))
    return organisation_number(claims.get("supplier"))


def organisation_number(stated: object) -> str | None:
    """The number in `{"authority": "iso6523-actorid-upis", "ID": "0192:…"}`; None for anything else."""
    if not isinstance(stated, Mapping) or stated.get("authority") != AUTHORITY:
        return None
    found = _NUMBER.fullmatch(str(stated.get("ID")))
    return found[1] if found and _has_check_digit(found[1]) else None


def _has_check_digit(number: str) -> bool:
    """Modulus 11 with the weights 3, 2, 7, 6, 5, 4, 3, 2."""
    weighed = sum(int(digit) * weight for digit, weight in zip(number, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
    return weighed % 11 == 0


def _has_scope(rule: RoleRule, claims: Claims) -> bool:
    return rule.scope is None or rule.scope in str(claims.get("scope", "")).split()


def _given(rule: RoleRule, stated: object) -> Iterator[Granted]:
    number = organisation_number(stated)
    if number is not None and rule.organisation in {None, number}:
        yield Granted(rule.role, number)


def _details(claims: Claims, kind: str) -> Iterator[Mapping[str, Any]]:
    stated = claims.get("authorization_details")
    for each in stated if isinstance(stated, list) else ():
        if isinstance(each, Mapping) and each.get("type") == kind:
            yield each


def _listed(detail: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    stated = detail.get(name)
    yield from (each for each in (stated if isinstance(stated, list) else ()) if isinstance(each, Mapping))


def _of_consumer(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    """A machine acts for its consumer, unless a system user says for whom: then the consumer is the vendor."""
    if is_machine(claims) and not any(True for _ in _details(claims, _SYSTEM_USER)):
        yield from _given(rule, claims.get("consumer"))


def _of_system_user(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    for detail in _details(claims, _SYSTEM_USER):
        yield from _given(rule, detail.get("systemuser_org"))


def _of_resource(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    for detail in _details(claims, _RESOURCE):
        if detail.get("resource") == rule.name:
            for party in _listed(detail, "authorized_parties"):
                yield from _given(rule, party.get("orgno"))


def _of_service(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    for detail in _details(claims, _SERVICE):
        if detail.get("resource") == rule.name:
            for party in _listed(detail, "reportees"):
                yield from _given(rule, {"authority": party.get("Authority"), "ID": party.get("ID")})


def _of_entra(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    for detail in _details(claims, _ENTRA):
        yield from _given(rule, detail.get("orgno"))


def _of_claim(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    stated = claims.get(str(rule.name))
    if rule.value in (stated if isinstance(stated, list) else [stated]):
        yield Granted(rule.role)


def _of_hpr(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    stated = claims.get(_HPR)
    if isinstance(stated, str) and _HPR_NUMBER.fullmatch(stated):
        yield Granted(rule.role, hpr=stated)


def _of_linked_hpr(rule: RoleRule, claims: Claims) -> Iterator[Granted]:
    if identity_number(claims):
        yield Granted(rule.role)


_SHAPES: Final = {
    "consumer": _of_consumer,
    "system_user": _of_system_user,
    "altinn_resource": _of_resource,
    "altinn_service": _of_service,
    "entra_organisation": _of_entra,
    "claim": _of_claim,
    "hpr_number": _of_hpr,
    "linked_hpr": _of_linked_hpr,
}
