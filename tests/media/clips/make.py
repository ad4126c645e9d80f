"""Makes the clips beside this file, with espeak-ng and sox; what they say is in `texts.py`."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import av

from tests.media.clips.texts import SPOKEN

HERE = Path(__file__).parent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "clip.wav"
        for name, (voice, text) in SPOKEN.items():
            speak = ["espeak-ng", "-v", voice, "-s", "140", "-w", str(wav), text]
            subprocess.run(speak, check=True)
            as_voice_note(wav, HERE / f"{name}.ogg")
        for name, effect in {
            "silence": ["trim", "0", "3"],
            "music": ["synth", "4", "pluck", "E3", "pluck", "C4", "repeat", "1"],
        }.items():
            subprocess.run(["sox", "-n", "-r", "16000", str(wav), *effect], check=True)
            as_voice_note(wav, HERE / f"{name}.ogg")


def as_voice_note(wav: Path, ogg: Path) -> None:
    """The same sound as a phone sends it: Opus in Ogg, 16 kbit a second."""
    with av.open(str(wav)) as source, av.open(str(ogg), "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = 16_000
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        target.mux(stream.encode(None))


if __name__ == "__main__":
    main()
