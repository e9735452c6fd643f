"""What is needed before others than this machine are let in, said before anything is started."""

import sys
import time
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import pytest

from deploy import health
from deploy.certificate import Certificate
from deploy.network import Network, network_of
from deploy.problems import SettingsProblem
from deploy.settings import Settings, read_settings
from tests.certificates import made_for
from tests.deploy.test_ending import ALIS, MASTER_KEY, free_port, running
from workers.running.issuing import issuing
from workers.running.serving import listening

ISSUERS: Final = Path("utstedere.json")
FILES: Final[Any] = {"tls_certificate": Path("c.pem"), "tls_key": Path("k.pem")}
PUBLIC: Final = "https://alis.example"
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - what must not be enough
PROXY: Final = (ip_network("10.0.0.5/32"),)


def refusal(**settings: Any) -> str:  # noqa: ANN401 - each setting's own
    with pytest.raises(SettingsProblem) as problem:
        network_of(Settings(**settings))
    return str(problem.value)


def test_without_settings_it_is_this_machines_alone() -> None:
    assert network_of(Settings()) == Network("http://127.0.0.1:8000", opened=False)
    assert network_of(Settings(host="::1", port=80)) == Network("http://[::1]:80", opened=False)
    assert network_of(Settings(**FILES)) == Network("https://127.0.0.1:8000", opened=False)


def test_with_a_name_issuers_and_either_a_certificate_or_a_proxy_it_is_on_a_network() -> None:
    known: Any = {"issuers_file": ISSUERS, "public_url": PUBLIC}
    assert network_of(Settings(host=EVERYWHERE, **known, **FILES)) == Network(PUBLIC)
    assert network_of(Settings(host="::", **known, trusted_proxies=PROXY)) == Network(PUBLIC, proxies=PROXY)
    assert network_of(Settings(**known, trusted_proxies=PROXY)) == Network(PUBLIC, proxies=PROXY)


@pytest.mark.parametrize("opening", [{"host": EVERYWHERE}, {"public_url": PUBLIC}, {"trusted_proxies": PROXY}])
def test_nobody_else_is_let_in_before_it_is_known_who_they_are(opening: dict[str, Any]) -> None:
    assert "uten ALIS_ISSUERS_FILE vet ikke tjenesten hvem som får gjøre hva" in refusal(**opening)


def test_what_goes_over_a_network_is_encrypted_and_under_the_name_that_people_use() -> None:
    known: Any = {"issuers_file": ISSUERS, "host": EVERYWHERE}
    assert refusal(**known, **FILES).startswith("ALIS_PUBLIC_URL må være adressen som folk bruker")
    assert refusal(**known, **FILES, public_url="http://alis.example").startswith("ALIS_PUBLIC_URL må")
    assert refusal(**known, public_url=PUBLIC).startswith("Uten kryptering kan andre lese")


def test_half_a_certificate_is_none() -> None:
    assert "hører sammen" in refusal(tls_key=Path("k.pem"))
    assert "hører sammen" in refusal(tls_certificate=Path("c.pem"))


@pytest.mark.parametrize("opening", [{"host": EVERYWHERE, **FILES}, {"trusted_proxies": PROXY}])
def test_the_demonstration_where_anybody_is_anybody_is_refused_there(opening: dict[str, Any], tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, issuers_file=ISSUERS, public_url=PUBLIC, **opening)
    with pytest.raises(SettingsProblem, match="kjører bare på egen maskin"), issuing(settings):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://alis.example/", "https://alis.example"),
        ("HTTPS://ALIS.example:443", "https://alis.example"),
        ("https://alis.example:8443", "https://alis.example:8443"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://alis.example/alis", None),
        ("https://alis.example?x=1", None),
        ("https://eva:hemmelig@alis.example", None),
        ("https://alis.example:99999", None),
        ("alis.example", None),
        ("ftp://alis.example", None),
        ("https://", None),
    ],
)
def test_a_public_address_is_scheme_host_and_port(url: str, origin: str | None) -> None:
    if origin:
        assert Settings(public_url=url).public_url == origin
    else:
        with pytest.raises(ValueError, match="public_url"):
            Settings(public_url=url)


@pytest.mark.parametrize("value", ["10.0.0.5/8", "proxy.example", "10.0.0.5,", "10.0.0.5;10.0.0.6"])
def test_a_network_that_is_none_is_told_and_not_guessed(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIS_TRUSTED_PROXIES", value)
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings()


def test_networks_are_written_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIS_TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/24,2001:db8::/32")
    assert [str(each) for each in Settings().trusted_proxies] == ["10.0.0.5/32", "10.1.0.0/24", "2001:db8::/32"]


def test_files_that_are_no_certificate_and_its_key_are_refused(tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    certificate, key = made_for(tmp_path, "localhost")
    foreign = made_for(other, "localhost")[1]
    for files in ((certificate, foreign), (key, key), (tmp_path / "none", key), (certificate, tmp_path / "none")):
        with pytest.raises(SettingsProblem, match="ALIS_TLS_CERTIFICATE og ALIS_TLS_KEY kan ikke brukes"):
            Certificate(*files)


def test_it_says_so_and_does_not_start() -> None:
    with running([ALIS, "serve"], ALIS_PORT=str(free_port()), ALIS_HOST=EVERYWHERE) as process:
        out, errors = process.communicate(timeout=30)
    assert process.returncode not in {0, None}
    assert "ALIS_HOST må være en adresse på denne maskinen" in errors
    assert out == ""


def test_an_address_to_listen_on_is_none_that_has_to_be_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIS_HOST", "alis.example")
    with pytest.raises(SettingsProblem, match="ALIS_HOST kan ikke brukes; den skal være nettadressen tjenesten"):
        read_settings()


def test_an_address_that_the_machine_has_not_is_told_apart_from_a_port_in_use() -> None:
    with pytest.raises(SettingsProblem, match="ALIS_HOST er ikke en adresse som denne maskinen har"):
        listening(Settings(host="192.0.2.1", port=free_port()))


def test_the_health_check_asks_under_the_services_own_certificate(database_url: str, tmp_path: Path) -> None:
    certificate, key = made_for(tmp_path, "localhost")
    settings = {
        "ALIS_DATABASE_URL": database_url,
        "ALIS_MASTER_KEY": MASTER_KEY,
        "ALIS_PORT": str(free_port()),
        "ALIS_TLS_CERTIFICATE": str(certificate),
        "ALIS_TLS_KEY": str(key),
    }
    asked = Settings(port=int(settings["ALIS_PORT"]), tls_certificate=certificate, tls_key=key)
    with running([ALIS, "serve"], **settings) as process:
        ends = time.monotonic() + 60
        while not health.answers(asked):
            assert time.monotonic() < ends
            assert process.poll() is None
            time.sleep(0.1)
        with running([sys.executable, "-m", "deploy.health"], **settings) as check:
            assert check.wait(30) == 0
        made_for(tmp_path, "localhost")  # renewed: the check trusts what lies there now
        assert health.answers(asked)
        assert not health.answers(Settings(port=asked.port)), "not over plain HTTP"
        process.terminate()
        _, said = process.communicate(timeout=30)
        assert f"Tjenesten svarer på https://127.0.0.1:{asked.port}/ (bare fra denne maskinen)" in said
