"""From sealed to published: 10,000 responses opened, tabulated, protected, signed and written.

The responses are made and sealed first, outside the clock. Prints seconds and peak memory of this
process, which holds the made envelopes as well.
"""

import json
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy

from analysis.policy import load_policies
from analysis.publish import publish
from analysis.publisher import make_publisher, read_publisher
from analysis.waves_to_publish import wave_to_publish
from benchmarks.stand import Stand, build
from questionnaires.model import Question, QuestionType, Survey
from questionnaires.responses import Answer, Chosen, Number, Response, Written, response_to_bytes
from questionnaires.routing import on_path
from surveys.vault.envelope import Purpose
from surveys.vault.manifest import Manifest, hashes_of
from surveys.vault.opening import PrivateKey, new_private_key
from surveys.vault.sealing import seal
from surveys.vault.waves import Wave, WaveStatus

SURVEY, RESPONSES = "social_workers", 10_000


def main() -> None:
    """Print how long the chain takes and what it needs."""
    with tempfile.TemporaryDirectory() as folder:
        stand = build(Path(folder), SURVEY, 1)
        survey, key = stand.site.surveys[SURVEY], new_private_key(Purpose.RESPONSE)
        envelopes = _sealed(survey, stand.wave, key)
        began = time.perf_counter()
        figures = _publish(stand, survey, key, envelopes, Path(folder))
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "counts": f"{RESPONSES} responses of {SURVEY}, one process",
                "seconds": round(seconds, 2),
                "peak_memory_mb": round(peak),
                "sealed_input_mb": round(sum(map(len, envelopes)) / 2**20),
                **figures,
            }
        )
    )


def _publish(
    stand: Stand, survey: Survey, key: PrivateKey, envelopes: list[bytes], folder: Path
) -> dict[str, int]:
    root = Path(__file__).parents[1]
    words = make_publisher(folder / "publisher.key", stand.site.summaries)
    wave = replace(stand.wave, status=WaveStatus.RELEASED)
    ready = wave_to_publish(stand.site.engine, wave, {survey.id: survey}, stand.site.frameworks)
    published = publish(
        envelopes,
        key,
        manifest=_manifest(wave, key, envelopes),
        wave=wave,
        survey=survey,
        occasion=ready.occasion,
        policy=load_policies(root / "config" / "disclosure.yaml")["children-default"],
        publisher=read_publisher(folder / "publisher.key", words, stand.site.summaries),
        summaries=stand.site.summaries,
    )
    return {"tables": sum(len(item.tables) for item in published.summary.items)}


def _manifest(wave: Wave, key: PrivateKey, envelopes: list[bytes]) -> Manifest:
    """What a release would have said of them."""
    own = frozenset({key.public.key_id})
    hashes = hashes_of(envelopes)
    return Manifest(wave.id, wave.instrument_hash, len(hashes), 0, own, hashes)


def _sealed(survey: Survey, wave: Wave, key: PrivateKey) -> list[bytes]:
    dice, version = numpy.random.default_rng(1), survey.questionnaires[0]
    made = []
    for _ in range(RESPONSES):
        answers = {question.id: _answer(question, dice) for question in version.questions}
        response = Response(version.id, on_path(version, answers))
        made.append(seal(response_to_bytes(response), (key.public,), wave.header, 16384))
    return made


def _answer(question: Question, dice: numpy.random.Generator) -> Answer:
    if question.type is QuestionType.TEXT:
        return Written("A few words that somebody wrote.")
    if question.type is QuestionType.LADDER:
        return Number(int(dice.integers(11)))
    return Chosen((question.options[int(dice.integers(len(question.options)))].code,))


if __name__ == "__main__":
    main()
