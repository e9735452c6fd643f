"""The choices that the rules leave open (rules.md 5): each once, with its question, its values and what it decides.

To add a choice, add it here, and a function for each of its values in the file of its rule. Rule sets older than the
choice have its first value, so that value must be what the rules were before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

Choosable = str | bool
"""A value of a choice."""

NEWER: Final = "nyere enn regelsettet"
"""The source of something added after a rule set was written, which the rule set says nothing about."""


class Stage(Enum):
    """The first step of a line that a choice affects; the steps before it give the same under every value."""

    DAYS = "days"
    WINDOW = "window"
    MONTHS = "months"
    KRONER = "kroner"
    NOTHING = "nothing"
    """It affects no line: no month and no krone."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: its name, the question it answers, what it decides, and its values in words that stand after «at»."""

    name: str
    question: str
    decides: Stage
    words: Mapping[Choosable, str]

    @property
    def values(self) -> tuple[Choosable, ...]:
        """Its values, that of older rule sets first."""
        return tuple(self.words)

    @property
    def first(self) -> Choosable:
        """What is chosen in a rule set that is older than the choice."""
        return self.values[0]


_OPTIONS: Final = (
    Option(
        "months",
        "Hva er en hel måned?",
        Stage.MONTHS,
        {"calendar": "bare hele kalendermåneder teller", "days": "hver dag teller for seg"},
    ),
    Option(
        "change_in_month",
        "Hva gjelder når stillingen endres midt i måneden?",
        Stage.MONTHS,
        {
            "by_days": "en endring midt i måneden veies etter dager",
            "lowest": "hele måneden følger den dagen som gir minst",
            "first_day": "hele måneden følger den første dagen",
        },
    ),
    Option(
        "partly_agreed_month",
        "Hva gir en måned med avtale bare en del av tiden?",
        Stage.MONTHS,
        {
            "guidance_only": "en måned med avtale bare en del av tiden regnes som kun veiledning",
            "none": "en måned med avtale bare en del av tiden ikke gir noe",
        },
    ),
    Option(
        "full_leave",
        "Hva koster en dag med fullt fravær?",
        Stage.MONTHS,
        {
            "month": "én dag med fullt fravær koster hele måneden",
            "days": "fullt fravær bare trekkes fra dag for dag",
        },
    ),
    Option(
        "graded_leave",
        "Hvordan virker gradert fravær på stillingsandelen?",
        Stage.MONTHS,
        {
            "reduces": "gradert fravær trekkes fra stillingsandelen",
            "ignored": "gradert fravær ikke trekkes fra",
        },
    ),
    Option(
        "over_100",
        "Hvordan settes stillingsprosenter over 100 ned?",
        Stage.DAYS,
        {
            "all_municipalities": "stillingsprosenter over 100 settes ned etter summen i alle kommuner",
            "own_municipality": "stillingsprosenter over 100 settes ned etter summen i kommunen",
            "none": "stillingsprosenter over 100 ikke settes ned",
        },
    ),
    Option(
        "agreement_counts_from",
        "Fra hvilken dag teller en ALIS-avtale?",
        Stage.DAYS,
        {
            "signing": "avtalen teller fra den dagen den er signert",
            "first_day": "avtalen teller fra sin første dag",
        },
    ),
    Option(
        "window_anchor",
        "Hvor regnes de 24 første månedene fra?",
        Stage.WINDOW,
        {
            "first_whole_month": "de 24 første månedene regnes fra løpets første hele måned",
            "start_date": "de 24 første månedene regnes fra løpets første dag",
            "first_gp_day": "de 24 første månedene regnes fra den første dagen som fastlege eller fastlegevikar",
            "first_agreement": "de 24 første månedene regnes fra den første dagen med ALIS-avtale",
        },
    ),
    Option(
        "window_paused_by_leave",
        "Stanser permisjon de 24 første månedene?",
        Stage.WINDOW,
        {
            False: "permisjon ikke forlenger de 24 første månedene",
            True: "permisjon forlenger de 24 første månedene",
        },
    ),
    Option(
        "window_counts_before_2025_06",
        "Regnes tid før regelen kom, med i de 24 første månedene?",
        Stage.WINDOW,
        {
            True: "tid før regelen kom, regnes med i de 24 første månedene",
            False: "tid før regelen kom, ikke regnes med i de 24 første månedene",
        },
    ),
    Option(
        "duration_counts",
        "Hvilke dager bruker av de fem årene?",
        Stage.DAYS,
        {
            "agreement": "bare dager med avtale bruker av de fem årene",
            "all": "også dager uten avtale bruker av de fem årene",
        },
    ),
    Option(
        "after_duration",
        "Hva betales etter de fem årene?",
        Stage.MONTHS,
        {
            "none": "ingenting betales etter de fem årene",
            "guidance": "veiledning også betales etter de fem årene",
        },
    ),
    Option(
        "hospital_service",
        "Hva betales under institusjonstjeneste utenfor kommunen?",
        Stage.MONTHS,
        {
            "none": "ingenting betales under institusjonstjeneste utenfor kommunen",
            "guidance": "veiledning også betales under institusjonstjeneste utenfor kommunen",
        },
    ),
    Option(
        "hospital_days",
        "Hvordan vurderes institusjonstjeneste utenfor kommunen når hver dag teller for seg?",
        Stage.MONTHS,
        {
            "month": "institusjonstjeneste utenfor kommunen vurderes for hele måneden under ett",
            "each_day": "hver dag i institusjonstjeneste utenfor kommunen vurderes for seg",
        },
    ),
    Option(
        "payment_basis",
        "Er tilskuddet faste satser, eller dekker det kostnader?",
        Stage.KRONER,
        {
            "fixed_rate": "tilskuddet er faste satser",
            "actual_costs_capped": "tilskuddet dekker de rapporterte kostnadene opp til satsene",
        },
    ),
    Option(
        "unused_funds",
        "Hva skjer med midler som ikke er brukt?",
        Stage.KRONER,
        {
            "kept": "kommunen beholder ubrukte midler",
            "repaid": "kommunen betaler tilbake ubrukte midler",
        },
    ),
    Option(
        "complaint",
        "Kan vedtaket påklages?",
        Stage.NOTHING,
        {"none": "vedtaket ikke kan påklages", "three_weeks": "vedtaket kan påklages innen tre uker"},
    ),
)
OPTIONS: Final[Mapping[str, Option]] = {option.name: option for option in _OPTIONS}
"""The choices by their names, in the order of rules.md."""


def token(value: Choosable) -> str:
    """A value as a rule set writes it."""
    return value if isinstance(value, str) else str(value).lower()
