"""The steps towards an act, as text and as a drawing: what is done, due, skipped, and what cannot be told.

Start at `course_text` and `course_svg`. The drawing is plain SVG without script or style sheet, its words escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from rich.console import Group, RenderableType
from rich.text import Text

from foedus.charters import Charter
from foedus.rules import Course, CourseStep, Stands
from foedus.terms import OrgCode
from foedus.views.frames import add_row, heading, plain_table, wrapped
from foedus.views.labels import Labels, cited
from foedus.views.safe import on_one_line

SIGNS: Mapping[Stands, str] = {
    Stands.DONE: "✓",
    Stands.DUE: "→",
    Stands.SKIPPED: "✗",
    Stands.SPARED: "–",
    Stands.UNTOLD: "?",
}
"""How a step stands as a sign, beside the word: never by colour alone."""

_FILLS: Mapping[Stands, str] = {
    Stands.DONE: "#e3f1e3",
    Stands.DUE: "#fff3d1",
    Stands.SKIPPED: "#f8dede",
    Stands.SPARED: "#f2f2f2",
    Stands.UNTOLD: "#ffffff",
}
_WIDTH, _LINE, _GAP, _BETWEEN, _MARGIN = 300, 18, 26, 70, 20
_LETTERS = 40


def course_text(
    course: Course, *, lang: str = "en", charters: Mapping[OrgCode, Charter] | None = None
) -> RenderableType:
    """The steps in order, numbered, with what each needs, how it stands and which acts show it."""
    labels = Labels(lang, charters or {})
    title = heading(_goal(course, labels), _subject(course, labels))
    if not course.steps:
        return Group(title, Text(labels.word("course.none")))
    table = plain_table("", "!", *labels.columns("step", "by", "article", "after", "stands", "shown_by"))
    for number, step in enumerate(course.steps, start=1):
        after = ", ".join(str(place + 1) for place in step.after)
        add_row(
            table,
            SIGNS[step.stands],
            str(number),
            _title(step, labels),
            on_one_line(step.who),
            ", ".join(on_one_line(article) for article in step.articles),
            after,
            _stands(step, labels),
            cited(step.acts),
        )
    return Group(title, table)


def course_svg(course: Course, *, lang: str = "en", charters: Mapping[OrgCode, Charter] | None = None) -> str:
    """The steps as a drawing: one column for each stage, an arrow from each step to those that need it."""
    labels = Labels(lang, charters or {})
    stages = _stages(course)
    boxes = {place: _words(step, place, labels) for place, step in enumerate(course.steps)}
    columns = [
        [p for p in range(len(course.steps)) if stages[p] == stage] for stage in range(max(stages, default=-1) + 1)
    ]
    places: dict[int, tuple[int, int, int]] = {}
    for stage, column in enumerate(columns):
        y = _MARGIN + 30
        for place in column:
            tall = _LINE * len(boxes[place]) + 16
            places[place] = (_MARGIN + stage * (_WIDTH + _BETWEEN), y, tall)
            y += tall + _GAP
    width = 2 * _MARGIN + max(len(columns), 1) * (_WIDTH + _BETWEEN) - _BETWEEN
    height = max((y + tall for _, y, tall in places.values()), default=_MARGIN + 30) + _MARGIN
    title = escape(f"{_goal(course, labels)} · {_subject(course, labels)}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="13" role="img">',
        f"<title>{title}</title>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="#555"/></marker></defs>',
        f'<text x="{_MARGIN}" y="{_MARGIN + 8}" font-weight="bold">{title}</text>',
        *_arrows(course, places),
        *(line for place, spot in places.items() for line in _box(course.steps[place], boxes[place], spot)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _goal(course: Course, labels: Labels) -> str:
    return labels.word("course.title", org=labels.party(course.org), goal=labels.kind(course.goal))


def _subject(course: Course, labels: Labels) -> str:
    when = labels.word("when.end_of_day", day=course.day)
    return labels.word("course.for", who=labels.party(course.party), when=when) if course.party else when


def _title(step: CourseStep, labels: Labels) -> str:
    return on_one_line(step.title if not step.owed else labels.word("course.owed", title=step.title))


def _stands(step: CourseStep, labels: Labels) -> str:
    return labels.word(f"stands.{step.stands.name.lower()}")


def _stages(course: Course) -> list[int]:
    """The column of each step: one past the last of those it needs."""
    stages: list[int] = []
    for step in course.steps:
        stages.append(max((stages[place] + 1 for place in step.after), default=0))
    return stages


def _words(step: CourseStep, place: int, labels: Labels) -> list[str]:
    """The lines of a box: how it stands, the step, by whom, the article."""
    lines = [f"{place + 1}  {SIGNS[step.stands]} {_stands(step, labels)}"]
    lines += wrapped(_title(step, labels), _LETTERS)
    lines += wrapped(on_one_line(step.who), _LETTERS)[:2]
    lines.append(", ".join(on_one_line(article) for article in step.articles)[:_LETTERS])
    return lines + [on_one_line(name)[:_LETTERS] for name in step.acts[:2]]


def _arrows(course: Course, places: Mapping[int, tuple[int, int, int]]) -> Iterator[str]:
    for place, step in enumerate(course.steps):
        x, y, tall = places[place]
        for needed in step.after:
            left, top, high = places[needed]
            begin, end = (left + _WIDTH, top + high // 2), (x, y + tall // 2)
            bend = (begin[0] + end[0]) // 2
            dash = ' stroke-dasharray="5 4"' if step.owed else ""
            yield (
                f'<path d="M{begin[0]} {begin[1]} C{bend} {begin[1]} {bend} {end[1]} {end[0]} {end[1]}" fill="none"'
                f' stroke="#555"{dash} marker-end="url(#arrow)"/>'
            )


def _box(step: CourseStep, words: list[str], spot: tuple[int, int, int]) -> Iterator[str]:
    x, y, tall = spot
    yield (
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{tall}" rx="6" fill="{_FILLS[step.stands]}" stroke="#555"/>'
    )
    for number, line in enumerate(words):
        weight = ' font-weight="bold"' if number == 0 else ""
        yield f'<text x="{x + 10}" y="{y + 20 + number * _LINE}"{weight}>{escape(line)}</text>'
