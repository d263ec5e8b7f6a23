"""The words of the ontology found in a text in one pass: topic words, the names of indicators and of regions."""

from collections.abc import Mapping
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from loaders.vocabulary import Vocabulary

#: where a word ends that was found in a text, the word, and the IRI it is a word for
Word = tuple[int, str, str]
#: indicators shorter than this are too common as words to say that a text names one
MIN_INDICATOR = 4
#: what the full name of an administrative unit ends in
_UNIT_ENDS = tuple("省市县区州盟旗")


class Finder:
    """An automaton over words with their IRIs. ``longest``: of words that overlap, it finds the longest that begins
    first; else every one."""

    def __init__(self, words: Mapping[str, str], *, longest: bool) -> None:
        self._words = list(words.items())
        kind = MatchKind.LeftmostLongest if longest else MatchKind.Standard
        self._automaton = AhoCorasick(list(words), matchkind=kind)
        self._overlapping = not longest

    def find(self, text: str) -> tuple[Word, ...]:
        """The words in a text, in the order in which they end."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=self._overlapping)
        words = self._words
        return tuple([(end, *words[number]) for number, _, end in found])


class Finders:
    """The finders of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        indicators = {
            label: iri
            for label, iri in vocabulary.indicators.items()
            if len(label) >= MIN_INDICATOR and vocabulary.indicator_iris[iri].level_of == iri
        }
        regions = {name: "" for name in vocabulary.regions if len(name) > 1 and name.endswith(_UNIT_ENDS)}
        self.indicators = Finder(indicators, longest=True).find
        #: the topic words of a text, the longest where they overlap; headings are asked for again and again
        self.topics_of = lru_cache(maxsize=256)(Finder(vocabulary.topics, longest=True).find)
        #: every topic word in a text, also those within a longer one
        self.all_topics_of = Finder(vocabulary.topics, longest=False).find
        self._regions = Finder(regions, longest=False)

    def regions_of(self, text: str) -> dict[int, str]:
        """Where the full name of an administrative unit ends -> the longest such name."""
        found: dict[int, str] = {}
        for end, name, _ in self._regions.find(text):
            found[end] = max(found.get(end, ""), name, key=len)
        return found


_FINDERS: dict[int, Finders] = {}


def finders(vocabulary: Vocabulary) -> Finders:
    """Those of a vocabulary, built once."""
    known = _FINDERS.get(id(vocabulary))
    if known is None or known.vocabulary is not vocabulary:
        known = _FINDERS[id(vocabulary)] = Finders(vocabulary)
    return known
