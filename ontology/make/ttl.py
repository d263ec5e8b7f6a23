"""Writes Turtle that people can read and that comes out the same every time.

One block per subject, predicates in the order given, one blank line between blocks. Objects are ready-made
terms: a prefixed name, or what :func:`text` and :func:`decimal` return.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "plan": "https://w3id.org/plankg/ontology#",
    "qudt": "http://qudt.org/vocab/unit/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "region": "https://w3id.org/plankg/region/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "https://w3id.org/plankg/unit/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Pair = tuple[str, str | Sequence[str]]


def text(value: str, lang: str = "") -> str:
    """A string literal, with its language if given: ``text("个", "zh")`` is ``"个"@zh``."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"@{lang}' if lang else f'"{escaped}"'


def texts(values: Iterable[str], lang: str = "") -> list[str]:
    """String literals in the order given, each once."""
    return [text(value, lang) for value in dict.fromkeys(values)]


def decimal(value: Decimal | int | str) -> str:
    """An ``xsd:decimal`` literal, never in exponent form: ``decimal("1e4")`` is ``10000.0``."""
    plain = format(Decimal(value), "f")
    if "." in plain:
        whole, fraction = plain.split(".")
        fraction = fraction.rstrip("0") or "0"
        return f"{whole}.{fraction}"
    return f"{plain}.0"


def block(subject: str, pairs: Iterable[Pair]) -> str:
    """The triples of one subject. Pairs without an object are left out; ``a`` comes first if given first."""
    lines = []
    for predicate, given in pairs:
        objects = [given] if isinstance(given, str) else list(given)
        objects = [one for one in objects if one]
        if objects:
            lines.append(f"    {predicate} " + " , ".join(objects))
    return subject + "\n" + " ;\n".join(lines) + " .\n"


def document(header: str, prefixes: Iterable[str], blocks: Iterable[str]) -> str:
    """A whole file: the header as comments, the prefixes used, the blocks."""
    comments = "".join(f"# {line}".rstrip() + "\n" for line in header.strip().splitlines())
    declared = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(prefixes))
    return comments + "\n" + declared + "\n" + "\n".join(blocks)
