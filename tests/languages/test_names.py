"""Names of each language and the persons file: ids are real, no name is two parties, and news words are known."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC

from foedus.languages.load import SORTS, load_languages
from foedus.pages.mentions import NOBODY, Lexicon
from foedus.terms import Party, Sort, states

LANGUAGES = ("en", "ru", "zh", "vi")
SHARED = Path(__file__).parents[3] / "shared" / "gold" / "state_words.jsonl"
# Words of the shared list that belong to languages without a names file here.
ELSEWHERE = {"Quirguistão", "Rússia", "Kazajistán", "Casaquistão", "nigérien"}
STEM = 4
FOLD = OpenCC("t2s").convert


@cache
def names(language: str) -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(
        (files("foedus.languages") / language / "names.toml").read_text("utf8")
    )
    return tables


@cache
def persons() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("foedus.languages") / "persons.toml").read_text("utf8"))


def stands_for(name: str, word: str) -> bool:
    """Whether a word is a form of a listed name: the same, or its stems with endings."""
    pattern = " ".join(re.escape(w.removesuffix("*")) + (r"\w*" if w.endswith("*") else "") for w in name.split(" "))
    return re.fullmatch(pattern, word) is not None


def states_called(word: str) -> set[str]:
    """States a word may stand for in any language, a city standing for its state."""
    folded = FOLD(word)
    return {
        ident.rsplit(", ", 1)[-1]
        for language in LANGUAGES
        for sort in ("state", "place")
        for ident, listed in names(language)[sort].items()
        if any(stands_for(name, folded) for name in listed)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_is_of_its_sort(language: str) -> None:
    tables = names(language)
    assert set(tables) == set(SORTS)
    for sort in ("state", "org", "body", "force", "group", "party", "person"):
        wrong = [ident for ident in tables[sort] if Party.parse(ident).sort != Sort(sort)]
        assert not wrong
    assert not set(tables["state"]) - set(states())
    assert not [place for place in tables["place"] if place.rsplit(", ", 1)[-1] not in states()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_stands_for_two(language: str) -> None:
    seen: dict[str, tuple[str, str]] = {}
    twice = []
    for sort, table in names(language).items():
        for ident, listed in table.items():
            assert listed, f"{ident} has no name"
            for name in listed:
                if name in seen:
                    twice.append((name, seen[name], (sort, ident)))
                seen[name] = (sort, ident)
    assert not twice


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_read_alone_is_read_whole_and_as_itself(language: str) -> None:
    lexicon = Lexicon(load_languages()[language], {})
    astray = []
    for sort, table in names(language).items():
        for ident, listed in table.items():
            for word in (name.replace("*", ending) for name in listed for ending in ("", "ого")):
                found = [(m.sort, m.ids, m.text) for m in lexicon.find(word)]
                if ident == NOBODY:
                    assert not found, "a word that names nobody was taken for a name"
                elif found != [(sort, (ident,), word)]:
                    astray.append((word, ident, found))
    assert not astray


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_tidy(language: str) -> None:
    for table in names(language).values():
        assert list(table) == sorted(table)
        for name in (name for listed in table.values() for name in listed):
            assert name == unicodedata.normalize("NFC", name).strip()
            stems = [word for word in name.split(" ") if "*" in word]
            assert not stems or language == "ru", f"{name}: only Russian names have stems"
            assert all(re.fullmatch(r"[\w.’'-]+\*", stem) and len(stem) > STEM for stem in stems), name


def test_chinese_names_are_simplified() -> None:
    listed = [name for table in names("zh").values() for many in table.values() for name in many]
    assert [name for name in listed if FOLD(name) != name] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_the_united_nations_has_a_name(language: str) -> None:
    # 193 members and 2 observers, besides territories, former states and contested entities.
    assert len(names(language)["state"]) >= 195
    telling = {"KAZ", "KGZ", "PSE", "TGO", "COD", "COG", "NER", "NGA", "SSD", "VAT", "SUN"}
    assert not telling - set(names(language)["state"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_of_a_names_file_is_in_the_persons_file(language: str) -> None:
    assert not set(names(language)["person"]) - set(persons())


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_held_has_its_words(language: str) -> None:
    held = {row["office"].split(":")[-1] for person in persons().values() for row in person["offices"]}
    assert not held - set(names(language)["office"])


def test_persons_are_well_formed() -> None:
    for name, person in persons().items():
        assert Party.parse(name).sort is Sort.PERSON
        assert set(person) == {"state", "offices"}
        assert person["state"] in states()
        for row in person["offices"]:
            assert set(row) <= {"office", "since", "until"}
            assert ":" not in row["office"] or Party.parse(row["office"]).sort is Sort.OFFICE
            since, until = row.get("since", date.min), row.get("until", date.max)
            assert since < until, f"{name}: {row['office']} ends before it begins"
        begun = [row["since"] for row in person["offices"] if "since" in row]
        assert all(a <= b for a, b in pairwise(begun)), f"{name}: offices are not in order of time"


def test_an_office_of_an_organisation_has_one_holder_at_a_time() -> None:
    terms: dict[str, list[tuple[date, date, str]]] = {}
    for name, person in persons().items():
        for row in person["offices"]:
            if row["office"].endswith(":secretary_general"):
                terms.setdefault(row["office"], []).append((row["since"], row.get("until", date.max), name))
    assert {"csto:secretary_general", "sco:secretary_general", "nato:secretary_general"} <= set(terms)
    for office, held in terms.items():
        for (_, until, one), (since, _, other) in pairwise(sorted(held)):
            assert until <= since, f"{office}: {one} and {other} overlap"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("俄方", "RUS"),
        ("白宫", "USA"),
        ("乔治亚", "GEO"),
        ("российского", "RUS"),
        ("Нигерии", "NGA"),
        ("Нигера", "NER"),
        ("Nga", "RUS"),
        ("Hoa Kỳ", "USA"),
        ("Nigerien", "NER"),
        ("DRC", "COD"),
        ("Минска", "BLR"),
    ],
)
def test_words_of_the_news(word: str, state: str) -> None:
    assert states_called(word) == {state}


@pytest.mark.parametrize("word", ["Того", "Congo", "乌方", "Korea", "конго", "индивидуальный", "грузить", "以方"])
def test_words_that_must_not_name_a_state(word: str) -> None:
    assert states_called(word) == set()


def test_the_shared_list_of_state_words_is_covered() -> None:
    if not SHARED.exists():
        pytest.skip("the shared list of state words is not beside this checkout")
    rows = [json.loads(line) for line in SHARED.read_text("utf8").splitlines()]
    ours = [r for r in rows if r["text"] not in ELSEWHERE and not re.search("[\u0600-\u06ff]", r["text"])]
    assert len(ours) >= 53
    assert [(r["text"], found) for r in ours if (found := states_called(r["text"])) != {r["state"]}] == []
