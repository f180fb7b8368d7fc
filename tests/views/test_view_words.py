"""Words on their way to a reader: harmless signs, names of codes, evidence in its place, who said so."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_samples import ARABIC, CHINESE, CLAIMS, DECISION, HOSTILE, MOVE, RUSSIAN, claim, page

from foedus.charters import load_charters
from foedus.terms import Evidence, Outcome, kinds
from foedus.views.labels import MET, OUTCOMES, Labels, between, codes, further, when
from foedus.views.quote import AROUND, quote, quote_json, quote_text, said_by
from foedus.views.safe import direction, harmless, is_web_address, on_one_line

BIDI = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_harmless_text_neither_commands_nor_reorders(text: str) -> None:
    shown = harmless(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in shown)
    assert not BIDI & {unicodedata.bidirectional(c) for c in shown}
    assert harmless(shown) == shown
    assert "\n" not in on_one_line(text)


def test_harmful_signs_are_shown_and_not_dropped() -> None:
    assert harmless("a\x1b[31mb\x7f\x9b\u202ec\ud800\ufeff") == "a␛[31mb␡‹U+009B›‹U+202E›c\ufffd‹U+FEFF›"
    assert harmless("a\r\nb\rc\td") == "a\nb␍c\td"
    # Persian needs its joiner to be read.
    assert harmless("می\u200cشود") == "می\u200cشود"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("abc", "", "ltr"),
        ("قوات", "", "rtl"),
        ("12 قوات CSTO", "", "rtl"),
        ("CSTO قوات", "", "ltr"),
        ("x", "fa", "rtl"),
    ],
)
def test_direction(text: str, language: str, expected: str) -> None:
    assert direction(text, language) == expected


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org/ПаШ", True),
        ("javascript:alert(1)", False),
        ("https://example.org/ javascript:", False),
        ('https://example.org/"onclick="x', False),
        ("//example.org", False),
        ("data:text/html,x", False),
    ],
)
def test_only_plain_web_addresses_become_links(address: str, is_one: bool) -> None:
    assert is_web_address(address) is is_one


def test_names_come_from_vocabulary_and_charters() -> None:
    labels = Labels("en", load_charters())
    assert labels.named("KAZ") == "Kazakhstan (KAZ)"
    assert labels.named("csto:CSC") == "Collective Security Council (csto:CSC)"
    assert labels.party("Vladimir Putin") == "Vladimir Putin"
    assert labels.party("group:western_states") == "western states"
    assert labels.party("no party at all\x1b") == "no party at all␛"
    assert Labels("ru").kind("deploy") == kinds()["deploy"].labels["ru"]
    assert Labels("zh", load_charters()).party("csto:CSC") == "集体安全理事会"
    assert Labels().kind("no_kind\x1b[m") == "no_kind␛[m"
    assert Labels().named("csto:secretary_general") == "CSTO secretary general (csto:secretary_general)"


def test_parties_and_days_in_one_line() -> None:
    assert between(DECISION) == "csto:CSC → KAZ"
    assert between(replace(DECISION, body=(), actors=())) == "→ KAZ"
    assert codes(("a\x1b", "b")) == "a␛, b"
    assert when(replace(DECISION, date=None)) == "–"
    assert list(further(replace(MOVE, more={"detail": "d", "size": "3", "outcome": "x"}))) == [
        "outcome",
        "size",
        "detail",
    ]


def test_every_outcome_has_a_sign_and_words_of_its_own() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert len({sign for sign, _ in OUTCOMES.values()}) == len({words for _, words in OUTCOMES.values()}) == 4
    assert len(set(MET.values())) == 3


def test_evidence_stands_in_its_own_line() -> None:
    shown = quote(CLAIMS[0], RUSSIAN.text)
    assert shown.words == "решил послать силы"
    assert shown.before == "В ночь на 6 января совет провёл консультации, а днём "
    assert shown.after == " на короткий срок, сообщили в секретариате."
    assert quote(CLAIMS[2], ARABIC.text).direction == "rtl"
    assert quote(CLAIMS[0], None).before == ""


def test_a_line_too_long_is_cut_between_words() -> None:
    long = page("long.txt", "слово " * 40 + "решил" + " слово" * 40)
    shown = quote(claim(long, "решил"), long.text)
    assert shown.before.startswith("…слово ")
    assert shown.after.endswith(" слово…")
    assert len(shown.before) <= AROUND + 1


def test_evidence_that_is_not_there_is_said_to_be_wrong() -> None:
    wrong = replace(CLAIMS[0], evidence=Evidence(0, 5, "чужое"))
    assert not quote(wrong, RUSSIAN.text).exact
    assert quote_json(wrong, RUSSIAN.text)["exact"] is False


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300), st.data())
def test_any_evidence_is_quoted_whole_and_stays_in_its_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = quote(replace(CLAIMS[1], evidence=Evidence(start, end, text[start:end])), text)
    assert shown.exact
    assert "\n" not in shown.before + shown.words + shown.after
    assert len(shown.before) <= 10 * (AROUND + 1)


def test_the_chain_runs_from_speaker_to_outlet() -> None:
    labels = Labels("en", load_charters())
    assert said_by(CLAIMS[0], RUSSIAN, labels) == ("Secretariat", "TASS (agency)", "Хроника региона (outlet)")
    assert said_by(CLAIMS[1], CHINESE, labels) == ("示例网 (outlet)",)
    assert said_by(CLAIMS[1], None, labels) == ()
    assert said_by(CLAIMS[3], HOSTILE, labels) == ("<img src=x onerror=alert(1)> (outlet)",)


def test_evidence_is_marked_where_there_are_no_colours() -> None:
    assert quote_text(quote(CLAIMS[0], RUSSIAN.text)).plain.startswith("«В ночь на 6 января совет")
    assert "днём ⟦решил послать силы⟧ на короткий срок" in quote_text(quote(CLAIMS[0], RUSSIAN.text)).plain
    assert quote_text(quote(CLAIMS[0], None)).plain == "«решил послать силы»"
