"""The list of candidates: a CSV file in which a person fills the first column.

``decision`` is empty at first; ``exact``, ``close``, ``broad``, ``narrow`` or ``related`` accepts a candidate
with that strength, ``no`` refuses it. A thing without any candidate has one row, so that it is not asked for
again.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from loaders.errors import ParameterError
from plankg.store import one_line

STRENGTHS: Final = ("exact", "close", "broad", "narrow", "related")
DECISIONS: Final = ("", "no", *STRENGTHS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed match. ``score`` is the service's own; ``match`` says that the service is sure."""

    thing: str
    name: str
    where: str
    candidate: str  #: IRI, or "" when there is none
    label: str
    description: str
    score: float
    match: bool
    decision: str = ""
    service: str = ""
    asked: str = ""  #: the day, as 2026-11-22


COLUMNS: Final = (
    "decision", "name", "where", "label", "description", "score", "match",
    "thing", "candidate", "service", "asked",
)  # fmt: skip
assert set(COLUMNS) == {field.name for field in fields(Candidate)}


def read(path: Path) -> tuple[Candidate, ...]:
    """The rows of a list; none when the file is not there.

    Raises :class:`ParameterError` when it is no such list, or a decision is none of :data:`DECISIONS`.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError:
        raise ParameterError(f"{path} is not UTF-8; save it as CSV UTF-8") from None
    except OSError as error:
        raise ParameterError(f"{path} cannot be read: {one_line(error)}") from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)  # as spreadsheets save it in one country or another
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if set(rows.fieldnames or ()) != set(COLUMNS):
        raise ParameterError(f"{path} is no list of candidates: its columns are not {', '.join(COLUMNS)}")
    return tuple(_row(row, f"{path}, line {rows.line_num}") for row in rows)


def _row(row: dict[str, str], where: str) -> Candidate:
    decision = (row["decision"] or "").strip().lower().removesuffix("match")
    if decision not in DECISIONS:
        raise ParameterError(f"{where}: the decision {decision!r} is none of {', '.join(DECISIONS[1:])}")
    if decision in STRENGTHS and not row["candidate"]:
        raise ParameterError(f"{where}: there is no candidate to accept")
    try:
        score = float(row["score"] or 0)
    except ValueError:
        raise ParameterError(f"{where}: the score {row['score']!r} is not a number") from None
    texts = {name: row[name] or "" for name in COLUMNS if name not in ("decision", "score", "match")}
    return Candidate(decision=decision, score=score, match=row["match"].lower() == "true", **texts)


def write(path: Path, rows: Sequence[Candidate]) -> None:
    """Writes the list in one step: a reader, or a run that was killed, sees the old or the new one whole.

    Raises :class:`ParameterError` when it cannot be written.
    """
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        told = asdict(row)
        told |= {"score": f"{row.score:g}" if row.candidate else "", "match": str(row.match).lower()}
        writer.writerow(told)
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(buffer.getvalue(), "utf-8-sig", newline="")
        beside.replace(path)
    except OSError as error:
        raise ParameterError(f"{path} cannot be written: {one_line(error)}") from None
