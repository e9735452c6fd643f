"""Who acts in a command: one of the demonstration's people by name, or whoever the token of the environment is of."""

import json
import os
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from api.access.bearer import chosen, somebody_of
from api.http.problems import Problem
from api.identity.acting import Capacity, Somebody
from api.identity.issuers import Issuer
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import SECOND_TOKEN, TOKEN, Settings
from domain.casework.commands.commands import Actor
from domain.casework.service import Casework
from domain.values.refusals.person import check_another_person
from domain.values.refusals.refusal import refused
from workers.access.identity import FOUND, demonstrated, identity_of, issuers_of
from workers.access.signing_in import NotAnswered, NotSignedIn, token_of

_UNAVAILABLE: Final = "issuer-unavailable"


def actor_of(casework: Casework, settings: Settings, asked: Namespace) -> Actor | None:
    """Who acts; None where nobody is named: then it is whoever works at this machine.

    On whose behalf they act is put into what is asked. Raises `InputProblem` with what to do instead, or
    `DatabaseProblem` where the issuer does not answer.
    """
    token = os.environ.get(TOKEN)
    if asked.who and token:
        raise InputProblem("two-persons", f"Både --as og {TOKEN} sier hvem du er; bruk bare det ene.")
    if not asked.who and not token:
        _check_nobody_chooses(asked)
        return None
    issuers = _issuers(settings, asked.who)
    return _acting(casework, issuers, token or token_for(settings, asked.who), asked)


def two_operators(casework: Casework, settings: Settings) -> tuple[Actor, Actor]:
    """Two persons who say the same, each by a token of their own.

    Raises as `actor_of` does, and `Refused` (one-operator).
    """
    issuers, asked = _issuers(settings, None), Namespace(role="operator", organisation=None, purpose=None)
    first, second = (_acting(casework, issuers, each, asked) for each in two_tokens())
    check_another_person(second.subject, first.subject, refused("one-operator"), *second.called)
    return first, second


def two_tokens() -> tuple[str, str]:
    """The tokens of two persons; raises `InputProblem` (two-operators)."""
    first, second = os.environ.get(TOKEN), os.environ.get(SECOND_TOKEN)
    if first and second:
        return first, second
    sentence = f"Det må to personer til: sett tokenet til den ene i {TOKEN} og den andres i {SECOND_TOKEN}."
    raise InputProblem("two-operators", sentence)


def _acting(casework: Casework, issuers: Sequence[Issuer], token: str, asked: Namespace) -> Actor:
    """Whoever a token is of, in the capacity that is asked for; raises as `actor_of` does."""
    identity = identity_of(casework, issuers)
    if identity is None:
        raise InputProblem("no-issuers", f"{TOKEN} kan ikke kontrolleres: sett ALIS_ISSUERS_FILE.")
    try:
        somebody = somebody_of(identity, token)
        asked.on_behalf_of = somebody.on_behalf
        return replace(_in_capacity(somebody, asked.role, asked.organisation), reason=asked.purpose or "")
    except Problem as problem:
        kind = DatabaseProblem if problem.code == _UNAVAILABLE else InputProblem
        raise kind(problem.code, str(problem)) from None


def _check_nobody_chooses(asked: Namespace) -> None:
    """Raise `InputProblem` (nobody-chooses) where a role or a purpose is stated and nobody is named whose it is."""
    if asked.role or asked.organisation or asked.purpose:
        raise InputProblem(
            "nobody-chooses",
            f"--role, --organisation og --purpose gjelder den du er; si hvem, med --as eller {TOKEN}.",
        )


def token_for(settings: Settings, name: str) -> str:
    """A token of one of the demonstration's people; raises `InputProblem`."""
    try:
        return token_of(_address(settings), name)
    except NotAnswered:
        raise _not_running() from None
    except NotSignedIn:
        raise InputProblem("nobody-of-that-name", f"Demonstrasjonen har ingen som heter «{name}».") from None


def _issuers(settings: Settings, name: str | None) -> Sequence[Issuer]:
    """Whose tokens are believed: the demonstration's where one of its people acts, or where the settings name none."""
    if name:
        return demonstrated(_address(settings))
    if settings.issuers_file is None and (settings.data_folder / FOUND).exists():
        return demonstrated(_address(settings))
    return issuers_of(settings)


def _address(settings: Settings) -> str:
    try:
        return str(json.loads((settings.data_folder / FOUND).read_text("utf-8"))["issuer"])
    except OSError:
        raise _not_running() from None


def _not_running() -> InputProblem:
    return InputProblem(
        "not-running",
        f"--as gjelder menneskene i demonstrasjonen, som ikke kjører; start den med make run, eller sett {TOKEN}.",
    )


def _in_capacity(somebody: Somebody, role: str | None, organisation: str | None) -> Actor:
    """Somebody in the role that they choose; raises `InputProblem` (choose-role) with what to write."""
    try:
        return chosen(somebody, role, organisation)
    except Problem as problem:
        if problem.code != "choose-role":
            raise
        options = _options(each for each in somebody.capacities if role in {None, each.role})
        raise InputProblem(problem.code, f"{problem} Skriv {options}.") from None


def _options(capacities: Iterable[Capacity]) -> str:
    """What chooses between some capacities."""
    fitting = list(capacities)
    roles = list(dict.fromkeys(each.role for each in fitting))
    if len(roles) > 1:
        return " eller ".join(f"--role {role}" for role in roles)
    return " eller ".join(f"--organisation {each.organisation}" for each in fitting)
