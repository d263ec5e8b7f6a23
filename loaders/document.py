"""Published file -> document: the decoded text a reader would see, with its checksum.

Plain text only so far; other formats come in beside :func:`read` as functions of the same shape.
"""

import hashlib
from pathlib import Path

from charset_normalizer import from_bytes

from loaders.errors import DocumentError
from loaders.model import Document

#: More than this share of control characters means the file is not text.
MAX_CONTROL_SHARE = 0.02


def read(path: Path | str) -> Document:
    """Reads a report from a text file in any usual Chinese encoding.

    Raises :class:`loaders.errors.DocumentError` when the file is missing, empty or not text.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DocumentError(f"{path} is a folder, not a report") from None
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from None
    if not raw.strip():
        raise DocumentError(f"{path} is empty")
    text = _decode(raw)
    if text is None or _looks_binary(text):
        raise DocumentError(f"{path} is not a text file")
    return from_text(text, path.stem, str(path))


def from_text(text: str, name: str, path: str = "") -> Document:
    """A document from text already decoded."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(name=name, text=text, sha256=digest, path=path)


def _decode(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for encoding in ("gb18030", "utf-16") if raw[:2] not in (b"\xff\xfe", b"\xfe\xff") else ("utf-16",):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _share_of_chinese(text) > 0.3:
            return text
    best = from_bytes(raw[:200_000]).best()
    if best is None:
        return None
    try:
        return raw.decode(best.encoding)
    except UnicodeDecodeError:
        return None


def _share_of_chinese(text: str) -> float:
    sample = text[:20_000]
    return sum("\u4e00" <= c <= "\u9fff" for c in sample) / max(1, len(sample))


def _looks_binary(text: str) -> bool:
    sample = text[:20_000]
    control = sum((c < " " and c not in "\t\n\r\f\v") or c == "\ufffd" for c in sample)
    return control > MAX_CONTROL_SHARE * len(sample)
