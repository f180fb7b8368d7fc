"""The beginning of a charter, commented, for somebody to fill in: it loads as it stands."""

from __future__ import annotations

from foedus.charters.json_schema import FILE

SKELETON = """\
# yaml-language-server: $schema=SCHEMA
#
# ORG: a charter, to be filled in. Lines that begin with # are remarks; the rest loads as it stands.
#   check it       foedus charter check ORG.yaml
#   read it        foedus charter show ORG --charters .
#   play with it   foedus play ORG --charters . --ledger ORG.db
# Every key is explained in docs/charters.md; docs/first-charter.md goes through a whole small charter.

org: ORG                     # as the file is named
nature: compact              # alliance, cooperation, universal, regional arrangement or compact
names:
  en: [NAME]                 # full name first, then shorter ones; other languages below, as ru: [...]

# What the articles stand in. Each `article:` below begins with one of these ids.
instruments:
  pact: {title: The founding pact, signed: 2024-01-01, in_force: 2024-01-01}

# Those that are no states, by a short word: `party:first_party` elsewhere. States need no line here.
parties:
  first_party: {names: {en: [First Party]}}
  second_party: {names: {en: [Second Party]}}

# Bodies, in capitals, with who sits in them. A chair is explained in docs/charters.md.
bodies:
  COUNCIL:
    names: {en: [Council]}
    seats:
      - {one_for_each: member, held_by: delegate, since: 2024-01-01, article: pact 2, verified: text}
    article: pact 2

# What parties may be. The first status is membership. States stand by code, as KAZ; others as party:some_name.
statuses:
  member:
    names: {en: [member]}
    article: pact 1
    covered: {since: 2024-01-01}       # from this day on the list is complete
    holders:
      - {party: "party:first_party", since: 2024-01-01, how: signed the pact}
      - {party: "party:second_party", since: 2024-01-01, how: signed the pact}

# How bodies decide: consensus, unanimity, vote (with at_least or more_than) or silence.
deciding:
  consensus: {how: consensus, of: member, bodies: [COUNCIL], since: 2024-01-01, article: pact 2, verified: text}

# Who may do what. `verified: text` says that you read the article's own words.
rules:
  ask:
    title: A member asks for help
    may: request_assistance
    who: member
    addressed_to: [the organisation, COUNCIL]
    since: 2024-01-01
    article: pact 3
    verified: text
  help:
    title: The Council decides on help for a member that asked
    may: decide_assistance
    who: COUNCIL
    when: {outcome: [grant, partial]}
    for: member
    needs:
      - {act: request_assistance, by: target, article: pact 3}
    decided_by: consensus
    since: 2024-01-01
    article: pact 3
    verified: text
  leave:
    title: A member leaves on notice
    may: withdraw
    who: member
    needs:
      - {notice_months: 1, article: pact 4}
    since: 2024-01-01
    article: pact 4
    verified: text

# Kinds of act that no rule speaks of, and why; the list of kinds is in docs/kinds.
outside:
  meet: members meet as they like
"""


def skeleton(org: str) -> str:
    """The beginning of the charter of one organisation."""
    name = f"{org.capitalize()} Compact"
    return SKELETON.replace("SCHEMA", FILE).replace("ORG", org).replace("NAME", name)
