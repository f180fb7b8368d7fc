"""What the durability tests have a ledger do: a random script of everything a ledger can be asked to write."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from foedus.ledger import Entry, Ledger, SeenPage
from foedus.terms import Act, Claim, Day, Evidence, Origin

Acknowledge = Callable[[int], None]
"""Told after each call that returned how many entries the ledger then held for sure."""


def act(detail: str) -> Act:
    """An act that no other is equal to."""
    return Act(
        id="",
        kind="consult",
        org="csto",
        actors=("KAZ",),
        date=Day.parse("2022-01-05"),
        more={"detail": detail},
        origin=Origin.PERSON,
    )


def seen(name: str, size: int) -> SeenPage:
    """A page of its own words."""
    text = f"{name} " * (size // (len(name) + 1) + 1)
    return SeenPage(name=name, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)


def claims_on(page: SeenPage, number: int) -> list[Claim]:
    """Claims on words of a page."""
    return [
        Claim(
            kind="meet",
            org="csto",
            actors=("RUS",),
            date=Day.parse(f"2022-01-{n + 1:02d}"),
            page=page.name,
            evidence=Evidence(n, n + 3, page.text[n : n + 3]),
        )
        for n in range(number)
    ]


def steps(ledger: Ledger, chance: random.Random, mark: str) -> Iterator[None]:
    """One thing written at each step, without end."""
    turn = 0
    while True:
        turn += 1
        match chance.choice(("act", "act", "page", "correct", "retract", "together", "brought")):
            case "act":
                ledger.perform(act(f"{mark} {turn}"), "desk")
            case "page":
                page = seen(f"{mark}-{turn}", chance.choice((40, 4000, 30_000)))
                ledger.add_page(page, claims_on(page, chance.randint(0, 4)), "reader")
            case "correct" if ledger.acts():
                ledger.correct(chance.choice(ledger.acts()).id, {"place": f"{mark} {turn}"}, "analyst", "read again")
            case "retract" if ledger.acts():
                ledger.retract(chance.choice(ledger.acts()).id, "analyst")
            case "together":
                with ThreadPoolExecutor(4) as pool:
                    for done in [pool.submit(ledger.perform, act(f"{mark} {turn} {n}"), "desk") for n in range(6)]:
                        done.result()
            case "brought":
                brought = [
                    Entry.of_act(replace(act(f"{mark} {turn}"), id=f"{mark}-{turn}-{n}"), "desk") for n in range(6)
                ]
                with ThreadPoolExecutor(4) as pool:
                    list(pool.map(lambda entry: ledger.append([entry]), brought))
            case _:
                ledger.perform(act(f"{mark} {turn}"), "desk")
        yield
