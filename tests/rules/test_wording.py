"""The sentences of the rules: every language has the same ids and parts, and a verdict speaks one language."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from case_acts import an_act

from foedus.charters import load_charter, load_charters
from foedus.rules import admissible, judge, state_on
from foedus.rules.wording import any_of, languages, messages, say, speaking, way_words
from foedus.terms import Day

OTHERS = tuple(language for language in languages() if language != "en")
SCRIPTS = {"ru": r"[а-яё]", "zh": r"[\u4e00-\u9fff]", "vi": r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"}


def parts(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", sentence))


def missing(of: Mapping[str, str], base: Mapping[str, str]) -> list[str]:
    return [key for key in base if parts(of.get(key, "")) != parts(base[key]) or key not in of]


def test_there_are_four_languages() -> None:
    assert languages() == ("en", "ru", "vi", "zh")


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_the_same_ids_and_parts(language: str) -> None:
    # The article of English nouns is nobody else's.
    base = {key: text.replace("{article} ", "") for key, text in messages("en").items()}
    assert missing(messages(language), base) == []
    assert set(messages(language)) == set(base)


@pytest.mark.parametrize("language", OTHERS)
def test_every_shipped_way_of_deciding_has_a_name(language: str) -> None:
    with speaking(language):
        named = {way: way_words(way) for charter in load_charters().values() for way in charter.deciding}
    assert [way for way, words in named.items() if not re.search(SCRIPTS[language], words.lower())] == []


def test_a_chair_by_body_and_by_office_is_named_once() -> None:
    charter = load_charter("csto")
    rule = next(rule for rule in charter.rules_for("request_assistance") if rule.addressed_to)
    for language in languages():
        with speaking(language):
            names = re.split(",|，|、", any_of(charter, rule.addressed_to).casefold())
        assert len(names) == len({name.strip() for name in names})


def test_a_catalogue_without_a_sentence_is_seen() -> None:
    assert missing({"a": "{x}"}, {"a": "{x}", "b": "x"}) == ["b"]
    assert missing({"a": "{y}"}, {"a": "{x}"}) == ["a"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_verdict_speaks_one_language(language: str) -> None:
    act = an_act("csto", {"id": "a", "act": "deploy", "on": "2022-01-06", "actors": ["RUS"], "targets": ["KAZ"]})
    verdict = judge(load_charter("csto"), [], act, language)
    english = judge(load_charter("csto"), [], act)
    assert verdict.outcome is english.outcome
    for text in (verdict.reason, *(need.text for need in verdict.requirements)):
        assert re.search(SCRIPTS[language], text.lower()), text
        assert not re.search(r"\b(the|of|is|not|for)\b", text), text


def test_the_language_ends_where_it_was_asked_for() -> None:
    with speaking("ru"):
        assert say("day.unknown") == "неизвестный день"
    assert say("day.unknown") == "an unknown day"


def test_an_unknown_language_is_english() -> None:
    with speaking("xx"):
        assert say("some") == "some"


def test_the_view_and_the_state_speak_it_too() -> None:
    charter, day = load_charter("csto"), Day.parse("2024-03-01")
    view = admissible(charter, (), day, "zh")
    act = an_act("csto", {"act": "deploy", "on": "2024-03-01", "actors": ["RUS"], "targets": ["KAZ"]}, played=True)
    assert "演练" in view.why_not(act)
    freeze = an_act("csto", {"act": "freeze", "on": "2024-02-22", "actors": ["ARM"]})
    notes = {n for holding in state_on(charter, [freeze], day, language="vi").members for n in holding.notes}
    assert any("đóng băng" in note for note in notes)
