"""The name of a claim: municipality and round, `1804-2026`."""

from domain.values.refusals.refusal import refused

_CODE_DIGITS = 4


def name_of(municipality: str, round_id: str) -> str:
    """The name of a municipality's claim for a round."""
    return f"{municipality}-{round_id}"


def parts_of(name: str) -> tuple[str, str]:
    """Municipality and round of a claim's name; raises `Refused` (unknown-claim) for what is no name."""
    municipality, dash, round_id = name.partition("-")
    if not (
        dash and round_id and len(municipality) == _CODE_DIGITS and municipality.isascii() and municipality.isdigit()
    ):
        raise refused("unknown-claim", claim=name)
    return municipality, round_id
