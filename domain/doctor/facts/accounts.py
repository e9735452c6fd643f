"""What a municipality accounts for; no fact of this kind changes what another one may say."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from domain.doctor.facts.fact import Fact, added_later
from domain.values.event import Strict
from domain.values.fields import CostKind, FundingSource, Kroner, MunicipalityCode, Name, Token


class Funding(Strict):
    """What somebody else paid of a cost."""

    source: FundingSource
    kroner: Kroner


def check_net(kroner: int, gross: int | None, other_funding: tuple[Funding, ...] | None) -> None:
    """Refuse funding without gross, and kroner that are not gross less funding."""
    funding = other_funding or ()
    if funding and gross is None:
        raise PydanticCustomError("funding-without-gross", "funding-without-gross")
    if gross is not None and kroner != gross - sum(each.kroner for each in funding):
        raise PydanticCustomError("costs-do-not-add-up", "costs-do-not-add-up")


class CostsReported(Fact, topic="track.costs-reported.v1", words="kostnader rapportert"):
    """What a municipality spent on an element in a round; `kroner` is whole and net of other funding.

    Without a kind it is the whole element.
    """

    type: Literal["costs_reported"] = "costs_reported"
    municipality: MunicipalityCode
    round: Token
    element: Token
    kroner: Kroner
    project_code: Name | None = None
    gross: Kroner | None = added_later()
    other_funding: tuple[Funding, ...] | None = added_later()
    kind: CostKind | None = added_later()

    @model_validator(mode="after")
    def _is_net(self) -> Self:
        check_net(self.kroner, self.gross, self.other_funding)
        return self


AccountFact = CostsReported
