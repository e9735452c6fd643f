"""The Containerfile's steps without a container engine: in folders of a test, by a user who may nothing, with nothing
of this machine's environment but a Python and the way to the package index.

What an engine alone can do is left out, and is listed: the base image, and the two steps that make a user.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.network import Network, network_of
from deploy.problems import SettingsProblem
from deploy.settings import Settings

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
LOGINS: Final = DEPLOY / "logins.sql"
NOBODY: Final = 65534  # has a name on every machine, as PostgreSQL wants, and the image's user only in the image
MAPPED: Final = ("/opt", "/build", "/data", "/usr/local")
FOR_ROOT: Final = ("useradd", "install -d")
JSON_FORM: Final = ("CMD", "ENTRYPOINT")


@dataclass(frozen=True)
class Step:
    word: str
    rest: str
    stage: int


def steps() -> list[Step]:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    found, stage = [], -1
    for line in filter(str.strip, lines):
        word, _, rest = line.partition(" ")
        stage += word == "FROM"
        found.append(Step(word, rest, stage))
    return found


STEPS: Final = steps()


def only(word: str) -> str:
    (found,) = (step.rest for step in STEPS if step.word == word)
    return found


def names_of(lock: Path) -> dict[str, list[str]]:
    """Every package with its version, and its digests."""
    blocks = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", lock.read_text("utf-8")))
    return {block.split()[0]: sorted(re.findall(r"--hash=(\S+)", block)) for block in blocks}


# ---------------------------------------------------------------- what it says


def test_the_image_runs_as_a_number_that_is_not_root_and_has_no_compiler_and_no_builder() -> None:
    assert only("USER") == "10001:10001"
    last = max(step.stage for step in STEPS)
    final = [step.rest for step in STEPS if step.stage == last and step.word in {"RUN", "COPY"}]
    assert not any(re.search(r"\b(apt|apk|gcc|pip|make)\b", each) for each in final)
    assert [each for each in final if not each.startswith(FOR_ROOT)] == ["--from=build /opt/alis /opt/alis"]


def test_the_base_image_is_a_short_name_and_no_address_of_a_registry_stands_anywhere() -> None:
    assert only("ARG") == "BASE=python:3.11-slim"
    for name in ("Containerfile", "compose.yaml", "requirements.lock", "requirements-build.lock"):
        text = (DEPLOY / name).read_text("utf-8")
        assert not re.search(r"index-url|docker\.io|ghcr|quay\.io|pypi", text)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_what_the_image_installs_is_in_the_lock_with_the_same_digests(name: str) -> None:
    everything, part = names_of(ROOT / "requirements.lock"), names_of(DEPLOY / name)
    assert part
    assert part.items() <= everything.items()
    assert all(part.values())


def test_the_image_has_all_that_the_program_needs_and_nothing_of_the_tests() -> None:
    names = {each.partition("==")[0] for each in names_of(DEPLOY / "requirements.lock")}
    project = re.search(r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)
    assert project is not None
    assert {re.split(r"[\[=]", each)[0] for each in re.findall(r'^\s+"([^"]+)"', project[1], re.MULTILINE)} <= names
    assert not names & {"pytest", "mypy", "ruff", "hypothesis", "hatchling"}


def test_no_secret_can_be_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert "!var" not in rules
    needed = {
        name for step in STEPS if step.word == "COPY" and "--from" not in step.rest for name in step.rest.split()[:-1]
    }
    assert {name.split("/")[0] for name in needed} == {rule[1:] for rule in rules if rule.startswith("!")}


# ---------------------------------------------------------------- compose


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def test_every_container_is_read_only_and_without_capabilities(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"database", "migrate", "service", "worker"}
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "/tmp" in service["tmpfs"]  # noqa: S108 - a folder of the container's own
        assert service["stop_grace_period"]


def test_only_the_service_has_a_network_and_a_port_which_is_the_one_it_listens_on(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name: service.get("network_mode") for name, service in services.items()} == {
        "database": "none",
        "migrate": "none",
        "service": None,
        "worker": "none",
    }
    assert [name for name, service in services.items() if "networks" in service or "ports" in service] == ["service"]
    assert services["service"]["networks"] == list(compose["networks"])
    (port,) = services["service"]["ports"]
    assert port.rpartition(":")[2] == str(Settings().port) == only("EXPOSE")


def test_the_service_in_it_may_be_on_a_network_and_would_not_start_if_a_part_were_missing(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = compose["services"]["service"]
    given = {name: value for name, value in service["environment"].items() if name != "ALIS_SECRETS_FOLDER"}
    assert given["ALIS_PUBLIC_URL"].startswith("${ALIS_PUBLIC_URL:?"), "asked for, with no address that fits nobody"
    for name, value in {**given, "ALIS_PUBLIC_URL": "https://alis.example"}.items():
        monkeypatch.setenv(name, value)
    assert network_of(Settings()) == Network("https://alis.example")
    for missing in ("ALIS_ISSUERS_FILE", "ALIS_TLS_KEY"):
        with monkeypatch.context() as without:
            without.delenv(missing)
            with pytest.raises(SettingsProblem):
                network_of(Settings())


def test_the_files_that_the_service_is_told_of_are_put_there_and_may_only_be_read(compose: dict[str, Any]) -> None:
    service = compose["services"]["service"]
    assert "../var/tls:/tls:ro" in service["volumes"]
    told = {service["environment"][name] for name in ("ALIS_ISSUERS_FILE", "ALIS_TLS_CERTIFICATE", "ALIS_TLS_KEY")}
    secrets = {f"/run/secrets/{name}" for name in secrets_of(service)}
    assert {each for each in told if not each.startswith("/tls/")} <= secrets


def test_the_settings_in_it_are_settings_and_its_secrets_are_files_that_the_program_reads(
    compose: dict[str, Any],
) -> None:
    known = {f"ALIS_{field.upper()}" for field in Settings.model_fields}
    for name in ("service", "worker", "migrate"):
        service = compose["services"][name]
        assert set(service["environment"]) <= known
        variables = {secret.upper() for secret in secrets_of(service) if secret.startswith("alis_")}
        assert variables <= known, "each file of such a name stands for a variable, and others are passed over"
        assert service["environment"]["ALIS_SECRETS_FOLDER"] == "/run/secrets"
    assert compose["services"]["database"]["image"] == "postgres:18"
    assert all(each["file"] == f"../var/secrets/{name}" for name, each in compose["secrets"].items())
    assert {each for service in compose["services"].values() for each in secrets_of(service).values()} == set(
        compose["secrets"]
    )


def test_each_who_connects_has_a_login_and_the_owners_is_told_to_what_migrates_alone(compose: dict[str, Any]) -> None:
    services = compose["services"]
    found = {name: secrets_of(service) for name, service in services.items()}
    assert {name: each.get("alis_database_url") for name, each in found.items()} == {
        "database": None,
        "migrate": "serves_address",
        "service": "serves_address",
        "worker": "works_address",
    }
    assert {name: each["alis_migration_url"] for name, each in found.items() if "alis_migration_url" in each} == {
        "migrate": "alis_address"
    }
    assert [name for name, each in found.items() if "alis_address" in each.values()] == ["migrate"]
    assert services["migrate"]["command"] == ["migrate"]
    assert services["migrate"]["restart"] == "no"
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("service", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_the_logins_are_made_with_the_data_folder_with_passwords_out_of_files(compose: dict[str, Any]) -> None:
    database = compose["services"]["database"]
    assert "./logins.sql:/docker-entrypoint-initdb.d/logins.sql:ro" in database["volumes"]
    read = re.findall(r"`cat /run/secrets/(\w+)`", LOGINS.read_text("utf-8"))
    assert ["alis_password", *read] == database["secrets"]
    assert database["environment"]["POSTGRES_PASSWORD_FILE"] == f"/run/secrets/{database['secrets'][0]}"
    made = re.findall(r"for login in (.+); do", (DEPLOY / "compose.yaml").read_text("utf-8"))
    assert [f"{login}_password" for login in made[0].split()] == database["secrets"]


def secrets_of(service: dict[str, Any]) -> dict[str, str]:
    """What a container finds its secrets as, and what they are elsewhere."""
    short = {each: each for each in service["secrets"] if isinstance(each, str)}
    return short | {each["target"]: each["source"] for each in service["secrets"] if not isinstance(each, str)}


# ---------------------------------------------------------------- what it does


class Image:
    """The folders that stand for the image's, and whoever runs its steps."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.left_out: list[str] = []
        self.env: dict[str, str] = {}
        self._folder = Path("/")
        self._user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        for name in (*MAPPED, "/home", "/tmp"):  # noqa: S108 - below our own folder
            self.at(name).mkdir(parents=True)
        _copy_python(self.at("/usr/local"))
        if self._user:
            self._own()

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def mapped(self, text: str) -> str:
        pattern = "|".join(re.escape(each) for each in MAPPED)
        return re.sub(rf"(?<![\w.])({pattern})(?=[/:\s\"']|$)", lambda found: f"{self.root}{found[1]}", text)

    def run(self, step: Step) -> None:
        take = {"RUN": self._run, "COPY": self._copy, "ENV": self._env, "WORKDIR": self._workdir}.get(step.word)
        if step.word == "FROM":
            self.env = {}
        if take:
            take(step.rest)

    @contextmanager
    def start(self, command: list[str], **settings: str) -> Iterator["subprocess.Popen[str]"]:
        """A process of the image, ended with the block."""
        process = subprocess.Popen(
            [shutil.which(command[0], path=self._clean()["PATH"]) or command[0], *command[1:]],
            env=self._clean() | settings,
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **self._user,  # type: ignore[call-overload]
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def ends_with(self, command: list[str], **settings: str) -> int:
        """The exit code of one that ends soon."""
        with self.start(command, **settings) as process:
            process.communicate(timeout=60)
        return process.returncode

    def _clean(self) -> dict[str, str]:
        """As of `env -i`, with the image's own variables."""
        plain = {"PATH": f"{self.at('/usr/local/bin')}:/usr/bin:/bin", "HOME": str(self.at("/home"))}
        libraries = {"LD_LIBRARY_PATH": str(self.at("/usr/local/lib"))}  # as the base image's linker knows them
        return plain | libraries | {"TMPDIR": str(self.at("/tmp"))} | self.env  # noqa: S108

    def _run(self, command: str) -> None:
        if command.startswith(FOR_ROOT):
            self.left_out.append(command)
            return
        # how this machine reaches the package index is no part of the image
        index = {
            name: value for name, value in os.environ.items() if name.startswith("PIP_") or "proxy" in name.lower()
        }
        with self.start(["/bin/sh", "-ec", self.mapped(command)], **index | {"PIP_CONSTRAINT": os.devnull}) as process:
            said, errors = process.communicate(timeout=600)
        assert process.returncode == 0, f"{command}\n{said}{errors}"

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        if sources[0].startswith("--from"):
            assert self.at(sources[1]) == self.at(target), "the same place in both stages, as a venv must be"
            return
        folder = self._folder / target
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, folder / Path(source).name)
        if self._user:
            self._own()

    def _env(self, rest: str) -> None:
        name, _, value = rest.partition("=")
        self.env[name] = self.mapped(value)

    def _workdir(self, rest: str) -> None:
        self._folder = self.at(rest)
        self._folder.mkdir(exist_ok=True, parents=True)

    def _own(self) -> None:
        subprocess.run(["/bin/chown", "-R", str(NOBODY), self.root], check=True)

    def close_to_writing(self) -> None:
        subprocess.run(["/bin/chmod", "-R", "a-w", self.at("/opt")], check=True)


def _copy_python(to: Path) -> None:
    """This Python, where everybody reaches it; the base image has one in the same place."""
    base = Path(sys.base_prefix)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (to / "bin").mkdir()
    (to / "lib").mkdir()
    shutil.copy(base / "bin" / version, to / "bin")
    (to / "bin" / "python").symlink_to(version)
    skipped = shutil.ignore_patterns("test", "tests", "site-packages", "dist-packages", "__pycache__", "*.a", "idlelib")
    shutil.copytree(base / "lib" / version, to / "lib" / version, ignore=skipped)
    (to / "lib" / version / "site-packages").mkdir()
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy(library, to / "lib")


@pytest.fixture
def image() -> Iterator[Image]:
    folder = Path(tempfile.mkdtemp(prefix="alis-image-"))
    folder.chmod(0o711)
    yield Image(folder)
    subprocess.run(["/bin/chmod", "-R", "u+w", folder], check=True)
    shutil.rmtree(folder)


def words(text: str) -> list[str]:
    found: list[str] = json.loads(text)
    return found


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


@pytest.mark.long
def test_its_steps_make_a_program_that_answers_the_health_check_writes_only_its_data_and_drains(image: Image) -> None:
    for step in STEPS:
        image.run(step)
    assert [each.split()[0] for each in image.left_out] == ["useradd", "install"]
    image.close_to_writing()
    before = {file: file.lstat().st_mtime_ns for file in image.at("/opt").rglob("*")}
    installed = subprocess.run(
        [image.at("/opt/alis/bin/python"), "-c", "import pip"], check=False, capture_output=True, env={}
    )
    assert installed.returncode != 0, "no pip in the image's environment"

    port = free_port()
    command = words(only("ENTRYPOINT")) + words(only("CMD"))
    check = words(only("HEALTHCHECK").partition("CMD ")[2])
    assert image.ends_with(check, ALIS_PORT=port) == 1, "nobody answers yet"
    with image.start(command, ALIS_PORT=port) as service:
        for _ in range(120):
            assert service.poll() is None, service.communicate()
            if image.ends_with(check, ALIS_PORT=port) == 0:
                break
            time.sleep(0.5)
        else:
            pytest.fail("it did not answer the health check")
        service.send_signal(getattr(signal, only("STOPSIGNAL")))
        said, errors = service.communicate(timeout=60)
        assert service.returncode == 0, said + errors
    assert {file: file.lstat().st_mtime_ns for file in image.at("/opt").rglob("*")} == before
    assert {file.name for file in image.at("/data").iterdir()} >= {"postgres", "master.key"}
    assert shlex.split(only("VOLUME")) == ["/data"]
