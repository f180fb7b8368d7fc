"""Rules for those who judge by the million: compiled once, over facts already at hand, with the same verdicts.

    facts        a roll of parties as bits, and what is known of one act
    asked        what a rule of a charter asks of such facts
    completions  the exact second pass, over every completion of what is untold
    compiled     one rule as a function of facts, with a trace of articles (start here: `compile_rule`)
    columns      the same over columns of acts at once
    standing     who held which status on a day, and as known on a day, from an index in memory

`columns` and `standing` need numpy and are imported by whoever uses them.
"""

from foedus.rules.at_hand.compiled import CompiledRule, Judgement, compile_rule
from foedus.rules.at_hand.facts import Facts, Roll, Truth

__all__ = ["CompiledRule", "Facts", "Judgement", "Roll", "Truth", "compile_rule"]
