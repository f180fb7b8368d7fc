"""Pure functions of a charter, acts and a day: the state, the verdict on an act, the acts that may be done next.

Start at `verdict.py` (`judge`). `docket.py` puts the acts in order; `membership.py`, `governance.py` and
`assistance.py` each know one family; `deciding.py` and `voting.py` know how bodies decide; `requirements.py` looks into
what a rule asks; `wording.py` holds the words. `due.py` tells what falls due. `at_hand/` is the same
law for those who judge by the million.
"""

from foedus.rules.assistance import Decision, Deployment, Request
from foedus.rules.at_hand import CompiledRule, compile_rule
from foedus.rules.course import Course, CourseStep, Stands, course_to
from foedus.rules.due import Due, Matter, due
from foedus.rules.held import MOMENTS, Chair, Holding, OfficeHolder, Roster
from foedus.rules.moves import Admissible, Move, admissible
from foedus.rules.power import Power, power_on, powers_on
from foedus.rules.state import Owed, Pending, Planned, State, state_on
from foedus.rules.variants import Change, MovesChanged, compare_moves, compare_variants, verified_only
from foedus.rules.verdict import judge, judge_all

__all__ = [
    "MOMENTS",
    "Admissible",
    "Chair",
    "Change",
    "CompiledRule",
    "Course",
    "CourseStep",
    "Decision",
    "Deployment",
    "Due",
    "Holding",
    "Matter",
    "Move",
    "MovesChanged",
    "OfficeHolder",
    "Owed",
    "Pending",
    "Planned",
    "Power",
    "Request",
    "Roster",
    "Stands",
    "State",
    "admissible",
    "compare_moves",
    "compare_variants",
    "compile_rule",
    "course_to",
    "due",
    "judge",
    "judge_all",
    "power_on",
    "powers_on",
    "state_on",
    "verified_only",
]
