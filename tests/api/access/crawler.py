"""Calls every operation of the description as somebody, with every id that there is, and looks for secrets."""

import base64
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

import httpx

from tests.api.access.country import (
    CODES,
    DOCTORS,
    EARLY,
    HOME,
    ROUND,
    WORD,
    digest_of,
    doctors_of,
    history,
)
from tests.api.asking import Json, as_

Queries = Iterable[Mapping[str, str]]
NOBODY, NOWHERE = "9999999", "9999"
_GROUPED: Final = re.compile(r"(?<=\d)[\u2009\u00a0\u202f ](?=\d{3}(?!\d))")
_DIFFERENCE: Final = re.compile(r'"difference": ?-?[0-9]+')
"""Between two amounts of one's own, which are searched; it can come to an amount that another municipality has."""
_LINK: Final = re.compile(r"<([^>]*)>")
PLACES: Final[Queries] = [{}, *({"municipality": code} for code in (*CODES, "0301"))]
SEARCHES: Final[Queries] = [
    {"search": text} for code in CODES for text in (code, WORD[code], f"navn{WORD[code]}", HOME[code][0])
]
QUERIES: Final[Mapping[str, Queries]] = {
    "list_doctors": [*PLACES, {"limit": "1"}, {"round": ROUND}, {"category": "gp"}, *SEARCHES],
    "read_doctor": [{}, {"day": "2025-12-15"}],
    "read_case_history": [{}, {"limit": "1"}],
    "read_municipality_round": [{}, {"limit": "1"}],
    "read_calculation": [{"trace": "true"}, {"known_at": "2026-01-01T00:00:00Z"}],
    "read_line_calculation": [{"trace": "true"}],
    "explain_difference": [{"from": EARLY}, {"from": "2025-11-30T00:00:00Z", "to": "2026-02-01T00:00:00Z"}],
    "read_overview": [{"round": ROUND}, {"round": ROUND, "limit": "1"}],
    "read_cost_coverage": [{"round": ROUND}],
    "list_posts": [*PLACES, {"limit": "1"}, {"known_at": "2026-01-01T00:00:00Z"}],
    "read_post_squares": PLACES,
    "list_supervisors": [*PLACES, {"across": "true"}, {"limit": "1"}, {"day": "2026-01-15"}],
    "list_supervisor_places": [{"municipality": code} for code in CODES],
    "list_tasks": [*PLACES, {"limit": "1"}, *({"claim": f"{code}-{ROUND}"} for code in CODES)],
    "list_claims": [*PLACES, {"limit": "1"}, *({"doctor": hpr} for hpr in DOCTORS)],
    "list_conversions": PLACES,
}
"""What is asked besides the address, where that is more than nothing."""
STEPS: Final = [{"type": "close"}, {"type": "withdraw", "reason": "x"}, {"type": "nonsense"}]
"""Steps that nobody can take on claims that are decided."""


def guesses(hpr: str) -> Iterator[Json]:
    """Facts about what others have, as somebody might guess them."""
    for fact in history():
        if fact["hpr"] == hpr and fact["type"] == "position_started":
            yield {"type": "position_ended", "position": fact["position"], "last_day": "2024-01-01"}
            yield {"type": "fact_corrected", "corrects": fact["id"], "replacement": {"percent": 0}, "reason": "x"}
    yield {"type": "leave_ended", "leave": "finnes-ikke", "last_day": "2026-01-31"}


def supposed(hpr: str) -> Json:
    """The body of a question what a leave would change."""
    fact = {"id": "hva-om", "type": "leave_registered", "hpr": hpr, "leave": "hva-om", "kind": "agreed"}
    known = {"recorded_at": "2026-03-01T12:00:00Z", "recorded_by": "kommune:1804"}
    return {"from": {}, "to": {"facts": [{**fact, **known, "first_day": "2026-01-01", "last_day": "2026-01-31"}]}}


BODIES: Final[Mapping[str, Any]] = {
    "preview_fact": lambda given: [*guesses(given["hpr"]), {**supposed(given["hpr"])["to"]["facts"][0]}],
    "register_fact": lambda given: [each for each in guesses(given["hpr"]) if each["type"] != "leave_registered"],
    "preview_switch": lambda given: [
        {
            "position": f"{WORD[code]}-{given['hpr']}-post",
            "last_day_between": {"first_day": "2026-01-10", "last_day": "2026-01-20"},
            "new": {"municipality": "1804", "category": "gp", "percent": 100},
        }
        for code in CODES
    ],
    "explain_supposed_facts": lambda given: [supposed(hpr) for hpr in DOCTORS if hpr in given["hprs"]],
    "preview_conversions": lambda _: [{"on": "2026-01-01", "doctors": list(DOCTORS), "reason": "x"}],
    "take_claim_step": lambda _: STEPS,
}
"""What is sent, where that is more than an empty body, which is refused."""


@dataclass(frozen=True)
class Leak:
    """A secret that an answer told."""

    operation: str
    address: str
    secret: str
    told: str

    def __str__(self) -> str:
        """The operation, the secret, and where it stands."""
        return f"{self.operation} {self.address}: «{self.secret}» in …{self.told}…"


@dataclass
class Crawl:
    """One walk through the service as somebody from whom some words are secret."""

    client: httpx.Client
    description: Json
    actor: str
    secrets: Mapping[str, re.Pattern[str]]
    values: Mapping[str, list[str]]
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)

    def walk(self) -> "Crawl":
        """Call every operation."""
        for path, operations in self.description["paths"].items():
            for method, operation in operations.items():
                self._operation(method, path, operation)
        return self

    def _operation(self, method: str, path: str, operation: Json) -> None:
        name = operation["operationId"]
        for given in self._given(name, re.findall(r"{([^}]*)}", path)):
            address = path
            for parameter, value in given.items():
                address = address.replace(f"{{{parameter}}}", quote(value, safe=""))
            for query in QUERIES.get(name, [{}]) if method == "get" else [{}]:
                bodies = (
                    [None]
                    if method == "get"
                    else BODIES.get(name, lambda _: [{}])({**given, "hprs": self.values["hpr"]})
                )
                for body in bodies:
                    self._call(name, method, f"{address}?{urlencode(query)}" if query else address, body)

    def _given(self, name: str, parameters: list[str]) -> Iterator[dict[str, str]]:
        """Every choice of ids for an address; a parameter that the crawler does not know is a fault of the test."""
        if name == "read_fact":
            facts = [(fact["hpr"], fact["id"]) for fact in history() if fact["hpr"] in self.values["hpr"]]
            yield from ({"hpr": hpr, "fact": fact} for hpr, fact in [*facts, (DOCTORS[0], "nei"), (NOBODY, "nei")])
            return
        if name == "download_document":
            documents = [(f"{code}-{ROUND}", digest_of(code, hpr)) for code in CODES for hpr in doctors_of(code)]
            yield from ({"claim": claim, "document": each} for claim, each in documents)
            yield {"claim": f"1804-{ROUND}", "document": digest_of("1839", HOME["1839"][0])}
            return
        lists = [self.values[parameter] for parameter in parameters]
        yield from (dict(zip(parameters, chosen, strict=True)) for chosen in product(*lists))

    def _call(self, name: str, method: str, address: str, body: Json | None) -> None:
        self.asked[name] += 1
        url = self.client.base_url.join(address)
        response = self.client.request(method, url, headers=as_(self.actor), json=body)
        self.answered[name] += response.is_success
        self._look(name, address, body, response)
        if following := _LINK.search(response.headers.get("link", "")):
            self._call(name, method, following[1], body)

    def _look(self, name: str, address: str, body: Json | None, response: httpx.Response) -> None:
        """Search every byte and header for secrets; what stands in the request itself is none."""
        said = f"{unquote(address)} {body} {_opened(address)}".casefold()
        heads = "\n".join(f"{head}: {value}" for head, value in response.headers.items() if head not in _OF_REQUEST)
        told = _GROUPED.sub("", f"{heads}\n{_opened(heads)}\n{_DIFFERENCE.sub('', response.text)}".casefold())
        for secret, pattern in self.secrets.items():
            if name == "list_access" and (secret in DOCTORS or secret.endswith(f"-{ROUND}")):
                continue  # the log says what one has asked for oneself, also in vain
            if (found := pattern.search(told)) and not pattern.search(said):
                self.leaks.append(Leak(name, address, secret, told[max(found.start() - 90, 0) : found.end() + 40]))


_OF_REQUEST: Final = {"correlation-id", "date", "content-length", "alis-command", "etag", "server-timing"}


def _opened(text: str) -> str:
    """What cursors in a text say."""
    found = re.findall(r"cursor=([\w-]+)", text)
    return " ".join(
        base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)).decode("utf-8", "replace") for each in found
    )


def pattern_of(secret: str) -> re.Pattern[str]:
    """A secret as it is looked for: numbers as whole numbers only."""
    escaped = re.escape(secret.casefold())
    if secret.isdigit():
        return re.compile(rf"(?<![\w.-])(?<!\d:){escaped}(?!\w|[.:]\d)")
    return re.compile(rf"(?<!\d){escaped}" if secret[0].isdigit() else escaped)
