"""What a report undertakes: its named projects and, sentence by sentence, its measures. One object reads one report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders import identity, projects
from loaders.layout import Passage, Table
from loaders.linking import Linker
from loaders.measures import Reader
from loaders.model import Fact, MeasureMention, OtherSentence, ProjectMention, Qualitative, ReportInfo
from loaders.sections import Part


@dataclass(slots=True)
class Undertakings:
    """Collects projects and measures part by part, in the order of the report."""

    info: ReportInfo
    linker: Linker
    _mentions: list[ProjectMention] = field(default_factory=list)
    _measures: list[MeasureMention] = field(default_factory=list)
    _others: list[OtherSentence] = field(default_factory=list)
    _reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        self._reader = Reader(self.linker.vocabulary, self.info)

    def read(
        self, part: Part, sentences: Sequence[tuple[int, int]], stated: Sequence[Fact | Qualitative]
    ) -> None:
        """Reads a part: ``sentences`` are the spans of those of its passage, ``stated`` the facts and promises in it.

        A table of the planning part is a list of targets, each row one item that is no measure.
        """
        if isinstance(part.block, Table):
            if part.kind == "target":
                self._others += (_row(row, part) for row in part.block.rows if any(cell.text for cell in row))
            return
        named = list(projects.read_passage(part.block, sentences, part, self.info, self.linker))
        self._mentions += named
        for item in self._reader.read_passage(part.block, sentences, part, stated, named):
            if isinstance(item, MeasureMention):
                self._measures.append(item)
            else:
                self._others.append(item)

    def found(self) -> dict[str, Any]:
        """What was found, as the fields of :class:`loaders.model.Extraction`."""
        region = self.linker.region
        places = self.linker.vocabulary.regions
        first, later = identity.settle(self._mentions, region.code if region else "", places.__contains__)
        return {
            "projects": first,
            "project_updates": later,
            "measures": tuple(sorted(self._measures, key=lambda m: m.start)),
            "other_sentences": tuple(sorted(self._others, key=lambda s: s.start)),
        }


def _row(row: Sequence[Passage], part: Part) -> OtherSentence:
    cells = [cell for cell in row if cell.text]
    start, end = cells[0].span(0, 1)[0], cells[-1].span(0, len(cells[-1].text))[1]
    return OtherSentence(start, end, " | ".join(cell.text for cell in cells), "target", part.heading)
