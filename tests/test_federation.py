"""Questions that ask a second SPARQL endpoint too: a native engine with a small slice of Wikidata's kind of data and of
World Bank figures. The slices are test data; nothing leaves this machine."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from loaders.errors import DocumentError, ParameterError, QueryError
from plankg import questions, worldbank
from plankg.cli import plankg
from plankg.questions import Question
from plankg.server.engine import Engine

DATA = Path(__file__).parent / "data"
ALL = questions.federated_questions()
CENSUS = "2020 census of China, shipped with plankg"
#: As the World Bank's API answers; the values are made up.
ANSWER = [
    {"page": 1, "pages": 1, "per_page": 50, "total": 3, "sourceid": "2", "lastupdated": "2026-01-01"},
    [
        {
            "indicator": {"id": "NY.GDP.MKTP.KD.ZG", "value": "GDP growth (annual %)"},
            "country": {"id": "CN", "value": "China"},
            "countryiso3code": iso,
            "date": year,
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for iso, year, value in (("CHN", "2023", 7.25), ("CHN", "2024", None), ("IND", "2023", 9.5))
    ],
]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the second endpoint."""
    folder = tmp_path_factory.mktemp("elsewhere")
    answer = folder / "answer.json"
    answer.write_text(json.dumps(ANSWER), "utf-8")
    store = ox.Store(str(folder / "store"))
    store.load(path=str(DATA / "wikidata-slice.ttl"), format=ox.RdfFormat.TURTLE)
    store.load(worldbank.turtle([answer]), format=ox.RdfFormat.TURTLE)
    store.flush()
    del store
    with Engine(folder / "store") as engine:
        yield f"{engine.url}/query"


@pytest.fixture(scope="module")
def nowhere() -> str:
    """An address where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/query"


def answer(store: ox.Store, name: str, service: str, **given: str) -> list[dict[str, str]]:
    question = questions.at_service(questions.find(name), service)
    terms = questions.terms(question, given, questions.ask_store(store))
    solutions = questions.run(store, questions.bind(question, terms))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{n: value.value for n in names if (value := row[n]) is not None} for row in solutions]


# ---- the files ---------------------------------------------------------------


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.name)
def test_each_says_what_it_answers_and_whom_it_asks(question: Question) -> None:
    assert question.title.endswith("?") and question.title_zh.endswith("？")
    assert len(question.description) > 40
    assert question.text.count(f"SERVICE SILENT <{question.service}>") == 1
    assert all(p.default is not None or "left out" in p.description for p in question.parameters)


def test_there_are_enough_of_them_and_they_stand_apart() -> None:
    assert len(ALL) >= 3
    assert not {q.name for q in ALL} & {q.name for q in questions.all_questions()}
    assert not [q for q in questions.all_questions() if q.service]


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.name)
def test_each_has_an_answer_with_and_without_the_other_endpoint(
    question: Question, seeds: ox.Store, elsewhere: str, nowhere: str
) -> None:
    both = answer(seeds, question.name, elsewhere)
    alone = answer(seeds, question.name, nowhere)
    assert len(both) == len(alone) > 2
    assert both != alone


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.name)
def test_the_engine_gives_the_same_answer(
    question: Question, seeds: ox.Store, engine: Engine, elsewhere: str
) -> None:
    text = questions.at_service(question, elsewhere).text
    answered = httpx.post(
        f"{engine.url}/query", data={"query": text}, headers={"accept": "text/csv"}, timeout=60
    )
    answered.raise_for_status()
    local = questions.run(seeds, text)
    assert isinstance(local, ox.QuerySolutions)
    expected = local.serialize(format=ox.QueryResultsFormat.CSV) or b""
    assert sorted(answered.content.splitlines()) == sorted(expected.splitlines())


# ---- the answers -------------------------------------------------------------


def test_population_is_that_of_wikidata_or_of_the_census_and_says_so(
    seeds: ox.Store, elsewhere: str, nowhere: str
) -> None:
    def per_resident(service: str) -> set[tuple[str, ...]]:
        found = answer(seeds, "per-resident", service, indicator="gdp", year="2022")
        columns = (
            "regionName",
            "printed",
            "yuanPerResident",
            "residents",
            "populationDate",
            "populationSource",
        )
        return {tuple(row[name] for name in columns) for row in found}

    census_only = {
        ("张家港市", "超3100亿元", "216474", "1432044", "2020", CENSUS),
        ("太仓市", "1635亿元", "196724", "831113", "2020", CENSUS),
        ("苏州市", "2.4万亿元", "188261", "12748262", "2020", CENSUS),
        ("钟楼区", "890亿元以上", "135148", "658537", "2020", CENSUS),
    }
    assert per_resident(nowhere) == census_only
    assert per_resident(elsewhere) == census_only - {
        ("苏州市", "2.4万亿元", "188261", "12748262", "2020", CENSUS)
    } | {("苏州市", "2.4万亿元", "200000", "12000000", "2022-12-31", "Wikidata")}


def test_population_area_and_head_of_government(seeds: ox.Store, elsewhere: str, nowhere: str) -> None:
    places = {row["regionName"]: row for row in answer(seeds, "regions-in-wikidata", elsewhere)}
    suzhou = places["苏州市"]
    assert suzhou["population"] == "12000000" and suzhou["populationDate"] == "2022-12-31"
    assert suzhou["squareKilometres"] == "8000"
    assert (suzhou["headOfGovernment"], suzhou["since"]) == ("现任乙", "2021-05-01")
    assert suzhou["censusPopulation"] == "12748262" and suzhou["censusSource"] == "2020 census of China"
    assert places["太仓市"]["squareKilometres"] == "800" and "population" not in places["太仓市"]
    zone = places["太仓港"]  # no item of its own: nobody else's figures
    assert not {"match", "population", "squareKilometres", "headOfGovernment"} & set(zone)
    alone = answer(seeds, "regions-in-wikidata", nowhere, region="苏州市")
    assert {"苏州市", "张家港市", "太仓市"} <= {row["regionName"] for row in alone}
    assert "钟楼区" not in {row["regionName"] for row in alone}
    assert not [row for row in alone if "population" in row]


def test_figures_of_the_world_bank(seeds: ox.Store, elsewhere: str) -> None:
    found = answer(seeds, "beside-the-nation", elsewhere, indicator="gdp/growth", year="2023")
    targets = {
        (r["regionName"], r["printed"], r["nation"], r["strength"]) for r in found if r["role"] == "target"
    }
    assert targets == {
        ("苏州市", "5%左右", "7.25", "closeMatch"),
        ("张家港市", "5%以上", "7.25", "closeMatch"),
        ("钟楼区", "5%左右", "7.25", "closeMatch"),
    }
    assert {row["nationName"] for row in found} == {"GDP growth (annual %)"}


def test_one_request_is_made_not_one_a_row(seeds: ox.Store, elsewhere: str) -> None:
    """The service's part is one sub-query without our variables, so the engine asks it once."""
    for question in ALL:
        part = question.text.partition("SERVICE SILENT")[2]
        assert part.split("{", 1)[1].lstrip().startswith("SELECT")


# ---- the address -------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["", "query.wikidata.org", "ftp://example.org/", "http://x/> {} #", "http://x/ y"]
)
def test_an_address_cannot_become_syntax(address: str) -> None:
    with pytest.raises(ParameterError, match="not the address"):
        questions.at_service(ALL[0], address)


def test_a_question_of_one_graph_has_no_service() -> None:
    with pytest.raises(ParameterError, match="asks no service"):
        questions.at_service(questions.find("who-targeted"), "http://127.0.0.1/")


def test_a_header_that_names_another_service_is_refused() -> None:
    with pytest.raises(QueryError, match="not the one that the query asks"):
        questions.parse(
            "# title: x\n# service: http://a/\nSELECT * { SERVICE <http://b/> { ?s ?p ?o } }", "x"
        )


# ---- the command -------------------------------------------------------------


def test_the_command_asks_the_service_given(graph: Path, elsewhere: str) -> None:
    words = ["query", "per-resident", "--service", elsewhere, "--format", "csv", "--graph", str(graph)]
    done = CliRunner().invoke(plankg, words)
    assert done.exit_code == 0 and "Wikidata" in done.stdout and done.stderr == ""


def test_the_command_says_when_the_service_does_not_answer(graph: Path, nowhere: str) -> None:
    words = ["query", "per-resident", "--service", nowhere, "--format", "csv", "--graph", str(graph)]
    done = CliRunner().invoke(plankg, words)
    assert done.exit_code == 0 and CENSUS in done.stdout
    assert done.stderr.startswith(f"{nowhere} does not answer: ")


def test_the_list_says_who_is_asked() -> None:
    done = CliRunner().invoke(plankg, ["queries"])
    assert "(asks https://query.wikidata.org/sparql too)" in " ".join(done.output.split())
    assert "--service=URL" in CliRunner().invoke(plankg, ["queries", "per-resident"]).output


# ---- World Bank figures ------------------------------------------------------


def test_what_is_no_answer_of_the_api_is_refused(tmp_path: Path) -> None:
    for text in ("{}", "[]", '[{"message": [{"id": "120"}]}]', "<html>"):
        file = tmp_path / "answer.json"
        file.write_text(text, "utf-8")
        with pytest.raises(DocumentError, match="no answer of the World Bank"):
            worldbank.turtle([file])
    with pytest.raises(DocumentError, match="cannot be read"):
        worldbank.turtle([tmp_path / "none.json"])


def test_years_without_a_value_and_other_countries_are_left_out() -> None:
    found = list(worldbank.triples(json.dumps(ANSWER), "answer"))
    dates = [t.object.value for t in found if t.predicate.value.endswith("observationDate")]
    assert dates == ["2023"]
