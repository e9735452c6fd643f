"""The file of a backup: a tar of the rows of each table, of `manifest.json`, and of `manifest.mac`.

The manifest has the digest of every part, and the last part proves that its author had the master key.
The file gets its name when it is whole and on the disk, and is looked through before anything is made of it.
"""

import hashlib
import hmac
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from deploy.migrate import FOLDER
from deploy.problems import DatabaseProblem, InputProblem
from domain.values.refusals.refusal import refused
from workers.keeping.fingerprints import Fingerprint, Keep
from workers.shell.files import plain_file, why_unreadable, why_unwritable

FORMAT: Final = 2
"""Of the file; the first format proved nothing (`old_backups`)."""
BLOCK: Final = 1 << 20
MANIFEST: Final = "manifest.json"
MAC: Final = "manifest.mac"
PROOF: Final = b"alis/backup/1"
"""For what a key is derived from the master key, to prove who wrote a backup."""
_MAC_BYTES: Final = 64
_MANIFEST_BYTES: Final = 10_000_000
_GZIP: Final = 31
_QUICK: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table as the file has them: which columns, how many rows, and digests of rows and of bytes."""

    columns: tuple[str, ...]
    rows: Fingerprint
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    program: str
    made_at: str
    migrations: Mapping[str, str]
    tables: Mapping[str, Part]
    next_position: int
    """The position that the next event gets."""

    def as_bytes(self) -> bytes:
        """JSON that a person can read."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=2).encode() + b"\n"

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """What was written; raises `InputProblem` for a later format."""
        found = json.loads(text)
        version = found.pop("format")
        if version != FORMAT:
            raise InputProblem("backup-newer", f"Sikkerhetskopien har formatet {version}; bruk utgaven som laget den.")
        tables = {
            name: Part(tuple(each["columns"]), Fingerprint(**each["rows"]), each["sha256"])
            for name, each in found.pop("tables").items()
        }
        return cls(tables=tables, **found)


def proof(key: bytes, manifest: bytes) -> bytes:
    """The proof of a manifest: a MAC under the key that is derived from a master key for it."""
    return hmac.digest(key, manifest, "sha256").hex().encode()


# ---------------------------------------------------------------- writing


@contextmanager
def aside(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole and on the disk; closed to others, for it holds a register."""
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".alis-backup-") as folder:
            half = Path(folder) / target.name
            with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            target.hardlink_to(half)  # unlike a rename, it never replaces a file that appeared meanwhile
        _sync(target.parent)
    except FileExistsError:
        raise InputProblem("backup-exists", f"Filen {target} finnes fra før; velg et annet navn.") from None
    except OSError as error:
        raise DatabaseProblem(
            "backup-unwritable", f"Sikkerhetskopien kan ikke skrives til {target} ({why_unwritable(error)})."
        ) from None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def write_rows(file: IO[bytes], name: str, fill: Callable[[Keep], Fingerprint]) -> tuple[Fingerprint, str]:
    """Open a compressed part of the tar for a table's rows; its header is written afterwards."""
    head, digest, packer = file.tell(), hashlib.sha256(), zlib.compressobj(_QUICK, wbits=_GZIP)
    file.write(bytes(tarfile.BLOCKSIZE))

    def keep(block: bytes) -> None:
        digest.update(block)
        file.write(block)

    rows = fill(lambda row: keep(packer.compress(row)))
    keep(packer.flush())
    size = file.tell() - head - tarfile.BLOCKSIZE
    _pad(file, size)
    file.seek(head)
    file.write(_head(part_of(name), size))
    file.seek(0, os.SEEK_END)
    return rows, digest.hexdigest()


def write_manifest(file: IO[bytes], manifest: Manifest, key: bytes) -> None:
    """The last parts."""
    content = manifest.as_bytes()
    for name, part in ((MANIFEST, content), (MAC, proof(key, content))):
        file.write(_head(name, len(part)) + part)
        _pad(file, len(part))
    file.write(bytes(2 * tarfile.BLOCKSIZE))  # the end of a tar


def part_of(table: str) -> str:
    """The part that has the rows of a table."""
    return f"{table}.copy.gz"


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _pad(file: IO[bytes], size: int) -> None:
    file.write(bytes(-size % tarfile.BLOCKSIZE))


# ---------------------------------------------------------------- reading


@contextmanager
def archive_of(name: str) -> Iterator[tarfile.TarFile]:
    """The parts of a file, of which nothing is believed yet."""
    try:
        with plain_file(name) as file, tarfile.open(fileobj=file, mode="r:") as archive:
            yield archive
    except tarfile.TarError:
        raise not_a_backup() from None
    except OSError as error:
        raise refused("unreadable-file", file=name, because=why_unreadable(error)) from None


def proven(archive: tarfile.TarFile, keys: Iterable[bytes]) -> Manifest:
    """The manifest, once it is proven under one of the keys who wrote it, and that every part is as it says."""
    content = manifest_of(archive)
    given = part(archive, MAC).read(_MAC_BYTES)
    if not any(hmac.compare_digest(given, proof(key, content)) for key in keys):
        raise InputProblem(
            "backup-forged",
            "Sikkerhetskopien er laget med en annen hovednøkkel, som den fra før et bytte, eller endret etterpå;"
            " ingenting er gjenopprettet.",
        )
    manifest = Manifest.read(content)
    for name, each in manifest.tables.items():
        check_digest(part(archive, part_of(name)), each.sha256)
    check_release(manifest.program, manifest.migrations)
    return manifest


def manifest_of(archive: tarfile.TarFile) -> bytes:
    """What a file says of itself."""
    return part(archive, MANIFEST).read(_MANIFEST_BYTES)


def has_proof(archive: tarfile.TarFile) -> bool:
    """Whether a file has the part that says who wrote it; those of the first format had none."""
    return MAC in archive.getnames()


def rows_of(archive: tarfile.TarFile, table: str) -> Iterator[bytes]:
    """The rows of a table, as they were written."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    with part(archive, part_of(table)) as packed:
        while block := packed.read(BLOCK):
            yield unpacker.decompress(block)
    yield unpacker.flush()


def part(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """A part, to be read from its beginning."""
    try:
        found: IO[Any] | None = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise not_a_backup()
    return found


def check_digest(content: IO[bytes], sha256: str) -> None:
    """Raise `InputProblem` (backup-damaged) if a part differs from its digest."""
    digest = hashlib.sha256()
    with content:
        while block := content.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise InputProblem("backup-damaged", "Sikkerhetskopien er skadet etter at den ble laget; bruk en annen.")


def not_a_backup() -> InputProblem:
    """The refusal of a file that is something else, or not whole."""
    return InputProblem(
        "backup-unknown", "Filen er ingen sikkerhetskopi som alis backup har laget, eller den er avkuttet."
    )


def check_release(program: str, migrations: Mapping[str, str]) -> None:
    """A backup of a newer program, or of other steps than ours, has tables that this release does not know."""
    ours = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(FOLDER.glob("*.sql"))}
    strange = [name for name, digest in migrations.items() if ours.get(name) != digest]
    if strange or list(migrations) != list(ours)[: len(migrations)]:
        named = strange[0] if strange else "steg mangler"
        raise InputProblem(
            "backup-newer",
            f"Sikkerhetskopien er tatt med en annen utgave av programmet ({program}, {named}); bruk den utgaven.",
        )
