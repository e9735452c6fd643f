"""The file of a backup: a tar of `database.dump`, for pg_restore, and of `manifest.json`, which says what is in it.

It gets its name when it is whole and on the disk, and is looked through before anything is made of it.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from deploy.migrate import FOLDER
from deploy.problems import DatabaseProblem, InputProblem
from workers.files import why_unreadable, why_unwritable
from workers.fingerprints import Fingerprint

FORMAT: Final = 1
"""Of the file; a program reads those that it knows."""
BLOCK: Final = 1 << 20
_DUMP: Final = "database.dump"
_MANIFEST: Final = "manifest.json"
_MANIFEST_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    program: str
    postgres: int
    made_at: str
    migrations: Mapping[str, str]
    tables: Mapping[str, Fingerprint]
    key_check: Mapping[str, str]
    """One doctor's key as sealed, so that a wrong master key is known before anything is restored."""
    dump_sha256: str

    def as_bytes(self) -> bytes:
        """JSON that a person can read."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode() + b"\n"

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """Raise `InputProblem` for what is no manifest, or one of a later program."""
        try:
            found = json.loads(text)
            if found["format"] != FORMAT:
                raise InputProblem(
                    "backup-newer", f"Sikkerhetskopien har formatet {found['format']}; bruk utgaven som laget den."
                )
            tables = {name: Fingerprint(**each) for name, each in found.pop("tables").items()}
            return cls(tables=tables, **found)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _not_a_backup() from None


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
            target.hardlink_to(half)  # unlike a renaming, it never replaces what somebody else put there meanwhile
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


def write_dump(file: IO[bytes], fill: Callable[[Callable[[bytes], object]], None]) -> str:
    """Let somebody write the dump as a part of the tar, whose head is known afterwards; gives the digest."""
    file.write(bytes(tarfile.BLOCKSIZE))
    digest = hashlib.sha256()

    def keep(block: bytes) -> None:
        digest.update(block)
        file.write(block)

    fill(keep)
    size = file.tell() - tarfile.BLOCKSIZE
    _pad(file, size)
    file.seek(0)
    file.write(_head(_DUMP, size))
    file.seek(0, os.SEEK_END)
    return digest.hexdigest()


def write_manifest(file: IO[bytes], manifest: Manifest) -> None:
    """The last part."""
    content = manifest.as_bytes()
    file.write(_head(_MANIFEST, len(content)) + content)
    _pad(file, len(content))
    file.write(bytes(2 * tarfile.BLOCKSIZE))  # the end of a tar


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _pad(file: IO[bytes], size: int) -> None:
    file.write(bytes(-size % tarfile.BLOCKSIZE))


@contextmanager
def opened(name: str) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """The archive, looked through before any database is touched."""
    try:
        with Path(name).open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            manifest = Manifest.read(_part(archive, _MANIFEST).read(_MANIFEST_BYTES))
            _check_whole(archive, manifest)
            _check_release(manifest)
            yield archive, manifest
    except tarfile.TarError:
        raise _not_a_backup() from None
    except OSError as error:
        raise InputProblem(
            "backup-unreadable", f"Sikkerhetskopien {name} kan ikke leses ({why_unreadable(error)})."
        ) from None


def dump_of(archive: tarfile.TarFile) -> IO[bytes]:
    """The dump, to be read from its beginning."""
    return _part(archive, _DUMP)


def _part(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise _not_a_backup()
    return found


def _not_a_backup() -> InputProblem:
    return InputProblem(
        "backup-unknown", "Filen er ingen sikkerhetskopi som alis backup har laget, eller den er avkuttet."
    )


def _check_whole(archive: tarfile.TarFile, manifest: Manifest) -> None:
    digest = hashlib.sha256()
    with dump_of(archive) as dump:
        while block := dump.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != manifest.dump_sha256:
        raise InputProblem("backup-damaged", "Sikkerhetskopien er skadet etter at den ble laget; bruk en annen.")


def _check_release(manifest: Manifest) -> None:
    """A backup of a newer program, or of other steps than ours, would be refused after the restoring anyway."""
    ours = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.sql")}
    strange = [name for name, digest in manifest.migrations.items() if ours.get(name) != digest]
    if strange:
        raise InputProblem(
            "backup-newer",
            f"Sikkerhetskopien er tatt med en annen utgave av programmet ({manifest.program}, {strange[0]});"
            " bruk den utgaven.",
        )
