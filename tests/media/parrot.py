"""A model in the format of faster-whisper that hears one and the same sentence in all speech.

Its weights are zero but for two tables: the place in the answer, and the word that belongs there.
So the loading, the decoding of sound, the search for speech and the rules of timestamps are the
real ones, in a second and with nothing to download.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordLevel

SENTENCE = "Er kwam iemand langs en die luisterde een uur lang naar mij"
SIZE, LANGUAGES, STAMPS = 64, 99, 1501
VOCABULARY = 51_865


def make(folder: Path, sentence: str = SENTENCE, language: str = "nl") -> Path:
    """Write the model; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = _vocabulary(sentence)
    words = [ids[word] for word in sentence.split()]
    first = ids["<|notimestamps|>"] + 1
    # After start, language and task: from the beginning, the words, to second four, and the end.
    answer = [ids[f"<|{language}|>"], 0, first, *words, first + 200, ids["<|endoftext|>"]]
    spec = _spec(answer, list(ids), [ids[f"<|{code}|>"] for code in _codes()])
    spec.validate()
    spec.save(str(folder))
    tokenizer = Tokenizer(WordLevel(ids, unk_token="<unk>"))
    special = [token for token in ids if token.startswith("<|")]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _codes() -> list[str]:
    known = ["en", "nl", "tr", "ar"]
    return [*known, *(f"q{number:02}" for number in range(LANGUAGES - len(known)))]


def _vocabulary(sentence: str) -> dict[str, int]:
    tokens = ["<unk>", *dict.fromkeys(sentence.split())]
    named = ["endoftext", "startoftranscript", *_codes()]
    named += ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    special = [f"<|{name}|>" for name in named]
    special += [f"<|{number / 50:.2f}|>" for number in range(STAMPS)]
    filling = [f"w{number}" for number in range(VOCABULARY - len(tokens) - len(special) - 1)]
    # By the empty word in this place a model is known to be one of many languages.
    return {token: number for number, token in enumerate([*tokens, *filling, "", *special])}


def _spec(answer: list[int], vocabulary: list[str], languages: list[int]) -> WhisperSpec:
    spec = WhisperSpec(1, 1, 1, 1)
    places = np.zeros((448, SIZE), np.float32)
    words = np.zeros((VOCABULARY, SIZE), np.float32)
    for place, token in enumerate(answer):
        places[place, place] = 1.0
        words[token, place] = 4.0
    places[len(answer) :, len(answer) - 1] = 1.0
    spec.decoder.position_encodings.encodings = places
    spec.decoder.projection.weight = words
    spec.decoder.embeddings.weight = np.zeros((VOCABULARY, SIZE), np.float32)
    spec.encoder.position_encodings.encodings = np.zeros((1500, SIZE), np.float32)
    for number, channels in ((1, 80), (2, SIZE)):
        conv = getattr(spec.encoder, f"conv{number}")
        conv.weight, conv.bias = np.zeros((SIZE, channels, 3), np.float32), _zeros(SIZE)
    for side in (spec.encoder, spec.decoder):
        _layer_norm(side.layer_norm)
        for layer in side.layer:
            _attention(layer.self_attention, (3, 1))
            if side is spec.decoder:
                _attention(layer.attention, (1, 2, 1))
            _layer_norm(layer.ffn.layer_norm)
            _linear(layer.ffn.linear_0, 4 * SIZE, SIZE)
            _linear(layer.ffn.linear_1, SIZE, 4 * SIZE)
    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = languages
    spec.config.alignment_heads = [(0, 0)]
    return spec


def _attention(attention: Any, linears: tuple[int, ...]) -> None:
    _layer_norm(attention.layer_norm)
    for linear, times in zip(attention.linear, linears, strict=True):
        _linear(linear, times * SIZE, SIZE)


def _linear(linear: Any, rows: int, columns: int) -> None:
    linear.weight, linear.bias = np.zeros((rows, columns), np.float32), _zeros(rows)


def _layer_norm(norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(SIZE, np.float32), _zeros(SIZE)


def _zeros(size: int) -> Any:
    return np.zeros(size, np.float32)
