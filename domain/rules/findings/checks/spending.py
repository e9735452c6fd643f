"""Reported costs against what is paid."""

from collections.abc import Iterator

from domain.rules.findings.views.view import Found, View
from domain.rules.line.amounts import amounts
from domain.rules.line.costs import facts_of, reported
from domain.values import words


def costs_below_grant(view: View) -> Iterator[Found]:
    """Costs reported for the round that are below what is paid, less the centrality supplement, which is not a cost."""
    costs = reported(view.record.costs, view.municipality)
    if not costs:
        return
    paid = amounts(view.line, view.municipality, view.rules, view.record.costs)
    if paid.missing:
        return
    covered = {element.id for element in view.rules.content.elements if not element.centrality}
    grant = sum(kroner for name, kroner in paid.elements.items() if name in covered)
    spent = sum(kroner for name, kroner in costs.items() if name in covered)
    if spent < grant:
        facts = [fact for each in facts_of(view.doctor.track, view.municipality, view.rules).values() for fact in each]
        told = f"De rapporterte kostnadene er {words.kroner(spent)}, {words.kroner(grant - spent)} mindre enn"
        text = f"{told} tilskuddet uten sentralitetstillegg, som er {words.kroner(grant)}."
        yield Found(sorted(view.paid), facts, text)
