"""One broken file per mistake: each is refused with file, line, key, and the words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.charters import CharterError, load_charter, load_charters, read_charter

HERE = Path(__file__).parent
COMPLAINTS = {
    "anchor_again": (20, "an anchor used again"),
    "dangling_chair": (16, "'ASEMBLY', which is no body", "Did you mean 'ASSEMBLY'?"),
    "dangling_decision": (19, "rules.ask.decided_by", "Did you mean 'unanimity'?"),
    "dangling_instrument": (17, "rules.ask.article", "'pakt' is not among the instruments", "Did you mean 'pact'?"),
    "dangling_party": (16, "rules.ask.who", "Did you mean 'member'?"),
    "dangling_source": (6, "instruments.pact.source", "Did you mean 'somewhere'?"),
    "dangling_status": (11, "deciding.unanimity.of", "Did you mean 'member'?"),
    "half_a_date": (9, "statuses.member.covered.since is 2001-01", "expected a full day"),
    "key_twice": (19, "'title' stands twice", "first in line 14"),
    "list_for_text": (14, "rules.ask.title holds a list, expected text"),
    "misspelt_key": (16, "rules.ask.whom is no key", "Did you mean 'who'?"),
    "misspelt_key_of_a_part": (8, "statusses is no key", "Did you mean 'statuses'?"),
    "misspelt_required_key": (14, "key rules.ask.title is missing", "Is 'titel' meant for it?"),
    "misspelt_top_key": (2, "natur is no key that is known here", "Did you mean 'nature'?"),
    "no_date": (5, "instruments.pact.signed is no day", "'first of May'"),
    "no_flag": (19, "rules.ask.reserved is 'perhaps', expected yes or no"),
    "no_state": (7, "'KAZZ', which is no state code", "Did you mean 'KAZ'?"),
    "no_yaml": (3, "no YAML"),
    "outside_though_governed": (19, "outside.request_assistance", "the rule ask speaks of it"),
    "overlapping_chairs": (7, "bodies.ASSEMBLY.chair.terms overlap"),
    "rule_without_article": (14, "rules.ask.article is missing"),
    "rule_without_verified": (14, "rules.ask.verified is missing"),
    "small_letters": (6, "written in capitals"),
    "text_for_block": (3, "names holds the text 'Mini Compact', expected keys with values"),
    "turned_interval": (9, "statuses.member.covered.until must come after since"),
    "two_forms_of_need": (19, "rules.ask.needs[1].act", "only one"),
    "unknown_kind": (15, "'request_asistance'", "Did you mean 'request_assistance'?"),
    "variant_of_nothing": (20, "variants.what-if.change", "Did you mean 'ask'?"),
    "wrong_choice": (2, "'compakt'", "Did you mean 'compact'?"),
}


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
    assert list(load_charters([tmp_path])) == ["csto", "mini", "sco"]
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
