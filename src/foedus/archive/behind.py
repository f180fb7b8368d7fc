"""What stands behind a view: the sources of its rows, found by the acts, pages and addresses that its columns name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.archive.cards import ActCard, VerdictCard
from foedus.archive.citations import UNSOURCED, Cited, once, one_line, page_at, source_at, sources
from foedus.archive.material import Material
from foedus.rules.held import EFFECTIVE
from foedus.terms import FoedusError

if TYPE_CHECKING:
    import pandas as pd

# Columns of frames that hold several values, of acts but for the last.
_LISTS = ("acts", "consulted", "decided", "deployed", "ended_by", "sources")


def frame_in(view: pd.DataFrame | ActCard | VerdictCard | None) -> pd.DataFrame | None:
    """The view where it is a frame, None for the card of an act or verdict and for the archive itself.

    Raises:
        FoedusError: it is none of them.
    """
    if view is None or isinstance(view, ActCard | VerdictCard):
        return None
    if not (hasattr(view, "attrs") and hasattr(view, "columns")):
        do = "Give a frame such as archive.acts(), or the card of an act or a verdict"
        raise FoedusError(type(view).__name__, "is no frame", do)
    return view


def sources_of(archive: Material, view: pd.DataFrame | ActCard | VerdictCard | None) -> list[Cited]:
    """The sources behind the rows of a frame, by its columns of acts, sources and pages; of all acts without one."""
    seen = archive.pages_seen
    if view is None:
        return sources(archive.happened, seen)
    if isinstance(view, ActCard):
        return sources((view.act,), seen)
    if isinstance(view, VerdictCard):
        resting = {view.verdict.act, *(name for need in view.verdict.requirements for name in need.acts)}
        return sources((act for act in archive.every_act if act.id in resting), seen)
    wanted = {name for column in ("id", "act", *_LISTS) for name in _values(view, column)}
    told = _values(view, "source") | _values(view, "sources")
    # A panel that lost its attributes in a join is known by what it lacks: columns that name acts or sources.
    if "org" in view.columns and not {"id", "act", "source", *_LISTS}.intersection(view.columns):
        told |= _behind(archive, view)
    by_name = {one_line(name): page for name, page in seen.items()}
    addresses = set(map(one_line, told)) - set(UNSOURCED)
    pages = set(map(one_line, told | _values(view, "page") | _values(view, "name"))) & set(by_name)
    found = sources((act for act in archive.every_act if act.id in wanted), seen)
    found += (page_at(by_name[name]) for name in sorted(pages))
    found += (source_at(where) for where in sorted(addresses - pages))
    return sorted(once(found), key=lambda one: one.where)


def _behind(archive: Material, panel: pd.DataFrame) -> set[str]:
    """The sources behind a panel: those of the memberships it was counted from."""
    orgs = sorted(_values(panel, "org") & set(archive.charters))
    if not orgs:
        return set()
    from foedus.archive.spells import memberships  # pandas is there once there is a frame

    held = memberships(archive, str(panel.attrs.get("rule", EFFECTIVE)), archive.orgs(orgs))
    return _values(held, "source")


def _values(view: pd.DataFrame, column: str) -> set[str]:
    from foedus.archive.columns import JOIN  # pandas is there once there is a frame

    if column not in view.columns:
        return set()
    found: set[str] = set()
    for value in view[column].dropna():
        found |= set(str(value).split(JOIN)) if column in _LISTS else {str(value)}
    return found
