"""The rooms: who may import whom, read from the imports themselves, so that the table needs nobody on guard."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "foedus"

# Room -> rooms it may import, beside itself. `yamlfile` is no room but the one reader of YAML with line numbers that
# the rooms of data share. `sample` is data and the story told from it, so it stands with the doors.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "terms": frozenset(),
    "yamlfile": frozenset({"terms"}),
    "charters": frozenset({"terms", "yamlfile"}),
    "records": frozenset({"terms", "yamlfile"}),
    "ledger": frozenset({"terms"}),
    "languages": frozenset({"terms", "yamlfile"}),
    "rules": frozenset({"terms", "charters"}),
    "pages": frozenset({"terms", "charters", "languages"}),
    "live": frozenset({"terms", "charters", "rules"}),
    "scenarios": frozenset({"terms", "charters", "rules"}),
    "views": frozenset({"terms", "charters", "records", "ledger", "rules"}),
    # Its cards show in a notebook what the views show at a terminal, in the same words.
    "archive": frozenset({"terms", "charters", "records", "ledger", "rules", "views"}),
    "exchange": frozenset({"terms", "charters", "records", "ledger", "rules", "archive"}),
}
DOORS = frozenset({"cli", "web", "sample"})
TERMS_STAND_ALONE = "terms"


def imports_of(path: Path, package: str) -> Iterator[tuple[int, str]]:
    """Every module a file imports, anywhere in it, with the line; relative imports made whole."""
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, module
            # `from foedus import rules` names the room among the names.
            if module == "foedus":
                yield from ((node.lineno, f"foedus.{alias.name}") for alias in node.names)


def room_of(path: Path, source: Path) -> str:
    """The room a file stands in: the folder or module just under the source; empty for `foedus/__init__.py`."""
    first = path.relative_to(source).parts[0]
    return "" if first in ("__init__.py", "__main__.py") else first.removesuffix(".py")


def complaints(source: Path) -> list[str]:
    """What the imports under `source` do against the table, one line each; empty where all is well."""
    found = []
    standard = __import__("sys").stdlib_module_names
    rooms = {room_of(path, source) for path in source.rglob("*.py")}
    for path in sorted(source.rglob("*.py")):
        room = room_of(path, source)
        if not room or room in DOORS:
            continue
        place = path.relative_to(source)
        if room not in MAY_IMPORT:
            found.append(f"{place}: {room} is no room of the table")
            continue
        package = ".".join(["foedus", *place.parent.parts])
        for line, module in imports_of(path, package):
            top, _, rest = module.partition(".")
            if top != "foedus":
                if room == TERMS_STAND_ALONE and top not in standard:
                    found.append(f"{place}:{line}: terms holds to the standard library, and imports {top}")
                continue
            other = rest.split(".")[0]
            if other in rooms and other != room and other not in MAY_IMPORT[room]:
                found.append(f"{place}:{line}: {room} may not import {other}")
    return found


def loop_in(table: Mapping[str, frozenset[str]]) -> list[str]:
    """Rooms of a loop in a table of imports, in order; empty where there is none."""
    done: set[str] = set()

    def walk(room: str, path: list[str]) -> list[str]:
        if room in path:
            return path[path.index(room) :]
        if room in done:
            return []
        for other in sorted(table.get(room, ())):
            if loop := walk(other, [*path, room]):
                return loop
        done.add(room)
        return []

    return next((loop for room in table if (loop := walk(room, []))), [])


def modules_import(source: Path) -> dict[str, frozenset[str]]:
    """Modules each module imports, be it at once, inside a function, or for the sake of types alone."""
    modules = {}
    for path in source.rglob("*.py"):
        parts = path.relative_to(source).with_suffix("").parts
        modules[".".join(["foedus", *(parts[:-1] if parts[-1] == "__init__" else parts)])] = path
    table = {}
    for name, path in modules.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        body = [n for n in ast.walk(ast.parse(path.read_text("utf8"))) if isinstance(n, ast.Import | ast.ImportFrom)]
        seen = set()
        for node in body:
            if isinstance(node, ast.Import):
                seen |= {alias.name for alias in node.names}
            else:
                base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                inner = {f"{module}.{alias.name}" for alias in node.names} & modules.keys()
                seen |= inner or {module}
        # A package's own modules import from its __init__ seldom; the other way round is how packages are built.
        table[name] = frozenset(seen & modules.keys() - {name})
    return table


def test_every_import_keeps_to_the_table() -> None:
    assert complaints(SOURCE) == []


def test_the_table_has_no_loop() -> None:
    assert loop_in(MAY_IMPORT) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert loop_in(modules_import(SOURCE)) == []


@pytest.mark.parametrize(
    ("place", "text", "complaint"),
    [
        ("rules/state.py", "from foedus.ledger import Ledger", "rules may not import ledger"),
        ("rules/state.py", "from foedus import ledger", "rules may not import ledger"),
        ("rules/deep/state.py", "from ...ledger import Ledger", "rules may not import ledger"),
        ("pages/page.py", "def f():\n    import foedus.rules.state", "pages may not import rules"),
        ("terms/day.py", "import pydantic", "terms holds to the standard library"),
        ("gossip/a.py", "", "gossip is no room of the table"),
    ],
)
def test_a_made_up_trespass_is_seen(tmp_path: Path, place: str, text: str, complaint: str) -> None:
    for room in ("ledger", "rules"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text(text, "utf8")
    assert [c for c in complaints(tmp_path) if complaint in c]


def test_a_made_up_circle_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from foedus.b import x", "utf8")
    (tmp_path / "b.py").write_text("from . import a", "utf8")
    assert set(loop_in(modules_import(tmp_path))) == {"foedus.a", "foedus.b"}
