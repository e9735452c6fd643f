"""Norwegian words for what people read: days, months, moments, kroner, numbers, lists, and the terms of domain.md."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.values.fields import (
    AgreementElement,
    Category,
    CostKind,
    Employment,
    FundingSource,
    LeavingReason,
    Scheme,
)
from domain.values.norwegian_time import norwegian_day, norwegian_time
from domain.values.rounding import round_half_up

THIN_SPACE: Final = "\u2009"
MINUS: Final = "\u2212"
_MONTHS_PER_YEAR: Final = 12
_MONTHS: Final = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
    "desember",
)  # fmt: skip
_NUMBERS: Final = (
    "ingen", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv",
)  # fmt: skip
CATEGORIES: Final[Mapping[Category, str]] = {
    Category.GP: "fastlege",
    Category.GP_LOCUM: "fastlegevikar",
    Category.INTRODUCTORY: "introduksjonslege",
    Category.OTHER_MUNICIPAL: "allmennlege utenfor fastlegeordningen",
}
SCHEMES: Final[Mapping[Scheme, str]] = {Scheme.NEW: "ny ordning", Scheme.OLD: "gammel ordning"}
EMPLOYMENTS: Final[Mapping[Employment, str]] = {
    Employment.SALARIED: "ansatt med lønn",
    Employment.SALARIED_WITH_BONUS: "ansatt med lønn og bonus",
    Employment.SELF_EMPLOYED: "næringsdrivende",
    Employment.OTHER: "annen tilknytning",
}
LEAVING_REASONS: Final[Mapping[LeavingReason, str]] = {
    LeavingReason.OTHER_MUNICIPALITY: "til en annen kommune",
    LeavingReason.HOSPITAL: "til sykehus",
    LeavingReason.LEAVES_GENERAL_PRACTICE: "slutter i allmennmedisin",
    LeavingReason.FAMILY: "familieforhold",
    LeavingReason.TERMS: "vilkårene",
    LeavingReason.COMPLETED: "ferdig spesialist",
    LeavingReason.UNKNOWN: "årsaken er ukjent",
}
COST_KINDS: Final[Mapping[CostKind, str]] = {
    CostKind.SUPERVISOR_FEE: "honorar til veileder",
    CostKind.LOCUM: "vikar",
    CostKind.COURSE: "kurs",
    CostKind.TRAVEL: "reise",
    CostKind.SUPERVISION_ON_SITE: "veiledning på stedet",
    CostKind.LIST_REDUCTION: "kortere pasientliste",
    CostKind.ADMINISTRATION: "administrasjon",
    CostKind.OTHER: "andre kostnader",
}
FUNDING_SOURCES: Final[Mapping[FundingSource, str]] = {
    FundingSource.FOND2: "Fond II",
    FundingSource.FOLKETRYGDEN: "folketrygden",
    FundingSource.OTHER: "andre",
}
ELEMENTS: Final[Mapping[str, str]] = {
    "practice_compensation": "praksiskompensasjon",
    "learning_activities": "læringsaktiviteter",
    "productivity": "produktivitetselement",
    "supervision": "veiledning",
    "facilitation": "tilrettelegging",
    "centrality": "sentralitetstillegg",
    "standard_elements": "standardelementer",
    "agreement_costs": "utgifter til ALIS-avtalen",
    AgreementElement.ADDITIONAL.value: "tilleggselementer",
    AgreementElement.MUNICIPAL.value: "kommunens egne elementer",
}
PARAMETERS: Final[Mapping[str, str]] = {
    "hourly_rate": "salærsats",
    "practice_compensation_share": "andel praksiskompensasjon",
    "practice_compensation_hours": "timer med praksiskompensasjon",
    "learning_activities": "læringsaktiviteter",
    "supervision_share": "andel veiledning",
    "supervision_hours": "timer med veiledning",
    "productivity": "produktivitetselement",
    "facilitation_share": "andel tilrettelegging",
    "centrality": "sentralitetstillegg",
    "centrality_class": "sentralitetsklasse med tillegg",
    "standard_elements": "standardelementer",
    "agreement_costs": "utgifter til ALIS-avtalen",
    "window_months": "måneder med produktivitetselement",
    "duration_months": "måneder på heltid i alt",
    "locum_months": "måneder som et fastlegevikariat må vare ut over",
    "window_rule_from": "første dag med regelen om de første månedene",
    "old_scheme_last_day": "siste dag med gammel ordning",
    "full_time_percent": "full stilling",
    "months_per_year": "måneder i et årsbeløp",
    "guidance_hours": "timer veiledning i måneden",
    "guidance_months_below": "måneder i året med for lite veiledning",
    "introductory_percent": "minste prosent for introduksjonslege",
    "introductory_least_months": "minste varighet for introduksjonslege",
    "introductory_most_years": "lengste varighet for introduksjonslege",
}
"""The numbers of the rule sets, and of what findings measure by."""
ROLES: Final[Mapping[str, str]] = {
    "municipality": "kommunen",
    "caseworker": "saksbehandler",
    "approver": "godkjenner",
    "revisor": "revisor",
    "auditor": "kontrollør",
    "rules": "regelverksforvalter",
    "operator": "driftsansvarlig",
    "doctor": "lege",
    "alis_office": "ALIS-kontor",
}
"""Each role as somebody is called who acts in it."""


def day(of: date) -> str:
    """A day as it is read aloud: 1. oktober 2024."""
    return f"{of.day}. {_MONTHS[of.month - 1]} {of.year}"


def moment(of: datetime) -> str:
    """A moment as a Norwegian clock shows it: 1. april 2026 kl. 02.00, with seconds where it has them."""
    here = norwegian_time(of)
    seconds = f".{here.second:02d}" if here.second or here.microsecond else ""
    return f"{day(norwegian_day(of))} kl. {here.hour:02d}.{here.minute:02d}{seconds}"


def month(text: str) -> str:
    """A month: juni 2025."""
    year, number_in_year = text.split("-")
    return f"{_MONTHS[int(number_in_year) - 1]} {year}"


def month_name(month_number: int) -> str:
    """A month of its number (12 x year + month - 1): juni 2025."""
    year, index = divmod(month_number, _MONTHS_PER_YEAR)
    return f"{_MONTHS[index]} {year}"


def months(numbers: Collection[int]) -> str:
    """`i juni 2025, i august og september 2025 og fra november 2025 til mai 2026`."""
    return listed(_run(first, last) for first, last in _runs(sorted(numbers)))


def span(first: date, last: date | None) -> str:
    """From a day, and to another where there is one."""
    return f"fra {day(first)}" + (f" til og med {day(last)}" if last else "")


def grouped(amount: int) -> str:
    """A whole number with a thin space between each three digits, and a true minus."""
    return f"{MINUS if amount < 0 else ''}{abs(amount):,}".replace(",", THIN_SPACE)


def kroner(amount: int | Fraction) -> str:
    """`12 345 kroner`, `1 krone`; half a krone goes up."""
    whole = round_half_up(Fraction(amount))
    return f"{grouped(whole)} {_krone_or_kroner(whole)}"


def signed(amount: int) -> str:
    """A whole number with its sign."""
    return f"+{grouped(amount)}" if amount > 0 else grouped(amount)


def signed_kroner(amount: int) -> str:
    """`+12 345 kroner`, with its sign and its unit."""
    return f"{signed(amount)} {_krone_or_kroner(amount)}"


def more_or_less(amount: int | Fraction) -> str:
    """A difference without its sign: `12 345 kroner mer`, `1 krone mindre`."""
    return f"{kroner(abs(Fraction(amount)))} {'mer' if amount > 0 else 'mindre'}"


def number(value: Decimal) -> str:
    """A number with a decimal comma and no needless zeros."""
    return f"{value.normalize():f}".replace(".", ",")


def number_text(value: str) -> str:
    """A number of a rule set, written with a point, as `1 367,5`."""
    whole, _, decimals = value.partition(".")
    return grouped(int(whole)) + (f",{decimals}" if decimals else "")


def value_text(value: str) -> str:
    """A value of a rule set: a number, or a day (`2025-06-01`)."""
    return day(date.fromisoformat(value)) if "-" in value else number_text(value)


def measured(value: str, unit: str) -> str:
    """A value of a rule set with its unit, if it is a number; of a share, what it is a share of."""
    return value_text(value) if "-" in value else f"{number_text(value)}{THIN_SPACE}{unit.removeprefix('andel ')}"


def rounded(value: Decimal | Fraction) -> str:
    """A number of at most two decimals, with a comma and no needless zeros."""
    whole, rest = divmod(round(Fraction(value) * 100), 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)


def percent(value: Decimal) -> str:
    """A percent: 33,33 %."""
    return f"{number(value)} %"


def counted(amount: int, one: str, many: str) -> str:
    """How many of something, in words up to twelve: én linje, to linjer, 13 linjer; `one` with its own article."""
    if amount == 1:
        return one
    return f"{_NUMBERS[amount] if 0 <= amount < len(_NUMBERS) else grouped(amount)} {many}"


def element(name: str) -> str:
    """An element of the grant or of an agreement; one that has no word here stands as it is."""
    return ELEMENTS.get(name, name)


def parameter(name: str) -> str:
    """A number of a rule set by what it is; one that has no word here stands as it is named."""
    return PARAMETERS.get(name, f"«{name}»")


def acting(role: str | None) -> str:
    """In which role somebody is signed in: `som saksbehandler`, `for kommunen`."""
    if role is None:
        return "uten en rolle"
    return "på vegne av kommunen" if role == "municipality" else f"som {ROLES.get(role, role)}"


def roles(wanted: Iterable[str]) -> str:
    """The roles that can do something: `saksbehandler eller godkjenner`."""
    *others, last = (ROLES.get(role, role) for role in wanted)
    return f"{', '.join(others)} eller {last}" if others else last


def listed(parts: Iterable[str]) -> str:
    """Several things: a, b og c; nothing of none."""
    *others, last = [*parts] or [""]
    return f"{', '.join(others)} og {last}" if others else last


def _krone_or_kroner(whole: int) -> str:
    return "krone" if abs(whole) == 1 else "kroner"


def _run(first: int, last: int) -> str:
    if first == last:
        return f"i {month_name(first)}"
    before, between = ("i", "og") if last == first + 1 else ("fra", "til")
    same_year = first // _MONTHS_PER_YEAR == last // _MONTHS_PER_YEAR
    start = month_name(first).split()[0] if same_year else month_name(first)
    return f"{before} {start} {between} {month_name(last)}"


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each unbroken run of months."""
    start = before = numbers[0]
    for each in numbers[1:]:
        if each != before + 1:
            yield start, before
            start = each
        before = each
    yield start, before
