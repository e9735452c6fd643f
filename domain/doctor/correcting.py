"""What a correction makes of a fact, and what is asked of a new fact that was not always asked."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails, to_json

from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FACT, FIXED_FIELDS, FactCorrected
from domain.doctor.facts.stored import coherent_fact
from domain.doctor.facts.supervision import GuidanceHeld, SupervisorAssigned, SupervisorReplaced
from domain.doctor.intake.intake import refusal_of
from domain.values import words
from domain.values.fields import ERASED_KINDS, REPORTED_KINDS, CostKind
from domain.values.refusals.refusal import Refused, refused


def corrected(original: Fact, correction: FactCorrected) -> Fact | None:
    """The fact with the named fields replaced, or None where it is withdrawn.

    Raises `Refused` (fixed-field) and what is wrong with the fact that would result.
    """
    if correction.replacement is None:
        return None
    _check_names(original, correction.replacement)
    try:
        return coherent_fact(_merged(original, correction.replacement))
    except ValidationError as error:
        raise _invalid(original, error.errors()[0]) from None


def check_bounds(original: Fact, correction: FactCorrected) -> None:
    """Raise `Refused` where what a new correction replaces is beyond the bounds; the other fields are as stored."""
    if correction.replacement is None or isinstance(original, FactCorrected):
        return
    _check_names(original, correction.replacement)
    try:
        FACT.validate_json(_merged(original, correction.replacement))
    except ValidationError as error:
        for each in error.errors():
            if correction.replacement.keys() & set(each["loc"]):
                raise _invalid(original, each) from None


def check_new(fact: Fact, original: Fact | None) -> None:
    """Raise `Refused` for a new fact, or a correction of `original`, of a kind that was once accepted."""
    stands: Fact | None = fact
    if isinstance(fact, FactCorrected) and original is not None:
        stands = corrected(original, fact)
        if stands == original:
            raise refused("correction-changes-nothing", name=fact.corrects)
    match stands:
        case LeaveRegistered(kind=kind) if kind not in REPORTED_KINDS and _says_kind(fact):
            raise refused("bad-value", field="kind", allowed=words.listed(REPORTED_KINDS))
        case (
            SupervisorAssigned(supervisor=other)
            | SupervisorReplaced(replaced_by=other)
            | GuidanceHeld(supervisor=other)
        ):
            if int(other) == int(fact.hpr):
                raise refused("own-supervisor")


def _says_kind(fact: Fact) -> bool:
    return not isinstance(fact, FactCorrected) or "kind" in (fact.replacement or {})


def _check_names(original: Fact, replacement: Mapping[str, object]) -> None:
    for name in replacement:
        if name in FIXED_FIELDS:
            raise refused("fixed-field", field=name)
        if name not in type(original).model_fields:
            unknown = refused("unknown-field", field=name)
            raise refused("correction-invalid", name=original.id, because=unknown)


def _merged(original: Fact, replacement: Mapping[str, object]) -> bytes:
    merged = {**original.as_json(), **replacement}
    if isinstance(original, CostsReported) and merged.get("kind") in ERASED_KINDS:
        merged["kind"] = CostKind.OTHER  # a correction is sealed as one of a leave, which has a kind «other» too
    return to_json({name: value for name, value in merged.items() if value is not None})


def _invalid(original: Fact, error: ErrorDetails) -> Refused:
    return refused("correction-invalid", name=original.id, because=refusal_of(error))
