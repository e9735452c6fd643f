"""The data folder of the program."""

import os
from pathlib import Path


def make(folder: Path) -> None:
    """Make it if it is missing, closed to others; but the server may pass, which root starts as another user."""
    if folder.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
