"""Who the service lets in, under which name, and how what they send is kept from others on the way."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from deploy.problems import SettingsProblem
from deploy.settings import Networks, Settings

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Network:
    """Where the service answers; one that is not `opened` answers its own machine alone."""

    public: str
    """The address that people use: scheme, host and port."""
    opened: bool = True
    proxies: Networks = ()
    scrapers: Networks = ()

    @property
    def name(self) -> str:
        """The host and port of the public address."""
        return urlsplit(self.public).netloc

    def trusts(self, address: Address | None) -> bool:
        """Whether a proxy that may say whom it speaks for has this address."""
        return _within(address, self.proxies)

    def counts(self, address: Address | None) -> bool:
        """Whether a machine that may read the service's numbers has this address."""
        return _within(address, self.scrapers)


THIS_MACHINE: Final = Network("http://127.0.0.1:8000", opened=False)


def address_of(text: str) -> Address | None:
    """The address that is written so; one of IPv4 is itself, in whichever way it is written."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _within(address: Address | None, networks: Networks) -> bool:
    return address is not None and any(address in each for each in networks)


def network_of(settings: Settings) -> Network:
    """What the settings say of it.

    Raises `SettingsProblem` where others would get in without anybody knowing who they are, or could be overheard.
    """
    beyond = not ip_address(settings.host).is_loopback
    secured = _secured(settings)
    public = settings.public_url or _own_address(settings, "https" if secured else "http")
    named = address_of(urlsplit(public).hostname or "")
    here = urlsplit(public).hostname == "localhost" or (named is not None and named.is_loopback)
    opened = beyond or not here or bool(settings.trusted_proxies)
    if opened:
        _check_opened(settings, secured=secured)
    return Network(public, opened, settings.trusted_proxies, settings.metrics_from)


def _own_address(settings: Settings, scheme: str) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{settings.port}"


def _secured(settings: Settings) -> bool:
    """Whether the service has a certificate of its own."""
    if (settings.tls_certificate is None) is not (settings.tls_key is None):
        raise SettingsProblem("ALIS_TLS_CERTIFICATE og ALIS_TLS_KEY hører sammen; sett begge eller ingen av dem.")
    return settings.tls_certificate is not None


def _check_opened(settings: Settings, *, secured: bool) -> None:
    if settings.issuers_file is None:
        raise SettingsProblem(
            "ALIS_HOST må være en adresse på denne maskinen (127.0.0.1 eller ::1), uten ALIS_PUBLIC_URL for andre"
            " og ALIS_TRUSTED_PROXIES, for uten ALIS_ISSUERS_FILE vet ikke tjenesten hvem som får gjøre hva."
        )
    if settings.public_url is None or not settings.public_url.startswith("https://"):
        raise SettingsProblem(
            "ALIS_PUBLIC_URL må være adressen som folk bruker, og begynne med https://, når andre enn denne maskinen"
            " slipper til."
        )
    if not secured and not settings.trusted_proxies:
        raise SettingsProblem(
            "Uten kryptering kan andre lese det som sendes over nettet. Sett ALIS_TLS_CERTIFICATE og ALIS_TLS_KEY,"
            " eller ALIS_TRUSTED_PROXIES til adressen til mellomtjeneren som avslutter TLS."
        )
