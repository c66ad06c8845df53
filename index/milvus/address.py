"""The address of a collection of Milvus, as the setting `index` names it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

_DEFAULT = "pullquote"
_PORT = 19530  # Milvus's own
_SCHEMES = {"milvus": "http", "milvus+tls": "https"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")  # Milvus takes 255; the rest is room for `beside`
_FILE = re.compile(r"(?P<file>.+\.db)(?:/(?P<collection>[^/]+))?/?", re.DOTALL)
_SHOWN = "milvus://HOST:PORT/COLLECTION, milvus:///FOLDER/FILE.db, or local"


class BadIndex(ValueError):
    """The setting names no index; write milvus://HOST:PORT/COLLECTION, milvus:///FOLDER/FILE.db, or local."""

    def __init__(self, why: str) -> None:
        super().__init__(f"it names no index ({why}); write {_SHOWN}")


@dataclass(frozen=True, slots=True)
class CollectionAddress:
    """A collection: `uri` as the client takes it, an address of a server or cluster, or the path of a file."""

    uri: str
    collection: str
    is_file: bool

    @classmethod
    def parse(cls, setting: str) -> CollectionAddress:
        """What the setting names; BadIndex."""
        try:
            parts = urlsplit(setting)
            port = parts.port
        except ValueError as error:
            raise BadIndex(str(error)) from None
        if parts.scheme not in _SCHEMES:
            raise BadIndex(f"{setting.partition(':')[0][:20]!r} is neither milvus nor milvus+tls")
        if parts.query or parts.fragment or parts.username is not None:
            raise BadIndex("it takes no more than a place and a name; a token goes into PULLQUOTE_INDEX_TOKEN")
        if parts.hostname:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            uri = f"{_SCHEMES[parts.scheme]}://{host}:{port or _PORT}"
            return cls(uri, _named(parts.path.strip("/") or _DEFAULT), is_file=False)
        path = unquote(parts.path)
        found = _FILE.fullmatch(path[1:] if re.match(r"/[A-Za-z]:", path) else path)
        if found is None or parts.scheme != "milvus":
            raise BadIndex("a file of Milvus Lite ends in .db")
        return cls(found["file"], _named(found["collection"] or _DEFAULT), is_file=True)

    def beside(self, name: str) -> CollectionAddress:
        return replace(self, collection=f"{self.collection}_{name}")

    @property
    def digest(self) -> str:
        return blake2b(str(self).encode(), digest_size=6).hexdigest()

    def __str__(self) -> str:
        return f"{self.uri}/{self.collection}"


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadIndex(f"a collection's name has letters, digits and underscores only, and {name[:40]!r} has others")
    return name
