"""Writing out: the real code, with a model that hears the same sentence in all speech."""

from __future__ import annotations

import importlib.util
import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bot.media import speech_to_text
from bot.media.audio import media_type
from bot.media.speech_to_text import BrokenModel, Transcriber, Transcription, decoded, why_not
from bot.settings import Speech
from tests.media import parrot
from tests.media.parrot import SENTENCE

Clip = Callable[[str], bytes]


def wav(samples: Any, rate: int = 16_000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32_000).astype(np.int16).tobytes())
    return out.getvalue()


def again_as(data: bytes, form: str, codec: str) -> bytes:
    """The same sound in another format."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format=form) as target:
        stream: Any = target.add_stream(codec, rate=48_000, layout="mono")
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=48_000)
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture(scope="module")
def ears(model: Path) -> Transcriber:
    return Transcriber(Speech(model=str(model), threads=1, max_minutes=1))


def test_speech_becomes_text(ears: Transcriber, clip: Clip) -> None:
    steps: list[tuple[float, float]] = []
    heard = ears.hear(clip("monday"), "nl", lambda done, of: steps.append((done, of)))
    assert heard == Transcription(SENTENCE, "nl", heard.seconds)
    assert 5 < heard.seconds < 6
    assert steps
    assert steps[-1][0] <= steps[-1][1] == heard.seconds


@pytest.mark.parametrize("name", ["silence", "music"])
def test_no_speech_is_no_text(ears: Transcriber, clip: Clip, name: str) -> None:
    assert ears.hear(clip(name), "nl").problem == "silence"


def test_noise_and_nothing_at_all_are_no_text(ears: Transcriber) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, 48_000)
    assert ears.hear(wav(noise), "nl").problem == "silence"
    assert ears.hear(wav(np.zeros(48_000)), "nl").problem == "silence"
    assert ears.hear(wav(np.zeros(100)), "nl").problem == "silence"


@pytest.mark.parametrize(
    "data",
    [b"", b"OggS", b"OggS" + bytes(range(256)) * 9, b"\x1a\x45\xdf\xa3" * 50, b"RIFF1234WAVE"],
)
def test_a_broken_file_is_said_to_be_so(ears: Transcriber, data: bytes) -> None:
    assert ears.hear(data, "nl").problem == "unreadable"


def test_a_file_that_is_cut_off_is_heard_as_far_as_it_goes(ears: Transcriber, clip: Clip) -> None:
    heard = ears.hear(clip("monday")[:8000], "nl")
    assert heard.text == SENTENCE
    assert heard.seconds < 5


def test_a_long_recording_is_not_read_to_its_end(ears: Transcriber) -> None:
    long = wav(np.zeros(16_000 * 200))
    assert ears.hear(long, "nl").problem == "too_long"
    samples, whole = decoded(long, 62)
    assert (len(samples), whole) == (62 * 16_000, False)


@pytest.mark.parametrize(
    ("form", "codec", "kind"),
    [
        ("ogg", "libopus", "audio/ogg"),
        ("webm", "libopus", "audio/webm"),
        ("mp4", "aac", "audio/mp4"),
        ("mp3", "libmp3lame", "audio/mpeg"),
        ("flac", "flac", "audio/flac"),
        ("wav", "pcm_s16le", "audio/wav"),
    ],
)
def test_every_format_that_people_record_in_is_known_and_read(
    clip: Clip, form: str, codec: str, kind: str
) -> None:
    data = again_as(clip("asked"), form, codec)
    assert media_type(data) == kind
    samples, whole = decoded(data, 60)
    assert whole
    assert 3.5 < len(samples) / 16_000 < 4.2


def test_what_is_no_sound_has_no_type() -> None:
    assert [media_type(data) for data in (b"", b"%PDF", b"\x89PNG", b"RIFF1234AVI ")] == [""] * 4


def test_a_language_that_is_set_is_not_asked_of_the_model(model: Path, clip: Clip) -> None:
    english = Transcriber(Speech(model=str(model), threads=1, language="en"))
    assert english.hear(clip("asked"), "nl").language == "en"


def test_another_language_than_the_expected_one_is_believed_when_it_is_long_enough(
    tmp_path: Path, clip: Clip
) -> None:
    turkish = Transcriber(Speech(model=str(parrot.make(tmp_path, language="tr")), threads=1))
    samples, _ = decoded(clip("monday"), 60)
    short, long = wav(samples), wav(np.concatenate([samples, samples]))
    assert turkish.hear(short, "nl").language == "nl"
    assert turkish.hear(long, "nl").language == "tr"
    assert turkish.hear(short, "xx").language == "tr"


class Segment:
    """What the model says of a piece of sound."""

    def __init__(self, text: str, silent: float = 0.1, sure: float = -0.3, same: float = 1.2):
        self.text, self.no_speech_prob = text, silent
        self.avg_logprob, self.compression_ratio = sure, same


@pytest.mark.parametrize(
    "segment",
    [
        Segment("Ja ja ja", silent=0.9),
        Segment("Wat", sure=-1.6),
        Segment("en en en en en en", same=9.0),
        Segment(" Ondertitels ingediend door de Amara.org gemeenschap"),
        Segment("TV GELDERLAND 2021"),
        Segment("Thank you for watching!"),
    ],
)
def test_what_a_model_makes_up_is_left_out(segment: Segment) -> None:
    assert not speech_to_text._is_speech(segment)


@pytest.mark.parametrize("text", ["Zij keek tv met mij.", "De titel van mijn verhaal is kort."])
def test_what_was_said_stays(text: str) -> None:
    assert speech_to_text._is_speech(Segment(text))


# -- what is missing


def test_it_says_what_is_missing_and_how_to_mend_it(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert why_not(Speech(model=str(model))) == ""
    assert "set recordings = true" in why_not(Speech(recordings=False))
    assert "put the folder" in why_not(Speech())
    assert "lacks model.bin" in why_not(Speech(model=str(tmp_path)))
    why_not.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "uv sync --extra speech" in why_not(Speech(model=str(model)))
    why_not.cache_clear()


def test_a_model_that_cannot_be_loaded_is_said_to_be_so(model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((model / name).read_bytes())
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(BrokenModel, match="put a faster-whisper model there"):
        Transcriber(Speech(model=str(tmp_path)))
