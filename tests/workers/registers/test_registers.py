"""`alis municipality` and `alis ties` as people run them."""

import json
from collections.abc import Callable
from typing import Final

from deploy.clock import now
from domain.values.norwegian_time import norwegian_day
from domain.values.words import day

Run = Callable[..., str]
KARI: Final = ("--as", "kommune:1804")
FIRM: Final = ("entry=r1", "organisation_number=974 760 673", "person=Ola Revisor", "first_day=2026-01-01")
TODAY: Final = day(norwegian_day(now()))
TABLE: Final = ("--format", "table")


def test_a_revisor_is_engaged_shown_and_told_among_those_with_access(alis: Run) -> None:
    made = json.loads(alis("municipality", "revisor-engaged", "1804", *FIRM, *KARI))
    assert (made["stored"], made["content"]["organisation_number"]) == (True, "974760673")
    shown = alis("municipality", "show", "1804", "--on", "2026-05-01", *TABLE)
    assert shown.splitlines() == [
        "Bodø (1804) per 1. mai 2026",
        "",
        "Revisor er firmaet med organisasjonsnummer 974760673. (fra 1. januar 2026)",
        "  kontaktperson: Ola Revisor",
    ]
    access = alis("municipality", "access", "1804", *TABLE).splitlines()
    assert access[2] == f"revisor: organisasjonsnummer 974760673 fra {TODAY}; registrert {TODAY} av Bodø (1804)"
    assert "Ingen andre hadde tilgang." in alis("municipality", "access", "1804", "--on", "2026-05-01", *TABLE)
    assert "som revisor: Bodø (1804)" in alis("municipality", "acts-for", "974760673", *TABLE)
    alis("municipality", "entry-withdrawn", "1804", "entry=r1", "reason=Feil firma.", *KARI)
    assert "Feil firma." in alis("municipality", "history", "1804", *TABLE)
    assert json.loads(alis("municipality", "acts-for", "974760673"))["revisor"] == []


def test_another_municipality_is_not_found_and_everything_wrong_is_said(alis: Run) -> None:
    assert "Kommunenummeret 1875 finnes ikke." in alis("municipality", "revisor-engaged", "1875", *FIRM, *KARI, code=2)
    said = alis("municipality", "contact-given", "1804", "role=boss", "first_day=2026-01-01", *KARI, code=2)
    assert ("[bad-value]" in said, "[missing-field]" in said) == (True, True)


def test_ties_are_declared_listed_and_ended_by_another(alis: Run) -> None:
    ada, tie = ("--as", "saksbehandler:ada"), ("tie=t1", "municipality=1508", "kind=employment", "first_day=2026-01-01")
    assert json.loads(alis("ties", "declare", *tie, *ada))["person"].startswith("saksbehandler:p-")
    end = ("ties", "end", "tie=t1", "last_day=2026-06-30", "--as")
    assert "en annen enn den det gjelder" in alis(*end, "godkjenner:ada", code=2)
    assert json.loads(alis(*end, "godkjenner:gro"))["last_day"] == "2026-06-30"
    assert "saksbehandler ada og Ålesund (1508): arbeidsforhold, fra 1. januar 2026 til og med 30. juni 2026" in alis(
        "ties", "list", *TABLE
    )
    assert alis("ties", "decisions", *TABLE) == "Ingen med et habilitetsforhold har deltatt.\n"
