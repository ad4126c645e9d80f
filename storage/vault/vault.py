"""The vault: encryption, keyed hashes and codes. The only module that sees a key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.files import write_private
from storage.vault.seal_cache import SealCache

T = TypeVar("T")

CODE_WORDS = 5
ALMOST_A_CODE = range(4, 7)
"""How many words a text has that someone typed as a code."""
HASHES = 4096
"""People whose hash is remembered."""
_NONCE = 12
_WORDS = Path(__file__).with_name("words.txt")


class KeyProblem(Exception):
    """The key file is missing, wrong, damaged or readable by others. The text names the mend."""


class SealBroken(Exception):
    """What was sealed cannot be opened: another row, another key, or it was changed."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The content of a key file: master keys by version, and the index key that never rotates."""

    masters: Mapping[int, bytes]
    index: bytes

    def to_json(self) -> str:
        return json.dumps(
            {
                "vertelbot_keys": 1,
                "masters": {str(v): _text(key) for v, key in sorted(self.masters.items())},
                "index": _text(self.index),
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> Keys:
        """Raises ValueError when it is not a key file."""
        try:
            data = json.loads(text)
            if data["vertelbot_keys"] != 1:
                raise ValueError("unknown version")
            masters = {int(v): _bytes(key) for v, key in data["masters"].items()}
            keys = cls(masters, _bytes(data["index"]))
        except (KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise ValueError("not a key file") from error
        if not masters or any(not 0 < v < 256 for v in masters):
            raise ValueError("no usable key version")
        if any(len(key) != 32 for key in (*masters.values(), keys.index)):
            raise ValueError("a key must have 32 bytes")
        return keys

    @classmethod
    def fresh(cls) -> Keys:
        return cls({1: secrets.token_bytes(32)}, secrets.token_bytes(32))

    def rotated(self) -> Keys:
        """The same with one more, newest, master key. Raises ValueError after 255 versions."""
        newest = max(self.masters) + 1
        if newest > 255:
            raise ValueError("no more than 255 key versions")
        return Keys({**self.masters, newest: secrets.token_bytes(32)}, self.index)


class Vault:
    """Seals and opens rows, and makes the hashes by which they are found again."""

    def __init__(self, keys: Keys, path: Path | None = None) -> None:
        self._path = path
        self._use(keys)
        self.address_hash = lru_cache(HASHES)(self._address_hash)
        self.lately = SealCache()

    def _use(self, keys: Keys) -> None:
        self._keys = keys
        self._ciphers = {version: AESGCM(key) for version, key in keys.masters.items()}
        self._newest = max(keys.masters)  # last, for threads that are sealing

    @classmethod
    def load(cls, path: Path) -> Vault:
        """Read a key file. Raises KeyProblem."""
        return cls(_read_keys(path), path)

    @classmethod
    def create(cls, path: Path) -> Vault:
        """Make a key file, readable by this user only. Raises FileExistsError when there is one."""
        keys = Keys.fresh()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, keys.to_json().encode(), replace=False)
        return cls(keys, path)

    def hand_over(self) -> bytes:
        """The keys, for a process of our own that opens what this one opens: over a pipe only."""
        return self._keys.to_json().encode()

    @classmethod
    def handed(cls, keys: bytes) -> Vault:
        """What `hand_over` gave, in the other process."""
        return cls(Keys.from_json(keys.decode()))

    def contains(self, other: Vault) -> bool:
        """Whether this one opens and finds everything that the other one does."""
        mine, theirs = self._keys, other._keys
        return mine.index == theirs.index and theirs.masters.items() <= mine.masters.items()

    def rotate(self) -> int:
        """Add a master key to the key file and seal with it from now on; its version. What is
        sealed with the older ones stays readable."""
        if self._path is None:
            raise KeyProblem("this vault has no key file to add a key to")
        keys = _read_keys(self._path).rotated()
        write_private(self._path, keys.to_json().encode(), replace=True)
        self._use(keys)
        return self._newest

    def follow(self) -> None:
        """Seal with the newest key of the key file: another process may have added one. Raises
        KeyProblem; the keys in hand stay."""
        if self._path is not None:
            self._use(_read_keys(self._path))

    # -- sealing

    @property
    def newest(self) -> int:
        """The version of the key that seals now; the first byte of what it seals."""
        return self._newest

    def seal(self, row: str, data: bytes | str) -> bytes:
        """Encrypt what belongs to `row` (`table:id`); it opens for that row only."""
        nonce = os.urandom(_NONCE)
        plain = data.encode() if isinstance(data, str) else data
        version = self._newest
        sealed = self._ciphers[version].encrypt(nonce, plain, row.encode())
        return bytes([version]) + nonce + sealed

    def open(self, row: str, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None and sealed and self._path is not None:
            self.follow()
            cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise SealBroken(f"{row.split(':')[0]}: sealed with a key that is not in the key file")
        try:
            return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], row.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(f"{row.split(':')[0]}: a sealed value does not open") from None

    def seal_json(self, row: str, data: object) -> bytes:
        """Seal a value, also a dataclass, as JSON."""
        return self.seal(row, msgspec.json.encode(data))

    def open_json(self, row: str, sealed: bytes) -> Any:
        """Raises SealBroken."""
        return msgspec.json.decode(self.open(row, sealed))

    def open_as(self, kind: type[T], row: str, sealed: bytes) -> T:
        """What was sealed as JSON, as a value of that kind. Raises SealBroken, and ValueError when
        it is not of that kind."""
        return msgspec.json.decode(self.open(row, sealed), type=kind)

    def archive_cipher(self, salt: bytes, version: int) -> AESGCM:
        """The cipher of one archive. Raises SealBroken for a key version that is not here."""
        master = self._keys.masters.get(version)
        if master is None:
            raise SealBroken("archive: made with a key that is not in the key file")
        key = HKDF(SHA256(), 32, salt=salt, info=b"vertelbot archive 1").derive(master)
        return AESGCM(key)

    # -- keyed hashes

    def _address_hash(self, channel: str, address: str) -> str:
        """By which a person is found. The index key never changes, and so neither does this."""
        return self._hash("address", channel, address)

    def code_hash(self, words: str) -> str:
        return self._hash("code", normal_code(words))

    def story_hash(self, story_id: str) -> str:
        """Stands for a story in its consent records and in exports."""
        return self._hash("story", story_id)

    def trace(self, story_id: str) -> str:
        """Stands for a story in the conversation and the messages that it came from. Differs from
        `story_hash`, so that without the key nothing joins a person to a story."""
        return self._hash("trace", story_id)

    def use_hash(self, *values: str) -> str:
        """Closes a link in the chain of the uses of a story, over the one before."""
        return self._hash("use", *values)

    def words_hash(self, story_id: str, words: str) -> str:
        """Stands for words of a story that somebody looked at."""
        return self._hash("words", story_id, words)

    def blob_hash(self, blob_id: str) -> str:
        """Stands for an erased recording or picture in the erasure log."""
        return self._hash("blob", blob_id)

    def person_hash(self, person_id: str) -> str:
        """Stands for an erased person in the erasure log."""
        return self._hash("person", person_id)

    def message_hash(self, message_id: str) -> str:
        """The id of a message in a channel whose own ids tell who wrote or reads it."""
        return self._hash("message", message_id)

    def notice_hash(self, *values: str) -> str:
        """Stands for a person, or for a message, in the notices of one change."""
        return self._hash("notice", *values)

    def token_hash(self, token: str) -> str:
        return self._hash("token", token)

    def cookie_signature(self, address: str) -> str:
        """Shows that a cookie is one of ours. Stays good when keys are rotated."""
        return self._hash("cookie", address)

    def push_seed(self) -> bytes:
        """What the key is made of by which push services know us. It comes out of the key file, so
        that it is backed up with it and cannot be lost apart: with another one every subscription
        is dead. Stays the same when keys are rotated."""
        return bytes.fromhex(self._hash("push"))

    def check(self) -> str:
        """What a database keeps to recognise its key."""
        return self._hash("check") + ":" + _text(self.seal("meta:key_check", b"vertelbot"))

    def fits(self, check: str) -> bool:
        """Whether this is the key of the database that keeps `check`."""
        index, _, sealed = check.partition(":")
        if not hmac.compare_digest(index, self._hash("check")):
            return False
        try:
            return self.open("meta:key_check", _bytes(sealed)) == b"vertelbot"
        except (SealBroken, binascii.Error):
            return False

    def behind(self, check: str) -> bool:
        """Whether there is a newer key than the one that sealed `check`."""
        sealed = _bytes(check.partition(":")[2])
        return bool(sealed) and sealed[0] < self._newest

    def _hash(self, domain: str, *values: str) -> str:
        message = b"".join(
            len(part).to_bytes(4, "big") + part for part in (v.encode() for v in (domain, *values))
        )
        return hmac.digest(self._keys.index, message, hashlib.sha256).hex()


def _read_keys(path: Path) -> Keys:
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise KeyProblem(
            f"the key file {path} is missing: put it back from where you keep it safe; "
            "without it nothing in this database can be read"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"the key file {path} cannot be read: {error}") from None
    if mode & 0o077:
        raise KeyProblem(f"others can read the key file {path}: run `chmod 600 {path}`")
    try:
        return Keys.from_json(text)
    except ValueError as error:
        raise KeyProblem(
            f"the key file {path} is damaged ({error}): put it back from your copy"
        ) from None


def new_id() -> str:
    """A random id: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_token() -> str:
    """A random token for a link or a cookie; store only its hash. It has no dash: in a link that
    parts the kind, the token and what to do, and a token that began with `s-` would be a kind."""
    return secrets.token_urlsafe(32).replace("-", "_")


def new_code() -> str:
    """Five random words: about 55 bits."""
    words = _word_list()
    return " ".join(secrets.choice(words) for _ in range(CODE_WORDS))


def normal_code(text: str) -> str:
    """A code as it was given out, however it was typed: capitals, accents, hyphens, spaces."""
    bare = text.casefold()
    if not bare.isascii():
        plain = unicodedata.normalize("NFKD", bare)
        bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z]+", bare))


def looks_like_code(text: str) -> bool:
    """Whether a text is five words of the list and nothing else."""
    if len(text.split()) >= 2 * CODE_WORDS:  # far from it, which is seen at once
        return False
    words = normal_code(text).split()
    return len(words) == CODE_WORDS and _word_set().issuperset(words)


def unknown_words(text: str) -> list[str] | None:
    """Of a text that somebody must have meant as a code (four to six words, at least four of which
    are on the list) the words that are not; None when it was not meant so."""
    words = normal_code(text).split() if len(text.split()) < 2 * CODE_WORDS else []
    unknown = [word for word in words if word not in _word_set()]
    meant = len(words) in ALMOST_A_CODE and len(words) - len(unknown) >= CODE_WORDS - 1
    return unknown if meant else None


@cache
def _word_list() -> tuple[str, ...]:
    return tuple(_WORDS.read_text("utf-8").split())


@cache
def _word_set() -> frozenset[str]:
    return frozenset(_word_list())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
