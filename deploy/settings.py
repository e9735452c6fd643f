"""All settings, each an environment variable."""

import base64
import hashlib
import os
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from deploy.problems import SettingsProblem

PREFIX = "ALIS_"
TOKEN = "ALIS_TOKEN"  # noqa: S105 - names who acts in a command: no setting, so that it is kept nowhere
SECOND_TOKEN = "ALIS_SECOND_TOKEN"  # noqa: S105 - the same, of the other where it takes two
CHECKOUT = Path(__file__).resolve().parent.parent
MASTER_KEY_BYTES = 32
TELLS_TOO_MUCH = "FASTAPI_OTEL_AUTO_CONFIGURE"
ROOTS_FOLDERS = Path("/var/lib/alis")


def decode_key(text: str) -> bytes:
    """The bytes of a master key, or a ValueError that does not repeat it."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError from None
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError
    return key


def _is_connection_string(url: SecretStr) -> SecretStr:
    try:
        conninfo_to_dict(url.get_secret_value())
    except ProgrammingError:
        raise ValueError from None
    return url


def _is_key(text: SecretStr) -> SecretStr:
    decode_key(text.get_secret_value())
    return text


def _absolute(folder: Path) -> Path:
    return folder.expanduser().resolve()


def _is_address(host: str) -> str:
    ip_address(host)
    return host


def _origin(url: str) -> str:
    """Scheme, host and port, in lower case and without the port that goes without saying."""
    parts = urlsplit(url.lower())
    host, port = parts.hostname, parts.port
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise ValueError
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError
    named = f"[{host}]" if ":" in host else host
    told = "" if port is None or port == {"http": 80, "https": 443}[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{named}{told}"


def _networks(listed: object) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks with commas between them; one whose bits reach into the host part is a mistake."""
    if isinstance(listed, str):
        return tuple(ip_network(each.strip()) for each in listed.split(","))
    assert isinstance(listed, tuple)  # noqa: S101 - from code
    return listed


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]


def _own_folder() -> Path:
    """Beside the code, unless only root may read the code: then the server's account could not reach it there."""
    open_to_others = all(folder.stat().st_mode & 0o001 for folder in (CHECKOUT, *CHECKOUT.parents))
    if os.geteuid() != 0 or open_to_others:
        return CHECKOUT / "var"
    return ROOTS_FOLDERS / hashlib.sha256(bytes(CHECKOUT)).hexdigest()[:12]


class Settings(BaseSettings):
    """The settings; each description reads on after «ALIS_X skal være …»."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database_url: Annotated[SecretStr, AfterValidator(_is_connection_string)] | None = Field(
        default=None,
        description="adressen til en PostgreSQL-database (postgresql://bruker:passord@vert:port/navn);"
        " uten den starter programmet sin egen",
    )
    migration_url: Annotated[SecretStr, AfterValidator(_is_connection_string)] | None = Field(
        default=None,
        description="adressen til samme database for den som eier tabellene;"
        " uten den gjøres alt som brukeren i ALIS_DATABASE_URL",
    )
    data_folder: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=_own_folder, description="mappen der den innebygde databasen og nøkkelfilen ligger"
    )
    evidence_folder: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None, description="mappen der listen over slettede nøkler ligger; uten den evidence i datamappen"
    )
    host: Annotated[str, AfterValidator(_is_address)] = Field(
        default="127.0.0.1", description="nettadressen tjenesten lytter på, som 127.0.0.1, 0.0.0.0 eller ::"
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="porten tjenesten lytter på, et heltall fra 1 til 65535"
    )
    public_url: Annotated[str, AfterValidator(_origin)] | None = Field(
        default=None,
        description="adressen som folk bruker, som https://alis.example.no, uten noe etter vertsnavnet og porten",
    )
    issuers_file: Path | None = Field(
        default=None, description="filen som sier hvem som utsteder innlogginger, og hva de gir rett til"
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="adresser eller nett med komma mellom, som 10.0.0.5, 10.1.0.0/24, for mellomtjenere som"
        " avslutter TLS og sier i Forwarded hvem som spør",
    )
    tls_certificate: Path | None = Field(
        default=None,
        description="filen med sertifikatet til ALIS_PUBLIC_URL og dem over det, i PEM; det trenger ALIS_TLS_KEY",
    )
    tls_key: Path | None = Field(
        default=None,
        description="filen med nøkkelen til sertifikatet, i PEM og uten passord; den trenger ALIS_TLS_CERTIFICATE",
    )
    metrics_from: Networks = Field(
        default=(), description="adresser eller nett med komma mellom, for maskiner som får hente tallene på /metrics"
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="json, text eller auto (text i en terminal, ellers json)"
    )
    master_key: Annotated[SecretStr, AfterValidator(_is_key)] | None = Field(
        default=None, description="32 byte i base64; uten den ligger nøkkelen i filen master.key i datamappen"
    )
    new_master_key: Annotated[SecretStr, AfterValidator(_is_key)] | None = Field(
        default=None, description="32 byte i base64, bare mens hovednøkkelen byttes: den nye"
    )
    document_max_bytes: int = Field(
        default=10 * 1024 * 1024,
        ge=1024,
        le=100 * 1024 * 1024,
        description="det meste et dokument kan være, et heltall fra 1024 til 104857600 byte",
    )
    statement_seconds: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="så lenge databasen får bruke på ett spørsmål, et heltall fra 1 til 3600 sekunder",
    )
    lock_seconds: int = Field(
        default=10,
        ge=1,
        le=3600,
        description="så lenge det ventes på en lås i databasen, et heltall fra 1 til 3600 sekunder",
    )
    idle_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="så lenge en transaksjon får stå uten å gjøre noe, et heltall fra 1 til 3600 sekunder",
    )
    clock_seconds: int = Field(
        default=5,
        ge=1,
        le=10**9,
        description="så mye klokken kan avvike fra databasens før ingenting registreres, et heltall fra 1 sekund",
    )
    compute_seconds: int = Field(
        default=20,
        ge=1,
        le=3600,
        description="så lenge det regnes på ett spørsmål over HTTP, et heltall fra 1 til 3600 sekunder",
    )
    access_log_milliseconds: int = Field(
        default=50,
        ge=1,
        le=60_000,
        description="så lenge et svar venter på at oppslaget er ført i innsynsloggen, et heltall fra 1 til 60000"
        " millisekunder",
    )
    access_log_years: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="antall år oppslagene i innsynsloggen beholdes, et heltall fra 1 til 100",
    )
    access_log_basis: str | None = Field(
        default=None, min_length=10, description="grunnen til at de ikke beholdes lenger, med kilde, minst 10 tegn"
    )
    requests_per_minute: int = Field(
        default=2_000,
        ge=1,
        le=10**9,
        description="det meste av forespørsler fra én bruker eller maskin i minuttet, et heltall fra 1",
    )
    connections: int = Field(
        default=500, ge=16, le=100_000, description="det meste av forbindelser på én gang, et heltall fra 16 til 100000"
    )
    head_seconds: int = Field(
        default=10,
        ge=1,
        le=3600,
        description="så lenge det ventes på starten av en forespørsel, et heltall fra 1 til 3600 sekunder",
    )
    body_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="så lenge det ventes på innholdet i en forespørsel, et heltall fra 1 til 3600 sekunder",
    )
    read_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="så lenge den som spør, har på seg til å lese svaret, et heltall fra 1 til 3600 sekunder",
    )
    session_idle_minutes: int = Field(
        default=30,
        ge=1,
        le=24 * 60,
        description="så lenge en innlogging varer uten at noe blir gjort, et heltall fra 1 til 1440 minutter",
    )
    session_hours: int = Field(
        default=8, ge=1, le=24, description="så lenge en innlogging varer i det hele, et heltall fra 1 til 24 timer"
    )
    secrets_folder: Path | None = Field(
        default=None,
        description="en mappe med hemmeligheter, én fil for hver innstilling og med navnet dens i små bokstaver,"
        " som alis_master_key",
    )


def _folder_of_secrets() -> Path | None:
    """The folder of files that replace variables: `alis_master_key` for ALIS_MASTER_KEY, if that is not set."""
    named = os.environ.get(_variable("secrets_folder"))
    if named is None:
        return None
    folder = Path(named)
    known = {_variable(field).lower() for field in Settings.model_fields}
    try:
        files = [file for file in folder.iterdir() if file.name.startswith(PREFIX.lower())]
        if all(file.name in known and file.read_bytes().strip() for file in files):
            return folder
    except OSError:
        pass
    raise _unusable("secrets_folder")


def _unusable(field: str) -> SettingsProblem:
    description = Settings.model_fields[field].description
    return SettingsProblem(f"{_variable(field)} kan ikke brukes; den skal være {description}.")


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def _check_telling() -> None:
    """FastAPI's own traces have the path, the query and the words of errors in them; ours take their place."""
    if os.environ.get(TELLS_TOO_MUCH):
        raise SettingsProblem(
            f"{TELLS_TOO_MUCH} kan ikke brukes; den ville ha sendt HPR-numre ut av programmet,"
            " så sett bare OTEL_EXPORTER_OTLP_ENDPOINT."
        )


def read_settings() -> Settings:
    """The settings of this process.

    An unknown variable is refused, and so is an empty one: a misspelt or forgotten database address must not start
    another database.
    """
    _check_telling()
    known = [*(_variable(field) for field in Settings.model_fields), TOKEN, SECOND_TOKEN]
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsProblem(f"{name} er ingen innstilling; de som finnes, er {', '.join(known)}.")
        if name.upper() in known and not os.environ[name].strip():
            raise SettingsProblem(f"{name} er satt, men tom; gi den en verdi, eller fjern den.")
    try:
        return Settings(_secrets_dir=_folder_of_secrets())
    except ValidationError as problem:
        field = str(problem.errors(include_input=False)[0]["loc"][0])
    raise _unusable(field)
