"""Language folders: what each must hold, and how a slip in one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import foedus.languages
from foedus.languages import Language, language_of, load_languages, load_persons, span_of
from foedus.languages.load import pattern, read_language
from foedus.pages.claims import frames
from foedus.terms import FoedusError, roles, states

SHIPPED = Path(foedus.languages.__file__).parent
LANGUAGES = sorted(load_languages())


def test_the_four_languages_are_here() -> None:
    assert LANGUAGES == ["en", "ru", "vi", "zh"]
    assert language_of("zh-Hant") is load_languages()["zh"]
    assert language_of("pt") is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_cues_are_whole(code: str) -> None:
    language = load_languages()[code]
    ids = [cue.id for cue in language.cues]
    assert len(ids) == len(set(ids))
    for cue in language.cues:
        assert cue.id.startswith(f"{code}.")
        assert cue.kind in frames()["kind"], f"{cue.id}: no frame says how the roles of {cue.kind} are filled"
        assert set(cue.gives) <= {*roles(), "seat"}, cue.id
        assert cue.match.search("") is None, f"{cue.id} matches nothing at all"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_act_in_use_has_a_cue(code: str) -> None:
    told = {cue.kind for cue in load_languages()[code].cues}
    assert {"request_assistance", "decide_assistance", "deploy", "withdraw_forces", "adopt", "convene"} <= told
    assert {"take_chair", "grant_status", "challenge", "propose", "notify", "exercise", "meet", "appoint"} <= told


def test_persons_hold_known_offices_of_known_states() -> None:
    offices = set().union(*(language.names["office"] for language in load_languages().values()))
    for person in load_persons().values():
        assert person.state in states() or not person.state, person.name
        for tenure in person.offices:
            assert tenure.office.split(":")[-1] in offices, (person.name, tenure.office)


class TestRefusals:
    """A slip in a language's files is refused with the file, the place and what was expected."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        copy = tmp_path / "xx"
        copy.mkdir()
        for name in ("names", "verbs", "dates", "marks"):
            text = (SHIPPED / "en" / f"{name}.toml").read_text("utf8")
            (copy / f"{name}.toml").write_text(text, "utf8")
        return copy

    def change(self, folder: Path, file: str, old: str, new: str) -> None:
        text = (folder / file).read_text("utf8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf8")

    def test_a_whole_folder_is_read(self, folder: Path) -> None:
        assert isinstance(read_language(folder), Language)

    @pytest.mark.parametrize(
        ("file", "old", "new", "words"),
        [
            ("names.toml", "[state]", "[stat]", "unknown table ['stat']"),
            ("names.toml", "[state]", "[state", "not TOML"),
            ("verbs.toml", 'kind = "deploy"', 'kind = "deployy"', "'deployy' is no kind"),
            ("verbs.toml", "subject = ", "subjekt = ", "unknown key ['subjekt']"),
            ("verbs.toml", "{troops}", "{trops}", "unknown placeholder {trops}"),
            ("verbs.toml", 'id = "en.deploy.send"', 'id = "en.deploy.send"\nnear = "("', "bad pattern"),
            ("dates.toml", "{month}", "{monat}", "unknown placeholder {monat}"),
            ("marks.toml", "speech = ", "# speech = ", "no key 'speech'"),
            ("marks.toml", "sides = ", "sidez = ", "unknown key ['sidez']"),
        ],
    )
    def test_a_slip(self, folder: Path, file: str, old: str, new: str, words: str) -> None:
        self.change(folder, file, old, new)
        with pytest.raises(FoedusError) as refused:
            read_language(folder)
        assert words in str(refused.value)
        assert file in refused.value.where

    def test_a_missing_file(self, folder: Path) -> None:
        (folder / "dates.toml").unlink()
        with pytest.raises(FoedusError, match=r"dates\.toml: no such file"):
            read_language(folder)


def test_a_group_in_several_alternatives_is_one_group() -> None:
    shape = pattern("here", ["to (?P<who>{S})", "(?P<who>{S}) went"], {})
    mask = "\ue001"
    for text in (f"to {mask}", f"{mask} went"):
        match = re.search(shape, text)
        assert match
        span = span_of(match, "who")
        assert span
        assert text[slice(*span)] == mask
        assert span_of(match, "whom") is None
