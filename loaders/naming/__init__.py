"""What a number measures: the noun phrase around it, cut down to the words that identify it.

`lead` is the text between the last boundary and the number (its comparator excluded), `tail` the text from the
number's unit to the next boundary. ``leads`` takes the words before a number apart, ``phrases`` finds the noun phrase
on either side, ``lists`` completes the items of a list, ``completing`` restores what a short name leaves out. Examples
stand in ``tests/data/facts.toml``.
"""

from loaders.grammar import HEAD
from loaders.naming.completing import WHOLE_NOUNS, complete, join, needs_owner, owner_of, without_flow
from loaders.naming.leads import COMPARISON, RANK_LEAD, Lead, read_lead
from loaders.naming.lists import split_items
from loaders.naming.phrases import left_name, right_name, takes_right, tidy

__all__ = [
    "COMPARISON",
    "HEAD",
    "RANK_LEAD",
    "WHOLE_NOUNS",
    "Lead",
    "complete",
    "join",
    "left_name",
    "needs_owner",
    "owner_of",
    "read_lead",
    "right_name",
    "split_items",
    "takes_right",
    "tidy",
    "without_flow",
]
