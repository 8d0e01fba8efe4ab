"""Wording: rule packs in Vale's YAML, and rules of our own kind that look at what a post does to people.

packs/en/*.yml        Vale rules, which Vale itself can run
packs/en.sidecar.yml  what Vale has no place for: category, why, suggestion, examples that must and must not fire
packs/en.people.yml   who is addressed, and what is done to them; see `people.py`
packs/en.leaning.tsv  what words and signs weigh together, and en.categories.tsv in which category; see `leaning.py`
"""

from assistant.checks.wording.packs import Pack, house_pack, load_pack, load_style, shipped_languages
from assistant.checks.wording.prefilter import Prefilter

__all__ = ["Pack", "Prefilter", "house_pack", "load_pack", "load_style", "shipped_languages"]
