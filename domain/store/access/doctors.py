"""Which doctors an answer names."""

import re
from typing import Final

NAMED: Final = re.compile(
    rb'"(?:hpr|supervisor|leader|replaced_by|doctor)": *"([0-9]{7,9})"'  # a field
    rb'|[\[,]\s*"([0-9]{7,9})"(?=\s*[,\]])'  # one of a list
    rb'|"([0-9]{7,9})"\s*:'  # what names stand by
    rb"|HPR-nummer ([0-9]{7,9})"  # in a sentence
)
"""Every way in which JSON or a drawing names a doctor."""


def doctors_in(content: bytes) -> set[str]:
    """The HPR numbers in JSON or in a drawing."""
    return {number.decode() for found in NAMED.findall(content) for number in found if number}
