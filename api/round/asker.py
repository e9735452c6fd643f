"""Who asks about a round, and what answers."""

from dataclasses import dataclass

from api.http.identity import Seeing
from api.http.services import Serving


@dataclass(frozen=True, slots=True)
class Asker:
    """How far whoever asks sees, and what answers."""

    sight: Seeing
    serving: Serving

    @property
    def whole(self) -> bool:
        """Whether they see the whole of each doctor whom they see at all."""
        return self.sight.whole or self.sight.doctor is not None
