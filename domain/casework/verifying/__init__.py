"""`alis verify`: all that can be found wrong in a database by reading it, without anything that is kept elsewhere."""

from domain.casework.verifying.findings import LogFinding
from domain.casework.verifying.whole import Verified, verify

__all__ = ["LogFinding", "Verified", "verify"]
