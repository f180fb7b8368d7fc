"""What an analyst does with a ledger: add, correct, retract, split, merge, look back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from made_pages import Clock, claim, page

from foedus.ledger import Entry, EntryType, Ledger
from foedus.terms import Act, Day, FoedusError, Origin, Source

CSTO, KAZ = ("csto",), ("KAZ",)


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """Two pages that tell of one deployment, a day apart, each differing in size."""
    ledger = Ledger.open(place, clock=Clock())
    ledger.add_page(
        page("a.txt", "2022-01-07"),
        [claim("deploy", "a.txt", 0, "2022-01", actors=CSTO, targets=KAZ, size="2500")],
        "r1",
    )
    ledger.add_page(
        page("b.txt", "2022-01-09"),
        [claim("deploy", "b.txt", 0, "2022-01-06", actors=CSTO, targets=KAZ, size="2030")],
        "r1",
    )
    yield ledger
    ledger.close()


def test_the_same_page_twice_adds_nothing(ledger: Ledger) -> None:
    before = ledger.entries()
    found = [claim("deploy", "a.txt", 5, "2022-01-06", actors=CSTO)]
    added = ledger.add_page(page("a.txt", "2022-01-07"), found, "r1")
    assert (added.is_new, added.claims) == (False, 0)
    assert ledger.entries() == before


def test_another_page_of_the_same_name_goes_by_name_and_hash(ledger: Ledger) -> None:
    other = page("a.txt", text=page().text[::-1])
    words = other.text[:10]
    added = ledger.add_page(other, [claim("deploy", "a.txt", 0, "2022-02-01", actors=CSTO, words=words)], "r1")
    assert added.page == f"a.txt#{other.sha256[:8]}"
    assert ledger.claims()[-1].page == added.page
    found = ledger.page(added.page)
    assert found and found.text == other.text


def test_three_times_on_each_entry(ledger: Ledger) -> None:
    entry = ledger.entries(type="claim")[0]
    assert entry.valid == Day.parse("2022-01")
    assert entry.known == Day.parse("2022-01-07")
    assert entry.recorded == "2026-11-21T12:00:02.000000Z"


def test_known_passes_over_what_was_published_later(ledger: Ledger) -> None:
    (both,) = ledger.acts()
    (early,) = ledger.acts(known=Day.parse("2022-01-07"))
    assert early.id == both.id
    assert (early.date, early.more, len(early.claims)) == (Day.parse("2022-01"), {"size": "2500"}, 1)
    assert both.date == Day.parse("2022-01-06")
    assert ledger.acts(known=Day.parse("2022-01-06")) == ()


def test_what_has_no_publication_day_stays_in(ledger: Ledger) -> None:
    ledger.add_page(page("c.txt", None), [claim("meet", "c.txt", 0, "2022-01-03", actors=("RUS", "KAZ"))], "r1")
    (act,) = ledger.acts(known=Day.parse("2022-01-01"))
    assert act.kind == "meet"
    assert act.published is None


def test_an_earlier_moment_shows_what_was_held_then(ledger: Ledger) -> None:
    first = ledger.entries()[0].recorded
    assert len(ledger.acts(recorded=first)[0].claims) == 1
    assert len(ledger.acts(recorded="2026-11-21")[0].claims) == 2
    assert ledger.acts(recorded="2026-11-20") == ()
    with pytest.raises(FoedusError, match="is no moment"):
        ledger.acts(recorded="yesterday")


def test_a_correction_shows_and_the_earlier_form_can_be_seen(ledger: Ledger) -> None:
    (act,) = ledger.acts()
    before = ledger.entries()[-1].recorded
    right = ledger.correct(
        act.id, {"size": "2300", "command": "Serdyukov"}, "analyst", "as the staff said", "https://example.org/a"
    )
    assert right == ledger.acts()[0]
    assert right.more == {"size": "2300", "command": "Serdyukov"}
    assert [(c.says, c.source) for c in right.conflicts if c.field == "size"] == [("2030", "b.txt"), ("2500", "a.txt")]
    assert right.sources[-1] == Source("https://example.org/a", None, "as the staff said")
    assert "corrected by analyst" in right.note
    assert ledger.acts(recorded=before)[0].more == {"size": act.more["size"]}
    ledger.correct(act.id, {"command": None}, "analyst")
    assert "command" not in ledger.acts()[0].more


def test_a_correction_holds_when_more_claims_come(ledger: Ledger) -> None:
    ledger.correct(ledger.acts()[0].id, {"size": "2300"}, "analyst")
    ledger.add_page(
        page("c.txt"), [claim("deploy", "c.txt", 0, "2022-01-06", actors=CSTO, targets=KAZ, size="3000")], "r"
    )
    (act,) = ledger.acts()
    assert len(act.claims) == 3
    assert act.more["size"] == "2300"


def test_a_correction_keeps_its_act_together(ledger: Ledger) -> None:
    """Without it the vague claim, which gave the id, would leave when a second day turns up."""
    ledger.correct(ledger.acts()[0].id, {"size": "2300"}, "analyst")
    ledger.add_page(page("c.txt"), [claim("deploy", "c.txt", 0, "2022-01-19", actors=CSTO, targets=KAZ)], "r")
    first, later = ledger.acts()
    assert (len(first.claims), first.more["size"], later.more) == (2, "2300", {})


def test_a_text_changed_behind_the_ledger_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        ledger.add_page(page("a.txt"), [], "r")
    db = apsw.Connection(str(path))
    db.execute("drop trigger texts_stay; update texts set text = cast('other' as blob)")
    db.close()
    with Ledger.open(path) as ledger, pytest.raises(FoedusError, match="is not the one stored"):
        ledger.page("a.txt")


def test_corrections_refused_in_words(ledger: Ledger) -> None:
    act = ledger.acts()[0].id
    for changes, words in (
        ({"sise": "1"}, "no role 'sise', the nearest is 'size'"),
        ({"outcome": "grant"}, "deploy has no role 'outcome'"),
        ({"date": "6 January"}, "is no EDTF date"),
        ({"phase": "middle"}, "phase is 'middle', expected one of begin, complete"),
        ({"size": 5}, "size is 5"),
        ({"modality": "said"}, "said"),
        ({}, "nothing to correct"),
    ):
        with pytest.raises(FoedusError, match=words):
            ledger.correct(act, changes, "analyst")
    with pytest.raises(FoedusError, match=f"Near it: {act}"):
        ledger.correct(act[:-1], {"size": "1"}, "analyst")
    with pytest.raises(FoedusError, match="says not who"):
        ledger.correct(act, {"size": "1"}, "")
    assert len(ledger.entries()) == 4


def test_a_shipped_act_is_corrected_and_retracted_on_top() -> None:
    ledger = Ledger.open(":memory:")
    shipped = Act(
        id="csto-2022-01-06-decision",
        kind="decide_assistance",
        org="csto",
        more={"outcome": "grant"},
        origin=Origin.RECORD,
    )
    ledger.correct(shipped.id, {"targets": ["KAZ"]}, "analyst", of=shipped)
    (act,) = ledger.over([shipped])
    assert (act.targets, act.origin) == (KAZ, Origin.RECORD)
    assert ledger.acts() == ()
    ledger.retract(shipped.id, "analyst", of=shipped)
    assert ledger.over([shipped]) == ()
    ledger.restore(shipped.id, "analyst")
    assert ledger.over([shipped]) == (act,)


def test_retracted_and_restored(ledger: Ledger) -> None:
    (act,) = ledger.acts()
    ledger.retract(act.id, "analyst", "misread")
    assert ledger.acts() == ()
    assert len(ledger.claims()) == 2
    ledger.add_page(page("c.txt"), [claim("deploy", "c.txt", 0, "2022-01-06", actors=CSTO, targets=KAZ)], "r")
    assert [len(a.claims) for a in ledger.acts()] == [1]
    ledger.restore(act.id, "analyst")
    assert [(a.id, len(a.claims)) for a in ledger.acts()] == [(act.id, 3)]
    with pytest.raises(FoedusError, match="was not retracted"):
        ledger.restore("csto-x", "analyst")


def test_a_page_read_again_in_another_encoding_keeps_the_text_of_before(ledger: Ledger) -> None:
    before, first = ledger.entries()[-1].recorded, page("a.txt", "2022-01-07")
    better = replace(first, text=first.text.replace("o", "ö"), encoding="cp1252")
    ledger.add_page(better, [], "r2", reread=True)
    found = ledger.page(first.sha256)
    assert found and found.text == better.text != first.text
    then = next(one for one in ledger.pages(before) if one.name == "a.txt")
    assert then.text == first.text


def test_a_claim_or_a_whole_page_is_retracted(ledger: Ledger) -> None:
    first, second = ledger.claims()
    ledger.retract(first.id, "analyst", "not said there")
    assert ledger.claims() == (second,)
    ledger.retract("b.txt", "analyst", "forged")
    assert (ledger.claims(), ledger.acts()) == ((), ())
    with pytest.raises(FoedusError, match="was taken back by analyst on 2026-11-21: not said there"):
        ledger.retract(first.id, "analyst")
    # It stays so whatever is read later, until a person brings it back.
    again = ledger.add_page(page("b.txt", "2022-01-09"), [second], "r2", reread=True)
    assert (again.claims, again.taken_back, ledger.claims()) == (0, True, ())
    assert ledger.add_page(page("a.txt", "2022-01-07"), [first], "r2", reread=True).claims == 0
    assert (taken := ledger.taken_back("b.txt")) and taken.why == "forged"
    ledger.restore("b.txt", "analyst")
    assert (ledger.claims(), ledger.taken_back("b.txt")) == ((second,), None)
    ledger.restore(first.id, "analyst")
    assert {claim.id for claim in ledger.claims()} == {first.id, second.id}
    with pytest.raises(FoedusError, match="stands again"):
        ledger.restore(first.id, "analyst")


def test_what_a_reading_no_longer_finds_comes_back_with_the_next(ledger: Ledger) -> None:
    first, _ = ledger.claims()
    seen = page("a.txt", "2022-01-07")
    assert ledger.add_page(seen, [], "r2", "monthly run", reread=True).retracted == 1
    assert ledger.taken_back(first.id) is None
    assert ledger.add_page(seen, [first], "r3", reread=True).claims == 1


def test_a_value_corrected_twice_is_said_by_whom_it_was(ledger: Ledger) -> None:
    (act,) = ledger.acts()
    ledger.correct(act.id, {"date": "2022-01-05"}, "anna", "a guess", "https://example.org/guess")
    ledger.correct(act.id, {"date": "2022-01-07"}, "ben", "the release")
    ledger.correct(act.id, {"date": "2022-01-08"}, "ben", "the release, read again")
    (act,) = ledger.acts()
    said = {conflict.says: conflict.source for conflict in act.conflicts if conflict.field == "date"}
    assert said["2022-01-05"] == "https://example.org/guess"
    assert said["2022-01-07"] == "corrected by ben"
    first = ledger.act(act.id).conflicts
    ledger.correct(act.id, {"date": "2022-01-06"}, "ben", "as the page has it")
    (act,) = ledger.acts()
    assert "2022-01-06" not in {conflict.says for conflict in act.conflicts if conflict.field == "date"}
    assert len(act.conflicts) == len(first)


def test_a_merge_is_undone_and_stays_undone(ledger: Ledger) -> None:
    (act,) = ledger.acts()
    one, other = ledger.split(act.id, [act.claims[0]], "analyst", "two columns")
    assert act.id in (one.id, other.id)
    assert len(one.claims) == len(other.claims) == 1
    assert "parted by analyst on 2026-11-21: two columns" in ledger.explain(one.id)
    again = ledger.merge([one.id, other.id], "analyst", "one after all")
    assert again.id == act.id
    assert set(again.claims) == set(act.claims)
    assert any("joined by analyst" in reason for reason in ledger.explain(act.id))
    for claims, words in (
        (list(act.claims), "on either side"),
        (["x"], "does not have the claims x"),
        ([], "on either side"),
    ):
        with pytest.raises(FoedusError, match=words):
            ledger.split(act.id, claims, "analyst")


def test_what_the_rules_of_merging_keep_apart_can_be_joined_by_hand(ledger: Ledger) -> None:
    ledger.add_page(page("c.txt"), [claim("deploy", "c.txt", 0, "2022-01-19", actors=CSTO, targets=KAZ)], "r")
    # With a second day the vague month fits either: three acts, none of them sure to be another.
    first, second, later = ledger.acts()
    joined = ledger.merge([first.id, second.id, later.id], "analyst", "the source was wrong by days")
    assert len(joined.claims) == 3
    assert joined.id == first.id
    assert [c.says for c in joined.conflicts if c.field == "date"] == ["2022-01-06"]
    assert ledger.act(later.id).id == first.id
    ledger.add_page(page("d.txt"), [claim("deploy", "d.txt", 0, "2022-01-19", actors=CSTO, targets=KAZ)], "r")
    assert [len(a.claims) for a in ledger.acts()] == [4]


def test_corrections_of_both_acts_hold_on_the_one_they_are_joined_to(ledger: Ledger) -> None:
    ledger.add_page(page("c.txt"), [claim("deploy", "c.txt", 0, "2022-02-19", actors=CSTO, targets=KAZ)], "r")
    first, later = ledger.acts()
    ledger.correct(later.id, {"command": "Serdyukov"}, "analyst")
    ledger.correct(first.id, {"size": "2300"}, "analyst")
    joined = ledger.merge([first.id, later.id], "analyst")
    assert (joined.more["size"], joined.more["command"]) == ("2300", "Serdyukov")


def test_merges_refused_in_words(ledger: Ledger) -> None:
    ledger.add_page(page("c.txt"), [claim("meet", "c.txt", 0, "2022-01-19", actors=("RUS", "KAZ"))], "r")
    played = ledger.perform(Act(id="", kind="deploy", org="csto", actors=CSTO, origin=Origin.PERSON), "me")
    one, other, _ = ledger.acts()
    for ids, words in (
        ([one.id], "is one act"),
        ([one.id, other.id], "two kinds"),
        ([one.id, played.id], "was performed, not read"),
        ([one.id, "x"], "nothing in this ledger"),
    ):
        with pytest.raises(FoedusError, match=words):
            ledger.merge(ids, "analyst")
    assert ledger.claims_of(played.id) == ()


def test_a_page_read_again_keeps_the_acts_id(ledger: Ledger) -> None:
    (act,) = ledger.acts()
    ledger.correct(act.id, {"size": "2300"}, "analyst")
    better = claim("deploy", "a.txt", 0, "2022-01-06", actors=("csto:force:CPF",), targets=KAZ, size="2500")
    news = claim("meet", "a.txt", 7, "2022-01-06", actors=("RUS", "KAZ"))
    added = ledger.add_page(page("a.txt", "2022-01-07"), [better, news], "r2", reread=True)
    assert (added.is_new, added.claims, added.retracted) == (False, 2, 1)
    same, met = ledger.acts()
    assert (same.id, same.more["size"], same.actors) == (act.id, "2300", ("csto:force:CPF",))
    assert met.kind == "meet"
    assert ledger.acts(recorded="2026-11-20") == ()
    again = ledger.add_page(page("a.txt", "2022-01-07"), [better, news], "r2", reread=True)
    assert (again.claims, again.retracted) == (0, 0)
    assert ledger.entries(type=EntryType.RETRACTION)[-1].why == "not found by a later reading"


def test_a_performed_act_has_an_id_of_its_roles_and_is_added_once(ledger: Ledger) -> None:
    act = Act(
        id="", kind="request_assistance", org="csto", actors=KAZ, date=Day.parse("2022-01-05"), origin=Origin.PERSON
    )
    done = ledger.perform(act, "KAZ desk", "exercise")
    assert done.id.startswith("csto-2022-01-05-request_assistance-")
    assert done.recorded > "2026"
    assert ledger.perform(act, "KAZ desk") == done
    assert ledger.acts()[-1] == done
    other = Ledger.open(":memory:").perform(act, "somebody else")
    assert other.id == done.id
    ledger.retract(done.id, "KAZ desk", "withdrawn")
    again = ledger.perform(act, "KAZ desk")
    assert again.id != done.id
    assert [a.id for a in ledger.acts() if a.origin is Origin.PERSON] == [again.id]
    assert ledger.perform(act, "KAZ desk") == again


def test_an_id_taken_by_another_act_is_not_taken_twice(ledger: Ledger) -> None:
    one = Act(id="play-1", kind="consult", org="csto", actors=KAZ, origin=Origin.PERSON)
    assert ledger.perform(one, "me").id == "play-1"
    other = ledger.perform(Act(id="play-1", kind="consult", org="csto", actors=("RUS",), origin=Origin.PERSON), "me")
    assert other.id != "play-1"


def test_only_persons_and_scenarios_perform(ledger: Ledger) -> None:
    for origin in (Origin.PAGE, Origin.RECORD):
        with pytest.raises(FoedusError, match="Only persons and scenarios perform"):
            ledger.perform(Act(id="x", kind="consult", origin=origin), "me")


def test_two_hundred_pages_keep_every_claim(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        for n in range(200):
            name = f"{n}.txt"
            found = [
                claim("convene", name, at, f"20{n % 20:02d}-{at % 12 + 1:02d}-{n % 28 + 1:02d}", actors=("csto:CSC",))
                for at in range(30)
            ]
            ledger.add_page(page(name), found, "r")
        acts = ledger.acts()
    assert sum(len(act.claims) for act in acts) == 6000


def test_an_act_performed_again_with_another_source_has_both(ledger: Ledger) -> None:
    first, second = (
        Source(f"https://example.org/{n}", Day.parse(day)) for n, day in ((1, "2022-02-03"), (2, "2022-02-02"))
    )
    act = Act(id="", kind="consult", org="csto", actors=KAZ, origin=Origin.PERSON, sources=(first,), note="by eye")
    stored = ledger.perform(act, "anna")
    again = ledger.perform(replace(act, sources=(first, second), note="by ear"), "ben")
    assert (again.id, again.sources, again.published) == (stored.id, (first, second), Day.parse("2022-02-02"))
    assert (again.note, again.recorded) == ("by eye; by ear", stored.recorded)
    before = ledger.entries()
    assert ledger.perform(replace(act, sources=(second,)), "ben") == again
    assert ledger.entries() == before
    assert [one.sources for one in ledger.acts(recorded=stored.recorded) if one.id == stored.id] == [(first,)]


def test_claims_of_one_id_on_two_pages_are_two(ledger: Ledger) -> None:
    (first, *_), seen = ledger.claims(), page("z.txt", "2022-01-07")
    ledger.add_page(seen, [replace(first, page="z.txt"), replace(first, page="z.txt", id="")], "r")
    claims = ledger.claims()
    assert len({one.id for one in claims}) == len(claims) == 4
    assert sorted(one.page for one in claims) == ["a.txt", "b.txt", "z.txt", "z.txt"]


@pytest.mark.parametrize(
    ("role", "value", "told"), [("actors", "Russia", "RUS"), ("actors", ["RSU"], "'RUS'"), ("body", "XYZ", "no body")]
)
def test_a_correction_spells_parties_as_ids_are_spelt(
    ledger: Ledger, role: str, value: str | list[str], told: str
) -> None:
    (act,) = ledger.acts()
    before = ledger.entries()
    with pytest.raises(FoedusError, match=told):
        ledger.correct(act.id, {role: value}, "me")
    assert ledger.entries() == before


def test_ids_of_page_acts_are_asked_anew_where_a_turn_was_undone(ledger: Ledger) -> None:
    def consult(name: str) -> Act:
        return Act(id=name, kind="consult", org="csto", actors=KAZ, origin=Origin.PERSON)

    undone = [claim("meet", "z.txt", at, "2022-01-01") for at in range(3)]
    with pytest.raises(ZeroDivisionError), ledger.store.writing() as writing:
        writing.add([Entry.of_claim(one, "ab" * 32, "r") for one in undone])
        ledger._dealt_to("csto")
        1 / 0  # noqa: B018
    stands = claim("meet", "y.txt", 3, "2022-01-02")
    ledger.add_page(page("y.txt", "2022-01-07"), [stands], "r")
    act = next(one for one in ledger.acts() if one.kind == "meet")
    assert ledger.perform(consult(act.id), "me").id != act.id
