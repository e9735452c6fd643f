"""What each code of a problem means in HTTP: the one table of status, title and when to try again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MALFORMED: Final = ("bad-json", "bad-encoding", "not-an-object", "duplicate-key")
"""A body that is no request at all."""
IN_CONFLICT: Final = (
    "fact-id-used",
    "name-used",
    "fact-withdrawn",
    "track-running",
    "already-new-scheme",
    "others-build-on-it",
    "makes-stored-invalid",
    "built-on-elsewhere",
    "command-id-reused",
)
"""What would hold, were it not for something that is recorded already."""
UNFOUNDED: Final = (
    "unknown-position",
    "unknown-leave",
    "unknown-service",
    "unknown-affiliation",
    "unknown-interruption",
    "unknown-supervisor",
    "unknown-agreement",
    "unknown-element",
    "change-before-position",
    "change-after-position",
    "ends-before-it-begins",
    "no-track",
    "correction-of-correction",
    "correction-changes-nothing",
    "own-supervisor",
    "fixed-field",
    "correction-invalid",
)
"""What builds on something that is not, or is not so."""
NOT_NOW: Final = (
    "already-opened",
    "already-submitted",
    "already-reopened",
    "already-assessed",
    "already-proposed",
    "already-decided",
    "already-paid",
    "already-attested",
    "report-already-accepted",
    "claim-closed",
    "claim-withdrawn",
    "not-submitted",
    "not-assessed",
    "nothing-proposed",
    "not-decided",
    "new-decision-first",
    "not-paid",
    "not-attested",
    "report-not-accepted",
    "line-there",
    "line-decided",
    "document-there",
    "no-lines",
    "lines-not-confirmed",
    "too-late",
    "assessment-outdated",
    "nothing-to-propose",
    "nothing-affected",
    "revisor-found-nothing",
    "nothing-granted",
    "lines-not-attested",
    "answers-missing",
    "answered-reopened",
    "another-amount-known",
    "attestation-stale",
    "to-be-reclaimed",
    "to-be-paid",
)
"""Steps of a claim that are not possible where it stands."""
NOT_SO: Final = (
    "unknown-line",
    "line-twice",
    "granted-less-before",
    "no-position-in-round",
    "months-outside-round",
    "element-twice",
    "day-is-over",
    "day-not-come",
    "day-too-early",
    "municipality-ended",
    "line-without-amount",
    "line-beyond-bounds",
    "reason-missing",
    "refused-with-kroner",
    "not-as-assessed",
    "not-partly",
    "granted-nothing",
    "wrong-amount",
    "bad-organisation-number",
    "other-organisation",
    "bad-account",
    "line-not-granted",
    "line-content-differs",
    "deviation-incomplete",
    "deviation-beyond-granted",
    "remark-missing",
    "kroner-without-deviation",
    "answer-without-reason",
    "nothing-to-answer",
)
"""What is asked of a claim, but does not fit it."""
HAD_A_PART: Final = ("same-person", "same-person-reopened", "revisor-involved", "part-in-another-role")
"""Who asks has done something else in the same claim."""
INVISIBLE: Final = ("role-sees-no-claims", "organisation-missing")
"""Who asks sees no claims."""
BAD_VALUES: Final = (
    "unknown-type",
    "missing-field",
    "unknown-field",
    "bad-day",
    "bad-moment",
    "bad-number",
    "out-of-range",
    "bad-value",
    "bad-text",
    "last-before-first",
    "new-before-old-ends",
    "nothing-changed",
    "recorded-too-early",
    "more-errors",
    "moment-to-come",
    "header-twice",
    "parameter-twice",
    "unknown-parameter",
    "unknown-role",
)
"""Codes of the single errors of an `invalid-request`."""
OF_THE_BOOK: Final = (
    "rule-set-published",
    "no-draft",
    "not-approved",
    "must-supersede",
    "already-superseded",
)
"""What a rule set has not come to, or has come past."""
NOT_OVER_HTTP: Final = (
    "document-too-large",
    "nothing-to-confirm",
    "empty-file",
    "lines-broken",
    "mark-inside",
    "several-lists",
    "not-facts",
    "recorded-too-late",
    "unreadable-file",
    "unwritable-file",
    "write-failed",
    "round-missing",
    "bad-side",
    "repeated-as-made",
    "repeat-differs",
    "claim-gap",
    "rule-set-differs",
    "chain-broken",
    "not-intact",
    "unknown-projection",
    "rebuild-differs",
    "rebuild-stopped",
    "rebuild-under-way",
    "read-side-unattended",
    "read-side-stopped",
    "read-side-behind",
    "read-side-set-aside",
    "erasing-not-allowed",
    "erasure-requested",
    "erasure-not-requested",
    "own-erasure",
    "unknown-reason",
    "nothing-to-erase",
    "erase-unconfirmed",
)
"""Codes of the command line and of the start; one that comes here all the same is our own fault."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means in HTTP: status, title, and the seconds after which to try again."""

    status: int
    title: str
    retry_after: int | None = None


_ROWS: Final[tuple[tuple[Kind, tuple[str, ...]], ...]] = (
    (Kind(400, "Innholdet kan ikke leses"), MALFORMED),
    (Kind(403, "Bare for denne maskinen"), ("not-loopback",)),
    (Kind(403, "Ikke i denne rollen"), ("wrong-role", "own-draft")),
    (
        Kind(403, "Ikke for den som spør"),
        (*INVISIBLE, "other-municipality", *HAD_A_PART),
    ),
    (Kind(404, "Adressen finnes ikke"), ("no-such-address",)),
    (Kind(404, "Søknaden finnes ikke"), ("unknown-claim",)),
    (Kind(404, "Vurderingen finnes ikke"), ("unknown-assessment",)),
    (Kind(404, "Dokumentet finnes ikke"), ("unknown-document",)),
    (Kind(404, "Legen er ikke registrert"), ("unknown-doctor",)),
    (Kind(404, "Legen har ingen stilling her"), ("no-line",)),
    (Kind(404, "Opplysningen finnes ikke"), ("unknown-fact",)),
    (Kind(404, "Kommunen finnes ikke"), ("unknown-municipality",)),
    (Kind(404, "Tilskuddsperioden finnes ikke"), ("unknown-round",)),
    (Kind(404, "Regelsettet finnes ikke"), ("unknown-rule-set", "no-rule-set")),
    (Kind(405, "Metoden kan ikke brukes her"), ("method-not-allowed",)),
    (Kind(409, "I strid med det som er registrert"), IN_CONFLICT),
    (Kind(409, "I strid med regelverket som det står"), OF_THE_BOOK),
    (Kind(409, "Ikke mulig slik søknaden står"), NOT_NOW),
    (Kind(410, "Dokumentet er slettet"), ("document-erased",)),
    (Kind(412, "Endret i mellomtiden"), ("changed-meanwhile", "draft-changed")),
    (Kind(413, "Innholdet er for stort"), ("too-large",)),
    (Kind(431, "Forespørselen er for stor"), ("head-too-large",)),
    (
        Kind(415, "Innholdet er av feil slag"),
        ("unsupported-media-type", "document-type", "document-macros", "document-compressed"),
    ),
    (Kind(421, "Feil vertsnavn"), ("wrong-host",)),
    (Kind(422, "Forespørselen er ikke gyldig"), ("invalid-request", *BAD_VALUES)),
    (
        Kind(422, "Dokumentet kan ikke brukes"),
        ("document-empty", "document-differs", "document-encoding", "digest-differs"),
    ),
    (Kind(422, "Opplysningen mangler grunnlag"), UNFOUNDED),
    (Kind(422, "Passer ikke med søknaden"), NOT_SO),
    (Kind(422, "For mye å forklare på én gang"), ("too-much-to-explain",)),
    (Kind(422, "Regelsettet kan ikke brukes her"), ("wrong-round",)),
    (Kind(422, "Regelsettet er ikke skrevet som det skal"), ("bad-rule-set",)),
    (Kind(499, "Avbrutt av den som spurte"), ("aborted",)),
    (Kind(500, "Feil i tjenesten"), ("internal", *NOT_OVER_HTTP)),
    (Kind(500, "Hendelsen kan ikke leses"), ("event-unreadable",)),
    (Kind(503, "Opptatt", retry_after=1), ("busy", "claim-busy")),
    (Kind(503, "Databasen svarer ikke", retry_after=5), ("store-unavailable",)),
    (Kind(503, "Databasen er opptatt", retry_after=5), ("store-busy",)),
    (Kind(503, "For mye på én gang", retry_after=2), ("crowded",)),
    (Kind(503, "Utregningen tok for lang tid"), ("takes-too-long",)),
    (Kind(503, "Databasen kan bare leses", retry_after=30), ("store-read-only",)),
    (Kind(503, "Kan ikke vises nå", retry_after=60), ("set-aside", "rules-set-aside")),
    (Kind(503, "Klokken går feil", retry_after=30), ("clock-differs",)),
    (Kind(503, "Databasen er ikke oppdatert", retry_after=30), ("not-migrated",)),
    (Kind(503, "Oversiktene er ikke laget ennå", retry_after=5), ("read-side-missing",)),
    (Kind(503, "Endringen vises ikke ennå", retry_after=1), ("not-yet-visible",)),
)
KINDS: Final[Mapping[str, Kind]] = {code: kind for kind, codes in _ROWS for code in codes}
"""The table: nowhere else does a status stand beside a code."""
