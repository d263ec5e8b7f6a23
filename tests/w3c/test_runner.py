"""The runner of the W3C's suites against the bare engine: it passes what is right and says what is wrong."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serving
from rdflib import Graph

sys.path.insert(0, str(Path(__file__).parent))
import suite

CASES = {case.name: case for case in suite.read(Path(__file__).parent / "example")}
WRONG = {
    "WRONG-truth": "request 1 (GET /sparql/?query=ASK%20%7B%7D): True instead of False",
    "WRONG-status-of-the-second-request": "request 2 (GET /sparql/?query=ASK%20%7B): status 400 instead of 2xx or 3xx",
    "WRONG-format": "content-type 'application/sparql-results+json' is none for a RDF answer",
    "WRONG-words": "[rdflib.term.Literal('test')] instead of one absolute IRI",
    "WRONG-graph": "another graph: 1 triples, not those 1",
    "WRONG-header": "content-type is 'text/turtle' instead of 'application/n-triples'",
    "WRONG-location": "no Location header",
}


@pytest.fixture(scope="module")
def server() -> Iterator[suite.Server]:
    with serving.engine() as url:
        yield suite.Server(f"{url}/query", f"{url}/update", f"{url}/store")


def test_every_test_with_requests_is_read_and_one_in_prose_only_is_not() -> None:
    assert {name for name in CASES if name.startswith("WRONG")} == set(WRONG)
    assert "in-prose-only" not in CASES
    assert CASES["a-graph-comes-back"].exchanges[1].expected.statuses == {"200"}


@pytest.mark.parametrize("name", sorted(CASES.keys() - WRONG.keys()))
def test_what_is_right_passes(name: str, server: suite.Server) -> None:
    with suite.client() as client:
        assert suite.run(CASES[name], server, client) == ""


@pytest.mark.parametrize(("name", "complaint"), WRONG.items())
def test_what_is_wrong_is_said(name: str, complaint: str, server: suite.Server) -> None:
    with suite.client() as client:
        assert complaint in suite.run(CASES[name], server, client)


@pytest.mark.parametrize(
    ("description", "complaint"),
    [
        ("", "no sd:Service"),
        ("[] a sd:Service .", "has no sd:endpoint"),
        ("[] a sd:Service ; sd:endpoint 'here' .", 'has the value "here", no IRI'),
        ("[] a sd:Service ; sd:endpoint <> ; sd:endPoint <> .", "is no property of the vocabulary"),
        ("[] a sd:Service ; sd:endpoint <> ; sd:supportedLanguage sd:SPARQL .", "is no sd:Language"),
        (
            "[] a sd:Service ; sd:endpoint <> . [] a sd:Dataset ; sd:feature sd:EmptyGraphs .",
            "is no sd:Service",
        ),
        ("[] a sd:Service ; sd:endpoint <> ; sd:defaultDataset [ a sd:Graph ] .", "is no sd:Dataset"),
    ],
)
def test_a_description_against_the_schema_is_told(description: str, complaint: str) -> None:
    prefix = "@base <http://example.org/sparql> . @prefix sd: <http://www.w3.org/ns/sparql-service-description#> . "
    assert complaint in "; ".join(
        suite.misdescribed(Graph().parse(data=prefix + description, format="turtle"))
    )
