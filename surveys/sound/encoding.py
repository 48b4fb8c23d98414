"""Audio in and out: whatever a person recorded or an engine said becomes one small kind of MP3.

In: the bytes of an audio file. Out: samples of one channel, or an MP3 without any tags, so that
nothing about a recorder or a place travels with a voice. Needs the optional package soundfile.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from types import ModuleType
from typing import Any

FORMATS = frozenset({".wav", ".mp3", ".flac", ".ogg", ".aif", ".aiff"})
_RATES = frozenset({16000, 22050, 24000, 32000, 44100, 48000})
_MOST_CHANNELS = 2
_CANNOT_DECODE = "it cannot be decoded: save it as WAV, FLAC, OGG or MP3"
_COMPRESSION = 0.7  # about 40 kbit/s for a voice at 22 kHz; more is not heard on a tablet


class SoundToolMissing(RuntimeError):
    """A program or package for sound is not installed. The message says what to install."""


class NotAudio(ValueError):
    """These bytes cannot be played. The message says why."""


@dataclass(frozen=True)
class Audio:
    """One channel of samples between -1 and 1."""

    samples: Any
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    @property
    def loudest(self) -> float:
        """The largest sample: 0 for silence, 1 for the loudest there is."""
        return float(abs(self.samples).max()) if len(self.samples) else 0.0


def seconds_in(data: bytes) -> float:
    """How long a file says that it lasts, without decoding it.

    No more than that is decoded afterwards. Raises NotAudio, also for a rate that MP3 does not
    have; SoundToolMissing.
    """
    soundfile = _soundfile()
    try:
        facts = soundfile.info(io.BytesIO(data))
    except soundfile.LibsndfileError:
        raise NotAudio(_CANNOT_DECODE) from None
    _refuse_rate(facts.samplerate)
    if facts.channels > _MOST_CHANNELS:
        raise NotAudio(f"{facts.channels} channels: record one or two")
    return float(facts.frames / facts.samplerate)


def decoded(data: bytes) -> Audio:
    """The sound in a file. Raises NotAudio; SoundToolMissing."""
    soundfile = _soundfile()
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        raise NotAudio(_CANNOT_DECODE) from None
    return Audio(samples.mean(axis=1), rate)


def encoded(audio: Audio) -> bytes:
    """The sound as MP3. Raises NotAudio for a rate that MP3 does not have; SoundToolMissing."""
    _refuse_rate(audio.rate)
    made = io.BytesIO()
    _soundfile().write(
        made, audio.samples, audio.rate,
        format="MP3", subtype="MPEG_LAYER_III",
        bitrate_mode="VARIABLE", compression_level=_COMPRESSION,
    )  # fmt: skip
    return made.getvalue()


def _refuse_rate(rate: int) -> None:
    if rate not in _RATES:
        raise NotAudio(f"{rate} samples a second: record at 44100 or 48000")


def _soundfile() -> ModuleType:
    try:
        import soundfile
    except (ImportError, OSError):  # OSError: the package without its library
        raise SoundToolMissing("soundfile is missing. Run: pip install soundfile") from None
    return soundfile
