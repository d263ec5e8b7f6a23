"""The words of the ontology found in a text in one pass: topic words, the names of indicators and of regions."""

from functools import lru_cache

import ahocorasick

from loaders.vocabulary import Vocabulary

#: where a word ends that was found in a text, the word, and the IRI it is a word for
Word = tuple[int, str, str]
#: indicators shorter than this are too common as words to say that a text names one
MIN_INDICATOR = 4
#: what the full name of an administrative unit ends in
_UNIT_ENDS = tuple("省市县区州盟旗")


class Finders:
    """Automata over a vocabulary; what they find are words with their IRIs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.topics, self.indicators, self.regions = (ahocorasick.Automaton() for _ in range(3))
        for label, iri in vocabulary.topics.items():
            self.topics.add_word(label, (label, iri))
        for label, iri in vocabulary.indicators.items():
            if len(label) >= MIN_INDICATOR and vocabulary.indicator_iris[iri].level_of == iri:
                self.indicators.add_word(label, (label, iri))
        for name in vocabulary.regions:
            if len(name) > 1 and name.endswith(_UNIT_ENDS):
                self.regions.add_word(name, name)
        for automaton in (self.topics, self.indicators, self.regions):
            automaton.make_automaton()
        #: the topic words of a text, the longest where they overlap; headings are asked for again and again
        self.topics_of = lru_cache(maxsize=256)(self._topics_of)

    def _topics_of(self, text: str) -> tuple[Word, ...]:
        return tuple((last + 1, label, iri) for last, (label, iri) in self.topics.iter_long(text))

    def regions_of(self, text: str) -> dict[int, str]:
        """Where the full name of an administrative unit ends -> the longest such name."""
        found: dict[int, str] = {}
        for last, name in self.regions.iter(text):  # of those with one end the longest comes first
            found.setdefault(last + 1, name)
        return found

    def all_topics_of(self, text: str) -> list[Word]:
        """Every topic word in a text, also those within a longer one."""
        return [(last + 1, label, iri) for last, (label, iri) in self.topics.iter(text)]


_FINDERS: dict[int, Finders] = {}


def finders(vocabulary: Vocabulary) -> Finders:
    """Those of a vocabulary, built once."""
    known = _FINDERS.get(id(vocabulary))
    if known is None or known.vocabulary is not vocabulary:
        known = _FINDERS[id(vocabulary)] = Finders(vocabulary)
    return known
