"""The demonstration's issuer beside the service: a real provider with invented people, on this machine only."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from api.identity.issuers import Issuer
from deploy.issuer import ProviderConfig, people, provider
from deploy.network import network_of
from deploy.problems import SettingsProblem
from deploy.settings import Settings
from workers.access.identity import FOUND, demonstrated


@contextmanager
def issuing(settings: Settings) -> Iterator[Sequence[Issuer]]:
    """Run the issuer, and leave its address where commands find it.

    Raises `SettingsProblem` on any address but this machine's own, where anybody could sign in as anybody.
    """
    if network_of(settings).opened:
        raise SettingsProblem(
            "Demonstrasjonen lar hvem som helst logge inn som hvem som helst, og kjører bare på egen maskin."
        )
    config = ProviderConfig(
        settings.port + 1,
        service=network_of(settings).public,
        people=people(),
        machines={"bodo": {"consumer": "972418013"}, "leverandor": {"consumer": "970542507", "supplier": "999990045"}},
    )
    file, secret = settings.data_folder / FOUND, settings.data_folder / "demonstration.secret"
    with provider(config):
        file.write_text(json.dumps({"issuer": config.issuer}), "utf-8")
        secret.touch(0o600)
        secret.write_text(config.secret, "utf-8")
        try:
            yield demonstrated(config.issuer, secret)
        finally:
            file.unlink(missing_ok=True)
            secret.unlink(missing_ok=True)
