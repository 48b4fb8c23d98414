"""Unfit responses: refused with a word on the way out, or left out and counted on request."""

import pytest
from invented_responses import invented_responses
from released_wave import OCCASION, released_wave, sealed_to
from small_survey import POLICY, small_survey

from analysis.frames import ResponseDoesNotFit, build_frame
from analysis.leaving_out import LeftOut
from analysis.opening import UnreadableResponse, open_responses
from analysis.publish import publish
from analysis.publisher import Publisher
from questionnaires.responses import Chosen, Response, response_to_bytes
from surveys.vault.envelope import Purpose
from surveys.vault.manifest import ManifestRefused
from surveys.vault.opening import new_private_key

PUBLISHER = Publisher(b"p" * 32)
PEOPLE = 120


@pytest.fixture
def wave(tmp_path):
    survey = small_survey()
    responses = invented_responses(survey, {"8-10": 0.4, "11-15": 0.6}, PEOPLE)
    made = released_wave(tmp_path, survey, responses)
    yield made
    made.engine.dispose()


@pytest.fixture
def summaries(tmp_path):
    folder = tmp_path / "summaries"
    folder.mkdir()
    return folder


def sealed(wave, content):
    return sealed_to(wave.analyst, wave.wave, content)


def unfit(wave):
    """What somebody with a token and the public keys can hand in, each in its own way unfit."""
    version = small_survey().questionnaires[0].id
    made_up = Response(version, {"safe": Chosen(("perhaps",))})
    return {
        "no envelope": b"junk",
        "to another key": sealed_to(new_private_key(Purpose.RESPONSE), wave.wave, b"{}"),
        "no response": sealed(wave, b'{"junk":1}'),
        "deep": sealed(wave, b"[" * 1024),
        "there twice": wave.envelopes[3],
        "another survey": sealed(wave, response_to_bytes(Response("other-8-10", {}))),
        "another answer": sealed(wave, response_to_bytes(made_up)),
    }


KINDS = ("no response", "deep", "another survey", "another answer")
NEVER_RELEASED = ("no envelope", "to another key", "there twice")


def published(wave, envelopes, summaries, **more):
    more = {"manifest": wave.manifest(envelopes)} | more
    return publish(
        envelopes, wave.analyst, wave=wave.wave, survey=small_survey(), occasion=OCCASION,
        policy=POLICY, publisher=PUBLISHER, summaries=summaries, **more,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_one_unfit_response_stops_publishing_unless_it_is_to_be_left_out(wave, summaries, kind):
    envelopes = [*wave.envelopes, unfit(wave)[kind]]
    with pytest.raises((UnreadableResponse, ResponseDoesNotFit)):
        published(wave, envelopes, summaries)
    assert list(summaries.iterdir()) == []
    assert published(wave, envelopes, summaries, leave_out_unfit=True).left_out == 1


def test_the_summary_is_the_one_that_the_others_would_have_had(wave, summaries):
    found = unfit(wave)
    envelopes = [*(found[kind] for kind in KINDS), *wave.envelopes]
    with_junk = published(wave, envelopes, summaries, leave_out_unfit=True)
    assert with_junk.left_out == len(KINDS)
    alone = published(wave, wave.envelopes, summaries)
    assert alone.left_out == 0
    assert with_junk.summary.items == alone.summary.items
    assert with_junk.summary.coverage == alone.summary.coverage


def test_a_wrong_key_never_leaves_an_empty_summary(wave, summaries):
    other = new_private_key(Purpose.RESPONSE)
    strangers = [sealed_to(other, wave.wave, b"{}") for _ in range(3)]
    manifest = wave.manifest(strangers, recipients=frozenset({other.public.key_id}))
    with pytest.raises(UnreadableResponse, match="not one response"):
        published(wave, strangers, summaries, leave_out_unfit=True, manifest=manifest)
    assert list(summaries.iterdir()) == []


def test_opening_and_the_frame_count_together(wave):
    left_out, survey = LeftOut(), small_survey()
    envelopes = [*wave.envelopes, *unfit(wave).values()]
    responses = open_responses(envelopes, wave.analyst, wave.wave.header, left_out)
    assert len(build_frame(responses, survey, left_out)) == PEOPLE
    assert left_out.count == len(unfit(wave))


@pytest.mark.parametrize("kind", NEVER_RELEASED)
def test_what_no_release_lets_out_is_refused_even_then(wave, summaries, kind):
    envelopes = [*wave.envelopes, unfit(wave)[kind]]
    with pytest.raises(ManifestRefused):
        published(wave, envelopes, summaries, leave_out_unfit=True)
    assert list(summaries.iterdir()) == []
