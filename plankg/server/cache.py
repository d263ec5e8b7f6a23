"""Answers that are kept because they may be asked for again, by the graph they come from.

The graph of one generation never changes, so an answer is right for as long as its generation is in use. Its
entity tag is made from its bytes.
"""

import gzip
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

Headers = list[tuple[bytes, bytes]]
#: What an answer is known by: generation, query, media type, and the graphs it is asked of.
Key = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]

#: Answers shorter than this are not worth compressing.
SMALLEST: Final = 512
LEVEL: Final = 1


def tag(body: bytes) -> str:
    """The strong entity tag of an answer, without its quotes."""
    return blake2b(body, digest_size=12).hexdigest()


@dataclass(slots=True)
class Entry:
    """A whole answer: its bytes, and its headers but for those that depend on who asks."""

    body: bytes
    tag: str
    headers: Headers
    _compressed: bytes = field(default=b"", init=False)

    def coded(self, compress: bool) -> tuple[bytes, Headers]:
        """The bytes to send, compressed if the client takes that and it is worth it, and all headers."""
        if not compress or len(self.body) < SMALLEST:
            name, body, coding = self.tag, self.body, []
        else:
            if not self._compressed:
                self._compressed = gzip.compress(self.body, LEVEL, mtime=0)
            name, body, coding = f"{self.tag}-gzip", self._compressed, [(b"content-encoding", b"gzip")]
        return body, [
            *self.headers,
            *coding,
            (b"etag", f'"{name}"'.encode()),
            (b"content-length", b"%d" % len(body)),
        ]

    def known_to(self, if_none_match: str) -> bool:
        """Whether the client has these very bytes, compressed or not.

        >>> Entry(b"", "abc", []).known_to('W/"x", "abc-gzip"'), Entry(b"", "abc", []).known_to('"ab"')
        (True, False)
        """
        if if_none_match.strip() == "*":
            return True
        named = {part.strip().removeprefix("W/").strip('"') for part in if_none_match.split(",")}
        return self.tag in named or f"{self.tag}-gzip" in named

    @property
    def size(self) -> int:
        return len(self.body) + len(self._compressed) + 512


class Cache:
    """Answers, those not asked for the longest forgotten first; all of them when the graph changes."""

    def __init__(self, size: int) -> None:
        self._most = size
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._version = ""
        #: Whole requests as they came over a connection, with their whole answers; see `connections`.
        self.hot: dict[bytes, Any] = {}
        self.size = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keeps an answer. ``key`` begins with the generation it was given by."""
        if key[0] < self._version or entry.size > self._most:
            return
        if key[0] > self._version:
            self.clear(key[0])
        before = self._entries.pop(key, None)
        self.size += entry.size - (before.size if before else 0)
        self._entries[key] = entry
        while self.size > self._most:
            _, old = self._entries.popitem(last=False)
            self.size -= old.size
            self.hot.clear()

    def clear(self, version: str) -> None:
        """Forgets everything, and takes nothing from before ``version``."""
        self._version = version
        self._entries.clear()
        self.hot.clear()
        self.size = 0
