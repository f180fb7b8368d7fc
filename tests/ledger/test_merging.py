"""Which claims are one act and which are not, with the reason, and what the act then says."""

from dataclasses import replace
from typing import Any

from made_pages import claim

from foedus.ledger import Merged, merge_claims
from foedus.ledger.likeness import compare
from foedus.terms import Claim, Confidence, Day, Modality


def merged(*claims: Claim, published: dict[str, Day | None] | None = None) -> tuple[Merged, ...]:
    return merge_claims(claims, published)


def count(*claims: Claim) -> int:
    return len(merge_claims(claims))


KAZ = ("KAZ",)
CSTO = ("csto",)
CSC = ("csto:CSC",)


def test_one_doing_on_two_pages_in_two_languages_is_one_act() -> None:
    (one,) = merged(
        claim("deploy", "ru.txt", date="2022-01-06", actors=CSTO, targets=KAZ, language="ru"),
        claim("deploy", "zh.txt", date="2022-01", actors=("csto:force:CPF",), targets=KAZ, language="zh"),
    )
    assert {c.page for c in one.claims} == {"ru.txt", "zh.txt"}
    assert one.act.date == Day.parse("2022-01-06")
    assert one.act.actors == ("csto:force:CPF",)
    (reason,) = one.reasons
    for point in ("zh.txt", "joins", "ru.txt", "same kind deploy", "date 2022-01 may be 2022-01-06", "same target KAZ"):
        assert point in reason


def test_each_point_that_tells_two_doings_apart() -> None:
    """The guard for every point, seen to hold: without the difference the two are one."""
    same: dict[str, Any] = {"date": "2022-01-06", "actors": CSTO, "targets": KAZ}
    assert count(claim("deploy", "a", **same), claim("deploy", "b", **same)) == 1
    differences: tuple[dict[str, Any], ...] = (
        {"date": "2022-01-19"},
        {"date": None},
        {"targets": ("KGZ",)},
        {"actors": ("nato",)},
        {"org": "sco"},
        {"phase": "complete"},
        {"modality": Modality.DENIED},
        {"modality": Modality.PLANNED},
        {"place": "Bishkek, KGZ"},
    )
    for differing in differences:
        first = claim("deploy", "a", **same, phase="begin", place="Almaty, KAZ")
        other = claim("deploy", "b", **{**same, "phase": "begin", "place": "KAZ", **differing})
        assert count(first, other) == 2, differing
    assert count(claim("deploy", "a", **same), claim("contribute", "b", **same)) == 2


def test_a_vague_date_that_fits_two_doings_joins_neither() -> None:
    first = claim("convene", "a", date="2022-01-06", actors=CSC, body=CSC)
    second = claim("convene", "b", date="2022-01-10", actors=CSC, body=CSC)
    vague = claim("convene", "c", date="2022-01", actors=CSC, body=CSC)
    found = merged(first, second, vague)
    assert len(found) == 3
    alone = found[2]
    assert "left apart" in alone.reasons[0]
    assert set(alone.linked) == {found[0].act.id, found[1].act.id}
    assert count(first, vague) == 1


def test_a_year_left_open_joins_the_day_it_fits() -> None:
    (one,) = merged(
        claim("convene", "a", date="XXXX-06-25", org="sco", actors=("sco:DM",), body=("sco:DM",)),
        claim("convene", "b", date="2025-06-25", org="sco", actors=("sco:DM",), body=("sco:DM",)),
    )
    assert one.act.date == Day.parse("2025-06-25")
    assert one.act.conflicts == ()


def test_an_organisation_stands_for_its_bodies_but_one_body_not_for_another() -> None:
    whole = claim("decide_assistance", "a", date="2022-01-06", actors=CSTO, targets=KAZ, outcome="grant")
    council = claim("decide_assistance", "b", date="2022-01-06", actors=CSC, body=CSC, targets=KAZ, outcome="grant")
    ministers = claim("decide_assistance", "c", date="2022-01-06", actors=("csto:CFM",), targets=KAZ, outcome="grant")
    (one,) = merged(whole, council)
    assert (one.act.actors, one.act.body) == (CSC, CSC)
    assert count(council, ministers) == 2


def test_meetings_of_two_with_one_in_common_are_two() -> None:
    with_belarus = claim("meet", "a", date="2025-06-25", org="sco", actors=("CHN", "BLR", "Dong Jun", "Viktor Khrenin"))
    with_iran = claim("meet", "a", at=3, date="2025-06-25", org="sco", actors=("CHN", "IRN", "Dong Jun"))
    elsewhere = claim("meet", "b", date="2025-06-25", org="sco", actors=("CHN", "IRN"))
    found = merged(with_belarus, with_iran, elsewhere)
    assert [len(one.claims) for one in found] == [1, 2]


def test_a_meeting_with_attendees_listed_in_part_is_one() -> None:
    (one,) = merged(
        claim("convene", "a", date="2022-05-16", actors=("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"), body=CSC),
        claim("convene", "b", date="2022-05-16", actors=("RUS", "BLR"), body=CSC),
    )
    assert one.act.actors == ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")


def test_two_papers_adopted_at_one_meeting_are_two_acts() -> None:
    """Issue text: adoptions on one page are two acts unless it is the same document."""
    same: dict[str, Any] = {"date": "2019-11-28", "actors": CSC, "body": CSC}
    assert count(claim("adopt", at=1, **same), claim("adopt", at=5, **same)) == 2
    named = claim("adopt", at=1, document="Joint statement", **same)
    assert count(named, claim("adopt", at=5, document="joint  statement", **same)) == 1
    assert count(named, claim("adopt", at=5, document="Plan", **same)) == 2
    assert count(named, claim("adopt", "b", document="Plan", **same)) == 2
    assert count(named, claim("adopt", "b", document="Joint statement", **same)) == 1
    assert count(named, claim("adopt", "b", **same)) == 2
    statement = claim("adopt", at=1, document="Statement", **same)
    assert count(statement, claim("adopt", at=5, document="Statement", **same)) == 2
    assert count(statement, claim("adopt", "b", document="Statement", **same)) == 1
    assert (
        count(claim("adopt", at=1, document="联合声明", **same), claim("adopt", at=5, document="联合声明", **same)) == 1
    )


def test_statements_of_one_speaker_on_a_page_are_distinct_unless_the_words_are_one() -> None:
    putin: dict[str, Any] = {
        "date": "2022-05-16",
        "actors": ("RUS", "Vladimir Putin"),
        "stance": "concern",
        "targets": ("nato",),
    }
    assert count(claim("state", at=1, **putin), claim("state", at=5, **putin)) == 2
    assert count(claim("state", at=1, **putin), claim("state", at=1, rule="another", **putin)) == 1
    assert count(claim("state", "a", **putin), claim("state", "b", **putin)) == 1
    other: dict[str, Any] = {**putin, "actors": ("RUS", "Sergei Lavrov")}
    assert count(claim("state", "a", **putin), claim("state", "b", **other)) == 2
    said_of_nobody: dict[str, Any] = {"date": "2022-05-16", "actors": ("RUS", "Vladimir Putin"), "stance": "support"}
    assert count(claim("state", "a", at=1, **said_of_nobody), claim("state", "b", at=9, **said_of_nobody)) == 2


def test_a_doing_mentioned_again_on_its_page_is_one_act() -> None:
    (one,) = merged(
        claim("deploy", at=1, actors=CSTO, targets=KAZ),
        claim("deploy", at=9, actors=CSTO, targets=KAZ, date="2022-01-06"),
        claim("deploy", at=20, actors=CSTO),
    )
    assert len(one.claims) == 3
    assert one.act.date == Day.parse("2022-01-06")
    assert sum("told again" in reason for reason in one.reasons) == 2


def test_history_retold_without_a_date_is_not_todays_meeting() -> None:
    today = claim("convene", at=1, date="2023-06-20", actors=("csto:CFM",), body=("csto:CFM",))
    once = claim("convene", at=9, actors=("csto:CFM",), body=("csto:CFM",), retold=True)
    assert count(today, once) == 2


def test_undated_claims_of_two_pages_are_linked_not_joined() -> None:
    dated, undated = merged(
        claim("deploy", "a", date="2022-01-06", actors=CSTO, targets=KAZ),
        claim("deploy", "b", actors=CSTO, targets=KAZ),
    )
    assert dated.linked == (undated.act.id,)
    assert any("may also be" in reason for reason in undated.reasons)


def test_a_day_apart_is_linked_not_joined() -> None:
    fifth, sixth = merged(
        claim("request_assistance", "a", date="2022-01-05", actors=KAZ, targets=CSTO),
        claim("request_assistance", "b", date="2022-01-06", actors=KAZ, targets=CSTO),
    )
    assert fifth.linked == (sixth.act.id,)


def test_planned_and_reported_are_linked_and_denied_stands_as_a_conflict() -> None:
    planned, reported, denied = merged(
        claim("convene", "a", date="2019-11-28", actors=CSC, body=CSC, modality=Modality.PLANNED),
        claim("convene", "b", date="2019-11-28", actors=CSC, body=CSC),
        claim("convene", "c", date="2019-11-28", actors=CSC, body=CSC, modality=Modality.DENIED),
    )
    assert set(reported.linked) == {planned.act.id, denied.act.id}
    assert planned.linked == (reported.act.id,)
    assert f"planned in {planned.act.id}" in reported.reasons
    assert [(c.field, c.says, c.source) for c in reported.act.conflicts] == [("modality", "denied", "c")]


def test_sources_that_differ_are_conflicts_but_a_sharper_date_is_none() -> None:
    (one,) = merged(
        claim("deploy", "a", date="2022-01-06", actors=CSTO, targets=KAZ, size="2,500 troops"),
        claim("deploy", "b", date="2022-01", actors=CSTO, targets=KAZ, size="2030"),
        claim("deploy", "c", date="2022-01-06", actors=CSTO, targets=KAZ, size="2500 военнослужащих"),
    )
    assert one.act.more["size"] == "2,500 troops"
    assert [(c.field, c.says, c.source) for c in one.act.conflicts] == [("size", "2030", "b")]


def test_published_is_the_earliest_and_each_page_is_a_source_once() -> None:
    (one,) = merged(
        claim("deploy", "a", date="2022-01-06", actors=CSTO, targets=KAZ),
        claim("deploy", "a", at=9, date="2022-01-06", actors=CSTO, targets=KAZ),
        claim("deploy", "b", date="2022-01-06", actors=CSTO, targets=KAZ),
        claim("deploy", "c", date="2022-01-06", actors=CSTO, targets=KAZ),
        published={"a": Day.parse("2022-01-09"), "b": Day.parse("2022-01-07")},
    )
    assert one.act.published == Day.parse("2022-01-07")
    assert [source.where for source in one.act.sources] == ["b", "a", "c"]
    assert one.act.sources[2].published is None


def test_facts_and_weak_claims_make_no_act() -> None:
    fact = claim("fact", fact="members", value="6")
    weak = claim("deploy", date="2022-01-06", actors=CSTO, targets=KAZ, confidence=Confidence.WEAK)
    assert merge_claims([fact, weak]) == ()
    assert len(merge_claims([fact, weak], weak=True)) == 1


def test_a_year_stands_for_a_day_only_where_a_thing_is_done_once() -> None:
    joined: dict[str, Any] = {"actors": ("sco",), "targets": ("BLR",), "org": "sco", "status": "member"}
    assert (
        count(
            claim("grant_status", "a", date="2024", **joined), claim("grant_status", "b", date="2024-07-04", **joined)
        )
        == 1
    )
    met: dict[str, Any] = {"actors": CSC, "body": CSC}
    assert count(claim("convene", "a", date="2022", **met), claim("convene", "b", date="2022-05-16", **met)) == 2

    year, day = (claim("convene", "a", date=date, **met) for date in ("2022", "2022-05-16"))
    assert compare(year, replace(day, page="b")) is None


def test_two_papers_signed_on_one_day_are_two_acts() -> None:
    signed: dict[str, Any] = {"date": "2021-09-16", "actors": KAZ}
    treaty = claim("sign", "a", document="Treaty", **signed)
    assert count(treaty, claim("sign", "b", document="Protocol", **signed)) == 2
    assert count(treaty, claim("sign", "b", document="Treaty", **signed)) == 1


def test_two_bodies_of_the_same_members_meet_each_for_itself() -> None:
    met: dict[str, Any] = {"date": "2019-11-27", "actors": ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")}
    ministers = claim("convene", "a", body=("csto:CFM",), **met)
    assert count(ministers, claim("convene", "b", body=("csto:CDM",), **met)) == 2
    assert count(ministers, claim("convene", "b", body=("csto:CFM", "csto:CDM"), **met)) == 1


def test_two_bodies_are_two_even_where_the_organisation_is_the_actor() -> None:
    met: dict[str, Any] = {"date": "2019-11-27", "actors": CSTO}
    assert (
        count(claim("convene", "a", body=("csto:CFM",), **met), claim("convene", "b", body=("csto:CSC",), **met)) == 2
    )


def test_who_acts_in_a_merged_act() -> None:
    """A body before the one who opens its meeting; states that took part, but no speaker without his state."""
    met: dict[str, Any] = {"date": "2025-06-25", "org": "sco", "body": ("sco:DM",)}
    for others, actors in (
        (("CHN", "Dong Jun"), ("sco:DM",)),
        (("CHN", "RUS"), ("sco:DM", "CHN", "RUS")),
        (("sco",), ("sco:DM",)),
    ):
        (one,) = merged(claim("convene", "a", actors=others, **met), claim("convene", "b", actors=("sco:DM",), **met))
        assert one.act.actors == actors
    (asked,) = merged(
        claim("request_assistance", "a", date="2022-01-05", actors=("KAZ",)),
        claim("request_assistance", "b", date="2022-01-05", actors=("KAZ", "Kassym-Jomart Tokayev")),
    )
    assert asked.act.actors == ("KAZ", "Kassym-Jomart Tokayev")


def test_where_nobody_is_named_nothing_is_joined() -> None:
    assert count(claim("exercise", "a", date="2022-09-26"), claim("exercise", "b", date="2022-09-26")) == 2
    nobody = claim("deploy", "b", date="2022-01", targets=KAZ)
    somebody = claim("deploy", "a", date="2022-01-06", actors=CSTO, targets=KAZ)
    assert count(somebody, nobody) == 2
    assert count(somebody, claim("deploy", "b", date="2022-01-06", targets=KAZ)) == 1


def test_a_mention_that_fits_two_doings_of_its_page_joins_neither() -> None:
    undated = claim("deploy", at=1, actors=CSTO, targets=KAZ)
    first = claim("deploy", at=5, date="2022-01-06", actors=CSTO, targets=KAZ)
    second = claim("deploy", at=9, date="2022-01-19", actors=CSTO, targets=KAZ)
    assert [len(one.claims) for one in merged(undated, first, second)] == [1, 1, 1]
    assert [len(one.claims) for one in merged(second, undated)] == [2]


def test_what_a_page_leaves_open_another_page_does_not_settle() -> None:
    """The vague mention fits two doings of its page; that one of them is ruled out elsewhere makes it no other."""
    vague = claim("deploy", "a", at=1, date="2022-01", actors=CSTO, phase="begin")
    first = claim("deploy", "a", at=5, date="2022-01-06", actors=CSTO)
    second = claim("deploy", "a", at=9, date="2022-01-08", actors=CSTO)
    elsewhere = claim("deploy", "b", date="2022-01-06", actors=CSTO, phase="complete")
    found = merged(vague, first, second, elsewhere)
    assert sorted(len(one.claims) for one in found) == [1, 1, 2]
    assert [one.claims for one in found if vague in one.claims] == [(vague,)]


def test_the_id_comes_from_the_first_claim_and_stays_when_more_come() -> None:
    first = claim("deploy", "a", date="2022-01", actors=CSTO, targets=KAZ)
    later = claim("deploy", "b", date="2022-01-06", actors=CSTO, targets=KAZ)
    (alone,) = merged(first)
    (both,) = merged(first, later)
    assert both.act.id == alone.act.id
    assert alone.act.id.startswith("csto-2022-01-deploy-")
    assert len(alone.act.id.rsplit("-", 1)[1]) == 6
    assert merged(later)[0].act.id != alone.act.id
