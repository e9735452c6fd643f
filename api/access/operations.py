"""What each route does, in the words of the table of rights: a route without a row cannot be made."""

from collections.abc import Mapping
from typing import Final

OPEN: Final = "open"
"""Anybody may ask; no case is in the answer."""

WITHOUT_CASES: Final = frozenset({"rules.read", "rules.change", "projections.read"})
"""What tells of no case: it is not put in the access log."""

OPERATIONS: Final[Mapping[str, str]] = {
    "register_fact": "facts.register",
    "preview_fact": "facts.preview",
    "preview_switch": "facts.preview",
    "read_doctor_facts": "facts.read",
    "read_fact": "facts.read",
    "read_doctor_meters": "facts.read",
    "read_doctor_history": "facts.read",
    "read_insight": "insight.read",
    "list_conversions": "conversions.read",
    "preview_conversions": "conversions.read",
    "register_conversions": "conversions.register",
    "list_doctors": "doctors.list",
    "read_doctor": "facts.read",
    "read_case_history": "facts.read",
    "read_municipality_round": "rounds.read",
    "read_calculation": "rounds.read",
    "read_line_calculation": "rounds.read",
    "read_months": "rounds.read",
    "explain_difference": "rounds.read",
    "explain_supposed_facts": "rounds.read",
    "read_overview": "overview.read",
    "read_cost_coverage": "costs.read",
    "list_posts": "posts.read",
    "read_post_squares": "posts.read",
    "read_post_stability": "posts.read",
    "list_supervisors": "supervisors.read",
    "list_claims": "claims.read",
    "read_claim": "claims.read",
    "read_claim_effect": "claims.read",
    "read_claim_statements": "claims.read",
    "read_assessment": "claims.read",
    "repeat_claim_decisions": "claims.read",
    "take_claim_step": "claims.step",
    "attach_document": "documents.attach",
    "download_document": "documents.read",
    "list_tasks": "tasks.read",
    "read_ruling_decisions": "rulings.decisions",
    "list_rule_sets": "rules.read",
    "read_rule_set": "rules.read",
    "draft_rule_set": "rules.change",
    "approve_rule_set": "rules.change",
    "publish_rule_set": "rules.change",
    "read_impact": "rules.impact",
    "list_rulings": "rules.read",
    "read_ruling": "rules.read",
    "ask_question": "rules.change",
    "propose_ruling": "rules.change",
    "give_ruling": "rules.change",
    "read_municipality": "municipality.read",
    "read_municipality_history": "municipality.read",
    "read_municipality_access": "municipality.access",
    "register_entry": "municipality.change",
    "list_supervisor_places": "supervisors.read",
    "list_ties": "ties.read",
    "list_tied_decisions": "ties.read",
    "register_tie": "ties.change",
    "list_access": "access.read",
    "read_projections": "projections.read",
    "read_health": OPEN,
    "read_readiness": OPEN,
}
"""By operation id."""
