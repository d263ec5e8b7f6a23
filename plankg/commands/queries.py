"""``plankg queries``: what can be asked."""

import click

from plankg.commands import out
from plankg.questions import Question, all_questions, federated_questions, find
from plankg.results import shorten


@click.command(epilog="Example: plankg queries who-targeted")
@click.argument("names", nargs=-1)
def command(names: tuple[str, ...]) -> None:
    """List the questions the graph answers; with NAMES, their parameters and SPARQL."""
    console = out()
    if not names:
        for question in all_questions():
            console.print(f"[bold]{question.name}[/bold]\n    {question.title}", markup=True)
        for question in federated_questions():
            title = f"{question.title} (asks {question.service} too)"
            console.print(f"[bold]{question.name}[/bold]\n    {title}", markup=True)
        return
    for question in [find(name) for name in names]:
        console.print(describe(question), markup=False)
        console.print(question.text, markup=False)


def describe(question: Question) -> str:
    """A question's title, description and parameters as plain lines."""
    lines = [
        question.name,
        f"  {question.title}",
        f"  {question.title_zh}",
        "",
        f"  {question.description}",
        "",
    ]
    for parameter in question.parameters:
        default = "optional" if parameter.default is None else f"default {shorten(parameter.default.value)}"
        lines.append(
            f"  --param {parameter.name}={parameter.type.upper()}  {parameter.description} ({default})"
        )
    if question.service:
        lines.append(f"  --service=URL  the endpoint it asks beside the graph (default {question.service})")
    return "\n".join(lines) + "\n"
