"""Who acts, by the issuers that the settings name, or by the demonstration's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.identity.acting import Identity
from api.identity.issuers import Issuer, issuers_in
from deploy import clock
from deploy.issuer import FOLDER
from deploy.settings import Settings
from domain.casework.service import Casework

FOUND: Final = "demonstration.json"
"""The file in the data folder that says where the demonstration's issuer is, while it runs."""


def issuers_of(settings: Settings) -> Sequence[Issuer]:
    """The issuers of the settings; none where no file is named."""
    return issuers_in(settings.issuers_file) if settings.issuers_file else ()


def demonstrated(address: str, secret: Path | None = None) -> Sequence[Issuer]:
    """The demonstration's issuer, at an address; where its service has a secret, that lies in a file."""
    [issuer] = issuers_in(FOLDER / "issuers.toml")
    client = issuer.sign_in and issuer.sign_in.model_copy(update={"client_secret_file": secret})
    return [issuer.model_copy(update={"issuer": address, "sign_in": client})]


def identity_of(casework: Casework, issuers: Sequence[Issuer]) -> Identity | None:
    """Who acts, by what some issuers say; None where nobody can sign in."""
    if not issuers:
        return None
    return Identity(
        issuers, casework.store.persons, casework.links.ids_of, casework.municipalities, clock.now, clock.new_person
    )
