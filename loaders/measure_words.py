"""The words actions are told with (``lexicon/measures.toml``)."""

import re
from typing import Final

from loaders import lexicon

_FILE: Final = "measures"
ACTIONS: Final = lexicon.words(_FILE, "actions")
LEANING: Final = lexicon.words(_FILE, "leaning")
LEANED_ON: Final = lexicon.words(_FILE, "leaned_on")
NOUNISH: Final = lexicon.words(_FILE, "nounish")
NOUNS: Final = lexicon.words(_FILE, "nouns")
LEAD_INS: Final = lexicon.words(_FILE, "lead_ins")
PIVOTS: Final = lexicon.words(_FILE, "pivots")
INNER: Final = lexicon.words(_FILE, "inner")
ADVERBS: Final = lexicon.words(_FILE, "adverbs")
#: noun of an instrument -> its kind
INSTRUMENTS: Final = lexicon.by_word(_FILE, "instruments")
NOUN_AFTER: Final = re.compile(lexicon.alternatives(lexicon.table(_FILE)["noun_after"]["begins"]))
#: to be matched where a clause begins
OPENING: Final = re.compile(lexicon.alternatives(lexicon.table(_FILE)["opening"]["begins"]) + "[，,]?")
ADDRESS: Final = lexicon.pattern(_FILE, "address")
REQUIREMENT: Final = lexicon.pattern(_FILE, "requirement")
BACKGROUND: Final = lexicon.pattern(_FILE, "background")
PROPOSES: Final = lexicon.pattern(_FILE, "proposes")
#: the glossary at a report's end: 20.“一件事”全链条专项整治：针对…
NOTE: Final = re.compile(
    r"^(?:\d{1,3}[.．、]|[（(]\d{1,3}[)）])?“?[^，。：]{2,36}”?[^，。：]{0,16}"
    r"[：:](?:指|是指|即|针对|由|为|包括|以|\d{4}年)"
)
