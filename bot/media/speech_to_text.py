"""Transcribes a recording on this machine, with faster-whisper (the extra `speech`)."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 16_000
"""Samples a second, as the model wants them."""
SURE, SURE_FROM = 0.9, 6.0
"""From this probability on, and this many seconds, another language than the expected one is
believed: a model is often sure of itself about two words."""

_FILES = ("model.bin", "config.json", "tokenizer.json")
_EXTRA = "faster_whisper"
_NO_SPEECH = 0.8
_GUESSING = -1.3
_REPEATING = 2.6
_CREDITS = re.compile(
    r"(?i)^\W*(?:(?:onder)?titel(?:s|ing)|tv gelderland|subtitles|amara\.org"
    r"|bedankt voor het kijken|thank(?:s| you) for watching|altyaz[ıi])\b"
)
"""What the model makes of silence and music: it learned from subtitles."""


class BrokenModel(Exception):
    """The folder holds no model that can be loaded. The text names the mend."""


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was made of a recording. Without text `problem` says why: `silence`, `too_long`,
    `unreadable`. `seconds` is how long it is, as far as it was read."""

    text: str = ""
    language: str = ""
    seconds: float = 0.0
    problem: str = ""


@cache
def why_not(speech: Speech) -> str:
    """Why nothing is transcribed here, with the mend; empty when it is."""
    if not speech.recordings:
        return "recordings are off: set recordings = true in [speech]"
    if not speech.model:
        return "no model is set: put the folder of a faster-whisper model in [speech] model"
    folder = Path(speech.model)
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        return f"the model folder {folder} lacks {', '.join(missing)}: see docs/listening.md"
    if importlib.util.find_spec(_EXTRA) is None:
        return "faster-whisper is not there: install the extra with `uv sync --extra speech`"
    return ""


class Transcriber:
    """A loaded model: half a second to load, and as much memory as its file and a half.

    `most_seconds` is the longest recording. Raises BrokenModel.
    """

    def __init__(self, speech: Speech, *, device: str = "cpu") -> None:
        from faster_whisper import WhisperModel

        self.language = speech.language
        self.most_seconds = speech.max_minutes * 60 + 2
        try:
            self._model = WhisperModel(
                speech.model,
                device=device,
                compute_type="int8",
                cpu_threads=speech.threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise BrokenModel(
                f"the model in {speech.model} cannot be loaded ({type(error).__name__}): "
                "put a faster-whisper model there"
            ) from None

    def hear(
        self,
        data: bytes,
        language: str = "",
        progress: Callable[[float, float], None] = lambda _done, _of: None,
    ) -> Transcription:
        """Write a recording out. `language` is the one to expect; another one is believed when it
        is clear. `progress` hears how many seconds of how many are done."""
        try:
            samples, whole = decoded(data, self.most_seconds)
        except ValueError:
            return Transcription(problem="unreadable")
        seconds = len(samples) / RATE
        if not whole:
            return Transcription(seconds=seconds, problem="too_long")
        if seconds < 0.2 or not float(abs(samples).max()):
            return Transcription(seconds=seconds, problem="silence")
        spoken = self.language or self._spoken(samples, language)
        segments, _ = self._model.transcribe(
            samples,
            language=spoken,
            vad_filter=True,
            condition_on_previous_text=False,
            temperature=(0.0, 0.2, 0.4),
        )
        kept = []
        for segment in segments:
            progress(min(segment.end, seconds), seconds)
            if _is_speech(segment):
                kept.append(segment.text.strip())
        text = " ".join(kept).strip()
        return Transcription(text, spoken, seconds, "" if text else "silence")

    def _spoken(self, samples: Samples, expected: str) -> str:
        """The language of a recording."""
        known = self._model.supported_languages
        found, sure, _ = self._model.detect_language(samples[: 30 * RATE])
        long_enough = len(samples) >= SURE_FROM * RATE
        believed = (long_enough and sure >= SURE) or expected not in known
        return found if believed else expected


def decoded(data: bytes, most_seconds: int) -> tuple[Samples, bool]:
    """The samples of a recording in any format that people record in, and whether that is all of
    it: reading stops at `most_seconds`. Raises ValueError when there is no sound in it."""
    import av
    import numpy as np

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    pieces: list[Any] = []
    count, most = 0, most_seconds * RATE
    try:
        with av.open(io.BytesIO(data), mode="r", metadata_errors="ignore") as container:
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    pieces.append(part.to_ndarray().reshape(-1))
                    count += pieces[-1].size
                if count > most:
                    break
    except (av.FFmpegError, IndexError, ValueError):
        if not count:
            raise ValueError("no sound that can be read") from None
    if not count:
        raise ValueError("no sound that can be read")
    samples = np.concatenate(pieces).astype(np.float32) / 32768.0
    return samples[:most], count <= most


def _is_speech(segment: Any) -> bool:
    """Whether the model heard words, and did not make them up."""
    made_up = segment.no_speech_prob > _NO_SPEECH or segment.avg_logprob < _GUESSING
    return not (made_up or segment.compression_ratio > _REPEATING or _CREDITS.match(segment.text))
