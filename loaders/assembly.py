"""Draft -> fact: offsets in the source, IRIs, the sentence, what the words say of basis and ambition."""

import re

from loaders.facts import Draft
from loaders.layout import Passage
from loaders.linking import Linker
from loaders.mentions.quantity import Quantity
from loaders.model import Fact, ReportInfo, Sentence
from loaders.sections import Part

_STRETCH = re.compile(r"力争|争取更好|奋力")
_BASIS = re.compile(r"可比价格?|可比口径|同口径|不变价格?|自然口径|扣除价格因素|国家新口径")


def make_fact(
    draft: Draft, kind: str, period: str, estimated: bool, passage: Passage, part: Part, info: ReportInfo,
    linker: Linker, sentence: tuple[int, int],
) -> Fact:  # fmt: skip
    """The fact of a draft with offsets in the source."""
    q: Quantity = draft.quantity
    start, end = passage.span(q.start, q.end)
    quote = passage.span(*sentence)
    words = passage.text[slice(*sentence)]
    place = draft.place or info.region
    return Fact(
        start=start,
        end=end,
        number=q.number,
        indicator=draft.indicator,
        measure=draft.measure,
        value=draft.value,
        upper=-q.upper if q.upper is not None and draft.value < 0 else q.upper,
        unit=q.unit,
        comparator=draft.comparator,
        kind="target" if kind == "target" else "result",
        estimated=estimated,
        period=period,
        region=place,
        indicator_iri=linker.indicator_iri(draft.indicator, draft.measure, q.unit),
        region_iri=linker.place_iri(draft.place),
        sentence=Sentence(words, *quote, part.heading),
        printed=passage.text[q.left : q.right],
        rule=draft.rule,
        confidence=round(draft.confidence, 2),
        basis=_basis(words, q.start - sentence[0]),
        stretch=bool(_STRETCH.search(words, max(0, q.start - sentence[0] - 30), q.start - sentence[0])),
    )


def _basis(words: str, at: int) -> str:
    found = _BASIS.findall(words, max(0, at - 16), at)
    return found[-1] if found else ""
