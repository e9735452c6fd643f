"""Stream ids: UUIDv5 of the natural key, so that a duplicate start is a conflict."""

from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

_ALIS: Final = UUID("8b0ce2a4-9f0f-5b3c-8a7e-4f6c1d2e3a90")


@lru_cache(maxsize=20_000)
def track_id(hpr: str) -> UUID:
    """The stream of a doctor's specialisation track; also the doctor's own id."""
    return uuid5(_ALIS, f"track/{hpr}")


@lru_cache(maxsize=20_000)
def agreement_id(hpr: str, agreement: str) -> UUID:
    """The stream of one ALIS agreement of a doctor."""
    return uuid5(_ALIS, f"agreement/{hpr}/{agreement}")


def key_id(hpr: str) -> UUID:
    """The stream of what became of a doctor's keys."""
    return uuid5(_ALIS, f"doctor-key/{hpr}")


def rule_book_id(scheme: str) -> UUID:
    """The stream of the rule book of a grant scheme."""
    return uuid5(_ALIS, f"rule-book/{scheme}")


@lru_cache(maxsize=20_000)
def claim_id(municipality: str, round_id: str) -> UUID:
    """The stream of a municipality's claim for a round."""
    return uuid5(_ALIS, f"claim/{municipality}/{round_id}")


@lru_cache(maxsize=1_000)
def municipality_id(first_code: str) -> UUID:
    """The stream of a municipality, by the first code known of it."""
    return uuid5(_ALIS, f"municipality/{first_code}")


def link_id(person: str, other: str) -> UUID:
    """The stream of a link between two persons."""
    return uuid5(_ALIS, f"person-link/{person}/{other}")


def tie_id(tie: str) -> UUID:
    """The stream of a tie that was declared, by its own id."""
    return uuid5(_ALIS, f"tie/{tie}")
