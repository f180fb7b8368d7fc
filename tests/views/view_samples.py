"""Acts, claims, pages and verdicts in the shapes views meet, hostile words among them. All made up."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rich.console import Console, RenderableType

from foedus.ledger import SeenPage
from foedus.terms import (
    Act,
    Claim,
    Confidence,
    Conflict,
    Day,
    Due,
    Evidence,
    Met,
    Modality,
    Obligation,
    Origin,
    Outcome,
    Requirement,
    Source,
    Verdict,
    Verified,
)


def page(name: str, text: str, **more: Any) -> SeenPage:
    return SeenPage(name=name, sha256=hashlib.sha256(text.encode("utf8", "replace")).hexdigest(), text=text, **more)


def claim(of: SeenPage, words: str, kind: str = "decide_assistance", **more: Any) -> Claim:
    start = of.text.index(words)
    given: dict[str, Any] = {"org": "csto", "page": of.name, "evidence": Evidence(start, start + len(words), words)}
    return Claim(**(given | {"kind": kind} | more))


RUSSIAN = page(
    "ru.txt",
    "Хроника\n\nВ ночь на 6 января совет провёл консультации, а днём решил послать силы на короткий срок, сообщили "
    "в секретариате.\nДругая строка.",
    outlet="Хроника региона",
    published=Day.parse("2022-01-06"),
    url="https://example.org/ru",
    languages=("ru",),
    chain=(("agency", "TASS"),),
)
CHINESE = page("zh.txt", "据报道，集安组织决定派遣部队。", outlet="示例网", languages=("zh-Hans",))
ARABIC = page("ar.txt", "قررت المنظمة إرسال قوات إلى كازاخستان.", outlet="موقع", languages=("ar",))
HOSTILE = page(
    "evil\x1b[31m.txt",
    "<script>alert(1)</script> \u202eevil\u202c The council \x1b]0;x\x07decided [bold]to send[/bold] forces \x9b2J",
    outlet="<img src=x onerror=alert(1)>",
    url="javascript:alert(1)",
)
PAGES = (RUSSIAN, CHINESE, ARABIC, HOSTILE)

CLAIMS = (
    claim(
        RUSSIAN,
        "решил послать силы",
        id="c1",
        language="ru",
        body=("csto:CSC",),
        targets=("KAZ",),
        date=Day.parse("2022-01-06"),
        attributed_to=("csto:SECR",),
        more={"outcome": "grant", "duration": "на короткий срок"},
    ),
    claim(CHINESE, "集安组织决定派遣部队", id="c2", language="zh-Hans", actors=("csto",), date=Day.parse("XXXX-01-06")),
    claim(ARABIC, "إرسال قوات إلى كازاخستان", id="c3", language="ar", actors=("csto",), targets=("KAZ",)),
    claim(
        HOSTILE,
        "decided [bold]to send[/bold] forces",
        id="c4",
        actors=("csto",),
        date=Day.parse("2022-01"),
        retold=True,
        confidence=Confidence.INFERRED,
        more={"detail": "\x1b[2J<b>x</b> [red]a[/red]"},
    ),
)

REQUEST = Act(
    id="csto-2022-01-05-request",
    kind="request_assistance",
    org="csto",
    actors=("KAZ",),
    targets=("csto:CSC",),
    date=Day.parse("2022-01-05"),
    origin=Origin.RECORD,
    sources=(Source("https://example.org/2022/01/05/", Day.parse("2022-01-05")),),
    published=Day.parse("2022-01-05"),
)
DECISION = Act(
    id="csto-2022-01-06-decide_assistance-3fa91c",
    kind="decide_assistance",
    org="csto",
    body=("csto:CSC",),
    targets=("KAZ",),
    date=Day.parse("2022-01-06"),
    more={"outcome": "grant", "legal_basis": "treaty 4"},
    origin=Origin.PAGE,
    claims=("c1", "c2", "c3", "c4"),
    sources=(
        Source("ru.txt", Day.parse("2022-01-06")),
        Source("javascript:alert(1)"),
        Source('https://example.org/"onmouseover="x'),
    ),
    conflicts=(Conflict("targets", "KGZ", "ar.txt"), Conflict("date", "2022-01-05", "evil <b>")),
)
CHALLENGE = Act(
    id="csto-2022-01-07-challenge",
    kind="challenge",
    org="csto",
    actors=("USA",),
    targets=("KAZ",),
    date=Day.parse("2022-01-07"),
    more={"contests": REQUEST.id, "detail": "asks whether the invitation was lawful"},
    origin=Origin.RECORD,
    sources=(Source("general knowledge, no page found"),),
)
MOVE = Act(
    id="csto-2022-02-deploy-000001",
    kind="deploy",
    org="csto",
    actors=("RUS",),
    targets=("KAZ",),
    date=Day.parse("2022-02"),
    modality=Modality.PLANNED,
    origin=Origin.PERSON,
    forced=True,
    recorded="2026-01-01T00:00:00.000000Z",
)
ACTS = (REQUEST, DECISION, CHALLENGE, MOVE)

VERDICTS = (
    Verdict(
        act=REQUEST.id,
        org="csto",
        outcome=Outcome.IN_ORDER,
        rule="ask",
        articles=("treaty 4",),
        verified=Verified.SECONDARY,
        challenges=(CHALLENGE.id,),
    ),
    Verdict(
        act=DECISION.id,
        org="csto",
        outcome=Outcome.UNDETERMINED,
        rule="grant",
        articles=("treaty 4", "peacekeeping 3"),
        verified=Verified.RECALLED,
        requirements=(
            Requirement("a request by the one it is for", Met.MET, (REQUEST.id,), "treaty 4"),
            Requirement("consensus of all members", Met.NOT_IN_RECORD, (), "charter 12"),
            Requirement("nobody objected", Met.BROKEN, ("unknown-act",), "charter 12"),
        ),
        obligations=(Obligation("tell the UN Security Council", Due.OPEN, Day.parse("2022-01-09"), (), "treaty 4"),),
        cautions=("the article is recalled",),
        reason="whether all members agreed is not in the record",
    ),
    Verdict(act=MOVE.id, org="csto", outcome=Outcome.OUT_OF_ORDER, rule="send", articles=("treaty 4",)),
    Verdict(act=CHALLENGE.id, org="csto", outcome=Outcome.NOT_GOVERNED, reason="no rule speaks of it"),
)


def printed(view: RenderableType, width: int = 120, color: bool = False) -> str:
    """A view as a terminal would get it; plain without `color`."""
    console = Console(width=width, highlight=False, force_terminal=color, color_system="truecolor" if color else None)
    with console.capture() as capture:
        console.print(view)
    return capture.get()


def squeezed(text: str) -> str:
    """Text with runs of white space as one space, so that where a line was folded does not matter."""
    return re.sub(r"\s+", " ", text)
