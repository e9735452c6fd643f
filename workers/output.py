"""What every command writes with: a table in a terminal, JSON elsewhere."""

import json
import sys


def as_table(wanted: str | None) -> bool:
    """Whether a table is wanted, or is what fits where it goes."""
    return (wanted or ("table" if sys.stdout.isatty() else "json")) == "table"


def print_json(value: object) -> None:
    """A value to standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
