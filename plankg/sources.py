"""Which reports to build from: files and folders, with what ``sources.toml`` beside them says of each."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from loaders.errors import DocumentError
from loaders.model import Source
from loaders.quads import slug

LIST: Final = "sources.toml"
SUFFIXES: Final = frozenset({".txt"})  #: the formats `loaders.pipeline.read` reads; a folder yields these


@dataclass(frozen=True, slots=True)
class Input:
    """One report to read: its file, the SHA-256 of the file's bytes, and what is known of it beforehand."""

    path: Path
    sha256: str
    source: Source


def collect(paths: Iterable[Path]) -> tuple[Input, ...]:
    """The reports in the given files and folders, in the order of their slugs; a file given twice counts
    once.

    Raises :class:`DocumentError` for a missing path, a folder without reports, two reports of one name, and
    a file that is not the one its ``sources.toml`` describes.
    """
    files = dict.fromkeys(file.resolve() for path in paths for file in _files(path))
    lists = {folder: _read_list(folder) for folder in {file.parent for file in files}}
    found: dict[str, Input] = {}
    for file in files:
        report = _input(file, lists[file.parent])
        other = found.setdefault(report.source.slug, report)
        if other is not report:
            raise DocumentError(
                f"{file} and {other.path} would both be report/{report.source.slug}; "
                f"give one of them another slug in {LIST}"
            )
    return tuple(found[name] for name in sorted(found))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        if not path.exists():
            raise DocumentError(f"{path}: no such file or folder")
        return [path]
    files = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES)
    if not files:
        raise DocumentError(f"{path} holds no report ({', '.join(sorted(SUFFIXES))})")
    return files


def _input(file: Path, entries: Mapping[str, Mapping[str, Any]]) -> Input:
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}") from None
    entry = entries.get(file.name)
    if entry is None:
        return Input(file, digest, Source(slug=slug(file.stem)))
    if "sha256" in entry and entry["sha256"] != digest:
        raise DocumentError(f"{file} is not the file that {LIST} describes: its sha256 is {digest}")
    known = {field.name for field in fields(Source)}
    values = {key: value for key, value in entry.items() if key in known}
    values.setdefault("slug", slug(file.stem))
    return Input(file, digest, Source(region_code=entry.get("region", ""), **values))


def _read_list(folder: Path) -> dict[str, Mapping[str, Any]]:
    path = folder / LIST
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("source", [])
        return {entry["file"]: entry for entry in entries}
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise DocumentError(f"{path} is not a list of sources: {error}") from None
