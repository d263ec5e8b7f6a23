"""Where the ontology, the questions and the seed reports lie: in the checkout, or inside the installed wheel."""

from pathlib import Path
from typing import Literal

Resource = Literal["ontology", "queries", "seeds"]

_HERE = Path(__file__).resolve().parent


def folder(name: Resource) -> Path:
    """The folder of the bundled ``name``.

    The wheel carries it under ``loaders/data/``; a checkout has it beside ``loaders/``.

    Raises :class:`FileNotFoundError` when neither is there (a damaged installation).
    """
    for candidate in (_HERE / "data" / name, _HERE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation of plankg lacks its folder {name!r}")
