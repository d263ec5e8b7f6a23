"""``plankg query``: a question -> its answer."""

import sys
from pathlib import Path

import click

from plankg import questions, results, store
from plankg.commands import err, graph_option, out


def _pair(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for value in values:
        name, equals, content = value.partition("=")
        if not equals:
            raise click.BadParameter(f"{value!r} is not of the form name=value")
        pairs[name] = content
    return pairs


@click.command(
    epilog="Example: plankg query targets-of-region --param region=张家港市 --param year=2024 --format csv"
)
@click.argument("name", metavar="NAME|FILE.rq")
@click.option(
    "--param", "params", multiple=True, callback=_pair, metavar="NAME=VALUE", help="Set a parameter."
)
@click.option("--format", "format", type=click.Choice(results.FORMATS), default="table", show_default=True)
@click.option("--service", metavar="URL", help="Endpoint that a federated question asks beside the graph.")
@graph_option
def command(name: str, params: dict[str, str], format: str, service: str | None, graph: Path) -> None:
    """Answer a question (see `plankg queries`) or the SPARQL query in FILE.rq.

    A region, indicator, topic, report or status may be given by its name (张家港市, GDP增速), by the end of
    its IRI (320582, gdp/growth) or by its whole IRI. A question that asks another endpoint too, which does
    not answer, is answered by what the graph has, and a line on standard error says so.
    """
    question = questions.find(name)
    if service is not None:
        question = questions.at_service(question, service)
    opened = store.open_store(graph)
    terms = questions.terms(question, params, questions.ask_store(opened))
    if question.service and (why := questions.unanswered(question.service)):
        err().print(
            f"{question.service} does not answer: {why}; the answer is from the graph alone", markup=False
        )
    answer = questions.run(opened, questions.bind(question, terms))
    results.write(answer, format, sys.stdout.buffer, out())
