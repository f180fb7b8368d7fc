"""One folder per language, all data: names, verbs of each kind of act, dates, and marks of speech and modality.

Start at `load.py`. A new language is a new folder with the same four files; no code changes.
"""

from foedus.languages.load import (
    Cue,
    Dates,
    Language,
    Marks,
    Person,
    Tenure,
    language_of,
    load_languages,
    load_persons,
    span_of,
)

__all__ = [
    "Cue",
    "Dates",
    "Language",
    "Marks",
    "Person",
    "Tenure",
    "language_of",
    "load_languages",
    "load_persons",
    "span_of",
]
