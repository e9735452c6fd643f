"""The version of this release. It stands in `pyproject.toml` alone, and is read from the installed package."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("alis")
