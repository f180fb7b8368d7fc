"""Who is spoken of in a sentence: mentions joined into agents with their party ids.

`Kazakh President Tokayev` is one agent, KAZ with a person; `CSTO foreign ministers` is the body in which they sit;
`Armenia, Belarus and Russia` is one agent of three states. Start at `agents_in`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from foedus.charters import Charter
from foedus.languages import load_persons
from foedus.pages.mentions import Mention


@dataclass(frozen=True, slots=True)
class Agent:
    """A party or several that can act: `sort` of the leading one, `parties` as ids, `office` where one was named.

    `parts` holds the single agents of a list. `weak` marks a reading that rests on the page's organisation alone.
    """

    start: int
    end: int
    sort: str
    parties: tuple[str, ...]
    office: str = ""
    person: str = ""
    org: str = ""
    weak: bool = False
    parts: tuple[Agent, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole page settles: the organisation it is about, its charter, and the bodies of each seat."""

    org: str
    charters: Mapping[str, Charter]
    seats: Mapping[str, Mapping[str, str]]

    def body_of(self, seat: str, org: str = "") -> str:
        """The body in which the holders of a seat sit; empty where the organisation has none."""
        return self.seats.get(seat, {}).get(org or self.org, "")


_LIST_GAP = re.compile(
    r"(?:[\s、,，;和及与以]|and|и|và|а также|as well as|cũng như|the|(?:State|Republic|Kingdom|Arab|Islamic)(?: of)?)*"
)
_NAME_GAP = re.compile(r"[\s·•\w.'’-]{0,24}")
_TOUCH = re.compile(r"[\s·•]?")
_OWN = re.compile(r"\s?|[’']s? ")
_JOIN = re.compile(r"[\s(（《«“\"「]{0,3}")
_OFFICE_GAP = re.compile(r"[\s,\-–的]{0,3}(?:'s |’s |of the |of |của )?")
_BETWEEN = 26


def agents_in(text: str, mentions: Sequence[Mention], setting: Setting) -> tuple[Agent, ...]:
    """The agents of a stretch of text, in order of place."""
    singles: list[Agent] = []
    at = 0
    while at < len(mentions):
        agent, at = _single(text, mentions, at, setting)
        if agent:
            singles.append(agent)
    return _lists(text, singles, mentions, setting)


def _single(text: str, mentions: Sequence[Mention], at: int, setting: Setting) -> tuple[Agent | None, int]:
    """The agent that begins at a mention, and the index of the next mention not used up."""
    head = mentions[at]
    rest = at + 1
    if head.sort == "state" and at and _lies_in(text, mentions[at - 1], head):
        return None, rest
    if head.sort == "state":
        return _of_state(text, mentions, at)
    if head.sort == "person":
        return _of_person(head, "", setting), rest
    if head.sort in ("org", "body"):
        return _of_org(text, mentions, at, setting)
    if head.sort == "seat":
        body = setting.body_of(head.id)
        if body:
            return Agent(head.start, head.end, "body", (body,), office=head.id, org=setting.org, weak=True), rest
        return None, rest
    if head.sort == "office":
        return _of_office(text, mentions, at, setting)
    if head.sort == "party" and head.id.startswith(_GOVERNMENT) and rest < len(mentions):
        # `МИД России`, `Bộ Ngoại giao Nga`: the state whose ministry it is.
        nxt = mentions[rest]
        if nxt.sort == "state" and text[head.end : nxt.start] in ("", " ", " của ", " of "):
            found, after = _of_state(text, mentions, rest)
            return (replace(found, start=head.start) if found else None), after
    if head.sort in ("force", "group", "party"):
        return Agent(head.start, head.end, head.sort, (head.id,), org=head.id.split(":")[0]), rest
    return None, rest


def _lies_in(text: str, before: Mention, state: Mention) -> bool:
    """Whether a state only says where the city before it lies: `Minsk (Belarus)`."""
    return before.sort == "place" and bool(re.fullmatch(r"\s?[(（,，]\s?", text[before.end : state.start]))


def _of_state(text: str, mentions: Sequence[Mention], at: int) -> tuple[Agent | None, int]:
    """A state, with the office and the person that follow it: `Kazakh President Tokayev`."""
    head = mentions[at]
    agent = Agent(head.start, head.end, "state", (head.id,))
    at += 1
    while at < len(mentions):
        nxt = mentions[at]
        gap = text[agent.end : nxt.start]
        if nxt.sort == "office" and _is_close(gap):
            agent = replace(agent, end=nxt.end, office=agent.office or nxt.id)
        elif nxt.sort == "person" and (
            (agent.office and len(gap) <= _BETWEEN and _NAME_GAP.fullmatch(gap)) or _TOUCH.fullmatch(gap)
        ):
            return replace(agent, end=nxt.end, person=nxt.id, parties=(head.id, nxt.id)), at + 1
        elif nxt.sort == "party" and _OWN.fullmatch(gap) and nxt.id.startswith(_GOVERNMENT):
            agent = replace(agent, end=nxt.end)
        elif nxt.sort == "party" and len(gap) <= 1 and not agent.office:
            # `hãng thông tấn Nga RIA`: the state only tells whose agency it is.
            return None, at
        else:
            break
        at += 1
    return agent, at


# Parties of a state that speak for it: `俄罗斯外交部`, `Bộ Quốc phòng Nga`.
_GOVERNMENT = ("party:ministry", "party:presiden", "party:government", "party:foreign_ministry", "party:cabinet")


def _is_close(gap: str) -> bool:
    """Whether an office belongs to the state before it: at most a word stands between, and no mark."""
    return len(gap) <= _BETWEEN and not re.search(r"[,，。;；:、]", gap) and len(gap.split()) <= 1


def _of_person(mention: Mention, office: str, setting: Setting) -> Agent:
    """A person: with the office held in the organisation, else with the state."""
    charter = setting.charters.get(setting.org)
    if charter and office in ("", "secretary_general"):
        for ident, held in charter.offices.items():
            if str(ident).endswith(":secretary_general") and any(h.person == mention.id for h in held.holders):
                parties: tuple[str, ...] = (str(ident), mention.id)
                return Agent(mention.start, mention.end, "body", parties, office, mention.id, setting.org)
    known = load_persons().get(mention.id)
    led = (known.state,) if known and known.state else ()
    parties = (*led, mention.id)
    return Agent(mention.start, mention.end, "state", parties, office, mention.id)


def _of_org(
    text: str, mentions: Sequence[Mention], at: int, setting: Setting, *, led: bool = False
) -> tuple[Agent, int]:
    """An organisation or body, with the seat or office that follows: `CSTO foreign ministers`.

    `led`: an office stands before it already, and one that follows is another's.
    """
    head = mentions[at]
    at += 1
    if head.sort == "body":
        near = [m.id for m in mentions if m.sort == "org"]
        ids = [i for i in head.ids if i.split(":")[0] in (setting.org, *near)] or list(head.ids)
        ids.sort(key=lambda i: i.split(":")[0] != setting.org)
        agent = Agent(head.start, head.end, "body", (ids[0],), org=ids[0].split(":")[0])
    else:
        agent = Agent(head.start, head.end, "org", (head.id,), org=head.id)
    while at < len(mentions):
        nxt = mentions[at]
        gap = text[agent.end : nxt.start]
        if len(gap) > 14 or re.search(r"[,，。;；:、]", gap):
            break
        if nxt.sort == "seat" and (body := setting.body_of(nxt.id, agent.org)):
            agent = replace(agent, end=nxt.end, sort="body", parties=(body,), office=nxt.id)
        elif nxt.sort == "office" and agent.sort in ("org", "body") and not led:
            office = f"{agent.org}:secretary_general" if nxt.id == "secretary_general" else ""
            agent = replace(agent, end=nxt.end, office=nxt.id, parties=(office,) if office else agent.parties)
            if office:
                agent = replace(agent, sort="body")
        elif nxt.sort == "person" and agent.office:
            known = load_persons().get(nxt.id)
            lead = agent.parties if "secretary_general" in agent.office or not known else (known.state,)
            sort = agent.sort if "secretary_general" in agent.office or not known else "state"
            return replace(agent, end=nxt.end, person=nxt.id, parties=(*lead, nxt.id), sort=sort), at + 1
        elif nxt.sort == agent.sort == "org" and _JOIN.fullmatch(gap) and (nxt.id == agent.org or _runs_on(gap, nxt)):
            # `CIS CSTO`: of two names run together the second is meant.
            agent = replace(agent, end=nxt.end, parties=(nxt.id,), org=nxt.id)
        else:
            break
        at += 1
    return agent, at


def _runs_on(gap: str, name: Mention) -> bool:
    """Whether a name runs on from the one before, too long to be a word of its own by chance."""
    return not gap and len(name.text) > 5


def _of_office(text: str, mentions: Sequence[Mention], at: int, setting: Setting) -> tuple[Agent | None, int]:
    """An office without state before it: with the state, organisation or person that follows."""
    head = mentions[at]
    at += 1
    if at < len(mentions):
        nxt = mentions[at]
        gap = text[head.end : nxt.start]
        if nxt.sort == "person" and len(gap) <= _BETWEEN and _NAME_GAP.fullmatch(gap):
            agent = _of_person(nxt, head.id, setting)
            return replace(agent, start=head.start), at + 1
        if nxt.sort == "state" and (_OFFICE_GAP.fullmatch(gap) or gap == " "):
            found, after = _of_state(text, mentions, at)
            return (replace(found, start=head.start, office=head.id) if found else None), after
        if nxt.sort in ("org", "body") and (_OFFICE_GAP.fullmatch(gap) or gap == " "):
            agent, after = _of_org(text, mentions, at, setting, led=True)
            if head.id == "secretary_general":
                office = f"{agent.org}:secretary_general"
                agent = replace(agent, sort="body", parties=(office,), office=head.id, start=head.start)
                if after < len(mentions) and mentions[after].sort == "person":
                    gap = text[agent.end : mentions[after].start]
                    if len(gap) <= _BETWEEN and _NAME_GAP.fullmatch(gap):
                        person = mentions[after]
                        agent = replace(agent, end=person.end, person=person.id, parties=(office, person.id))
                        after += 1
            return replace(agent, start=head.start), after
    if head.id == "secretary_general" and setting.org:
        return Agent(
            head.start, head.end, "body", (f"{setting.org}:secretary_general",), head.id, "", setting.org, True
        ), at
    return None, at


def _lists(text: str, singles: Sequence[Agent], mentions: Sequence[Mention], setting: Setting) -> tuple[Agent, ...]:
    """Agents of one sort that stand in a list become one; a list of states before a seat stays a list of states."""
    found: list[Agent] = []
    run: list[Agent] = []

    def close() -> None:
        if len(run) == 1:
            found.append(run[0])
        elif run:
            parties = tuple(dict.fromkeys(p for one in run for p in one.parties))
            found.append(
                Agent(
                    run[0].start, run[-1].end, run[0].sort, parties, run[-1].office, "", run[0].org, False, tuple(run)
                )
            )
        run.clear()

    for agent in singles:
        gap = text[run[-1].end : agent.start] if run else ""
        is_listed = bool(run) and agent.sort == run[-1].sort and agent.sort in ("state", "body", "org")
        if is_listed and gap.strip() in (",", "，") and bool(run[-1].office) != bool(agent.office):
            # `In Armenia, the Prime Minister`: a bare state and an office-holder over a comma are no list.
            is_listed = False
        if is_listed and _LIST_GAP.fullmatch(gap) and (gap.strip() or agent.sort == "state"):
            run.append(agent)
            continue
        close()
        run.append(agent)
    close()
    return tuple(found)
