"""Laws of the ledger that hold for any pages: order, repetition, loss of nothing, equality after a round trip."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_pages import claim, page

from foedus.ledger import Fate, Ledger, merge_claims
from foedus.terms import Act, Claim, Day, Modality, doing_to_json, fingerprint

Anew = Callable[[], Ledger]
_DATES = st.sampled_from([None, "2022-01-05", "2022-01-06", "2022-01", "2022", "XXXX-01-06", "2022-01-05/2022-01-07"])
_PARTIES = st.sampled_from(
    [(), ("csto",), ("csto:CSC",), ("KAZ",), ("KAZ", "RUS"), ("RUS", "Vladimir Putin"), ("third states",)]
)
_KINDS = st.sampled_from(["deploy", "deploy", "deploy", "convene", "adopt", "state", "meet", "fact", "grant_status"])
_PAGES = ("a", "b", "c", "d")


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    """Up to 14 claims over four pages, alike enough that many could be joined."""
    made = []
    for _ in range(draw(st.integers(0, 14))):
        more = {}
        if draw(st.booleans()):
            more["size"] = draw(st.sampled_from(["2500", "2,500 troops", "2030"]))
        if draw(st.booleans()):
            more["document"] = draw(st.sampled_from(["Plan", "Statement"]))
        made.append(
            claim(
                draw(_KINDS),
                draw(st.sampled_from(_PAGES)),
                draw(st.integers(0, 3)),
                draw(_DATES),
                actors=draw(_PARTIES),
                targets=draw(_PARTIES),
                modality=draw(
                    st.sampled_from([Modality.REPORTED, Modality.REPORTED, Modality.PLANNED, Modality.DENIED])
                ),
                rule=draw(st.sampled_from(["", "x"])),
                **more,
            )
        )
    return list({one.id: one for one in made}.values())


PUBLISHED = {"a": Day.parse("2022-01-08"), "b": Day.parse("2022-01-07"), "c": None}


def contents(acts: object) -> set[str]:
    """Acts as texts, without what depends on the order of reading."""
    found = set()
    for act in acts:  # type: ignore[attr-defined]
        assert isinstance(act, Act)
        found.add(fingerprint(replace(act, id="", recorded="").to_json()))
    return found


@given(claims(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_reading_changes_no_act_but_ids(found: list[Claim], chance: object) -> None:
    other = list(found)
    chance.shuffle(other)  # type: ignore[attr-defined]
    one, two = merge_claims(found, PUBLISHED), merge_claims(other, PUBLISHED)
    assert contents(m.act for m in one) == contents(m.act for m in two)
    assert {frozenset(c.id for c in m.claims) for m in one} == {frozenset(c.id for c in m.claims) for m in two}


@given(claims())
@settings(max_examples=200, deadline=None)
def test_merging_twice_changes_nothing_and_loses_no_source(found: list[Claim]) -> None:
    once = merge_claims(found, PUBLISHED)
    assert merge_claims([*found, *found], PUBLISHED) == once
    assert merge_claims([c for c in found if any(c in m.claims for m in once)], PUBLISHED) == once
    held = [c.id for m in once for c in m.claims]
    assert sorted(held) == sorted(c.id for c in found if c.kind != "fact")
    for merged in once:
        assert {s.where for s in merged.act.sources} == {c.page for c in merged.claims}
        assert merged.act.claims == tuple(c.id for c in merged.claims)


@given(claims())
@settings(max_examples=200, deadline=None)
def test_every_joined_claim_has_its_reason(found: list[Claim]) -> None:
    for merged in merge_claims(found, PUBLISHED):
        joined = [r for r in merged.reasons if " joins " in r or " told again " in r]
        assert len(joined) == len(merged.claims) - 1


@given(claims())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_id_once_given_names_its_act_for_good(anew: Anew, found: list[Claim]) -> None:
    """Ids given after each page lead, after all pages, to the act with the claim that gave them."""
    ledger = anew()
    given_ids: dict[str, str] = {}
    for name, group in groupby(sorted(found, key=lambda c: c.page), key=lambda c: c.page):
        ledger.add_page(page(name), list(group), "r")
        for merged in ledger.merged():
            first = min(merged.claims, key=lambda c: [x.id for x in ledger.claims()].index(c.id))
            assert given_ids.setdefault(first.id, merged.act.id) == merged.act.id
    for claim_id, act_id in given_ids.items():
        assert claim_id in ledger.act(act_id).claims
    assert len({act.id for act in ledger.acts()}) == len(ledger.acts())


@given(claims(), st.permutations(_PAGES))
@settings(max_examples=60, deadline=None)
def test_written_and_read_back_equal_in_any_order_of_pages(found: list[Claim], order: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l.db"
        with Ledger.open(path) as ledger:
            for name in order:
                ledger.add_page(page(name), [c for c in found if c.page == name], "r")
            entries, acts = ledger.entries(), ledger.acts()
            for name in order:
                ledger.add_page(page(name), [c for c in found if c.page == name], "r")
                ledger.add_page(page(name), [c for c in found if c.page == name], "r", reread=True)
            assert ledger.entries() == entries
        with Ledger.open(path, read_only=True) as ledger:
            assert ledger.entries() == entries
            assert ledger.acts() == acts
            assert sorted(ledger.claims(), key=lambda c: c.id) == sorted(found, key=lambda c: c.id)
            assert [p.name for p in ledger.pages()] == list(order)
            assert ledger.pages()[0] == page(order[0])
        days = {name: page(name).published for name in _PAGES}
        assert contents(acts) == contents(m.act for m in merge_claims(found, days))
        assert [Act.from_json(act.to_json()) for act in acts] == list(acts)


@given(claims(), st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_split_holds_and_a_merge_takes_it_back(anew: Anew, found: list[Claim], data: st.DataObject) -> None:
    ledger = anew()
    for name in _PAGES:
        ledger.add_page(page(name), [c for c in found if c.page == name], "r")
    large = [m for m in ledger.merged() if len(m.claims) > 1]
    if not large:
        return
    one = data.draw(st.sampled_from(large))
    off = data.draw(st.sets(st.sampled_from([c.id for c in one.claims]), min_size=1, max_size=len(one.claims) - 1))
    ledger.split(one.act.id, sorted(off), "me")
    for merged in ledger.merged():
        held = {c.id for c in merged.claims}
        rest = {c.id for c in one.claims} - off
        assert not (held & off and held & rest)
    assert sum(len(m.claims) for m in ledger.merged()) == len([c for c in found if c.kind != "fact"])
    parts = [act.id for act in ledger.acts() if {c.id for c in one.claims}.intersection(act.claims)]
    joined = ledger.merge(parts, "me")
    assert {c.id for c in one.claims} <= set(joined.claims)


@given(claims(), st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_lead_from_the_acts_of_one_moment_to_those_of_another(
    anew: Anew, found: list[Claim], data: st.DataObject
) -> None:
    ledger = anew()
    for name in _PAGES:
        ledger.add_page(page(name), [c for c in found if c.page == name], "r")
        takes_back = data.draw(st.booleans(), "takes one back")
        if takes_back and (acts := ledger.acts()):
            ledger.retract(data.draw(st.sampled_from([act.id for act in acts]), "which"), "me")
    moments = sorted({entry.recorded for entry in ledger.entries()})
    first, last = sorted((data.draw(st.sampled_from(moments)), data.draw(st.sampled_from(moments))))
    changes = ledger.changes(first, last)
    was = {act.id: act for act in ledger.acts(recorded=first)}
    now = {act.id: act for act in ledger.acts(recorded=last)}
    came = {c.act.id for c in changes if c.fate in (Fate.CAME, Fate.PARTED)}
    went = {c.act.id for c in changes if c.fate in (Fate.GONE, Fate.JOINED)}
    assert (was.keys() - went) | came == now.keys()
    assert went <= was.keys() and not came & was.keys()
    assert all(change.other in now for change in changes if change.other)
    for untouched in was.keys() - {change.act.id for change in changes}:
        assert doing_to_json(was[untouched]) == doing_to_json(now[untouched])
        assert was[untouched].sources == now[untouched].sources
    assert first != last or changes == ()


@given(claims(), st.randoms(use_true_random=False))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_organisation_alone_is_what_it_is_among_all(anew: Anew, found: list[Claim], chance: random.Random) -> None:
    """Acts of one organisation, found by themselves, equal those picked from all, whatever persons decided."""
    ledger = anew()
    orgs = ("csto", "sco", None)
    found = [replace(one, org=chance.choice(orgs), id=f"{one.id}{n}") for n, one in enumerate(found)]
    late = chance.choice((*_PAGES, ""))
    for name in _PAGES:
        own = [c for c in found if c.page == name]
        if name != late:
            ledger.add_page(page(name), own, "r")
        if own and name != late and chance.random() < 0.4:
            # Read again otherwise: claims of another organisation take the place of those before.
            ledger.add_page(
                page(name),
                [replace(one, org=chance.choice(orgs), id=f"{one.id}again") for one in own],
                "r",
                reread=True,
            )
    for _ in range(chance.randint(0, 5)):
        acts = [act for act in ledger.acts() if act.claims]
        if not acts:
            break
        one = chance.choice(acts)
        match chance.choice(("correct", "org", "retract", "split", "merge")):
            case "correct":
                ledger.correct(one.id, {"place": "Minsk, BLR"}, "me")
            case "org":
                ledger.correct(one.id, {"org": chance.choice(("csto", "sco"))}, "me")
            case "retract":
                ledger.retract(chance.choice((one.id, one.claims[0])), "me")
            case "split" if len(one.claims) > 1:
                ledger.split(one.id, one.claims[:1], "me")
            case _:
                alike = [a for a in acts if (a.kind, a.modality) == (one.kind, one.modality)]
                if len(alike) > 1:
                    ledger.merge([a.id for a in alike[:2]], "me")
    if late:
        ledger.add_page(page(late), [c for c in found if c.page == late], "r")
    every = ledger.over(())
    told = {one.act.id: one for one in ledger.merged()}
    for act in every:
        assert ledger.act(act.id) == act
        assert (ledger.claims_of(act.id), ledger.explain(act.id)) == (told[act.id].claims, told[act.id].reasons)
    for org in ("csto", "sco"):
        assert ledger.over((), org=org) == tuple(act for act in every if act.org == org)
        assert ledger.over((), org=org, known=Day.parse("2022-01-07")) == tuple(
            act for act in ledger.over((), known=Day.parse("2022-01-07")) if act.org == org
        )


def test_an_organisation_given_by_hand_brings_what_is_told_of_none(anew: Anew) -> None:
    """What an analyst gave to the CSTO goes on to be joined with, and denied by, claims that name no organisation."""
    ledger = anew()
    told: dict[str, Any] = {"org": None, "actors": ("csto",), "targets": ("KAZ",), "date": "2022-01-06"}
    ledger.add_page(page("a"), [replace(claim("deploy", "a", **told), id="a1")], "r")
    ledger.correct(ledger.acts()[0].id, {"org": "csto"}, "me")
    ledger.add_page(page("b"), [replace(claim("deploy", "b", **told), id="b1")], "r")
    denied = claim("deploy", "c", modality=Modality.DENIED, **told)
    ledger.add_page(page("c"), [replace(denied, id="c1")], "r")
    (act,) = (act for act in ledger.over((), org="csto") if act.modality is Modality.REPORTED)
    assert act.claims == ("a1", "b1")
    assert [conflict.says for conflict in act.conflicts] == ["denied"]
    assert ledger.over((), org="csto") == tuple(act for act in ledger.over(()) if act.org == "csto")
