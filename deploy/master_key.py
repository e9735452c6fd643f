"""The key that seals the doctors' keys: given, or made once and kept in a file."""

import base64
import os
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.folder import make
from deploy.problems import SettingsProblem
from deploy.settings import MASTER_KEY_BYTES, Settings, decode_key

OTHERS_MAY = 0o077


def master_key(settings: Settings, *, first_start: bool = True) -> bytes:
    """The key from the settings, otherwise from the file, which the first start makes.

    A database with sealed keys has had its first start: a new master key could open none of them.
    """
    if settings.master_key is not None:
        return decode_key(settings.master_key.get_secret_value())
    file = settings.data_folder / "master.key"
    try:
        if not file.exists():
            if not first_start:
                raise SettingsProblem(
                    f"Nøkkelfilen {file} mangler, men databasen er laget med den; legg kopien av den der,"
                    " eller oppgi nøkkelen i ALIS_MASTER_KEY."
                )
            _make(file)
        return _read(file)
    except OSError:
        raise SettingsProblem(
            f"Nøkkelfilen {file} kan ikke leses eller lages; gi brukeren rettigheter til den,"
            " eller oppgi nøkkelen i ALIS_MASTER_KEY."
        ) from None


def _make(file: Path) -> None:
    """Write a temporary file and link it into place, so that two first starts at once end up with the same key."""
    make(file.parent)
    with TemporaryDirectory(dir=file.parent, prefix=".key-") as aside:
        new = Path(aside) / file.name
        descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)) + b"\n")
            opened.flush()
            os.fsync(descriptor)
        if not file.exists():
            _link(new, file)


def _link(new: Path, file: Path) -> None:
    try:
        file.hardlink_to(new)
    except FileExistsError:
        return
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _read(file: Path) -> bytes:
    if file.stat().st_mode & OTHERS_MAY:
        raise SettingsProblem(f"Nøkkelfilen {file} er åpen for andre enn eieren; lukk den med chmod 600 {file}.")
    try:
        return decode_key(file.read_text("ascii").strip())
    except ValueError:
        raise SettingsProblem(f"Nøkkelfilen {file} inneholder ikke 32 byte i base64; legg kopien av den der.") from None
