"""What a reader sees: tables, one act, claims, an article, the state, verdicts, what is admissible, the HTML report.

Pure functions over values of the other rooms. Each view is a pair: `x_text` gives something Rich can print, made
harmless for a terminal; `x_json` gives plain JSON. Start at `acts.py`; `report.py` makes the one HTML file.
"""

from foedus.views.acts import act_json, act_text, acts_json, acts_text, reasons_text
from foedus.views.article import article_json, article_text
from foedus.views.changes import changes_json, changes_text, turns_json, turns_text
from foedus.views.claims import claims_json, claims_text
from foedus.views.course import course_svg, course_text
from foedus.views.due import due_json, due_text
from foedus.views.keeping import kept_json, kept_text, union_json, union_text, verified_json, verified_text
from foedus.views.moves import admissible_json, admissible_text, numbered_moves
from foedus.views.power import powers_text
from foedus.views.report import Report, report_html
from foedus.views.safe import harmless
from foedus.views.state import state_json, state_text
from foedus.views.verdicts import variant_json, variant_text, verdicts_json, verdicts_text

__all__ = [
    "Report",
    "act_json",
    "act_text",
    "acts_json",
    "acts_text",
    "admissible_json",
    "admissible_text",
    "article_json",
    "article_text",
    "changes_json",
    "changes_text",
    "claims_json",
    "claims_text",
    "course_svg",
    "course_text",
    "due_json",
    "due_text",
    "harmless",
    "kept_json",
    "kept_text",
    "numbered_moves",
    "powers_text",
    "reasons_text",
    "report_html",
    "state_json",
    "state_text",
    "turns_json",
    "turns_text",
    "union_json",
    "union_text",
    "variant_json",
    "variant_text",
    "verdicts_json",
    "verdicts_text",
    "verified_json",
    "verified_text",
]
