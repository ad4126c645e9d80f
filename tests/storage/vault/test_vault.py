"""The vault: what it seals opens for its own row and key only; codes and hashes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import vault as vaults
from storage.vault.vault import (
    KeyProblem,
    Keys,
    SealBroken,
    Vault,
    looks_like_code,
    new_code,
    new_id,
    new_token,
    normal_code,
)

VAULT = Vault(Keys.fresh())


@given(st.binary(max_size=500), st.text(max_size=30))
def test_what_is_sealed_opens_again(data: bytes, row: str) -> None:
    name = f"story:{row}"
    assert VAULT.open(name, VAULT.seal(name, data)) == data


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
)


@given(VALUES)
def test_json_is_sealed_as_it_always_was(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = VAULT.seal_json("story:1", value)
    assert VAULT.open("story:1", sealed) == written
    assert VAULT.open_json("story:1", sealed) == json.loads(written)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_byte_and_it_does_not_open(data: bytes, draw: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("story:1", data))
    place = draw.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        VAULT.open("story:1", bytes(sealed))


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_kindly(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        VAULT.open("story:1", sealed)


def test_what_belongs_to_one_row_does_not_open_for_another() -> None:
    with pytest.raises(SealBroken):
        VAULT.open("story:2", VAULT.seal("story:1", "x"))


def test_an_error_names_no_row() -> None:
    with pytest.raises(SealBroken) as caught:
        VAULT.open("person:4711", b"")
    assert "4711" not in str(caught.value)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Vault(Keys.fresh()).open("story:1", VAULT.seal("story:1", "x"))


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert VAULT.seal("story:1", "x") != VAULT.seal("story:1", "x")


def test_hashes_of_different_kinds_of_the_same_thing_differ() -> None:
    made = [VAULT.story_hash("a"), VAULT.trace("a"), VAULT.person_hash("a"), VAULT.token_hash("a")]
    assert len(set(made)) == 4


def test_a_hash_cannot_be_moved_between_channel_and_address() -> None:
    assert VAULT.address_hash("web", "1a") != VAULT.address_hash("web1", "a")


def test_a_key_file_is_private_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key.json"
    made = Vault.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["key.json"]
    assert Vault.load(path).open("a:1", made.seal("a:1", "x")) == b"x"
    with pytest.raises(FileExistsError):
        Vault.create(path)


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        (lambda path: path.chmod(0o640), "chmod 600"),
        (lambda path: path.unlink(), "missing: put it back"),
        (lambda path: path.write_text("{}"), "damaged"),
        (lambda path: path.write_text("not json"), "damaged"),
        (lambda path: path.write_text(json.dumps({"vertelbot_keys": 2})), "damaged"),
    ],
)
def test_a_key_file_that_is_not_right_is_refused_with_the_mend(
    tmp_path: Path, change: object, mend: str
) -> None:
    path = tmp_path / "key.json"
    Vault.create(path)
    assert callable(change)
    change(path)
    with pytest.raises(KeyProblem, match=mend):
        Vault.load(path)


def test_after_rotating_the_old_opens_and_the_codes_stay(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "key.json")
    old, code = vault.seal("a:1", "x"), vault.code_hash("a b c d e")
    assert vault.rotate() == 2
    assert vault.open("a:1", old) == b"x"
    assert vault.seal("a:1", "x")[0] == 2
    assert vault.code_hash("a b c d e") == code
    assert Vault.load(tmp_path / "key.json").newest == 2


def test_a_process_that_runs_learns_the_key_that_another_added(tmp_path: Path) -> None:
    running = Vault.create(tmp_path / "key.json")
    other = Vault.load(tmp_path / "key.json")
    other.rotate()
    assert running.open("a:1", other.seal("a:1", "x")) == b"x"
    assert running.newest == 2


def test_a_process_that_runs_seals_with_the_key_that_another_added(tmp_path: Path) -> None:
    running = Vault.create(tmp_path / "key.json")
    old = running.seal("a:1", "x")
    Vault.load(tmp_path / "key.json").rotate()
    assert running.newest == 1
    running.follow()
    assert running.newest == running.seal("a:1", "x")[0] == 2
    assert running.open("a:1", old) == b"x"


def test_a_check_fits_its_own_key_only() -> None:
    assert VAULT.fits(VAULT.check())
    assert not Vault(Keys.fresh()).fits(VAULT.check())
    assert not VAULT.fits("")
    assert not VAULT.fits(VAULT.check()[:-8] + "AAAAAAA=")


def test_a_code_is_five_words_and_never_the_same() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(looks_like_code(code) for code in codes)


def test_ids_are_random() -> None:
    assert len({new_id() for _ in range(100)}) == 100
    assert all(len(new_id()) == 32 for _ in range(3))


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}.", "«{}»", "\n{}\n"])
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    code = new_code()
    for variant in (
        code,
        code.upper(),
        code.title(),
        code.replace(" ", "-"),
        code.replace(" ", "  "),
    ):
        text = typed.format(variant)
        assert looks_like_code(text)
        assert VAULT.code_hash(text) == VAULT.code_hash(code)


def test_accents_are_taken_for_the_letter_under_them() -> None:
    assert normal_code("Álbum ZEBRÄ") == "album zebra"


def test_what_people_say_is_not_a_code() -> None:
    words = " ".join(vaults._word_list()[:5])
    assert looks_like_code(words)
    for text in ("", "ja", "dit zijn gewoon vijf woorden", words + " en", words.rsplit(" ", 1)[0]):
        assert not looks_like_code(text)


def test_a_token_parts_no_link_by_itself() -> None:
    tokens = {new_token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(len(token) == 43 and "-" not in token for token in tokens)
