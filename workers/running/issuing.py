"""The demonstration's issuer beside the service: a real provider with invented people, on this machine only."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address

from api.identity.issuers import Issuer
from deploy.issuer import ProviderConfig, people, provider
from deploy.problems import SettingsProblem
from deploy.settings import Settings
from workers.access.identity import FOUND, demonstrated


@contextmanager
def issuing(settings: Settings) -> Iterator[Sequence[Issuer]]:
    """Run the issuer, and leave its address where commands find it.

    Raises `SettingsProblem` on any address but this machine's own, where anybody could sign in as anybody.
    """
    if not ip_address(settings.host).is_loopback:
        raise SettingsProblem(
            "Demonstrasjonen lar hvem som helst logge inn som hvem som helst, og kjører bare på egen maskin."
        )
    config = ProviderConfig(
        settings.port + 1,
        service=f"http://{settings.host}:{settings.port}",
        people=people(),
        machines={"bodo": {"consumer": "972418013"}, "leverandor": {"consumer": "970542507", "supplier": "999990045"}},
    )
    file = settings.data_folder / FOUND
    with provider(config):
        file.write_text(json.dumps({"issuer": config.issuer}), "utf-8")
        try:
            yield demonstrated(config.issuer)
        finally:
            file.unlink(missing_ok=True)
