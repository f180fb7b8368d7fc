"""Points of law of regional organisations, each held against the event that raised it, on charters of a page.

The charters lie in tests/charters/small and say only what a point needs; what a real charter adds is left out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from case_acts import an_act

from foedus.charters import Charter, read_charter, with_variant
from foedus.rules import judge
from foedus.terms import Outcome, Verdict

SMALL = Path(__file__).parents[1] / "charters" / "small"
IN, OUT, OPEN = Outcome.IN_ORDER, Outcome.OUT_OF_ORDER, Outcome.UNDETERMINED
Row = dict[str, Any]


@cache
def charter(name: str) -> Charter:
    return read_charter(SMALL / f"{name}.yaml")


def verdict(law: Charter, act: Row, *before: Row) -> Verdict:
    """The verdict on an act, after others; a row may name another organisation with `org`."""
    rows = [{**row, "id": row.get("id", f"before-{n}")} for n, row in enumerate(before)]
    acts = [an_act(row.pop("org", law.org), row) for row in rows]
    return judge(law, acts, an_act(law.org, {"id": "the-act", **act}))


def articles(found: Verdict) -> set[str]:
    """The articles of the rule and of what it asks."""
    return {*found.articles, *(need.article for need in found.requirements)}


def test_every_small_charter_is_used_and_short() -> None:
    text = Path(__file__).read_text("utf8")
    for path in SMALL.glob("*.yaml"):
        assert f'charter("{path.stem}")' in text, f"{path.name} is used by no test"
        assert len(path.read_text("utf8").splitlines()) <= 60


# -- thresholds that differ: Rio Treaty, art. 17; protocol of 1975, art. 20 --------------------------------------------

CUBA_1964: Row = {
    "act": "decide_assistance",
    "on": "1964-07-26",
    "body": ["oas:MC"],
    "targets": ["CUB"],
    "outcome": "grant",
    "votes": "for 15, against 4 (BOL, CHL, MEX, URY), absent 1 (VEN)",
}
QUITO_1974: Row = {
    "act": "adopt",
    "on": "1974-11-12",
    "body": ["oas:MC"],
    "document": "draft that would lift the measures against Cuba",
    "votes": "for 12, against 3 (CHL, PRY, URY), abstaining 6 (BOL, BRA, GTM, HTI, NIC, USA)",
}


def test_two_thirds_impose_and_the_state_concerned_has_no_voice() -> None:
    imposed = verdict(charter("rio"), CUBA_1964)
    assert imposed.outcome is IN and "rio 17" in imposed.articles
    assert verdict(charter("rio"), {**CUBA_1964, "votes": "for 13, against 7"}).outcome is OUT


def test_twelve_of_twenty_one_cannot_lift_by_the_text_of_1947_but_can_by_that_of_1975() -> None:
    failed = verdict(charter("rio"), QUITO_1974)
    assert failed.outcome is OUT and "rio 17" in failed.articles
    lifted = verdict(with_variant(charter("rio"), "protocol-1975"), QUITO_1974)
    assert lifted.outcome is IN and "rio-1975 20" in lifted.articles


def test_sixteen_freed_each_state_to_act_as_it_wished_at_san_jose() -> None:
    freed = {**QUITO_1974, "on": "1975-07-29", "votes": "for 16, against 3 (CHL, PRY, URY), abstaining 2 (BRA, NIC)"}
    assert verdict(charter("rio"), freed).outcome is IN


def test_what_suffices_to_call_the_meeting_does_not_suffice_to_impose() -> None:
    votes = "for 12, abstaining 5 (TTO, URY, CRI, PAN, PER), absent 1 (BHS)"
    called = {"act": "convene", "on": "2019-09-11", "body": ["oas:PC"], "detail": "called by vote", "votes": votes}
    asked = {"act": "request_assistance", "on": "2019-09-09", "actors": ["COL"], "targets": ["oas:PC"]}
    assert verdict(charter("rio"), called, asked).outcome is IN
    imposed = {**CUBA_1964, "on": "2019-09-23", "targets": ["VEN"]}
    assert verdict(charter("rio"), {**imposed, "votes": "for 11, abstaining 5, absent 2"}).outcome is OUT
    assert verdict(charter("rio"), {**imposed, "votes": "for 15, against 1 (URY), abstaining 1 (TTO)"}).outcome is IN


# -- who asks need not be the victim: Rio Treaty, arts. 3 and 13 -------------------------------------------------------

BRAZIL_ASKS: Row = {
    "act": "request_assistance",
    "on": "2001-09-17",
    "actors": ["BRA"],
    "targets": ["oas:PC"],
    "ground": "attacks on the United States",
}


def test_brazil_asks_for_the_consultation_over_the_attack_on_the_united_states() -> None:
    asked = verdict(charter("rio"), BRAZIL_ASKS)
    assert asked.outcome is IN and "rio 13" in asked.articles
    called = {"act": "convene", "on": "2001-09-19", "body": ["oas:PC"], "detail": "by acclamation"}
    assert verdict(charter("rio"), called, BRAZIL_ASKS).outcome is IN
    assert verdict(charter("rio"), called).outcome is OPEN


def test_help_before_the_meeting_waits_for_the_victim_itself() -> None:
    helped = {"act": "contribute", "on": "2001-09-18", "actors": ["BRA"], "targets": ["USA"]}
    not_yet = verdict(charter("rio"), helped, BRAZIL_ASKS)
    assert not_yet.outcome is OPEN and "rio 3" in not_yet.articles
    its_own = {**BRAZIL_ASKS, "actors": ["USA"]}
    assert verdict(charter("rio"), helped, its_own).outcome is IN


def test_who_is_no_party_cannot_ask() -> None:
    assert verdict(charter("rio"), {**BRAZIL_ASKS, "actors": ["CAN"]}).outcome is OUT


# -- disputed credentials: Venezuela, 2019 -----------------------------------------------------------------------------


def test_whether_venezuela_may_ask_in_2019_cannot_be_told() -> None:
    asked = {**BRAZIL_ASKS, "on": "2019-09-09"}
    assert verdict(charter("rio"), {**asked, "actors": ["COL"]}).outcome is IN
    disputed = verdict(charter("rio"), {**asked, "actors": ["VEN"]})
    assert disputed.outcome is OPEN and "VEN" in disputed.reason
    assert verdict(charter("rio"), {**asked, "actors": ["VEN"], "on": "2016-09-09"}).outcome is OUT


def test_twelve_votes_carry_whether_or_not_that_of_venezuela_counts() -> None:
    votes = (
        "for 12 (VEN, ARG, BRA, CHL, COL, SLV, USA, GTM, HTI, HND, PRY, DOM), "
        "abstaining 5 (TTO, URY, CRI, PAN, PER), absent 1 (BHS)"
    )
    called = {"act": "convene", "on": "2019-09-11", "body": ["oas:PC"], "detail": "by vote", "votes": votes}
    assert verdict(charter("rio"), called).rule == "call-by-vote"
    asked = {"act": "request_assistance", "on": "2019-09-09", "actors": ["COL"], "targets": ["oas:PC"]}
    assert verdict(charter("rio"), called, asked).outcome is IN


# -- decisions that bind those that accept them: Pact of the Arab League, arts. 6, 7 and 18 ----------------------------

CAIRO_1990: Row = {
    "act": "decide_assistance",
    "on": "1990-08-10",
    "body": ["las:COUNCIL"],
    "targets": ["SAU"],
    "outcome": "grant",
    "legal_basis": "pact 7",
    "votes": "for 12, against 3 (IRQ, LBY, PSE), abstaining 2 (DZA, YEM), absent 4",
}


def test_twelve_of_twenty_one_decide_but_bind_only_those_that_accept() -> None:
    sent = {"act": "contribute", "on": "1990-08-11", "actors": ["EGY", "MAR", "SYR"], "legal_basis": "the-act"}
    decided = verdict(charter("arab_league"), CAIRO_1990, {**sent, "targets": ["SAU"]})
    assert decided.outcome is IN and "pact 7" in decided.articles
    assert decided.details["binds"] == "EGY, MAR, SYR"


def test_a_unanimous_decision_binds_all() -> None:
    unanimous = verdict(charter("arab_league"), {**CAIRO_1990, "votes": "for 21"})
    assert unanimous.outcome is IN and "binds" not in unanimous.details


def test_measures_against_aggression_need_all_but_the_aggressor() -> None:
    measures = {**CAIRO_1990, "targets": ["IRQ"], "legal_basis": "pact 6"}
    refused = verdict(charter("arab_league"), measures)
    assert refused.outcome is OUT and "pact 6" in refused.articles
    assert verdict(charter("arab_league"), {**measures, "votes": "for 20, against 1 (IRQ)"}).outcome is IN


def test_syria_could_not_be_removed_over_the_votes_of_lebanon_and_yemen() -> None:
    removed = {"act": "suspend", "on": "2011-11-12", "body": ["las:COUNCIL"], "targets": ["SYR"]}
    votes = "for 18, against 3 (SYR, LBN, YEM), abstaining 1 (IRQ)"
    out = verdict(charter("arab_league"), {**removed, "votes": votes})
    assert out.outcome is OUT and "pact 18" in out.articles
    alone = verdict(charter("arab_league"), {**removed, "votes": "for 21, against 1 (SYR)"})
    assert alone.outcome is IN
    adopted = verdict(charter("arab_league"), {**removed, "act": "adopt", "votes": votes})
    assert adopted.outcome is IN and adopted.details["binds"] != ""


# -- who is concerned leaves the room: protocol on the AU Peace and Security Council, art. 8 ---------------------------

MAPROBU: Row = {
    "act": "decide_assistance",
    "on": "2015-12-17",
    "body": ["au:PSC"],
    "targets": ["BDI"],
    "outcome": "grant",
    "legal_basis": "psc 7",
}
CONSENT: Row = {"act": "agree", "on": "2015-12-16", "actors": ["BDI"]}


def test_burundi_may_not_preside_over_its_own_case() -> None:
    own = verdict(charter("au_council"), MAPROBU, CONSENT)
    assert own.outcome is OUT and "psc 8" in articles(own) and "BDI" in own.reason
    january = {**MAPROBU, "on": "2016-01-29"}
    assert verdict(charter("au_council"), january, CONSENT).outcome is IN


@pytest.mark.parametrize(("who", "outcome"), [("BDI", IN), ("TZA", OUT), ("KEN", IN)])
def test_the_objection_of_the_state_concerned_does_not_count(who: str, outcome: Outcome) -> None:
    january = {**MAPROBU, "on": "2016-01-29", "document": "communique on Burundi"}
    objected = {"act": "object", "on": "2016-01-29", "actors": [who], "body": ["au:PSC"], "contests": "the-act"}
    assert verdict(charter("au_council"), january, CONSENT, objected).outcome is outcome


# -- two tiers: Constitutive Act, art. 4(h); protocol, art. 7 ----------------------------------------------------------

INTERVENE: Row = {**MAPROBU, "on": "2016-01-31", "body": ["au:ASM"], "legal_basis": "act 4(h)"}
RECOMMENDED: Row = {"act": "propose", "on": "2016-01-29", "body": ["au:PSC"], "targets": ["BDI"]}


def test_the_council_recommends_and_the_assembly_decides() -> None:
    decided = verdict(charter("au_council"), INTERVENE, RECOMMENDED)
    assert decided.outcome is IN and "act 4(h)" in decided.articles
    assert verdict(charter("au_council"), {**INTERVENE, "outcome": "refuse"}, RECOMMENDED).outcome is IN


def test_without_a_recommendation_in_the_record_it_cannot_be_told() -> None:
    assert verdict(charter("au_council"), INTERVENE).outcome is OPEN


def test_the_council_cannot_intervene_by_itself() -> None:
    alone = verdict(charter("au_council"), {**INTERVENE, "body": ["au:PSC"]}, RECOMMENDED)
    assert alone.outcome is OUT and "act 4(h)" in alone.articles


# -- an operation that needs two organisations: resolution 2719 (2023) -------------------------------------------------

AUSSOM: Row = {"act": "deploy", "on": "2025-01-01", "actors": ["au"], "targets": ["SOM"]}
MANDATED: Row = {**MAPROBU, "on": "2024-11-01", "targets": ["SOM"]}
RES_2767: Row = {"org": "un", "act": "adopt", "on": "2024-12-27", "body": ["un:SC"], "targets": ["SOM"]}


def test_the_force_in_somalia_rests_on_both_councils() -> None:
    both = verdict(charter("au_council"), AUSSOM, MANDATED, RES_2767)
    assert both.outcome is IN and "res-2719" in both.articles
    assert verdict(charter("au_council"), AUSSOM, MANDATED).outcome is OPEN
    assert verdict(charter("au_council"), AUSSOM, RES_2767).outcome is OPEN


def test_a_resolution_about_another_state_does_not_do() -> None:
    assert verdict(charter("au_council"), AUSSOM, MANDATED, {**RES_2767, "targets": ["SDN"]}).outcome is OPEN


def test_a_mandate_on_condition_is_no_mandate() -> None:
    on_condition = {**MANDATED, "outcome": "conditional"}
    assert verdict(charter("au_council"), AUSSOM, on_condition, RES_2767).outcome is OPEN


# -- governments suspended: Constitutive Act, art. 30 ------------------------------------------------------------------


def test_a_government_come_to_power_by_a_coup_is_suspended() -> None:
    act = {"act": "suspend", "on": "2023-08-31", "body": ["au:PSC"], "targets": ["GAB"], "status": "suspended"}
    suspended = verdict(charter("au_council"), {**act, "ground": "coup of 30 August"})
    assert suspended.outcome is IN and "act 30" in suspended.articles
    assert verdict(charter("au_council"), act).outcome is OPEN
    assert verdict(charter("au_council"), {**act, "ground": "arrears"}).outcome is OUT


def test_the_suspended_take_no_part_until_it_is_lifted() -> None:
    draft = {"act": "submit", "on": "2024-02-17", "targets": ["au:ASM"]}
    shut_out = verdict(charter("au_council"), {**draft, "actors": ["GAB"]})
    assert shut_out.outcome is OUT and "act 30" in shut_out.articles
    assert verdict(charter("au_council"), {**draft, "actors": ["BEN"]}).outcome is IN
    assert verdict(charter("au_council"), {**draft, "actors": ["GAB"], "on": "2025-06-01"}).outcome is IN


# -- the Assembly: two thirds of those that are not suspended, two thirds present --------------------------------------

ELECTION: Row = {
    "act": "appoint",
    "on": "2025-02-15",
    "body": ["au:ASM"],
    "targets": ["Mahmoud Ali Youssouf"],
    "office": "au:commission_chair",
    "person": "Mahmoud Ali Youssouf",
    "votes": "for 33, abstaining 16",
}


def test_thirty_three_of_forty_nine_elect_because_six_are_suspended() -> None:
    elected = verdict(charter("au_assembly"), ELECTION)
    assert elected.outcome is IN and "act 7, act 30" in articles(elected)
    assert verdict(charter("au_assembly"), {**ELECTION, "votes": "for 32, abstaining 17"}).outcome is OUT
    # With nobody suspended the same 33 are too few.
    assert verdict(charter("au_assembly"), {**ELECTION, "on": "2018-02-15"}).outcome is OUT


def test_no_decision_without_two_thirds_present() -> None:
    adopted = {"act": "adopt", "on": "2025-02-16", "body": ["au:ASM"]}
    assert verdict(charter("au_assembly"), {**adopted, "votes": "for 33, absent 16"}).outcome is IN
    assert verdict(charter("au_assembly"), {**adopted, "votes": "for 32, absent 17"}).outcome is OUT


def test_the_council_of_west_africa_needs_two_thirds_present_too() -> None:
    measures = {"act": "adopt", "on": "2023-07-30", "body": ["ecowas:MSC"], "targets": ["NER"]}
    assert verdict(charter("west_africa"), {**measures, "votes": "for 8, against 2, absent 5"}).outcome is IN
    assert verdict(charter("west_africa"), {**measures, "votes": "for 8, absent 7"}).outcome is OUT
    assert verdict(charter("west_africa"), {**measures, "votes": "for 6, against 4, absent 5"}).outcome is OUT


# -- leaving at once against a year's notice: ECOWAS Revised Treaty, art. 91 -------------------------------------------

LEAVE: Row = {"act": "withdraw", "on": "2024-01-28", "actors": ["MLI"], "status": "member"}


@pytest.mark.parametrize(
    ("end", "outcome"),
    [("2024-01-28", OUT), ("2024-02-07", OUT), ("2025-01-27", OUT), ("2025-01-29", IN)],
)
def test_immediate_effect_is_against_the_treaty(end: str, outcome: Outcome) -> None:
    left = verdict(charter("west_africa"), {**LEAVE, "date_end": end})
    assert left.outcome is outcome and "treaty 91" in left.articles


def test_who_has_given_notice_is_a_member_until_the_year_is_over() -> None:
    asked = {"act": "request_assistance", "on": "2024-06-01", "actors": ["MLI"], "targets": ["ecowas"]}
    assert verdict(charter("west_africa"), asked, LEAVE).outcome is IN
    assert verdict(charter("west_africa"), {**asked, "on": "2025-02-01"}, LEAVE).outcome is OUT


# -- deciding for those who do not meet: ECOWAS Mechanism, art. 7; Benin, 2025 -----------------------------------------

BENIN: Row = {
    "act": "decide_assistance",
    "on": "2025-12-07",
    "body": ["ecowas:MSC"],
    "targets": ["BEN"],
    "outcome": "grant",
}
CONSULTED: Row = {"act": "consult", "on": "2025-12-07", "body": ["ecowas:MSC"], "targets": ["BEN"]}
HEADS: Row = {**BENIN, "on": "2025-12-06", "body": ["ecowas:AUTH"]}


def test_the_council_orders_the_force_in_while_the_heads_do_not_meet() -> None:
    had_not_met = {**HEADS, "modality": "denied"}
    ordered = verdict(charter("west_africa"), BENIN, CONSULTED, had_not_met)
    assert ordered.outcome is IN and "mechanism 7" in ordered.articles
    # Neither the consultation nor that the heads had not decided is taken from silence.
    assert verdict(charter("west_africa"), BENIN, had_not_met).outcome is OPEN
    assert verdict(charter("west_africa"), BENIN, CONSULTED).outcome is OPEN


def test_once_the_heads_have_decided_the_council_no_longer_does() -> None:
    refused = {**HEADS, "outcome": "refuse"}
    assert verdict(charter("west_africa"), BENIN, refused, CONSULTED).outcome is OUT


# -- abstaining without blocking: Treaty on European Union, art. 31 ----------------------------------------------------

EUMAM: Row = {
    "act": "decide_assistance",
    "on": "2022-10-17",
    "body": ["eu:FAC"],
    "targets": ["UKR"],
    "outcome": "grant",
    "votes": "for 26, abstaining 1 (HUN)",
}


def test_hungary_abstains_and_is_not_bound() -> None:
    mission = verdict(charter("union"), EUMAM)
    assert mission.outcome is IN and "teu 31" in mission.articles
    assert mission.details["does_not_bind"] == "HUN" and "POL" in mission.details["binds"]


@pytest.mark.parametrize(("votes", "outcome"), [("for 19, abstaining 8", IN), ("for 18, abstaining 9", OUT)])
def test_from_a_third_on_abstaining_blocks(votes: str, outcome: Outcome) -> None:
    assert verdict(charter("union"), {**EUMAM, "votes": votes}).outcome is outcome


def test_one_vote_against_blocks() -> None:
    assert verdict(charter("union"), {**EUMAM, "votes": "for 26, against 1 (HUN)"}).outcome is OUT


# -- unanimity without the state concerned: Treaty on European Union, art. 7 -------------------------------------------


def test_two_states_that_shield_each_other_block_a_finding_of_breach() -> None:
    """The Commission proposed one on Poland, Hungary said it would vote against; the vote never came: made up."""
    proposed = {"act": "propose", "on": "2017-12-20", "body": ["eu:COM"], "targets": ["POL"]}
    found = {"act": "adopt", "on": "2022-06-01", "body": ["eu:EUCO"], "targets": ["POL"]}
    shielded = verdict(charter("union"), {**found, "votes": "for 25, against 2 (HUN, POL)"}, proposed)
    assert shielded.outcome is OUT and "teu 7" in shielded.articles
    assert verdict(charter("union"), {**found, "votes": "for 26, against 1 (POL)"}, proposed).outcome is IN
    assert verdict(charter("union"), {**found, "votes": "for 26, against 1 (POL)"}).outcome is OPEN


# -- silence as consent: rules of procedure of the Council, art. 12(2) -------------------------------------------------


def test_a_draft_under_silence_stands_unless_somebody_breaks_it() -> None:
    """How drafts fare between the foreign ministries is not published; the days are made up."""
    paper = "draft statement of the Union"
    draft = {
        "act": "submit",
        "on": "2024-05-13",
        "date_end": "2024-05-14",
        "targets": ["eu:FAC"],
        "document": paper,
        "format": "silence",
    }
    adopted = {"act": "adopt", "on": "2024-05-15", "body": ["eu:FAC"], "document": paper}
    broke = {"act": "object", "on": "2024-05-14", "actors": ["HUN"], "document": paper}
    stands = verdict(charter("union"), adopted, draft)
    assert stands.outcome is IN and "council-rules 12" in stands.articles
    assert verdict(charter("union"), adopted, draft, broke).outcome is OUT
    assert verdict(charter("union"), adopted, draft, {**broke, "on": "2024-05-16"}).outcome is IN
    assert verdict(charter("union"), adopted, draft, {**broke, "actors": ["GBR"]}).outcome is IN
    assert verdict(charter("union"), {**adopted, "on": "2024-05-13"}, draft).outcome is OUT
    assert verdict(charter("union"), adopted).outcome is OPEN
