"""Coded data sets become claims of that data set: exact places in the file, honest days, nothing made up."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest

from foedus.charters import load_charters
from foedus.exchange import ReadClaims, atop, cow
from foedus.exchange.coded_sets import ids, states_by
from foedus.ledger import Ledger
from foedus.terms import Confidence, FoedusError, states
from foedus.terms.numbers import state_spells

STATES = "kazakhstan,uzbekistan,serbia,yugoslaviaserb,germany,wgermany"
IGO = """ioname,orgname,year,kazakhstan,uzbekistan,serbia,yugoslaviaserb,germany,wgermany,longorgname,ionum,sdate
CSTO,Collective Security Treaty Organization,2002,1,1,,0,0,,"Coll. ""Sec."",
CIS treaty",1125,2002
CSTO,Collective Security Treaty Organization,2011,1,1,,0,0,,,1125,2002
CSTO,Collective Security Treaty Organization,2012,1,0,,0,0,,,1125,2002
CSTO,Collective Security Treaty Organization,2013,1,0,,3,0,,,1125,2002
NATO,North Atlantic Treaty Org,1955,,,,0,,1,,3700,1949
NATO,North Atlantic Treaty Org,1990,,,,0,,1,,3700,1949
NATO,North Atlantic Treaty Org,1991,,,,0,1,,,3700,1949
XYZ,Some Other Body,1991,1,1,1,1,1,1,,9999,1991
"""
STATE = """ccode\tyear\tstate\tcsto\tun
705\t1991\tkazakhstan\t-1\t0
705\t1992\tkazakhstan\t-1\t1
705\t2002\tkazakhstan\t1\t1
345\t1950\tyugoslaviaserb\t-1\t1
345\t1993\tyugoslaviaserb\t-1\t-9
345\t2001\tyugoslaviaserb\t-1\t1
365\t1945\trussia\t-1\t1
999\t2002\tnowhere\t1\t1
"""
MEMBERS = """atopid,member,yrent,moent,dayent,yrexit,moexit,dayexit,phase
4220,365,1992,5,15,2002,10,7,1
4220,704,1992,5,15,1999,4,20,1
4220,370,1994,1,3,2002,10,7,1
4220,365,2002,10,7,0,0,0,2
4220,370,2002,10,7,0,0,0,2
4220,704,2006,8,17,2012,6,,2
4810,365,1996,4,26,2001,6,15,1
4810,710,1996,4,26,2001,6,15,1
1005,200,1815,1,3,1815,2,8,0
4220,9999,1992,5,15,0,0,0,1
"""
ALLIANCES = """atopid,begyr,begmo,begday,endyr,endmo,endday
4220,1992,5,15,0,0,0
3150,1948,4,,1950,0,0
1,1815,1,1,0,0,0
"""


def told(found: ReadClaims) -> list[tuple[object, ...]]:
    assert all(found.page.text[c.evidence.start : c.evidence.end] == c.evidence.text for c in found.claims)
    assert all(c.confidence is Confidence.INFERRED and c.attributed_to for c in found.claims)
    assert {claim.page for claim in found.claims} == {found.page.name}
    return [(c.kind, c.org, c.actors or c.targets, c.date and c.date.edtf, c.more.get("status")) for c in found.claims]


def read_igo(text: str = IGO) -> ReadClaims:
    return cow.read(io.BytesIO(text.encode()), "data/igo_year_format3.csv")


def test_changes_of_codes_by_organisation_year_become_claims() -> None:
    assert told(read_igo()) == [
        ("accede", "csto", ("KAZ",), "2002", "member"),
        # Listed in 2013 and not in 2012: an observer, which the data set knows by number 345.
        ("grant_status", "csto", ("SRB",), "2013", "observer"),
        ("accede", "csto", ("UZB",), "2002", "member"),
        ("withdraw", "csto", ("UZB",), "2012", "member"),
        # Two numbers of one state are no exit and entry; the first row comes six years after the organisation.
        ("accede", "nato", ("DEU",), "1949/1955", "member"),
    ]


def test_a_row_over_two_lines_is_evidence_as_it_stands() -> None:
    claim = read_igo().claims[0]
    assert claim.evidence.text.startswith("CSTO,Collective Security Treaty Organization,2002,1,1")
    assert claim.evidence.text.endswith('CIS treaty",1125,2002')
    assert claim.rule == "cow-igo:kazakhstan"
    assert claim.more["detail"] == (
        "coded 1 (member) in 2002, the first year it is in the data; "
        "the data set begins with the organisation of 2002, not with the treaty of 1992"
    )


def test_what_is_missing_widens_the_date_and_what_is_unknown_is_told() -> None:
    found = cow.read(io.BytesIO(STATE.encode()), "state_year_format3.csv")
    assert told(found) == [
        ("accede", "csto", ("KAZ",), "1993/2002", "member"),
        ("accede", "un", ("KAZ",), "1992", "member"),
        # The first row of a state has no year before it.
        ("accede", "un", ("SUN",), "../1945", "member"),
        ("accede", "un", ("YUG",), "../1950", "member"),
    ]
    assert found.left_out == ("1 state without a code of ours left out",)


def coded(*cells: str, column: str = "kazakhstan") -> ReadClaims:
    """What is read of one state in one organisation, coded from 2002 on, a cell a year."""
    rows = [f"CSTO,{2002 + number},{cell},1125,2002" for number, cell in enumerate(cells)]
    return cow.read(io.BytesIO("\n".join((f"ioname,year,{column},ionum,sdate", *rows)).encode()), "f.csv")


@pytest.mark.parametrize(
    ("cells", "claims"),
    [
        # A full member that becomes an associate is a member no more, and the other way round.
        (
            "1 2 2 0",
            "accede member 2002, end_status member 2003, grant_status associate 2003, end_status associate 2005",
        ),
        ("3 1", "grant_status observer 2002, end_status observer 2003, accede member 2003"),
        ("2 3", "grant_status associate 2002, end_status associate 2003, grant_status observer 2003"),
        # Nothing known of a year is no absence: the change is dated by the span, and none is made up.
        ("1 NA 0", "accede member 2002, withdraw member 2003/2004"),
        ("1 . 0", "accede member 2002, withdraw member 2003/2004"),
        ("1 -9 0", "accede member 2002, withdraw member 2003/2004"),
        ("1 NA 1", "accede member 2002"),
        ("NA NA 1", "accede member 2002/2004"),
        ("-1 1", "accede member 2003"),
    ],
)
def test_what_codes_in_a_row_become(cells: str, claims: str) -> None:
    found = coded(*cells.split()).claims
    assert ", ".join(f"{c.kind} {c.more['status']} {c.date and c.date.edtf}" for c in found) == claims


def test_an_empty_cell_is_a_state_that_is_not_there() -> None:
    assert [claim.kind for claim in coded("1", "", "1").claims] == ["accede", "accede"]


HEAD = "ioname,year,germany,wgermany,ionum,sdate"


@pytest.mark.parametrize(
    ("rows", "dates", "told"),
    [
        # One row says member, the next says none: neither is taken, and the year before and after tell what they tell.
        (
            ["CSTO,2002,1,,1125,2002", "CSTO,2003,1,,1125,2002", "CSTO,2003,0,,1125,2002", "CSTO,2004,0,,1125,2002"],
            ["accede 2002", "withdraw 2003/2004"],
            ("1 contradiction left out, neither side taken: DEU in csto in 2003, f.csv:3 (1) and f.csv:4 (0)",),
        ),
        # Two numbers of one state that were both there.
        (
            ["CSTO,2002,1,0,1125,2002", "CSTO,2003,1,,1125,2002"],
            ["accede 2002/2003"],
            ("1 contradiction left out, neither side taken: DEU in csto in 2002, f.csv:2 (1) and f.csv:2 (0)",),
        ),
        (["CSTO,2002,1,,1125,2002", "CSTO,2002,1,,1125,2002"], ["accede 2002"], ()),
        (["CSTO,2002,NA,,1125,2002", "CSTO,2002,1,,1125,2002"], ["accede 2002"], ()),
        (["CSTO,2002,-9,1,1125,2002"], ["accede 2002"], ()),
    ],
)
def test_rows_that_contradict_each_other_are_told(rows: list[str], dates: list[str], told: tuple[str, ...]) -> None:
    found = cow.read(io.BytesIO("\n".join((HEAD, *rows)).encode()), "f.csv")
    assert [f"{claim.kind} {claim.date and claim.date.edtf}" for claim in found.claims] == dates
    assert found.left_out == told


def test_columns_that_are_not_read_are_counted_and_named() -> None:
    igo = cow.read(io.BytesIO(IGO.replace("uzbekistan", "syemen").encode()), "igo_year_format3.csv")
    assert igo.left_out == (
        "1 organisation without a charter here left out",
        "2 columns of no state with a code of ours left out: syemen, serbia",
    )
    states = cow.read(io.BytesIO(STATE.replace("\tcsto", "\taaaid").encode()), "state_year_format3.csv")
    assert states.left_out == (
        "1 state without a code of ours left out",
        "1 column of no organisation with a charter here left out: aaaid",
    )


def test_the_ledger_takes_a_data_set_once_and_its_page_says_what_it_is() -> None:
    found = read_igo()
    with Ledger.open(":memory:") as ledger:
        assert ledger.add_page(found.page, found.claims, "me", found.why).claims == 5
        assert ledger.add_page(found.page, found.claims, "me", found.why).claims == 0
        assert {act.origin.value for act in ledger.acts()} == {"page"}
        entry = ledger.entries(type="claim")[0]
    assert "knows years and no legal moment" in entry.why
    assert found.page.chain == (("data set", "Correlates of War IGO data, version 3.0"),)


def test_entries_and_exits_of_alliances_become_claims() -> None:
    found = atop.read(io.BytesIO(MEMBERS.encode()), "atop-member-level.csv")
    assert told(found) == [
        ("sign", "csto", ("RUS",), "1992-05-15", None),
        ("sign", "csto", ("UZB",), "1992-05-15", None),
        ("withdraw", "csto", ("UZB",), "1999-04-20", None),
        ("accede", "csto", ("BLR",), "1994-01-03", None),
        # Two phases that meet on a day are one stay; a day unknown leaves the month.
        ("accede", "csto", ("UZB",), "2006-08-17", None),
        ("withdraw", "csto", ("UZB",), "2012-06", None),
        # All left on one day: the treaty ended, nobody withdrew.
        ("sign", "sco", ("RUS",), "1996-04-26", None),
        ("sign", "sco", ("CHN",), "1996-04-26", None),
    ]
    assert found.left_out == (
        "1 alliance of no organisation with a charter here left out",
        "1 state without a code of ours left out",
    )
    assert found.claims[2].more["detail"] == "coded as having left treaty 4220; a suspension may be coded so"


def test_beginnings_and_ends_of_alliances_become_claims() -> None:
    found = atop.read(io.BytesIO(ALLIANCES.encode()), "atop-alliance-level.csv")
    assert told(found) == [
        ("sign", "csto", (), "1992-05-15", None),
        ("sign", "oas", (), "1948-04", None),
        ("lapse", "oas", (), "1950", None),
    ]


@pytest.mark.parametrize(
    ("reader", "text", "old", "new", "words"),
    [
        ("cow", IGO, "2011,1,1,", "2011,1,x,", "f.csv:4, column uzbekistan: 'x' is no whole number"),
        ("cow", IGO, "2011,1,1,", "2011,1,7,", "f.csv:4, column uzbekistan: '7' is no whole number from -9 to 3"),
        ("cow", IGO, "2011,1,1,", "2011,1,-4,", "-4 is no code of a membership"),
        ("cow", IGO, "2011,1,1,", "2011,1,1,1,", "f.csv:4: has 13 cells, and the first row names 12 columns"),
        ("cow", IGO, ",2012,", ",,", "f.csv:5, column year: is empty"),
        ("cow", IGO, ",2012,", ",20122,", "f.csv:5, column year: '20122' is no whole number"),
        ("cow", IGO, '""Sec.""', '"Sec."', "is a damaged row"),
        ("cow", IGO, STATES, "a,b,c,d,e,f", "has no column of a state"),
        ("cow", IGO, ",year,", ",yaer,", "f.csv:1: has no column year"),
        ("cow", IGO, ",2012,", ",NA,", "f.csv:5, column year: is empty, or says that nothing is known"),
        ("cow", IGO, "uzbekistan", "kazakhstan", "f.csv:1: names the column 'kazakhstan' 2 times"),
        ("atop", MEMBERS, "1999,4,20", "1999,2,30", "f.csv:3, column dayexit: '1999-02-30': no such calendar day"),
        ("atop", MEMBERS, "1999,4,20", "1999,13,20", "f.csv:3, column moexit: '13' is no whole number from 0 to 12"),
        ("atop", MEMBERS, "4220,370,1994", "4220,370,", "f.csv:4, column yrent: is empty or 0"),
        (
            "atop",
            MEMBERS,
            "1999,4,20",
            "1991,4,20",
            "f.csv:3, column yrexit: is 1991-04-20, before the entry on 1992-05",
        ),
        ("atop", MEMBERS, "dayexit", "dayexot", "has no column dayexit"),
    ],
)
def test_a_damaged_row_is_told_with_line_and_column(reader: str, text: str, old: str, new: str, words: str) -> None:
    assert old in text
    readers: Mapping[str, object] = {"cow": cow.read, "atop": atop.read}
    read = readers[reader]
    assert callable(read)
    with pytest.raises(FoedusError) as refused:
        read(io.BytesIO(text.replace(old, new, 1).encode()), "f.csv")
    assert words in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\0" * 50, b"a,b\n1,2\n", b"x" * 3_000_000])
def test_what_is_no_data_set_is_refused(data: bytes) -> None:
    for reader in (cow.read, atop.read):
        with pytest.raises(FoedusError):
            reader(io.BytesIO(data), "f.csv")


def test_files_are_known_by_their_first_line() -> None:
    heads = {name: text.encode() for name, text in (("i", IGO), ("s", STATE), ("m", MEMBERS), ("a", ALLIANCES))}
    assert [name for name, head in heads.items() if cow.knows(head)] == ["i", "s"]
    assert [name for name, head in heads.items() if atop.knows(head)] == ["m", "a"]


def test_ids_are_of_organisations_and_states_that_there_are() -> None:
    assert set(ids()["org"]) == set(load_charters())
    assert set(ids()["state"]) <= set(states())
    for key in ("cow", "columns"):
        listed = [one for row in ids()["state"].values() for one in row[key]]
        assert len(listed) == len(set(listed)) == len(states_by(key))
    assert {row["code"] for row in ids()["earlier"].values()} <= set(states())


def test_numbers_of_states_agree_with_those_of_the_vocabulary() -> None:
    spells = {(spell.cow, spell.iso3) for spell in state_spells()}
    strange = {(number, code) for number, code in states_by("cow").items() if (number, code) not in spells}
    assert strange == set()
