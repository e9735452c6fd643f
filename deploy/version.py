"""The version of this release. It stands once, in `pyproject.toml`; what is installed tells it."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("alis")
