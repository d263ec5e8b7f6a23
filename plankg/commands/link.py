"""``plankg link``: proposes matches to other data, and takes up those a person accepted."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from loaders.errors import ParameterError
from plankg import store
from plankg.build import ACCEPTED_LINKS
from plankg.commands import err, graph_option, out
from plankg.linking import accepted, candidates, labels, reconciliation, things
from plankg.linking.asking import Guest
from plankg.linking.candidates import Candidate
from plankg.linking.things import Thing

WIKIDATA: Final = "http://www.wikidata.org/entity/"
Propose = Callable[[list[Thing]], list[Candidate]]


def _pairs(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(value.partition("=")[::2] for value in values)
    if not all(pairs) or not all(pairs.values()):
        raise click.BadParameter("give it as PID=HINT, such as P442=code")
    return pairs


@click.command(epilog="Example: plankg link --what region --service https://wikidata.reconci.link/zh/api")
@graph_option
@click.option("--what", type=click.Choice(list(things.KINDS)), default="region", show_default=True)
@click.option("--service", metavar="URL", help="A service of the Reconciliation API 0.2.")
@click.option("--sparql", metavar="URL", help="A SPARQL endpoint, asked for things of the same name.")
@click.option(
    "--query",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --sparql: another query.",
)
@click.option(
    "--space", default=WIKIDATA, show_default=True, help="With --sparql: how IRIs of the other data begin."
)
@click.option("--type", "type_", default="", metavar="ID", help="With --service: only entities of this type.")
@click.option(
    "--property",
    "properties",
    multiple=True,
    callback=_pairs,
    metavar="PID=HINT",
    help=f"With --service: send a hint of ours ({', '.join(things.HINTS)}) as this property.",
)
@click.option("--language", default="zh", show_default=True, help="Of the names that are asked for.")
@click.option(
    "--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="Candidates for a thing."
)
@click.option(
    "--batch", type=click.IntRange(1, 200), default=10, show_default=True, help="Things in a request."
)
@click.option(
    "--rate", type=click.FloatRange(0.01, 100), default=1.0, show_default=True, help="Requests a second."
)
@click.option(
    "--first", type=click.IntRange(1), help="Ask for so many things at most, the rest another time."
)
@click.option(
    "--out",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("candidates.csv"),
    show_default=True,
    help="The list; what it has is kept and not asked for again.",
)
@click.option(
    "--accept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take up what a person accepted in this list.",
)
@click.option("--by", default="", metavar="NAME", help="With --accept: who accepted it.")
def command(
    graph: Path,
    what: str,
    service: str | None,
    sparql: str | None,
    query: Path | None,
    space: str,
    type_: str,
    properties: dict[str, str],
    language: str,
    limit: int,
    batch: int,
    rate: float,
    first: int | None,
    path: Path,
    accept: Path | None,
    by: str,
) -> None:
    """Propose matches to other data for things that have none; exit status 1 when an accepted one is refused.

    Candidates with scores go to a CSV file. A person fills its first column: exact, close, broad, narrow or
    related accepts a candidate, `no` refuses it. `plankg link --accept FILE --by NAME` then adds the accepted
    ones to accepted-links.ttl in the graph folder, which the next build takes up; links that are there are
    never changed. A run that was interrupted goes on where it stopped. Without --service and --sparql it
    shows what would be asked.
    """
    if accept is not None:
        _accept(graph, accept, by)
        return
    if service and sparql:
        raise click.UsageError("give --service or --sparql, not both")
    opened = store.open_store(graph)
    guest = Guest(service or sparql or "", rate)
    propose: Propose | None = None
    if service:
        manifest = reconciliation.manifest(guest)
        space = manifest.space

        def propose(group: list[Thing]) -> list[Candidate]:
            return reconciliation.propose(
                guest, manifest, group, limit=limit, type_=type_, properties=properties
            )

    elif sparql:
        text = labels.template(query or labels.DEFAULT)

        def propose(group: list[Thing]) -> list[Candidate]:
            return labels.propose(guest, text, space, group, limit=limit, language=language)

    lacking = things.unmatched(opened, what, space, language)
    kept = list(candidates.read(path))
    asked = {row.thing for row in kept if row.service == guest.url}
    wanted = [thing for thing in lacking if thing.iri not in asked][:first]
    console = err()
    if propose is None:
        for thing in wanted:
            out().print(f"{thing.iri}  {thing.name}  {thing.where}".rstrip(), markup=False, soft_wrap=True)
        console.print(f"{len(lacking)} of kind {what} have no match in {space}", markup=False)
        return
    day = datetime.now(UTC).date().isoformat()
    for group in _groups(wanted, batch):
        kept += _rows(group, propose(group), guest.url, day)
        candidates.write(path, kept)
        console.print(f"{len(group)} asked for, {path} has {len(kept)} rows", markup=False)
    console.print(f"{len(wanted)} of {len(lacking)} {what}s without a match asked for", markup=False)


def _groups(wanted: list[Thing], size: int) -> Iterator[list[Thing]]:
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]


def _rows(group: list[Thing], found: list[Candidate], service: str, day: str) -> Iterator[Candidate]:
    """The candidates of each thing, or one row that says there are none."""
    for thing in group:
        none = Candidate(thing.iri, thing.name, thing.where, "", "", "", 0.0, False)
        for row in [one for one in found if one.thing == thing.iri] or [none]:
            yield replace(row, service=service, asked=day)


def _accept(graph: Path, path: Path, by: str) -> None:
    if not by.strip():
        raise ParameterError("say with --by who accepted the links")
    known = accepted.matched(store.open_store(graph))
    target = graph / ACCEPTED_LINKS
    day = datetime.now(UTC).date().isoformat()
    outcome = accepted.accept(candidates.read(path), target, known, by.strip(), day)
    console = err()
    for row, why in outcome.refused:
        console.print(f"refused: {row.thing} {row.decision} {row.candidate}: {why}", markup=False)
    console.print(
        f"{len(outcome.added)} added to {target}, {len(outcome.already)} there already, "
        f"{len(outcome.refused)} refused",
        markup=False,
    )
    if outcome.added:
        console.print("the next `plankg build` takes them up", markup=False)
    if outcome.refused:
        sys.exit(1)
