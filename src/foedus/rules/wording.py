"""What the rules say, in words: one short English sentence per message id, with named parts.

Start at `say`. A message is looked up by id and filled with parts, so that another language is another table.
"""

from __future__ import annotations

from collections.abc import Iterable

from foedus.charters import Charter, PartyClass, Sort

EN = {
    # requirements
    "need.day": "the day of the act is known",
    "need.who": "done by {who}",
    "need.addressed": "addressed to {who}",
    "need.for": "for {who}",
    "need.not_for": "not for {who}",
    "need.act": "{what}{whose}{narrow}{when}",
    "need.none": "no {what}{whose}{narrow}{when}",
    "need.one_of": "{alternatives}",
    "need.not_in_chair": "the chair of {body} is not held by the state concerned",
    "need.condition": "{text}",
    "need.forbidden": "{what} is forbidden to {who}",
    "need.turn": "its turn in the chair of {body}",
    "need.session": "a regular session of {body} on that day",
    "need.new_year": "the chair of {body} passes on 1 January",
    "need.new_month": "the chair of {body} passes on the first of a month",
    "need.chosen": "chosen by {body}",
    "need.notice": "notice of at least {months} months",
    "need.status": "the status {status} exists",
    "need.decided": "{how}, nobody counted objecting",
    # why a requirement is broken or open
    "why.who": "{found} is not {who}",
    "why.who_untold": "who did it is not in the record",
    "why.status_untold": "whether {party} is {status} is not covered on {day}",
    "why.not_for": "{party} is {status} already",
    "why.for": "{party} is not {status}",
    "why.for_untold": "for whom is not in the record",
    "why.later": "{what} came only on {day}",
    "why.ended": "{what} of {day} had ended by {end}",
    "why.stale": "whether {what} of {day} still runs is not in the record",
    "why.refused": "{what} was refused on {day}",
    "why.conditional": "{what} of {day} was conditional; that the condition was met is not in the record",
    "why.under": "{what} of {day} relies on another article",
    "why.done": "{what} of {day} stands in the record",
    "why.silent_none": "whether there was {what} is not in the record",
    "why.no_last_day": "until when {what} of {day} ran is not in the record",
    "why.runs": "{what} of {day} runs until {end}",
    "why.in_chair": "{state} is in the chair of {body}",
    "why.chair_untold": "who is in the chair of {body} is not covered",
    "why.condition": "not so: {text}",
    "why.condition_untold": "whether {text} is not in the record",
    "why.forbidden": "{found} is {who}, to whom it is forbidden",
    "why.denied": "the record denies {what}",
    "why.void": "{what} of {day} was itself out of order",
    "why.shaky": "whether {what} of {day} was itself in order cannot be told",
    "why.silent": "{what} is not in the record",
    "why.silent_play": "{what} has not been done in this exercise",
    "why.imprecise": "whether {what} came before cannot be told from the dates",
    "why.turn": "after {previous} it is the turn of {next}",
    "why.turn_untold": "after {previous} it is the turn of {next}; whether the body decided otherwise is not recorded",
    "why.previous_untold": "who was in the chair before is not covered",
    "why.no_order": "the order of chairs is not in the charter",
    "why.new_year": "the day is {day}",
    "why.notice": "membership is said to end on {end}, the notice runs to {until}",
    "why.status": "the status {status} exists only since {since}",
    "why.status_gone": "the status {status} ended on {until}",
    "why.status_unnamed": "which status is not in the record",
    "why.status_unknown": "the charter knows no status {status}",
    "why.objection": "{who} objected",
    "why.consent": "{who} contests it; whether it objected while it was considered is not in the record",
    "why.votes": "votes against are recorded",
    "why.votes_cannot": "the votes told add up to {total}, in a body of {seats}",
    "why.votes_untold": "how all voted is not in the record",
    "why.vetoed": "{who} voted against and may block it",
    "why.not_enough": "{for_} for and {against} against, of {seats}, do not carry it",
    "why.no_draft": "a draft put under silence is not in the record",
    "why.no_deadline": "until when silence was to run is not in the record",
    "why.silence_broken": "{who} broke the silence",
    "why.silence_runs": "silence ran until {until}",
    "why.format": "whether deciding without {who} was agreed to is not in the record",
    "why.no_body": "which body decided is not in the record",
    "why.no_deciding": "no decision rule of {body} in force on that day is in the charter",
    "why.capacity": "{who} was in the chair; in which capacity it was asked is not in the record",
    "why.day": "the day is not known",
    "why.addressed_whole": "to which body or office of the {whole} is not in the record",
    # obligations
    "duty": "{what}{to}{by}",
    "duty.at_once": "{what}{to}, at once{by}",
    "duty.to": " to {who}",
    "duty.by": ", by {who}",
    # outside the charter
    "outside.modality": "not reported as done ({modality}); only what is reported is judged",
    "outside.org": "an act of another organisation",
    "outside.kind": "no rule of the charter speaks of this kind of act",
    "outside.day": "no rule on this was in force on {day}",
    "outside.scope": "the rules on this speak of other cases",
    "outside.addressed": "not addressed to the organisation",
    "outside.own": "done by a state on its own account",
    # cautions
    "caution.verified": "{rule}: nobody has checked the article's own words ({verified})",
    "caution.mark": "{act} is marked {mark}",
    "caution.decided": "that nobody objected is taken from the report of the decision; no vote is in the record",
    "caution.no_voice": "the vote of {party} does not count in it",
    "caution.presumed": "{what} of {day} is taken to stand; whether it was itself in order cannot be told",
    "caution.denied": "the record also denies {what}",
    "caution.chair": "the chair on that day is marked {mark}",
    "caution.holder": "{party} as {status} is marked {mark}",
    "caution.conflict": "sources differ on {field} of {act}",
    "caution.play": "a played act: what this exercise and the record do not hold counts as not done",
    "caution.variant": "judged with the variant {variant}, which is not in force",
    "details.by_cases": "the same however what is open turns out",
    # state
    "state.frozen": "declared its own participation frozen; no article gives this effect",
    "state.notice": "has given notice to withdraw, with effect from {day}",
    "state.uncovered": "not covered on this day",
    "state.leaving": "withdrawal has begun",
    # admissible acts
    "move.wrong_day": "the view is of {day}, the act is dated {date}",
    "move.not_governed": "not governed: {reason}",
}

KINDS = {
    "request_assistance": "a request for assistance",
    "consult": "consultation",
    "decide_assistance": "a decision on assistance",
    "contribute": "a contribution of forces",
    "deploy": "a deployment",
    "withdraw_forces": "a withdrawal of forces",
    "notify": "notice",
    "apply_status": "an application",
    "grant_status": "an admission",
    "submit": "a submission",
    "sign": "a signature",
    "propose": "a proposal",
    "adopt": "an adoption",
    "convene": "a meeting",
}


def say(message: str, **parts: object) -> str:
    """The sentence of a message id, its parts filled in."""
    return EN[message].format(**parts)


def kind_words(kind: str) -> str:
    """A kind of act as a noun: `a request for assistance`."""
    return KINDS.get(kind, f"an act of {kind.replace('_', ' ')}")


def party_words(charter: Charter, party: str) -> str:
    """A body or office by its English name, any other party by its id."""
    named = charter.bodies.get(party) or charter.offices.get(party)
    return f"the {named.names['en'][0]}" if named else party


def class_words(charter: Charter, wanted: PartyClass) -> str:
    """Who is meant by a class of parties: `a member`, `the Collective Security Council`."""
    if wanted.sort is Sort.STATUS:
        name = charter.statuses[wanted.ids[0]].names["en"][0]
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    if wanted.sort is Sort.CHAIR:
        return f"the chair of {party_words(charter, wanted.ids[0])}"
    if wanted.sort is Sort.JOINT:
        return " and ".join(party_words(charter, body) for body in wanted.ids) + " together"
    if wanted.sort in (Sort.BODY, Sort.OFFICE):
        return party_words(charter, wanted.ids[0])
    if wanted.sort is Sort.PARTY:
        return wanted.ids[0]
    return wanted.text


def any_of(charter: Charter, classes: Iterable[PartyClass]) -> str:
    """Several classes as an enumeration with `or`."""
    listed = list(classes)
    # A long list of bodies reads better by their short names.
    short = len([wanted for wanted in listed if wanted.sort is Sort.BODY]) > 2
    words = list(
        dict.fromkeys(
            wanted.text if short and wanted.sort is Sort.BODY else class_words(charter, wanted) for wanted in listed
        )
    )
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
