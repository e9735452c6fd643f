"""Tokens that must not be believed, signed with the provider's own key wherever that is not what is wrong."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from joserfc.jwk import RSAKey

from api.identity.issuers import Issuer
from api.main import create_app
from deploy.issuer import AUDIENCE, FOLDER, SCOPE, SERVICE, ProviderConfig, claims_of, new_key, provider
from domain.casework.service import Casework
from tests.api.asking import HPR, problem, refusal, serving
from tests.deploy.test_ending import free_port
from tests.issuer import FIRM, encoded
from tests.workers.test_cli import alis, refused
from workers.access.identity import demonstrated, identity_of
from workers.access.signing_in import token_of

Json = dict[str, Any]
KEY: Final = new_key("first")
ADA: Final = {"name": "Ada Solberg", "roles": ["caseworker"]}
BODO: Final = {"authority": "iso6523-actorid-upis", "ID": "0192:972418013"}
RULINGS: Final = "/api/v1/rulings"
FACTS: Final = f"/api/v1/doctors/{HPR}/facts"
HIGH: Final = "idporten-loa-high"


@pytest.fixture(scope="module")
def config() -> Iterator[ProviderConfig]:
    made = ProviderConfig(free_port(), anybody=True, keys=[KEY])
    with provider(made):
        yield made


@contextmanager
def asking(casework: Casework, config: ProviderConfig, **changed: object) -> Iterator[httpx.Client]:
    """The service, with an issuer set in some other way where that is said."""
    [issuer] = demonstrated(config.issuer)
    app = create_app(casework, identity=identity_of(casework, [issuer.model_copy(update=changed)]))
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture
def client(casework: Casework, config: ProviderConfig) -> Iterator[httpx.Client]:
    with asking(casework, config) as made:
        yield made


def claims(config: ProviderConfig, **changed: object) -> Json:
    """What the provider says of a caseworker, with something changed, or left out where it is None."""
    now = int(time.time())
    said = {"iss": config.issuer, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + 600, **claims_of(42, ADA)}
    return {name: value for name, value in {**said, **changed}.items() if value is not None}


def part(content: object) -> str:
    """One part of a token; a text or bytes as they stand."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode() if isinstance(text, str) else text).decode().rstrip("=")


def signed(stated: Json, key: RSAKey = KEY, **header: object) -> str:
    """A token of whatever it is said to say, with any header: no library that would refuse to make it."""
    head = {name: value for name, value in {"alg": "RS256", "kid": "first", **header}.items() if value is not None}
    content = f"{part(head)}.{part(stated)}"
    digest = hashes.SHA384() if head["alg"] == "RS384" else hashes.SHA256()
    private = key.private_key
    assert private
    return f"{content}.{part(private.sign(content.encode(), PKCS1v15(), digest))}"


def sent(client: httpx.Client, token: str, address: str = RULINGS, **headers: str) -> httpx.Response:
    return client.get(address, headers={"Authorization": f"Bearer {token}", **headers})


def by_public_key(config: ProviderConfig) -> str:
    """A token with the public key as the secret of an HMAC."""
    content = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims(config))}"
    return f"{content}.{part(hmac.digest(KEY.as_pem(private=False), content.encode(), 'sha256'))}"


def broken(config: ProviderConfig) -> str:
    """A token whose signature is another's."""
    head, content, _ = signed(claims(config)).split(".")
    return f"{head}.{content}.{signed(claims(config, sub='bo')).rpartition('.')[2]}"


def changed_after(config: ProviderConfig) -> str:
    """A token that says more than what was signed."""
    head, _, signature = signed(claims(config)).split(".")
    return f"{head}.{part(claims(config, roles=['operator']))}.{signature}"


NOW: Final = int(time.time())
SWAPPED: Final = new_key("first")
EXPIRED, NOT_YET = "det er utløpt", "det gjelder ikke ennå"
NOT_ISSUED = "det er ikke utstedt ennå"
NOT_OURS = "det er ikke utstedt til denne tjenesten"
NO_ISSUER, NO_KEY = "utstederen ikke er kjent", "nøkkelen det er signert med, ikke er blant utstederens"
NO_KID, UNREADABLE = "det ikke sier hvilken nøkkel det er signert med", "det ikke kan leses"
BAD_SIGNATURE, MISSING = "signaturen ikke stemmer", "det mangler noe som må stå i det"
NOBODY = "det ikke sier hvem det gjelder"
BOUND = "det er bundet til en nøkkel som bare den det ble gitt til, har"

BAD: Final[dict[str, tuple[Callable[[ProviderConfig], str], str]]] = {
    "expired": (lambda at: signed(claims(at, exp=NOW - 60)), EXPIRED),
    "expired long ago": (lambda at: signed(claims(at, exp=-1e300)), EXPIRED),
    "never expires": (lambda at: signed(claims(at, exp=None)), MISSING),
    "expires in words": (lambda at: signed(claims(at, exp="2999")), "noe i det ikke stemmer"),
    "not yet valid": (lambda at: signed(claims(at, nbf=NOW + 3600)), NOT_YET),
    "issued in the future": (lambda at: signed(claims(at, iat=NOW + 3600)), NOT_ISSUED),
    "issued at no time": (lambda at: signed(claims(at, iat=None)), MISSING),
    "no kid": (lambda at: signed(claims(at), kid=None), NO_KID),
    "empty kid": (lambda at: signed(claims(at), kid=""), NO_KID),
    "unknown kid": (lambda at: signed(claims(at), kid="unknown"), NO_KEY),
    "no algorithm": (lambda at: f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims(at))}.", UNREADABLE),
    "no algorithm but a signature": (
        lambda at: f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims(at))}.{part('x')}",
        BAD_SIGNATURE,
    ),
    "public key as secret": (by_public_key, BAD_SIGNATURE),
    "an algorithm that is not this issuer's": (lambda at: signed(claims(at), alg="RS384"), BAD_SIGNATURE),
    "other audience": (lambda at: signed(claims(at, aud="urn:other")), NOT_OURS),
    "no audience": (lambda at: signed(claims(at, aud=None)), MISSING),
    "the ID token of the sign-in": (lambda at: signed(claims(at, aud=SERVICE, nonce="n")), NOT_OURS),
    "other issuer": (lambda at: signed(claims(at, iss="https://evil.example")), NO_ISSUER),
    "almost the issuer": (lambda at: signed(claims(at, iss=f"{at.issuer}/")), NO_ISSUER),
    "no issuer": (lambda at: signed(claims(at, iss=None)), NO_ISSUER),
    "swapped key": (lambda at: signed(claims(at), SWAPPED), BAD_SIGNATURE),
    "a key that it brings itself": (
        lambda at: signed(claims(at), SWAPPED, jwk=SWAPPED.as_dict(private=False)),
        UNREADABLE,
    ),
    "another's signature": (broken, BAD_SIGNATURE),
    "changed after signing": (changed_after, BAD_SIGNATURE),
    "nobody": (lambda at: signed(claims(at, sub=None, pid=None)), NOBODY),
    "bound to a key": (lambda at: signed(claims(at, cnf={"jkt": "x"})), BOUND),
    "garbage": (lambda _: "garbage", UNREADABLE),
    "three parts of garbage": (lambda _: "a.b.c", UNREADABLE),
    "a list": (lambda _: f"{part({'alg': 'RS256', 'kid': 'first'})}.{part([1])}.{part('x')}", NO_ISSUER),
    "deep": (lambda _: f"{part({'alg': 'RS256', 'kid': 'first'})}.{part('[' * 5_000)}.{part('x')}", UNREADABLE),
    "a deep head": (lambda at: f"{part('[' * 2_900)}.{part(claims(at))}.{part('x')}", UNREADABLE),
    "a long head": (lambda at: signed(claims(at), kid="x" * 4_000), UNREADABLE),
}
"""A bad token, and why it is refused."""


def test_a_token_as_the_provider_gives_it_is_believed(client: httpx.Client, config: ProviderConfig) -> None:
    assert sent(client, token_of(config.issuer, encoded(claims_of(42, ADA)))).status_code == 200
    for good in (claims(config), claims(config, aud=["urn:other", AUDIENCE]), claims(config, exp=int(time.time()) - 2)):
        assert sent(client, signed(good)).status_code == 200


def test_a_bad_token_is_refused_with_why_and_the_same_for_whatever_it_asked(
    client: httpx.Client, config: ProviderConfig
) -> None:
    known = sent(client, signed(claims(config)), FACTS, **{"Alis-Reason": "for testen"})
    assert known.status_code == 404, "that a doctor is not there is told to whoever may know"
    for kind, (made, why) in BAD.items():
        token = made(config)
        for answer in (sent(client, token), sent(client, token, FACTS)):
            assert refusal(answer) == (401, "token-refused"), kind
            said = f"Innloggingen kan ikke brukes, fordi {why}. Logg inn på nytt."
            assert problem(answer)["detail"] == said, kind
            assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_that_is_far_too_long_is_refused_before_it_is_read(
    client: httpx.Client, config: ProviderConfig
) -> None:
    assert refusal(sent(client, signed(claims(config, more="x" * 70_000)))) == (431, "head-too-large")


def test_what_is_no_bearer_token_is_not_signed_in(client: httpx.Client) -> None:
    for written in ("", "Bearer", "Basic YTpi", "Bearer a b", "DPoP a.b.c", "a.b.c"):
        answer = client.get(RULINGS, headers={"Authorization": written})
        assert refusal(answer) == (401, "not-signed-in"), written
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_level_that_is_too_low_is_refused_where_the_issuer_must_give_a_higher(
    casework: Casework, config: ProviderConfig
) -> None:
    with asking(casework, config, acr=(HIGH,)) as strict:
        assert sent(strict, signed(claims(config, acr=HIGH))).status_code == 200
        for level in (None, "idporten-loa-substantial", [HIGH], ""):
            answer = sent(strict, signed(claims(config, acr=level)))
            assert refusal(answer) == (401, "token-refused")
            assert "innloggingen ikke er på høyt nok nivå" in problem(answer)["detail"]


FORGED: Final[list[object]] = [
    {**BODO, "authority": "iso6523-actorid-upis "},
    {**BODO, "authority": "evil"},
    {"ID": BODO["ID"]},
    {**BODO, "ID": "0192:972418014"},
    {**BODO, "ID": "972418013"},
    {**BODO, "ID": "9908:972418013"},
    {**BODO, "ID": "0192:972418013\n"},
    {**BODO, "ID": "0192:\uff1972418013"},
    {**BODO, "ID": 972418013},
    {"Authority": BODO["authority"], "ID": BODO["ID"]},
    "0192:972418013",
    [BODO],
    [],
    {},
]


def machine(config: ProviderConfig, consumer: object, **changed: object) -> str:
    """A token as Maskinporten makes it."""
    stated = {"sub": None, "pid": None, "name": None, "roles": None, "scope": SCOPE, "client_id": "c", **changed}
    return signed(claims(config, consumer=consumer, **stated))


def test_a_machine_acts_for_the_organisation_that_the_issuer_vouches_for_and_no_other(
    client: httpx.Client, config: ProviderConfig
) -> None:
    assert sent(client, machine(config, BODO)).status_code == 200
    for consumer in FORGED:
        assert refusal(sent(client, machine(config, consumer))) == (403, "no-role"), consumer
    assert refusal(sent(client, machine(config, BODO, scope=f"{SCOPE}.more other"))) == (403, "no-role")


def test_an_empty_list_of_organisations_is_no_role_and_no_error(client: httpx.Client, config: ProviderConfig) -> None:
    detail = {"type": "ansattporten:altinn:resource", "resource": "alis-soknad", "authorized_parties": []}
    empty: list[object] = [[], [detail], None, "x", [[]], [{**detail, "authorized_parties": None}]]
    for stated in empty:
        token = signed(claims(config, roles=None, authorization_details=stated))
        assert refusal(sent(client, token)) == (403, "no-role"), stated


def test_whoever_has_several_roles_or_municipalities_chooses_and_sees_which(
    client: httpx.Client, config: ProviderConfig
) -> None:
    tromso = {**BODO, "ID": "0192:940101808"}
    detail = {"type": "ansattporten:altinn:resource", "resource": "alis-soknad"}
    parties = {**detail, "authorized_parties": [{"orgno": BODO}, {"orgno": tromso}]}
    two = signed(claims(config, roles=None, authorization_details=[parties]))
    answer = sent(client, two)
    assert refusal(answer) == (403, "choose-role")
    assert "Bodø" in problem(answer)["detail"]
    assert "Tromsø" in problem(answer)["detail"]
    assert sent(client, two, **{"Alis-Organisation": "1804"}).status_code == 200
    assert refusal(sent(client, two, **{"Alis-Organisation": "4601"})) == (403, "not-your-role")
    both = signed(claims(config, roles=["caseworker", "approver"]))
    assert refusal(sent(client, both)) == (403, "choose-role")
    assert sent(client, both, **{"Alis-Role": "approver"}).status_code == 200
    assert refusal(sent(client, both, **{"Alis-Role": "operator"})) == (403, "not-your-role")


def test_an_organisation_that_is_no_municipality_has_no_role(client: httpx.Client, config: ProviderConfig) -> None:
    firm = {**BODO, "ID": f"0192:{FIRM}"}
    assert refusal(sent(client, machine(config, firm))) == (403, "no-role")
    assert refusal(sent(client, machine(config, BODO), **{"Alis-Organisation": "4601"})) == (403, "not-your-role")


def test_a_person_whose_token_names_an_organisation_is_no_machine(client: httpx.Client, config: ProviderConfig) -> None:
    for named in ({"pid": "01810000042"}, {"acr": HIGH, "sub": "ada"}):
        assert refusal(sent(client, machine(config, BODO, **named))) == (403, "no-role"), named


@pytest.mark.long
def test_nothing_of_a_withdrawn_key_is_believed_some_seconds_later(
    casework: Casework, config: ProviderConfig, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text((FOLDER / "issuers.toml").read_text().replace("http://127.0.0.1:8001", config.issuer))
    settings = {"ALIS_DATABASE_URL": database_url, "ALIS_ISSUERS_FILE": str(file)}
    told = {"name": "Demonstrasjonen", "issuer": config.issuer}
    with asking(casework, config) as client:
        token = signed(claims(config))
        assert sent(client, token).status_code == 200
        assert alis("issuers", "list", **settings).json == {"issuers": [{**told, "withdrawn_keys": []}]}
        assert "Utstederen «Altinn» står ikke" in refused("issuers", "withdraw", "Altinn", "first", **settings)
        done = alis("issuers", "withdraw", "Demonstrasjonen", "first", **settings)
        assert done.json == {"issuers": [{**told, "withdrawn_keys": ["first"]}]}
        ends = time.monotonic() + 20
        while sent(client, token).status_code == 200 and time.monotonic() < ends:
            time.sleep(0.05)
        answer = sent(client, token)
        assert refusal(answer) == (401, "token-refused")
        assert NO_KEY in problem(answer)["detail"]
        table = alis("issuers", "list", "--format", "table", **settings).out
        assert table.splitlines()[1].split() == ["Demonstrasjonen", config.issuer, "first"]


def test_an_issuer_that_never_answered_makes_nobody_signed_in(casework: Casework) -> None:
    silent = ProviderConfig(free_port())
    with asking(casework, silent) as client:
        assert refusal(sent(client, signed(claims(silent)))) == (503, "issuer-unavailable")


def test_issuers_are_told_apart_by_what_they_are_called(casework: Casework, config: ProviderConfig) -> None:
    [issuer] = demonstrated(config.issuer)
    other: Issuer = issuer.model_copy(update={"issuer": "https://other.example", "jwks_uri": f"{config.issuer}/jwks"})
    app = create_app(casework, identity=identity_of(casework, [issuer, other]))
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        assert sent(client, signed(claims(config, iss=other.issuer))).status_code == 200
        assert refusal(sent(client, signed(claims(config, iss="https://third.example")))) == (401, "token-refused")
