"""The key that seals all other keys: given, or made once and kept in a file; two of them while it is changed."""

import base64
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from deploy.folder import make
from deploy.problems import SettingsProblem
from deploy.settings import MASTER_KEY_BYTES, Settings, decode_key, read_settings
from domain.store.sealed.master import MasterKeys, name_of_master

OTHERS_MAY = 0o077
_MOST: Final = 2
"""The one before and the new one, while it is changed."""


def master_keys(settings: Settings, *, first_start: bool = True) -> tuple[bytes, ...]:
    """The keys that are given, the newest last: one, and the new one while it is changed."""
    keys = list(_kept(settings, first_start=first_start))
    if settings.new_master_key is not None:
        keys.append(decode_key(settings.new_master_key.get_secret_value()))
    return tuple(dict.fromkeys(keys))


def sealing_keys(settings: Settings, *, first_start: bool = True) -> MasterKeys:
    """What seals and opens with the keys that are given; they are read again where another one is needed."""
    return MasterKeys(master_keys(settings, first_start=first_start)[0], lambda: _given_now(settings))


def _given_now(settings: Settings) -> tuple[bytes, ...]:
    """Files may have changed since the settings were read; none if they cannot be read."""
    with suppress(SettingsProblem):
        now = read_settings() if settings.secrets_folder else settings
        return master_keys(now, first_start=False)
    return ()


def _kept(settings: Settings, *, first_start: bool) -> Sequence[bytes]:
    """The key from the settings, otherwise those of the file, which the first start makes.

    A database with sealed keys has had its first start: a new master key could open none of them.
    """
    if settings.master_key is not None:
        return [decode_key(settings.master_key.get_secret_value())]
    file = key_file(settings)
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


def key_file(settings: Settings) -> Path:
    """Where the key is that no setting gives."""
    return settings.data_folder / "master.key"


def new_master_key(settings: Settings) -> bytes:
    """The key to change to: given, or already in the file after the one before, or made and put there now.

    Raises `SettingsProblem` where the key comes from a setting, and no new one does.
    """
    keys = master_keys(settings, first_start=False)
    if settings.new_master_key is None and len(keys) < _MOST:
        if settings.master_key is not None:
            raise SettingsProblem("Oppgi den nye hovednøkkelen i ALIS_NEW_MASTER_KEY, 32 byte i base64.")
        keys = (*keys, secrets.token_bytes(MASTER_KEY_BYTES))
    if len(keys) > _MOST:
        raise SettingsProblem("ALIS_NEW_MASTER_KEY er en annen enn den nøkkelen som det alt byttes til; fjern den.")
    if settings.master_key is None and keys != tuple(_read(key_file(settings))):
        _write(key_file(settings), keys)
    return keys[-1]


def without_the_old(settings: Settings) -> list[Path]:
    """Take the key that nothing is sealed under any more out of the file, and keep it beside; tells where.

    Where a setting gives the key, the setting is what has to be changed.
    """
    if settings.master_key is not None:
        return []
    file = key_file(settings)
    *old, new = _read(file)
    beside = {file.with_name(f"master-{name_of_master(key)}.key"): key for key in old}
    for each, key in beside.items():
        _write(each, [key])
    if old:
        _write(file, [new])
    return list(beside)


def _write(file: Path, keys: Iterable[bytes]) -> None:
    """Put keys in a file, the newest last: whole and on the disk before it takes the place of what was there.

    Raises `SettingsProblem`.
    """
    try:
        with TemporaryDirectory(dir=file.parent, prefix=".key-") as aside:
            _written(Path(aside) / file.name, keys).replace(file)
            _sync(file.parent)
    except OSError:
        raise SettingsProblem(f"Nøkkelfilen {file} kan ikke skrives; gi brukeren rettigheter til mappen.") from None


def _make(file: Path) -> None:
    """Write a temporary file and link it into place, so that two first starts at once end up with the same key."""
    make(file.parent)
    with TemporaryDirectory(dir=file.parent, prefix=".key-") as aside:
        new = _written(Path(aside) / file.name, [secrets.token_bytes(MASTER_KEY_BYTES)])
        if not file.exists():
            _link(new, file)


def _written(file: Path, keys: Iterable[bytes]) -> Path:
    """A file for its owner alone, on the disk."""
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.writelines(base64.b64encode(key) + b"\n" for key in keys)
        opened.flush()
        os.fsync(descriptor)
    return file


def _link(new: Path, file: Path) -> None:
    try:
        file.hardlink_to(new)
    except FileExistsError:
        return
    _sync(file.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _read(file: Path) -> Sequence[bytes]:
    if file.stat().st_mode & OTHERS_MAY:
        raise SettingsProblem(f"Nøkkelfilen {file} er åpen for andre enn eieren; lukk den med chmod 600 {file}.")
    try:
        keys = [decode_key(line) for line in file.read_text("ascii").split()]
    except ValueError:
        keys = []
    if not 1 <= len(keys) <= _MOST:
        raise SettingsProblem(f"Nøkkelfilen {file} inneholder ikke 32 byte i base64; legg kopien av den der.")
    return keys
