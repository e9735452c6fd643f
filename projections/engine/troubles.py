"""What is not as it should be with the read side, in sentences for those who run it."""

from collections.abc import Iterable, Iterator

from domain.values import words
from domain.values.refusals.refusal import Refused, refused
from projections.engine.status import Status


def troubles(found: Iterable[Status]) -> Iterator[Refused]:
    """Troubles of serving generations: no worker, stopped, behind, or with subjects set aside."""
    serving = [each for each in found if each.status != "building"]
    if not serving:
        yield refused("read-side-missing")
    unattended = [each.name for each in serving if each.status == "unattended"]
    if unattended:
        yield refused("read-side-unattended", names=words.listed(unattended))
    for each in serving:
        if each.status == "stopped":
            yield refused("read-side-stopped", name=each.name)
        elif each.lag and each.status != "live":
            yield refused("read-side-behind", name=each.name, events=each.lag, seconds=round(each.seconds))
        if each.set_aside:
            yield refused("read-side-set-aside", name=each.name, count=len(each.set_aside))
