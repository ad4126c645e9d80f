"""Conversations as they must go, in files that a team member can read. `pytest --accept` writes
them as they go today: read what changed before you commit it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversations.guide.model import Guide
from tests.conversations.conftest import facts_of
from tests.conversations.transcript import TranscriptError, play

FOLDER = Path(__file__).parent / "transcripts"
EXPECTED = {
    "anders_getypt",
    "a_resident_in_english",
    "album",
    "andere_taal",
    "antwoord_bewerkt",
    "bewaard_en_gestopt",
    "bewaard_en_toch_weg",
    "bsn_geweigerd",
    "gast_laat_vraag_achter",
    "herinnering_en_weg",
    "inwoner_slaat_alles_over",
    "inwoner_vertelt_en_bewaart",
    "ja_en_nee_getypt",
    "jonger_dan_16",
    "kaart_aanpassen",
    "liever_niet",
    "meer_berichten_een_verhaal",
    "na_dagen_terug",
    "namen_een_voor_een",
    "namen_vervangen",
    "opdracht_midden_in_een_vraag",
    "oude_knop_en_dubbele_tik",
    "professional_met_extra_ronde",
    "sticker_en_andere_dingen",
    "stoppen",
    "te_lang_of_leeg",
    "zware_woorden",
    "stopping_in_english",
    "terug_tot_het_begin",
}


def test_no_transcript_is_missing_and_none_is_forgotten() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == EXPECTED


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(
    path: Path, guides: Callable[[str, str], Guide], request: pytest.FixtureRequest
) -> None:
    written = path.read_text(encoding="utf-8")
    today = play(guides, facts_of, written)
    if request.config.getoption("--accept"):
        path.write_text(today, encoding="utf-8")
    else:
        assert written.splitlines() == today.splitlines()


def test_a_line_that_nobody_can_play_is_named(guides: Callable[[str, str], Guide]) -> None:
    with pytest.raises(TranscriptError, match=r"line 2: > \[dansje\]"):
        play(guides, facts_of, "gids: resident nl\n> [dansje]\n")


def test_a_transcript_names_its_guide(guides: Callable[[str, str], Guide]) -> None:
    with pytest.raises(TranscriptError, match="gids"):
        play(guides, facts_of, "> hallo\n")
