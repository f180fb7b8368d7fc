"""Charter files to charters: read, check every reference, complain with file, line, key and the nearest name.

Start at `load_charter` (shipped ones and those of outside folders) and `read_charter` (one file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from foedus.charters.blocks import Block, CharterError, did_you_mean, open_block
from foedus.charters.schema import (
    Body,
    ChairRule,
    ChairTerm,
    Charter,
    DecisionRule,
    Duty,
    Force,
    Holder,
    How,
    Instrument,
    Names,
    Nature,
    Need,
    Office,
    PartyClass,
    Procedure,
    Rule,
    Seat,
    Sort,
    Status,
    StatusHolder,
    Step,
    Succession,
    Variant,
)
from foedus.terms import (
    BodyCode,
    FoedusError,
    Interval,
    Mark,
    OrgCode,
    Party,
    PartyId,
    StateCode,
    Verified,
    kinds,
    roles,
    states,
)

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
RECALLED = "recalled"
TOP = (
    "org",
    "nature",
    "time_zone",
    "names",
    "instruments",
    "bodies",
    "offices",
    "forces",
    "statuses",
    "deciding",
    "rules",
    "outside",
    "procedures",
    "variants",
    "sources",
)
# What "at once" is reckoned as: the treaties give no number of days, so an obligation stays open this long.
AT_ONCE_DAYS = 3


def read_charter(path: Path) -> Charter:
    """The charter of one file.

    Raises:
        CharterError: anything the schema does not know, of the wrong type, or pointing at nothing.
    """
    return _Reader(open_block(path), path).charter()


def load_charter(org: str, dirs: Sequence[Path] = ()) -> Charter:
    """The charter of one organisation: shipped, or from outside folders, where the last file of that name wins.

    Raises:
        CharterError: no such charter, or the file cannot be accepted.
    """
    found = _files(dirs)
    if org not in found:
        raise CharterError(
            org, f"no charter of that name (known: {', '.join(sorted(found))})", did_you_mean(org, found)
        )
    return _load(found[org])


def load_charters(dirs: Sequence[Path] = ()) -> Mapping[OrgCode, Charter]:
    """Every charter, shipped and from outside folders, keyed by organisation, in alphabetical order."""
    return {OrgCode(org): _load(path) for org, path in sorted(_files(dirs).items())}


def with_variant(charter: Charter, name: str) -> Charter:
    """The charter with one of its variants switched on: for a what-if, never in force by itself.

    Raises:
        FoedusError: the charter has no variant of that name.
    """
    if name not in charter.variants:
        known = ", ".join(charter.variants) or "none"
        raise FoedusError(
            charter.path,
            f"{charter.org} has no variant {name!r} (known: {known})",
            did_you_mean(name, charter.variants),
        )
    rules = {**charter.rules, **charter.variants[name].rules}
    return replace(charter, rules=rules, variant=name, _kinds=_by_kind(rules.values()))


def _files(dirs: Sequence[Path]) -> dict[str, Path]:
    shipped = files("foedus.charters")
    found = {Path(str(f)).stem: Path(str(f)) for f in shipped.iterdir() if f.name.endswith(".yaml")}
    for folder in dirs:
        if not folder.is_dir():
            raise CharterError(str(folder), "is no folder of charters")
        for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
            found[path.stem] = path
    return found


@cache
def _shipped(path: Path) -> Charter:
    return read_charter(path)


def _load(path: Path) -> Charter:
    # A shipped file never changes while the program runs; one from outside may.
    charter = _shipped(path) if path.parent == Path(str(files("foedus.charters"))) else read_charter(path)
    if charter.org != path.stem:
        raise CharterError(f"{path}:1", f"org is {charter.org!r}, expected {path.stem!r} as the file is named")
    return charter


def _by_kind(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for kind in rule.kinds:
            found.setdefault(kind, []).append(rule)
    return {kind: tuple(rows) for kind, rows in found.items()}


class _Reader:
    """One pass over one file: first the names others point at, then what points at them."""

    def __init__(self, top: Block, path: Path) -> None:
        self.top = top
        self.path = path
        self.org = ""
        self.instruments: dict[str, Instrument] = {}
        self.sources: dict[str, str] = {}
        self.body_ids: tuple[str, ...] = ()
        self.office_ids: tuple[str, ...] = ()
        self.status_ids: tuple[str, ...] = ()
        self.deciding_ids: tuple[str, ...] = ()
        self.rule_ids: tuple[str, ...] = ()

    def charter(self) -> Charter:
        top = self.top
        top.only(TOP)
        self.org = top.text("org")
        if not re.fullmatch(r"[a-z][a-z0-9]*", self.org):
            raise top.wrong("org", f"is {self.org!r}, expected a short lower-case code such as csto")
        nature = top.choice("nature", Nature)
        time_zone = top.text("time_zone", "UTC")
        names = self._names(top)
        self.sources = self._sources(top)
        self.instruments = {key: self._instrument(key, block) for key, block in top.blocks_by_id("instruments").items()}
        tables = {
            key: top.blocks_by_id(key) for key in ("bodies", "offices", "forces", "statuses", "deciding", "rules")
        }
        self.body_ids, self.office_ids = tuple(tables["bodies"]), tuple(tables["offices"])
        self.status_ids, self.deciding_ids = tuple(tables["statuses"]), tuple(tables["deciding"])
        variants = top.blocks_by_id("variants")
        self.rule_ids = tuple(tables["rules"])
        self._refuse_bodies(tables["bodies"])
        rules = {key: self._rule(key, block) for key, block in tables["rules"].items()}
        charter = Charter(
            org=OrgCode(self.org),
            nature=nature,
            time_zone=time_zone,
            names=names,
            instruments=self.instruments,
            bodies={self._body_id(key): self._body(key, block) for key, block in tables["bodies"].items()},
            offices={f"{self.org}:{key}": self._office(key, block) for key, block in tables["offices"].items()},
            forces={f"{self.org}:force:{key}": self._force(key, block) for key, block in tables["forces"].items()},
            statuses={key: self._status(key, block) for key, block in tables["statuses"].items()},
            deciding={key: self._decision(key, block) for key, block in tables["deciding"].items()},
            rules=rules,
            procedures={key: self._procedure(key, block) for key, block in top.blocks_by_id("procedures").items()},
            variants={key: self._variant(key, block, tables["rules"]) for key, block in variants.items()},
            outside=self._outside(top, rules),
            sources=self.sources,
            path=self.path.name,
            _kinds=_by_kind(rules.values()),
        )
        top.finish()
        return charter

    # -- names and references -------------------------------------------------------------------------------

    def _refuse_bodies(self, blocks: Mapping[str, Block]) -> None:
        for key in blocks:
            if not re.fullmatch(r"[A-Z][A-Z0-9-]*", key):
                raise self.top.wrong("bodies", f"holds {key!r}: a body is written in capitals, such as CSC")

    def _body_id(self, key: str) -> BodyCode:
        return BodyCode(f"{self.org}:{key}")

    def _names(self, block: Block, required: bool = True) -> Names:
        inner = block.block("names")
        if inner is None:
            if required:
                raise block.wrong("names", "is missing", "Write names: {en: [...]}")
            return {}
        names = {}
        for language in inner.written():
            if not LANGUAGE.fullmatch(language):
                raise inner.wrong(language, "is no language tag (en, ru, zh-Hans ...)")
            names[language] = inner.texts(language)
        if required and "en" not in names:
            raise block.wrong("names", "has no name in English (en)")
        return names

    def _sources(self, top: Block) -> dict[str, str]:
        inner = top.block("sources")
        return {} if inner is None else {key: inner.text(key) for key in inner.written()}

    def _source(self, block: Block) -> str:
        key = block.text("source", "")
        if key and key != RECALLED and key not in self.sources:
            raise block.wrong(
                "source", f"names {key!r}, which is not among the sources", did_you_mean(key, self.sources)
            )
        return key

    def _mark(self, block: Block, source: str) -> Mark:
        return block.choice("mark", Mark, Mark.RECALLED if source == RECALLED else Mark.SOURCED)

    def _articles(self, block: Block) -> tuple[str, ...]:
        """Articles such as `charter 13`: the first word must be an instrument of this charter."""
        articles = block.texts("article")
        for article in articles:
            word = article.split()[0] if article.split() else ""
            if word not in self.instruments:
                raise block.wrong(
                    "article",
                    f"is {article!r}, and {word!r} is not among the instruments",
                    did_you_mean(word, self.instruments),
                )
        return articles

    def _known(self, block: Block, key: str, name: str, known: Sequence[str], what: str) -> str:
        if name not in known:
            raise block.wrong(key, f"names {name!r}, which is no {what} of this charter", did_you_mean(name, known))
        return name

    def _classes(self, block: Block, key: str) -> tuple[PartyClass, ...]:
        return tuple(self._class(block, key, text) for text in block.texts(key))

    def _class(self, block: Block, key: str, text: str) -> PartyClass:
        """Who is meant: CSC · CDM and CSSC together · chair of CSC · secretary_general · member · any state ..."""
        words = text.strip()
        if words == "any state":
            return PartyClass(text, Sort.ANY_STATE)
        if words == "the organisation":
            return PartyClass(text, Sort.ORGANISATION, (self.org,))
        if words.startswith("chair of "):
            body = self._known(block, key, words.removeprefix("chair of "), self.body_ids, "body")
            return PartyClass(text, Sort.CHAIR, (self._body_id(body),))
        if words.endswith(" together"):
            parts = words.removesuffix(" together").split(" and ")
            ids = tuple(self._body_id(self._known(block, key, part, self.body_ids, "body")) for part in parts)
            return PartyClass(text, Sort.JOINT, ids)
        if ":" in words:
            try:
                return PartyClass(text, Sort.PARTY, (Party.parse(words).id,))
            except ValueError as error:
                raise block.wrong(key, str(error)) from None
        if words in self.body_ids:
            return PartyClass(text, Sort.BODY, (self._body_id(words),))
        if words in self.office_ids:
            return PartyClass(text, Sort.OFFICE, (f"{self.org}:{words}",))
        if words in self.status_ids:
            return PartyClass(text, Sort.STATUS, (words,))
        known = (*self.body_ids, *self.office_ids, *self.status_ids, "any state", "the organisation")
        raise block.wrong(
            key, f"names {words!r}, which is no body, office or status of this charter", did_you_mean(words, known)
        )

    def _state(self, block: Block, key: str = "state") -> StateCode:
        code = block.text(key)
        if code not in states():
            raise block.wrong(key, f"is {code!r}, which is no state code", did_you_mean(code, states()))
        return StateCode(code)

    def _kind(self, block: Block, key: str, name: str) -> str:
        if name not in kinds():
            raise block.wrong(
                key, f"is {name!r}, which is no kind of act in the vocabulary", did_you_mean(name, kinds())
            )
        return name

    # -- the parts ------------------------------------------------------------------------------------------

    def _instrument(self, key: str, block: Block) -> Instrument:
        made = Instrument(
            key,
            block.text("title"),
            block.day("signed"),
            block.day("in_force"),
            block.day("proposed"),
            block.texts("amends"),
            self._source(block),
            block.text("note", ""),
        )
        block.finish()
        return made

    def _body(self, key: str, block: Block) -> Body:
        under = block.text("under", "")
        chair = block.block("chair")
        rules: tuple[ChairRule, ...] = ()
        terms: tuple[ChairTerm, ...] = ()
        office = ""
        if chair is not None:
            rules = tuple(self._chair_rule(row) for row in chair.blocks("rules"))
            terms = tuple(self._chair_term(row) for row in chair.blocks("terms"))
            office = chair.text("office", "")
            if office:
                self._known(chair, "office", office, self.office_ids, "office")
            chair.finish()
            self._refuse_overlap(chair, "terms", [term.interval for term in terms])
        made = Body(
            id=self._body_id(key),
            names=self._names(block),
            under=self._body_id(self._known(block, "under", under, self.body_ids, "body")) if under else None,
            seats=tuple(self._seat(row) for row in block.blocks("seats")),
            chair_office=PartyId(f"{self.org}:{office}") if office else None,
            chair_rules=rules,
            chair_terms=terms,
            interval=block.interval(),
            articles=self._articles(block),
            note=block.text("note", ""),
        )
        block.finish()
        return made

    def _refuse_overlap(self, block: Block, key: str, intervals: Sequence[Interval]) -> None:
        for earlier, later in pairwise(intervals):
            if earlier.overlaps(later):
                raise block.wrong(key, f"overlap: {earlier} and {later} share days", "List them in order of time")

    def _seat(self, block: Block) -> Seat:
        made = Seat(
            self._known(block, "one_for_each", block.text("one_for_each"), self.status_ids, "status"),
            block.text("held_by"),
            block.interval(),
            self._articles(block),
            block.choice("verified", Verified),
        )
        block.finish()
        return made

    def _chair_rule(self, block: Block) -> ChairRule:
        order = block.texts("order")
        for code in order:
            if code not in states():
                raise block.wrong("order", f"holds {code!r}, which is no state code", did_you_mean(code, states()))
        made = ChairRule(
            block.choice("passes", Succession),
            tuple(StateCode(code) for code in order),
            not block.flag("unless_decided_otherwise"),
            block.text("rule"),
            block.interval(),
            self._articles(block),
            block.choice("verified", Verified),
        )
        block.finish()
        return made

    def _chair_term(self, block: Block) -> ChairTerm:
        source = self._source(block)
        made = ChairTerm(
            self._state(block),
            block.text("person", ""),
            block.interval(),
            self._mark(block, source),
            source,
            block.text("note", ""),
        )
        block.finish()
        return made

    def _office(self, key: str, block: Block) -> Office:
        made = Office(
            PartyId(f"{self.org}:{key}"),
            self._names(block),
            self._articles(block),
            block.choice("verified", Verified, Verified.RECALLED),
            tuple(sorted((self._holder(row) for row in block.blocks("holders")), key=_by_start)),
            block.text("note", ""),
        )
        block.finish()
        return made

    def _holder(self, block: Block) -> Holder:
        source = self._source(block)
        inner = block.block("names")
        made = Holder(
            block.text("person"),
            {} if inner is None else {language: inner.text(language) for language in inner.written()},
            self._state(block),
            block.interval(),
            block.flag("acting"),
            self._mark(block, source),
            source,
            block.text("note", ""),
        )
        block.finish()
        return made

    def _force(self, key: str, block: Block) -> Force:
        made = Force(PartyId(f"{self.org}:force:{key}"), self._names(block), block.text("note", ""))
        block.finish()
        return made

    def _status(self, key: str, block: Block) -> Status:
        at = block.text("at", "")
        instead = block.text("in_place_of", "")
        covered = block.block("covered")
        span = None if covered is None else covered.interval()
        if covered is not None:
            covered.finish()
        made = Status(
            id=key,
            names=self._names(block),
            interval=block.interval(),
            at=self._body_id(self._known(block, "at", at, self.body_ids, "body")) if at else None,
            in_place_of=self._known(block, "in_place_of", instead, self.status_ids, "status") if instead else None,
            covered=span,
            holders=tuple(sorted((self._status_holder(row) for row in block.blocks("holders")), key=_by_start)),
            articles=self._articles(block),
            note=block.text("note", ""),
        )
        block.finish()
        return made

    def _status_holder(self, block: Block) -> StatusHolder:
        source = self._source(block)
        party = block.text("party")
        try:
            Party.parse(party)
        except ValueError as error:
            raise block.wrong("party", str(error)) from None
        if re.fullmatch(r"[A-Z]{3}", party) and party not in states():
            raise block.wrong("party", f"is {party!r}, which is no state code", did_you_mean(party, states()))
        made = StatusHolder(
            PartyId(party),
            block.interval(),
            block.text("how", ""),
            self._mark(block, source),
            source,
            block.text("note", ""),
        )
        block.finish()
        return made

    def _decision(self, key: str, block: Block) -> DecisionRule:
        made = DecisionRule(
            key,
            block.choice("how", How),
            self._known(block, "of", block.text("of"), self.status_ids, "status"),
            block.texts("without"),
            tuple(
                self._body_id(self._known(block, "bodies", body, self.body_ids, "body"))
                for body in block.texts("bodies")
            ),
            block.text("only_if", ""),
            block.text("binds", ""),
            block.flag("may_join_later"),
            block.interval(),
            self._articles(block),
            block.choice("verified", Verified),
            block.text("note", ""),
        )
        block.finish()
        return made

    def _rule(self, key: str, block: Block) -> Rule:
        when = block.block("when")
        narrowed: dict[str, tuple[str, ...]] = {}
        if when is not None:
            for role in when.written():
                if role not in roles():
                    raise when.wrong(role, "is no role of the vocabulary", did_you_mean(role, roles()))
                narrowed[role] = when.texts(role)
                choices = roles()[role].choices
                for value in narrowed[role]:
                    if choices and value not in choices:
                        raise when.wrong(
                            role, f"is {value!r}, expected one of {', '.join(choices)}", did_you_mean(value, choices)
                        )
        made = Rule(
            id=key,
            title=block.text("title"),
            kinds=tuple(self._kind(block, "may", name) for name in (block.texts("may") or (block.text("may"),))),
            who=self._classes(block, "who"),
            reserved=block.flag("reserved"),
            silent_on_others=block.flag("silent_on_others"),
            when=narrowed,
            addressed_to=self._classes(block, "addressed_to"),
            for_=self._classes(block, "for"),
            not_for=self._classes(block, "not_for"),
            needs=tuple(self._need(row) for row in block.blocks("needs")),
            decided_by=tuple(
                self._known(block, "decided_by", name, self.deciding_ids, "decision rule")
                for name in block.texts("decided_by")
            ),
            must_follow=tuple(self._duty(row) for row in block.blocks("must_follow")),
            form=block.text("form", ""),
            interval=block.interval(),
            articles=self._articles(block),
            verified=block.choice("verified", Verified),
            note=block.text("note", ""),
        )
        block.finish()
        for key, classes in (("for", made.for_), ("not_for", made.not_for)):
            for wanted in classes:
                if wanted.sort is not Sort.STATUS and not (key == "for" and wanted.sort is Sort.ANY_STATE):
                    raise block.wrong(key, f"names {wanted.text!r}, expected a status of this charter")
        if not made.who:
            raise block.wrong("who", "is missing: a rule says who may act")
        if not made.articles:
            raise block.wrong("article", "is missing: a rule names its article")
        return made

    def _need(self, block: Block) -> Need:
        act = block.text("act", "")
        turn = block.text("turn", "")
        after, body = block.text("after", ""), block.text("body", "")
        whose = {}
        for key in ("by", "for"):
            whose[key] = block.text(key, "")
            if whose[key] not in ("", "target", "actor"):
                raise block.wrong(key, f"is {whose[key]!r}, expected target or actor")
        made = Need(
            act=self._kind(block, "act", act) if act else "",
            by=whose["by"],
            for_=whose["for"],
            outcome=block.texts("outcome"),
            document=block.texts("document"),
            body=self._body_id(self._known(block, "body", body, self.body_ids, "body")) if body else None,
            after=self._kind(block, "after", after) if after else "",
            or_later=block.flag("or_later"),
            in_force=block.flag("in_force"),
            within_days=block.number("within_days"),
            even_unlawful=block.flag("even_unlawful"),
            turn=self._body_id(self._known(block, "turn", turn, self.body_ids, "body")) if turn else None,
            notice_months=block.number("notice_months"),
            status_exists=block.flag("status_exists"),
            articles=self._articles(block),
        )
        if sum(map(bool, (made.act, made.turn, made.notice_months, made.status_exists))) != 1:
            raise block.wrong("act", "must be given, or else one of turn, notice_months, status_exists, and only one")
        block.finish()
        return made

    def _duty(self, block: Block) -> Duty:
        act = self._kind(block, "act", block.text("act"))
        words = block.text("within")
        days = re.fullmatch(r"(\d+) days?", words)
        if words != "at once" and not days:
            raise block.wrong("within", f"is {words!r}, expected 'at once' or a number of days such as '10 days'")
        made = Duty(
            act,
            self._classes(block, "to"),
            self._classes(block, "by"),
            int(days[1]) if days else AT_ONCE_DAYS,
            not days,
            self._articles(block),
        )
        block.finish()
        return made

    def _procedure(self, key: str, block: Block) -> Procedure:
        made = Procedure(
            key,
            block.text("title"),
            block.text("trigger", ""),
            tuple(self._step(row) for row in block.blocks("steps")),
            block.interval(),
            self._articles(block),
            block.choice("verified", Verified),
            self._source(block),
        )
        block.finish()
        return made

    def _step(self, block: Block) -> Step:
        act, rule = block.text("act", ""), block.text("rule", "")
        made = Step(
            block.text("step"),
            self._kind(block, "act", act) if act else "",
            self._known(block, "rule", rule, self.rule_ids, "rule") if rule else "",
            self._articles(block),
        )
        block.finish()
        return made

    def _outside(self, top: Block, rules: Mapping[str, Rule]) -> Mapping[str, str]:
        inner = top.block("outside")
        if inner is None:
            return {}
        governed = {kind: rule.id for rule in rules.values() for kind in rule.kinds}
        for kind in inner.written():
            self._kind(inner, kind, kind)
            if kind in governed:
                raise inner.wrong(
                    kind, f"is said to be outside the charter, but the rule {governed[kind]} speaks of it"
                )
        return {kind: inner.text(kind) for kind in inner.written()}

    def _variant(self, key: str, block: Block, rules: Mapping[str, Block]) -> Variant:
        made: dict[str, Rule] = {}
        for rule_id, changed in block.blocks_by_id("change").items():
            self._known(block, "change", rule_id, tuple(rules), "rule")
            made[rule_id] = self._rule(rule_id, changed.over(rules[rule_id]))
        for rule_id, added in block.blocks_by_id("add").items():
            if rule_id in rules:
                raise block.wrong("add", f"holds {rule_id!r}, which is a rule already", "Write it under change")
            made[rule_id] = self._rule(rule_id, added)
        variant = Variant(
            key,
            block.text("title"),
            self._known(block, "from", block.text("from"), tuple(self.instruments), "instrument"),
            made,
            block.text("note", ""),
        )
        block.finish()
        return variant


def _by_start(row: Holder | StatusHolder) -> tuple[date, str]:
    return row.interval.since or date.min, row.person if isinstance(row, Holder) else row.party
