"""Quantities -> facts: who belongs to whom.

One sentence at a time, from left to right: each number finds its indicator in the words before it, after it, or in
the clause before (:mod:`loaders.naming`); the words around decide what kind of measure it is; section and wording
decide target or result and which period; a name that opens with a part of the region moves the fact there.

``clauses`` cuts a sentence, ``thread`` holds what carries over, ``names`` finds what is measured, ``kinds`` what kind
of measure it is, ``sentences`` puts them together, ``settling`` decides role and time.
"""

from loaders.facts.clauses import Clause, clauses_of
from loaders.facts.sentences import read_sentence
from loaders.facts.settling import is_estimate, settle_kind, settle_period
from loaders.facts.thread import Draft, Thread, remember, subject_of

__all__ = [
    "Clause",
    "Draft",
    "Thread",
    "clauses_of",
    "is_estimate",
    "read_sentence",
    "remember",
    "settle_kind",
    "settle_period",
    "subject_of",
]
