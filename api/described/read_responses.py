"""What the documentation says of the operations on the read side."""

from typing import Any, Final

from api.described.responses import Responses, reading

LIST_DOCTORS: Final = """
Doctors in the order of the HPR number, each with its lines in short. Filters narrow both the doctors and the lines, and
`search` finds by the beginnings of words. `next`, and the `Link` header, lead to the next page.
"""
READ_DOCTOR: Final = """
A doctor's months, productivity windows and five years as of `day`, amounts, and the beginning of the history as
sentences.
"""
READ_CASE_HISTORY: Final = """
One Norwegian sentence for each event, with the day it is about, when it became known and when it was stored. Nothing
personal stands in a sentence.
"""
READ_MUNICIPALITY_ROUND: Final = """
Doctors, months and kroner of a municipality in a round under the rule set in force, and its lines with their months,
page by page. The sums are those of the calculation.
"""
READ_OVERVIEW: Final = """
A round as a whole, by category, by centrality class, and municipality by municipality, page by page.
"""
READ_PROJECTIONS: Final = """
The projections that these answers come of: how many events each has not seen yet, how long the first of them has
waited, whether it has stopped, whether a worker runs it, and how many doctors, claims and rule sets it lacks.
"""
_TEXT: Final = {"type": "string"}
_ADDED: Final[dict[str, Any]] = {
    "Link": {"description": "The address of the next page, `rel=next`, where there is one.", "schema": _TEXT},
    "Alis-Behind": {
        "description": "How many positions of the log the answer may be behind; left out where it is not.",
        "schema": {"type": "integer"},
    },
    "Alis-Set-Aside": {
        "description": "How many doctors, claims and rule sets the read side goes on without; left out where none.",
        "schema": {"type": "integer"},
    },
    "Preference-Applied": {"description": "`wait`, where the answer shows what `Alis-After` names.", "schema": _TEXT},
}


def read(*codes: str) -> Responses:
    """The responses of an operation on the read side."""
    found = reading("read-side-missing", "not-yet-visible", "set-aside", "rules-set-aside", *codes)
    return {**found, 200: {**found[200], "headers": {**found[200]["headers"], **_ADDED}}}
