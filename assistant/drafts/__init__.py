"""Posts from figures: template packs, a language's way of telling numbers, and the choice among wordings. Pure.

    pack = load([shipped_folder()], ["en", "fr"])
    written = write(insights, pack, config, languages=["en", "fr"], limit=20, as_of=now)

docs/templates.md says how to write a template.
"""

from assistant.drafts.languages import shipped_folder
from assistant.drafts.pack import Pack, Template, load
from assistant.drafts.variables import COMMON, FACTS
from assistant.drafts.writing import Past, Written, opening, write

__all__ = ["COMMON", "FACTS", "Pack", "Past", "Template", "Written", "load", "opening", "shipped_folder", "write"]
