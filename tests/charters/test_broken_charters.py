"""One broken file per mistake: each is refused with file, line, key, and the words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.charters import CharterError, load_charter, load_charters, read_charter

HERE = Path(__file__).parent
COMPLAINTS = {
    "capital_party": (7, "parties.Alder is 'Alder': a party is written in small letters, such as alder or alder_ford"),
    "dangling_party_of_rule": (
        18,
        "rules.ask.who names 'party:adler', which is not among the parties",
        "Did you mean 'party:alder'?",
    ),
    "dangling_party_of_status": (
        11,
        "statuses.member.holders[1].party names 'party:adler', which is not among the parties",
        "Did you mean 'party:alder'?",
    ),
    "key_of_party": (7, "parties.alder.state is no key that is known here"),
    "added_though_there": (20, "variants.what-if.add holds 'ask', which is a rule already", "Write it under change"),
    "anchor_again": (20, "an anchor used again"),
    "term_without_years": (7, "offices.warden.terms[1].years is missing: how many years a term lasts"),
    "term_renewable_how": (7, "offices.warden.terms[1].renewable is 'twice', expected one of no, once, yes"),
    "terms_overlap_in_office": (7, "offices.warden.terms"),
    "bad_abstaining": (
        11,
        "deciding.unanimity.abstaining is 'opt out', expected one of allowed, counts against, opts out",
        "Did you mean 'opts out'?",
    ),
    "bad_acts_of": (19, "rules.ask.acts_of is 'others', expected 'other organisations' or nothing"),
    "bad_binds": (
        11,
        "deciding.unanimity.binds is 'those who voted for it', expected one of everyone, those that voted "
        "for it, those that accept it",
        "Did you mean 'those that voted for it'?",
    ),
    "bad_by": (19, "rules.ask.needs[1].by is 'tarfet', expected target, actor or (by) each and a status"),
    "bad_by_each": (
        19,
        "rules.ask.needs[1].by names 'membr', which is no status of this charter",
        "Did you mean 'member'?",
    ),
    "bad_how": (
        11,
        "deciding.unanimity.how is 'concensus', expected one of consensus, unanimity, vote, silence",
        "Did you mean 'consensus'?",
    ),
    "bad_language": (3, "names.english is no language tag (en, ru, zh-Hans ...)"),
    "bad_mark": (
        9,
        "statuses.member.holders[1].mark is 'chek', expected one of sourced, recalled, check",
        "Did you mean 'check'?",
    ),
    "bad_moment": (
        9,
        "statuses.member.holders[1].signed is no day: 'spring' is no EDTF date: write 2022-01-06, 2022-01, "
        "2022, 2022-23, or XXXX-01-06",
    ),
    "bad_number": (19, "rules.ask.needs[1].notice_months is 'six', expected a whole number of at most five digits"),
    "bad_of": (11, "deciding.unanimity.of names 'membr', which is no status of this charter", "Did you mean 'member'?"),
    "bad_party_of_status": (
        9,
        "statuses.member.holders[1].party 'party:Alder Town' is no party id: write a state as KAZ, an "
        "organisation as csto, a body as csto:CSC",
    ),
    "bad_passes": (
        7,
        "bodies.ASSEMBLY.chair.rules[1].passes is 'calendar yaer', expected one of from one regular session "
        "to the next, calendar year, calendar month, by decision",
        "Did you mean 'calendar year'?",
    ),
    "bad_right": (
        9,
        "statuses.member.rights holds 'atend', expected some of attend, speak, propose, vote, documents, consult",
        "Did you mean 'attend'?",
    ),
    "bad_role": (19, "rules.ask.when.outcom is no role of the vocabulary", "Did you mean 'outcome'?"),
    "bad_share": (11, "deciding.unanimity.at_least is '3/2', expected a share such as 2/3"),
    "bad_share_of": (
        11,
        "deciding.unanimity.share_of is 'seat', expected one of seats, present, voting",
        "Did you mean 'seats'?",
    ),
    "bad_state_in_order": (
        7,
        "bodies.ASSEMBLY.chair.rules[1].order holds 'KGS', which is no state code",
        "Did you mean 'KGZ'?",
    ),
    "bad_state_of_status": (
        9,
        "statuses.member.holders[1].party is 'KAS', which is no state code",
        "Did you mean 'KAZ'?",
    ),
    "bad_threshold": (
        11,
        "deciding.unanimity.at_least is 'most', expected a number of votes such as 9, or a share such as 2/3",
    ),
    "bad_value_of_role": (
        19,
        "rules.ask.when.outcome is 'granted', expected one of grant, refuse, failed, partial, conditional",
        "Did you mean 'grant'?",
    ),
    "bad_veto": (
        11,
        "deciding.unanimity.veto names 'membr', which is no status of this charter",
        "Did you mean 'member'?",
    ),
    "bad_within": (
        19,
        "rules.ask.must_follow[1].within is 'soon', expected 'at once' or a number of days such as '10 days'",
    ),
    "bad_without": (
        11,
        "deciding.unanimity.without names 'the state concernd', which is no status of this charter",
        "Did you mean 'the state concerned'?",
    ),
    "block_for_text": (14, "rules.ask.title holds a block of keys, expected text"),
    "condition_of_unknown_name": (19, "rules.ask.if column 1: unknown name 'act.kidn'", "Did you mean 'act.kind'?"),
    "condition_of_unknown_status": (
        19,
        "rules.ask.if column 36: 'membr' is no status of this charter",
        "Did you mean 'member'?",
    ),
    "condition_of_wrong_type": (19, "rules.ask.if column 15: a number is compared with a text"),
    "condition_that_is_no_condition": (
        19,
        "rules.ask.needs[1].if column 1: the whole expression is a text, expected true or false",
        "A condition is true or false: compare it with something",
    ),
    "condition_unfinished": (
        19,
        "rules.ask.if column 12: the expression ends too early",
        'Expected a name, a "text", a number, true, false, a list or a bracket',
    ),
    "dangling_amended": (
        5,
        "instruments.pact.amends names 'pakt', which is no instrument of this charter",
        "Did you mean 'pact'?",
    ),
    "dangling_body": (
        11,
        "deciding.unanimity.bodies names 'ASSMBLY', which is no body of this charter",
        "Did you mean 'ASSEMBLY'?",
    ),
    "dangling_body_above": (
        7,
        "bodies.ASSEMBLY.under names 'ASSEMBLEY', which is no body of this charter",
        "Did you mean 'ASSEMBLY'?",
    ),
    "dangling_body_of_status": (
        9,
        "statuses.member.at names 'ASEMBLY', which is no body of this charter",
        "Did you mean 'ASSEMBLY'?",
    ),
    "dangling_body_of_turn": (
        19,
        "rules.ask.needs[1].turn names 'ASSEMBLIES', which is no body of this charter",
        "Did you mean 'ASSEMBLY'?",
    ),
    "dangling_body_that_chooses": (
        7,
        "bodies.ASSEMBLY.chair.rules[1].chosen_by names 'SEMBLY', which is no body of this charter",
        "Did you mean 'ASSEMBLY'?",
    ),
    "dangling_chair": (16, "'ASEMBLY', which is no body", "Did you mean 'ASSEMBLY'?"),
    "dangling_decision": (19, "rules.ask.decided_by", "Did you mean 'unanimity'?"),
    "dangling_instrument": (17, "rules.ask.article", "'pakt' is not among the instruments", "Did you mean 'pact'?"),
    "dangling_office": (
        7,
        "bodies.ASSEMBLY.chair.office names 'clark', which is no office of this charter",
        "Did you mean 'clerk'?",
    ),
    "dangling_party": (16, "rules.ask.who", "Did you mean 'member'?"),
    "dangling_rule": (
        20,
        "procedures.help.steps[1].rule names 'aks', which is no rule of this charter",
        "Did you mean 'ask'?",
    ),
    "dangling_source": (6, "instruments.pact.source", "Did you mean 'somewhere'?"),
    "dangling_source_of_variant": (
        20,
        "variants.what-if.from names 'pakt', which is no instrument of this charter",
        "Did you mean 'pact'?",
    ),
    "dangling_status": (11, "deciding.unanimity.of", "Did you mean 'member'?"),
    "dangling_status_merged": (9, "statuses.member.merged_into names 'partner', which is no status of this charter"),
    "dangling_status_of_seat": (
        7,
        "bodies.ASSEMBLY.seats[1].one_for_each names 'membr', which is no status of this charter",
        "Did you mean 'member'?",
    ),
    "dangling_under": (
        19,
        "rules.ask.needs[1].under is 'pakt 3', and 'pakt' is not among the instruments",
        "Did you mean 'pact'?",
    ),
    "days_without_silence": (11, "deciding.unanimity.days says nothing of consensus: how must be silence"),
    "for_a_body": (19, "rules.ask.for names 'ASSEMBLY', expected a status of this charter"),
    "half_a_date": (9, "statuses.member.covered.since is 2001-01", "expected a full day"),
    "key_of_body": (7, "bodies.ASSEMBLY.artcle is no key that is known here", "Did you mean 'article'?"),
    "key_of_chair": (7, "bodies.ASSEMBLY.chair.term is no key that is known here", "Did you mean 'terms'?"),
    "key_of_chair_rule": (
        7,
        "bodies.ASSEMBLY.chair.rules[1].ordre is no key that is known here",
        "Did you mean 'order'?",
    ),
    "key_of_chair_term": (
        7,
        "bodies.ASSEMBLY.chair.terms[1].untill is no key that is known here",
        "Did you mean 'until'?",
    ),
    "key_of_covered": (9, "statuses.member.covered.from is no key that is known here"),
    "key_of_deciding": (11, "deciding.unanimity.vetto is no key that is known here", "Did you mean 'veto'?"),
    "key_of_duty": (19, "rules.ask.must_follow[1].two is no key that is known here", "Did you mean 'to'?"),
    "key_of_force": (9, "forces.GUARD.notes is no key that is known here", "Did you mean 'note'?"),
    "key_of_holder": (9, "offices.clerk.holders[1].actting is no key that is known here", "Did you mean 'acting'?"),
    "key_of_instrument": (5, "instruments.pact.sinned is no key that is known here", "Did you mean 'signed'?"),
    "key_of_need": (19, "rules.ask.needs[1].in_forse is no key that is known here", "Did you mean 'in_force'?"),
    "key_of_office": (9, "offices.clerk.verfied is no key that is known here", "Did you mean 'verified'?"),
    "key_of_predecessor": (4, "predecessors[1].sinse is no key that is known here", "Did you mean 'since'?"),
    "key_of_procedure": (20, "procedures.help.triger is no key that is known here", "Did you mean 'trigger'?"),
    "key_of_renamed": (9, "statuses.member.renamed[1].form is no key that is known here", "Did you mean 'from'?"),
    "key_of_seat": (7, "bodies.ASSEMBLY.seats[1].exept is no key that is known here", "Did you mean 'except'?"),
    "key_of_status": (9, "statuses.member.righs is no key that is known here", "Did you mean 'rights'?"),
    "key_of_status_holder": (
        9,
        "statuses.member.holders[1].notifed is no key that is known here",
        "Did you mean 'notified'?",
    ),
    "key_of_step": (20, "procedures.help.steps[1].rul is no key that is known here", "Did you mean 'rule'?"),
    "key_of_variant": (20, "variants.what-if.chnge is no key that is known here", "Did you mean 'change'?"),
    "key_twice": (19, "'title' stands twice", "first in line 14"),
    "kind_after": (
        19,
        "rules.ask.needs[1].after is 'request_asistance', which is no kind of act in the vocabulary",
        "Did you mean 'request_assistance'?",
    ),
    "kind_in_outside": (
        19,
        "outside.mete is 'mete', which is no kind of act in the vocabulary",
        "Did you mean 'meet'?",
    ),
    "kind_that_answers": (
        19,
        "rules.ask.answered_by is 'adpot', which is no kind of act in the vocabulary",
        "Did you mean 'adopt'?",
    ),
    "list_for_text": (14, "rules.ask.title holds a list, expected text"),
    "list_in_texts": (16, "rules.ask.who holds a list with a list in it, expected texts only"),
    "may_against_must_not": (
        19,
        "rules.ask-again and ask say opposite things of the same act by the same",
        "Give them other intervals, or narrow one with when, for or if",
    ),
    "leaving_without_months": (
        10,
        "statuses.guest.leaving.notice_months must be given, in whole months",
        "Write notice_months: 12",
    ),
    "may_and_must_not": (19, "rules.ask.must_not stands beside may, expected one of them"),
    "merge_key": (10, "an anchor used again", "Write the value out where it is needed"),
    "merged_without_end": (
        10,
        "statuses.guest.merged_into needs the day on which the status ended",
        "Write until: with that day",
    ),
    "misspelt_key": (16, "rules.ask.whom is no key", "Did you mean 'who'?"),
    "misspelt_key_of_a_part": (8, "statusses is no key", "Did you mean 'statuses'?"),
    "misspelt_required_key": (14, "key rules.ask.title is missing", "Is 'titel' meant for it?"),
    "misspelt_top_key": (2, "natur is no key that is known here", "Did you mean 'nature'?"),
    "need_of_nothing": (
        19,
        "rules.ask.needs[1].act must be given, or else one of one_of, turn, not_in_chair, notice_months, "
        "status_exists, if, and only one",
    ),
    "need_qualified_without_act": (
        19,
        "rules.ask.needs[1].by says something of an earlier act, and the need names none",
        "Add act:",
    ),
    "neither_may_nor_must_not": (14, "key rules.ask.may is missing"),
    "no_date": (5, "instruments.pact.signed is no day", "'first of May'"),
    "no_english_name": (3, "names has no name in English (en)"),
    "no_flag": (19, "rules.ask.reserved is 'perhaps', expected yes or no"),
    "no_state": (7, "'KAZZ', which is no state code", "Did you mean 'KAZ'?"),
    "no_yaml": (3, "no YAML"),
    "nothing_for_block": (13, "rules.ask holds nothing, expected keys with values"),
    "number_too_long": (
        19,
        "rules.ask.needs[1].within_days is '123456789', expected a whole number of at most five digits",
    ),
    "of_missing": (11, "deciding.unanimity.of is missing: whose voice counts", "Write a status, or seats"),
    "old_majority": (
        11,
        "deciding.unanimity.how is majority, which votes can be of several kinds",
        "Write how: vote, more_than: 1/2",
    ),
    "outside_though_governed": (19, "outside.request_assistance", "the rule ask speaks of it"),
    "overlapping_chair_rules": (
        7,
        "bodies.ASSEMBLY.chair.rules[2] shares days with bodies.ASSEMBLY.chair.rules[1] in line 7: one held "
        "always, the other always",
        "End the earlier with until: the first day on which it no longer held",
    ),
    "overlapping_chairs": (
        7,
        "bodies.ASSEMBLY.chair.terms[2] shares days with bodies.ASSEMBLY.chair.terms[1] in line 7: one held "
        "since 2001-01-01 until 2002-06-01, the other since 2002-01-01",
        "End the earlier with until: the first day on which it no longer held",
    ),
    "overlapping_holders": (
        9,
        "statuses.member.holders[2] shares days with statuses.member.holders[1] in line 9: one held since "
        "2001-01-01, the other since 2002-01-01",
        "End the earlier with until: the first day on which it no longer held",
    ),
    "overlapping_seats": (
        7,
        "bodies.ASSEMBLY.seats[2] shares days with bodies.ASSEMBLY.seats[1] in line 7: one held always, the "
        "other since 2002-01-01",
        "End the earlier with until: the first day on which it no longer held",
    ),
    "overlapping_versions": (
        19,
        "rules.ask-again and ask are both in force, for the same act by the same in the same case",
        "Give them other intervals, or narrow one with when, for or if",
    ),
    "renamed_without_day": (9, "statuses.member.renamed[1].on is missing: the day on which the name was given up"),
    "rule_without_article": (14, "rules.ask.article is missing"),
    "rule_without_verified": (14, "rules.ask.verified is missing"),
    "rule_without_who": (14, "rules.ask.who is missing: a rule says who may act"),
    "seats_beside_a_status": (11, "deciding.unanimity.of names seats beside statuses, expected either"),
    "small_letters": (7, "bodies.Assembly is 'Assembly': a body is written in capitals"),
    "stub_with_rules": (4, "stub says why there are no rules, but there are some"),
    "text_for_block": (3, "names holds the text 'Mini Compact', expected keys with values"),
    "text_for_rows": (7, "bodies.ASSEMBLY.seats holds the text 'everybody', expected a list"),
    "text_in_rows": (19, "rules.ask.needs, entry 1, holds the text 'consult', expected keys with values"),
    "threshold_of_none": (
        11,
        "deciding.unanimity.at_least is '0', expected a number of votes such as 9, or a share such as 2/3",
    ),
    "threshold_without_vote": (11, "deciding.unanimity.more_than counts votes: how must be vote"),
    "turned_interval": (9, "statuses.member.covered.until must come after since"),
    "two_documents": (19, "more than one YAML document", "Remove the lines that hold only ---"),
    "two_forms_of_need": (19, "rules.ask.needs[1].act", "only one"),
    "two_ways_of_succession": (
        7,
        "bodies.ASSEMBLY.chair.rules[1].order stands beside alphabet or chosen_by, expected one of the three",
    ),
    "unfit_org": (1, "org is 'Mini-Compact', expected a short lower-case code such as csto"),
    "unknown_kind": (15, "'request_asistance'", "Did you mean 'request_assistance'?"),
    "unknown_org_in_need": (
        19,
        "rules.ask.needs[1].org is 'UNO', expected the code of an organisation such as un, or same",
    ),
    "variant_of_nothing": (20, "variants.what-if.change", "Did you mean 'ask'?"),
    "variant_that_breaks_a_rule": (
        20,
        "variants.what-if.change.ask.who names 'membr', which is no body, office or status of this charter",
        "Did you mean 'member'?",
    ),
    "veto_without_vote": (11, "deciding.unanimity.veto says nothing of consensus: how must be vote"),
    "vote_with_two_thresholds": (
        11,
        "deciding.unanimity.how is vote, which needs one of at_least (9, or 2/3) and more_than (1/2)",
    ),
    "vote_without_threshold": (
        11,
        "deciding.unanimity.how is vote, which needs one of at_least (9, or 2/3) and more_than (1/2)",
    ),
    "words_without_condition": (
        19,
        "rules.ask.needs[1].in_words gives a condition in words, and there is none",
        "Add if:",
    ),
    "wrong_choice": (2, "'compakt'", "Did you mean 'compact'?"),
}
# Broken in shape: the published JSON Schema refuses them too. The rest it cannot see: what names point at, days that
# overlap, conditions, and YAML itself.
BEYOND_SHAPE = {
    "dangling_party_of_rule",
    "dangling_party_of_status",
    "anchor_again",
    "bad_by_each",
    "bad_of",
    "bad_share",
    "bad_veto",
    "bad_without",
    "condition_of_unknown_name",
    "condition_of_unknown_status",
    "condition_of_wrong_type",
    "condition_that_is_no_condition",
    "condition_unfinished",
    "dangling_amended",
    "dangling_body",
    "dangling_body_above",
    "dangling_body_of_status",
    "dangling_body_of_turn",
    "dangling_body_that_chooses",
    "dangling_chair",
    "dangling_decision",
    "dangling_instrument",
    "dangling_office",
    "dangling_party",
    "dangling_rule",
    "dangling_source",
    "dangling_source_of_variant",
    "dangling_status",
    "dangling_status_merged",
    "dangling_status_of_seat",
    "dangling_under",
    "for_a_body",
    "key_twice",
    "may_against_must_not",
    "merge_key",
    "no_yaml",
    "outside_though_governed",
    "overlapping_chair_rules",
    "overlapping_chairs",
    "overlapping_holders",
    "overlapping_seats",
    "overlapping_versions",
    "turned_interval",
    "two_documents",
    "terms_overlap_in_office",
    "variant_of_nothing",
    "variant_that_breaks_a_rule",
}
SHAPELESS = set(COMPLAINTS) - BEYOND_SHAPE


def test_the_sound_file_is_accepted() -> None:
    assert read_charter(HERE / "mini.yaml").rules["ask"].articles == ("pact 3",)


def test_every_broken_file_is_listed() -> None:
    assert {path.stem for path in (HERE / "broken").glob("*.yaml")} == set(COMPLAINTS)


@pytest.mark.parametrize("name", sorted(COMPLAINTS))
def test_a_broken_file_is_refused_with_line_and_words(name: str) -> None:
    path = HERE / "broken" / f"{name}.yaml"
    line, *words = COMPLAINTS[name]
    with pytest.raises(CharterError) as refused:
        read_charter(path)
    assert refused.value.where == f"{path}:{line}"
    for part in words:
        assert str(part) in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected keys with values"),
        (b"- a\n- b\n", "expected keys with values"),
        (b"org: \xff\xfe", "is not UTF-8"),
        (b"org: " + b"x" * 4_000_001, "more than the 4,000,000"),
        (b"a: " + b"[" * 3000 + b"]" * 3000, "nested deeper"),
    ],
    ids=["empty", "a list", "no text", "too large", "too deep"],
)
def test_what_is_no_charter_at_all_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(CharterError, match=words) as refused:
        read_charter(path)
    assert str(path) in refused.value.where


def test_a_charter_from_outside_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "mini.yaml").write_text((HERE / "mini.yaml").read_text())
    assert list(load_charters([tmp_path])) == sorted(["mini", *load_charters()])
    assert load_charter("mini", [tmp_path]).org == "mini"


def test_a_file_from_outside_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "csto.yaml").write_text((HERE / "mini.yaml").read_text().replace("org: mini", "org: csto"))
    assert list(load_charter("csto", [tmp_path]).rules) == ["ask"]
    assert len(load_charter("csto").rules) > 1


def test_a_file_named_after_another_organisation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text((HERE / "mini.yaml").read_text())
    with pytest.raises(CharterError, match="expected 'other' as the file is named"):
        load_charter("other", [tmp_path])


def test_an_unknown_organisation_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CharterError, match="Did you mean 'csto'"):
        load_charter("cst0")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CharterError, match="no folder of charters"):
        load_charters([tmp_path / "nowhere"])
