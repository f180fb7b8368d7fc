"""The views in four languages: the same word ids everywhere, no English left on a page, Chinese lines well broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text
from view_samples import printed

from foedus import views
from foedus.charters import load_charters, with_variant
from foedus.records import coverage, load_records
from foedus.rules import admissible, course_to, due, judge_all, powers_on, state_on
from foedus.rules.wording import messages
from foedus.terms import Day, Met, Modality, OrgCode, Outcome, kinds, roles, states
from foedus.views.frames import folded, indented, plain_table, wrapped
from foedus.views.labels import Labels, languages, words

OTHERS = [language for language in languages() if language != "en"]
CHARTERS = load_charters()
CSTO = CHARTERS[OrgCode("csto")]
VARIED = with_variant(CSTO, "emergency-2023")
ACTS = load_records()
FIRST, LAST = Day.parse("2022-01-01"), Day.parse("2022-01-31")
DAY = Day.parse("2022-01-10")
YEAR = Day.parse("2022")

LETTER = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
# What the sentences of the rules still say in English: marks, fields of acts, ways of deciding.
SAID_BY_THE_RULES = {"consensus", "format", "limited"}


def parts(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", sentence))


def without_numbers(language: str) -> dict[str, str]:
    """The words of a language without the sentences of their own for one or none."""
    every = words(language)
    endings = re.compile(r"(.+)\.(?:one|none)")
    return {name: text for name, text in every.items() if not ((m := endings.fullmatch(name)) and m[1] in every)}


def latin(text: str) -> list[str]:
    return re.findall(rf"[{LETTER}](?:[{LETTER}\d]|['’-](?=[{LETTER}\d]))*", text)


def own_words(language: str) -> set[str]:
    """The words of a language that is written in Latin letters, as it writes them anywhere."""
    sentences = [re.sub(r"{\w+}", " ", text) for text in words(language).values()]
    if language == "vi":
        sentences += [re.sub(r"{\w+}", " ", text) for text in messages(language).values()]
        sentences += [kind.labels[language] for kind in kinds().values()]
        sentences += [role.labels[language] for role in roles().values()]
        for charter in CHARTERS.values():
            sentences += charter.names.get(language, ())
            for group in (charter.bodies, charter.offices, charter.statuses):
                sentences += [name for one in group.values() for name in one.names.get(language, ())]
    return {word.lower() for sentence in sentences for word in latin(sentence)}


def strings(value: Any) -> Iterator[str]:
    """Every string somewhere in plain JSON."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def codes() -> set[str]:
    """Codes of states, organisations, bodies, rules and articles."""
    found = {*states(), *CHARTERS, *CSTO.rules, *CSTO.variants}
    found |= {body.split(":")[1] for charter in CHARTERS.values() for body in charter.bodies}
    ruled = [*CSTO.rules.values(), *VARIED.rules.values()]
    articles = [article for rule in ruled for article in rule.articles]
    articles += [article for way in CSTO.deciding.values() for article in way.articles]
    return {code.lower() for code in (*found, *(word for article in articles for word in latin(article)))}


def names_lacking() -> set[str]:
    """English names of a charter that stand where it has none in a language."""
    found = set()
    for group in (CSTO.bodies, CSTO.offices, CSTO.statuses):
        for one in group.values():
            found |= set() if {"vi", "ru", "zh-Hans"} <= set(one.names) else {one.names["en"][0]}
    return found


def told_in_english() -> set[str]:
    """What records and charters tell in their own English words, to be left as it stands."""
    found = {text for act in ACTS for text in strings(act.to_json()) if " " in text or "-" in text}
    found |= {text for text in strings(state_on(CSTO, ACTS, DAY).to_json()) if " " in text}
    found |= {text for rule in CSTO.rules.values() for text in (rule.title, rule.form)}
    found |= {v.reason for v in judge_all(CSTO, ACTS, FIRST, LAST) if v.outcome is Outcome.NOT_GOVERNED}
    return (found | names_lacking() | {coverage(CSTO.org).words}) - {""}


TOLD = sorted(told_in_english(), key=len, reverse=True)
KNOWN = codes() | SAID_BY_THE_RULES


def english_left(page: str, language: str) -> list[str]:
    """The Latin words on a page that are neither of the language nor codes nor told by records and charters."""
    for told in TOLD:
        page = page.replace(told, " ")
    page = re.sub(
        r"(?a)(?:[a-z]+:)?[a-z]+(?:_[a-z0-9]+)+|[a-z]+:\w+|\w+-\d{4}-[\w-]+|[a-z.]+\.(?:com|org|ru|int|kz|net)\b",
        " ",
        page,
    )
    known = KNOWN | own_words(language)
    return [word for word in latin(page) if word.lower() not in known]


def pages(language: str) -> dict[str, RenderableType]:
    verdicts = judge_all(CSTO, ACTS, FIRST, LAST, language=language)
    changed = judge_all(VARIED, ACTS, FIRST, LAST, language=language)
    state = state_on(CSTO, ACTS, DAY, language=language)
    course = course_to(CSTO, ACTS, "deploy", DAY, "KAZ", language)
    into: dict[str, Any] = {"lang": language, "charters": CHARTERS}
    return {
        "verdicts": views.verdicts_text(verdicts, ACTS, **into),
        "brief": views.verdicts_text(verdicts, ACTS, brief=True, **into),
        "variant": views.variant_text("emergency-2023", verdicts, changed, ACTS, **into),
        "state": views.state_text(state, coverage=coverage(CSTO.org), **into),
        "moves": views.admissible_text(admissible(CSTO, ACTS, DAY, language), **into),
        "steps": views.course_text(course, **into),
        "due": views.due_text(due(CSTO, ACTS, YEAR, YEAR, DAY, language), YEAR, YEAR, DAY, **into),
        "power": views.powers_text(powers_on(CSTO, ACTS, DAY), **into),
    }


def test_there_are_four_languages() -> None:
    assert languages() == ("en", "ru", "vi", "zh")


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_the_same_words_with_the_same_parts(language: str) -> None:
    base, own = without_numbers("en"), without_numbers(language)
    assert set(own) == set(base)
    assert [name for name in base if parts(own[name]) != parts(base[name])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_state_has_a_name_in_its_script(language: str) -> None:
    names = {code: words(language)[f"state.{code}"] for code in states()}
    assert len(set(names.values())) == len(names)
    if language != "vi":
        assert not [name for name in names.values() if re.search("[A-Za-z]", name)]


def test_every_value_of_the_vocabulary_has_a_word() -> None:
    for role in ("outcome", "phase", "format"):
        known = roles()[role].values.split(" | ")
        assert [value for value in known if f"value.{role}.{value}" not in words("en")] == []
    assert {f"modality.{m.value}" for m in Modality if m is not Modality.REPORTED} <= set(words("en"))
    assert Labels("zh").value("outcome", "grant") == "同意"
    assert Labels("zh").value("outcome", "of another kind\x1b") == "of another kind␛"
    assert Labels("ru").way("limited-format") == "ограниченный формат"
    assert Labels("ru").way("no-such-way") == "no such way"


def test_a_number_takes_the_sentence_for_one_or_none_where_there_is_one() -> None:
    assert Labels().word("verdict.count", n=1, told="x") == "1 act: x"
    assert Labels().word("verdict.count", n=0, told="x") == "0 acts: x"
    assert Labels().word("summary.requests", n=0) == "no requests open in the record"
    assert Labels("ru").word("verdict.count", n=1, told="x") == "Деяния: 1; из них x"
    assert Labels("uz").word("met.met") == Labels().met(Met.MET) == "met"


def test_parts_are_taken_as_they_stand() -> None:
    assert Labels("zh").word("verdict.caution", text="{n} {0}") == "注意：{n} {0}"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", ["verdicts", "brief", "variant", "state", "moves", "steps", "power"])
def test_no_english_is_left_on_a_page(language: str, page: str) -> None:
    shown = printed(pages(language)[page], width=2000)
    assert english_left(shown, language) == []


def test_english_that_is_left_is_seen() -> None:
    page = "статья met, shown by [csto-2022-01-06-decision] treaty 4 KAZ"
    assert english_left(page, "ru") == ["met", "shown", "by"]
    assert english_left("điều khoản met treaty 4", "vi") == ["met"]


def test_offices_and_states_are_named_in_the_language() -> None:
    named = {language: Labels(language, CHARTERS) for language in OTHERS}
    assert named["ru"].party("csto:secretary_general") == "генеральный секретарь ОДКБ"
    assert named["zh"].party("csto:secretary_general") == "集安组织秘书长"
    assert named["vi"].party("csto:secretary_general") == "Tổng Thư ký CSTO"
    assert [labels.named("KAZ") for labels in named.values()] == [
        "Казахстан (KAZ)",
        "Kazakhstan (KAZ)",
        "哈萨克斯坦 (KAZ)",
    ]
    assert named["vi"].joint(["group:any_state"]) == "bất kỳ quốc gia nào"
    assert Labels().joint(["group:any_state", "csto:CSC"], "csto") == "any state + CSC"


def test_json_is_the_same_in_every_language() -> None:
    state = state_on(CSTO, ACTS, DAY)
    before = views.state_json(state), views.verdicts_json(judge_all(CSTO, ACTS, FIRST, LAST))
    for language in OTHERS:
        pages(language)
    assert before == (views.state_json(state), views.verdicts_json(judge_all(CSTO, ACTS, FIRST, LAST)))


CHINESE = "立即通知，对象：un:SC（联合国安全理事会），由集体安全理事会主席、秘书长或成员国作出。"


@pytest.mark.parametrize("width", [12, 16, 23, 40, 200])
def test_chinese_fills_its_lines_and_no_line_opens_with_a_stop(width: int) -> None:
    table = plain_table("要求", "依据")
    table.add_row(folded(Text(CHINESE)), "x")
    for shown in (
        printed(Group(folded(Text(CHINESE))), width),
        printed(indented(Text(CHINESE)), width),
        printed(table, width),
    ):
        lines = shown.splitlines()
        assert max(cell_len(line) for line in lines) <= width
        assert not [line for line in lines if line.strip()[:1] in "，。、：）" and line.strip()]
        assert not [line for line in lines if line.strip().endswith("（")]
    lines = wrapped(CHINESE, width)
    assert "".join(lines) == CHINESE
    assert all(cell_len(line) > width // 2 for line in lines[:-1])


@given(st.text("集体安全理，。（） ab:", max_size=60), st.integers(8, 40))
def test_folding_loses_nothing(text: str, width: int) -> None:
    def bare(words_of: str) -> str:
        return "".join(words_of.split())

    shown = printed(Group(folded(Text("集" + text))), width)
    assert bare(shown) == bare("集" + text)
    assert all(cell_len(line) <= width for line in shown.splitlines() if not re.search("[（，。）:]{4}", line))


def test_other_scripts_break_as_ever() -> None:
    text = Text("no Chinese here")
    assert folded(text) is text
    assert wrapped("one two three", 7) == ["one two", "three"]
    styled = folded(Text.assemble(("立即", "bold"), "通知"))
    assert styled.spans == Text.assemble(("立即", "bold"), "通知").spans
