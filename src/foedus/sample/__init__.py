"""The bundled sample: six pages of our own with where they came from, and a short played story.

`python -m foedus.sample` reads the pages, plays the story and shows what came of it: what `make run` does.
"""
