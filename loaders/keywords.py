"""The words of the ontology found in a text in one pass: topic words, and the names of indicators."""

from dataclasses import dataclass

import ahocorasick

from loaders.vocabulary import Vocabulary

#: indicators shorter than this are too common as words to say that a text names one
MIN_INDICATOR = 4


@dataclass(frozen=True, slots=True)
class Finders:
    """Automata over a vocabulary. What each finds is (label, IRI)."""

    vocabulary: Vocabulary
    topics: ahocorasick.Automaton
    indicators: ahocorasick.Automaton


_FINDERS: dict[int, Finders] = {}


def finders(vocabulary: Vocabulary) -> Finders:
    """Built once for a vocabulary."""
    known = _FINDERS.get(id(vocabulary))
    if known is None or known.vocabulary is not vocabulary:
        topics, indicators = ahocorasick.Automaton(), ahocorasick.Automaton()
        for label, iri in vocabulary.topics.items():
            topics.add_word(label, (label, iri))
        for label, iri in vocabulary.indicators.items():
            if len(label) >= MIN_INDICATOR and vocabulary.indicator_iris[iri].level_of == iri:
                indicators.add_word(label, (label, iri))
        topics.make_automaton()
        indicators.make_automaton()
        known = _FINDERS[id(vocabulary)] = Finders(vocabulary, topics, indicators)
    return known


def topic_words(text: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Every topic word in a text, also those within a longer one, with its topic's IRI."""
    return [found for _, found in finders(vocabulary).topics.iter(text)]
