"""The example settings file, and tokens of each shape as Digdir's and Norsk helsenett's documentation has them."""

from pathlib import Path
from typing import Any, Final

import pytest

from api.identity.claims import Granted, granted, is_machine, on_behalf
from api.identity.issuers import Issuer, issuers_in

Json = dict[str, Any]
FILE: Final = Path(__file__).parents[3] / "deploy/issuers.example.toml"
ISSUERS: Final[dict[str, Issuer]] = {each.name: each for each in issuers_in(FILE)}
AUTHORITY: Final = "iso6523-actorid-upis"
BODO, OSLO, VENDOR = "972418013", "958935420", "991825827"
SCOPE, BY_SYSTEM = "alis:kommune", "alis:kommune.systembruker"


def number(organisation: str) -> Json:
    return {"authority": AUTHORITY, "ID": f"0192:{organisation}"}


def system_user(organisation: object) -> Json:
    return {
        "type": "urn:altinn:systemuser",
        "systemuser_id": ["a58d3f2b-7d1c-4a1e-9a62-51c1fc9a42d7"],
        "systemuser_org": organisation,
        "system_id": f"{VENDOR}_alis",
    }


def resource(name: str, *organisations: object) -> Json:
    parties = [{"orgno": each, "resource": name, "name": "NOEN", "unit_type": "KOMM"} for each in organisations]
    return {
        "type": "ansattporten:altinn:resource",
        "resource": f"urn:altinn:resource:{name}",
        "authorized_parties": parties,
    }


def service(*reportees: Json) -> Json:
    return {
        "type": "ansattporten:altinn:service",
        "resource": "urn:altinn:resource:5613:1",
        "reportees": list(reportees),
    }


def reportee(organisation: str) -> Json:
    return {"Authority": AUTHORITY, "ID": f"0192:{organisation}", "Name": "NOEN", "Rights": ["Read", "Write"]}


def details(*stated: object) -> Json:
    return {"authorization_details": list(stated)}


def entra(organisation: object) -> Json:
    return {"type": "ansattporten:orgno", "orgno": organisation}


OUR_BODO: Final = (Granted("municipality", BODO),)
TOKENS: Final[dict[str, tuple[str, Json, tuple[Granted, ...]]]] = {
    "a municipality's machine": ("Maskinporten", {"consumer": number(BODO), "scope": f"other {SCOPE}"}, OUR_BODO),
    "a supplier with a delegation": (
        "Maskinporten",
        {
            "consumer": number(BODO),
            "supplier": number(VENDOR),
            "delegation_source": "https://www.altinn.no/",
            "scope": SCOPE,
        },
        OUR_BODO,
    ),
    "a system user": (
        "Maskinporten",
        {"consumer": number(VENDOR), "scope": BY_SYSTEM, **details(system_user(number(BODO)))},
        OUR_BODO,
    ),
    "a system user with the scope of a machine": (
        "Maskinporten",
        {"consumer": number(BODO), "scope": SCOPE, **details(system_user(number(OSLO)))},
        (),
    ),
    "a system user of a forged authority": (
        "Maskinporten",
        {
            "consumer": number(VENDOR),
            "scope": BY_SYSTEM,
            **details(system_user({**number(BODO), "authority": "evil"})),
        },
        (),
    ),
    "a machine without the scope": ("Maskinporten", {"consumer": number(BODO), "scope": "alis:kommune.lese"}, ()),
    "a machine that states its organisation as text": ("Maskinporten", {"consumer": BODO, "scope": SCOPE}, ()),
    "Altinn 3, one party": ("Ansattporten", details(resource("alis-soknad", number(BODO))), OUR_BODO),
    "Altinn 3, two parties": (
        "Ansattporten",
        details(resource("alis-soknad", number(BODO), number(OSLO))),
        (*OUR_BODO, Granted("municipality", OSLO)),
    ),
    "Altinn 3, another resource": ("Ansattporten", details(resource("skatt", number(BODO))), ()),
    "Altinn 3, another authority": (
        "Ansattporten",
        details(resource("alis-soknad", {**number(BODO), "authority": "ISO6523-ACTORID-UPIS"})),
        (),
    ),
    "Altinn 3, the keys of Altinn 2": (
        "Ansattporten",
        details(resource("alis-soknad", {"Authority": AUTHORITY, "ID": f"0192:{BODO}"})),
        (),
    ),
    "Altinn 3, nobody": ("Ansattporten", details(resource("alis-soknad")), ()),
    "Altinn 3, a firm of auditors": (
        "Ansattporten",
        details(resource("alis-revisjon", number(VENDOR))),
        (Granted("revisor", VENDOR),),
    ),
    "Altinn 3, an ALIS office": (
        "Ansattporten",
        details(resource("alis-kontor", number(VENDOR))),
        (Granted("alis_office", VENDOR),),
    ),
    "Altinn 2": ("Ansattporten", details(service(reportee(BODO))), OUR_BODO),
    "Altinn 2, lower case": ("Ansattporten", details(service(number(BODO))), ()),
    "Altinn 2, the type of Altinn 3": (
        "Ansattporten",
        details({**service(reportee(BODO)), "type": "ansattporten:altinn:resource"}),
        (),
    ),
    "several types": (
        "Ansattporten",
        details(service(reportee(OSLO)), resource("alis-soknad", number(BODO)), service(reportee(BODO))),
        (*OUR_BODO, Granted("municipality", OSLO)),
    ),
    "Entra, ours": ("Ansattporten", details(entra(number(BODO))), OUR_BODO),
    "Entra, another's": ("Ansattporten", details(entra(number(OSLO))), ()),
    "ID-porten": (
        "ID-porten",
        {"pid": "01810000042", "sub": "x", "consumer": number(BODO), "scope": SCOPE},
        (Granted("doctor"),),
    ),
    "ID-porten, without an identity number": ("ID-porten", {"sub": "x", "acr": "idporten-loa-high"}, ()),
    "HelseID": (
        "HelseID",
        {"helseid://claims/hpr/hpr_number": "9000001", "helseid://claims/client/claims/orgnr_parent": BODO},
        (Granted("doctor", hpr="9000001"),),
    ),
    "HelseID, a number that is not text": ("HelseID", {"helseid://claims/hpr/hpr_number": 9000001}, ()),
    "HelseID, nobody in the register": ("HelseID", {"pid": "01810000042"}, ()),
    "the directorate's Entra": (
        "Helsedirektoratet",
        {"roles": ["Alis.Godkjenner", "Alis.Saksbehandler", "Other"]},
        (Granted("caseworker"), Granted("approver")),
    ),
    "the directorate's Entra, other roles": ("Helsedirektoratet", {"roles": ["alis.saksbehandler"]}, ()),
    "the directorate's Entra, no roles": ("Helsedirektoratet", {"scp": "Alis.Saksbehandler"}, ()),
}
"""A token, by which issuer, and the roles that it gives."""


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_gives_the_roles_that_the_example_says(kind: str) -> None:
    issuer, claims, expected = TOKENS[kind]
    assert granted(ISSUERS[issuer].roles, claims) == expected


def test_every_issuer_and_shape_of_the_example_is_tried() -> None:
    tried = {(name, each.role) for name, _, found in TOKENS.values() for each in found}
    assert {name for name, *_ in TOKENS.values()} == ISSUERS.keys()
    assert {"municipality", "revisor", "alis_office"} == {role for name, role in tried if name == "Ansattporten"}


def test_who_asks_for_another_is_known_by_the_token() -> None:
    machine, supplied, by_system = (
        TOKENS[kind][1] for kind in ("a municipality's machine", "a supplier with a delegation", "a system user")
    )
    assert [on_behalf(each) for each in (machine, supplied, by_system)] == [None, VENDOR, VENDOR]
    assert on_behalf({**supplied, "supplier": {**number(VENDOR), "authority": "evil"}}) is None
    assert [is_machine(each) for each in (machine, supplied, by_system)] == [True] * 3
    assert not is_machine(TOKENS["ID-porten"][1]), "a person's token names the organisation of the service"
