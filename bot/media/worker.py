"""The transcription worker process: recordings from its input, texts to its output.

It is a process of its own so that the chat stays quick, so that its memory goes when it is idle,
and so that a recording that kills it kills nothing else. A recording never touches the disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import IO

from bot.media.speech_to_text import BrokenModel, Transcriber
from bot.settings import Speech


def main() -> None:
    # What libraries print must not mix with what we say.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with contextlib.suppress(OSError):  # not everywhere may a process choose how patient it is
        os.nice(10)
    speech = Speech(**json.loads(sys.argv[1]))
    try:
        transcriber = Transcriber(speech)
    except BrokenModel as error:
        _say(out, broken=str(error))
        return
    _say(out, ready=True)
    for line in iter(sys.stdin.buffer.readline, b""):
        job = json.loads(line)
        data = sys.stdin.buffer.read(job["bytes"])
        heard = transcriber.hear(
            data, job["language"], lambda done, of: _say(out, done=round(done, 1), of=round(of, 1))
        )
        _say(
            out,
            text=heard.text,
            language=heard.language,
            seconds=heard.seconds,
            problem=heard.problem,
        )


def _say(out: IO[str], **what: object) -> None:
    out.write(json.dumps(what, ensure_ascii=False) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
