"""From sealed responses to one signed Summary; and whatever fails leaves no file."""

import json
import re
from dataclasses import replace

import highspy
import pytest
from invented_responses import invented_responses
from released_wave import OCCASION, released_wave, sealed_to
from small_survey import POLICY, replace_policy, small_survey

from analysis import publish as publishing
from analysis.freezing import ReleaseDiffers
from analysis.opening import UnreadableResponse, open_responses
from analysis.publish import RowsUnfit, publish
from analysis.publisher import Publisher
from analysis.rounding import ProtectionFailed
from analysis.signing import SignatureDoesNotHold, verify_summary
from analysis.summary import summary_from_bytes
from surveys.vault.envelope import Purpose
from surveys.vault.manifest import ManifestRefused
from surveys.vault.opening import new_private_key

PUBLISHER = Publisher(b"p" * 32)
SHARES = {"8-10": 0.4, "11-15": 0.6}


@pytest.fixture
def wave(tmp_path):
    survey = small_survey()
    made = released_wave(tmp_path, survey, invented_responses(survey, SHARES, 120))
    yield made
    made.engine.dispose()


@pytest.fixture
def summaries(tmp_path):
    folder = tmp_path / "summaries"
    folder.mkdir()
    return folder


def published(released, summaries, **changes):
    options = {
        "wave": released.wave,
        "survey": small_survey(),
        "occasion": OCCASION,
        "policy": POLICY,
        "publisher": PUBLISHER,
        "summaries": summaries,
    }
    envelopes = changes.pop("envelopes", None) or released.envelopes
    options["manifest"] = released.manifest(envelopes)
    key = changes.pop("key", released.analyst)
    return publish(envelopes, key, **(options | changes))


def test_summary_is_signed_and_says_what_it_is(wave, summaries):
    done = published(wave, summaries)
    document = done.path.read_bytes()
    signature = done.path.with_suffix(".sig").read_bytes()
    summary = summary_from_bytes(verify_summary(document, signature, PUBLISHER.public))
    assert summary == done.summary
    assert done.path.name == "small-1-1.json"
    assert (summary.release, summary.wave, summary.survey) == (1, 1, "small")
    assert (summary.opened_on, summary.closed_on) == ("2009-11-25", "2009-12-04")
    assert (summary.invented_data, summary.single_custodian) == (True, True)
    assert summary.audiences == {"8-10": "Aged 8-10", "11-15": "Aged 11-15"}


def test_items_have_their_tables_with_everyone_first(wave, summaries):
    items = {item.id: item for item in published(wave, summaries).summary.items}
    assert list(items)[:3] == ["safe:a3", "safe:f4", "moved"]
    assert items["safe:f4"].question == "safe"
    assert items["safe:f4"].themes == ("L6",)
    assert [table.group for table in items["moved"].tables] == ["all", "age_version", "gender"]
    for item in items.values():
        own = [c for c in item.tables[0].categories if c.kind != "net"]
        assert list(item.categories) == own


def test_coverage_is_protected_and_adds_up(wave, summaries):
    rows = {row.level: row for row in published(wave, summaries).summary.coverage}
    assert list(rows) == ["all", "8-10", "11-15"]
    assert [rows[level].invited.count for level in rows] == [150, 60, 90]
    responded = [rows[level].responded.count for level in rows]
    assert responded[0] == responded[1] + responded[2] == 120
    assert all(count % 5 == 0 for count in responded)


def test_few_invited_are_not_told(wave, summaries):
    few = replace(OCCASION, invited={"8-10": 9, "11-15": 52})
    rows = {row.level: row for row in published(wave, summaries, occasion=few).summary.coverage}
    assert (rows["8-10"].invited.count, rows["11-15"].invited.count) == (None, 50)


def test_every_number_in_the_file_is_a_multiple_of_five_or_a_rule(wave, summaries):
    document = json.loads(published(wave, summaries).path.read_text())
    counts = re.findall(r'"count": (\d+)', json.dumps(document))
    assert counts
    assert all(int(count) % 5 == 0 for count in counts)


def test_free_text_goes_nowhere(wave, summaries):
    assert "few words" not in published(wave, summaries).path.read_text()


def test_second_release_has_the_next_number_and_the_same_numbers(wave, summaries):
    first, second = published(wave, summaries), published(wave, summaries)
    assert (first.summary.release, second.summary.release) == (1, 2)
    assert first.summary.items == second.summary.items
    assert len(list(summaries.iterdir())) == 4


def test_released_numbers_never_change(wave, summaries):
    published(wave, summaries)
    with pytest.raises(ReleaseDiffers, match="never change"):
        published(wave, summaries, policy=replace_policy(POLICY, rounding_base=3, round_up_probability=(0, 0.3, 0.7), base_round_up_probability=(0, 0.3, 0.7)))  # fmt: skip
    with pytest.raises(SignatureDoesNotHold):
        published(wave, summaries, publisher=Publisher(b"q" * 32))
    assert len(list(summaries.iterdir())) == 2


def test_order_of_the_envelopes_does_not_matter(wave, summaries):
    there = published(wave, summaries).summary
    back = published(wave, summaries, envelopes=wave.envelopes[::-1]).summary
    assert there.items == back.items


def broken(monkeypatch, wave):
    def answer(solver):
        return highspy.HighsModelStatus.kTimeLimit

    monkeypatch.setattr(highspy.Highs, "getModelStatus", answer)
    return {}


def other_key(monkeypatch, wave):
    return {"key": new_private_key(Purpose.RESPONSE)}


def mix_key(monkeypatch, wave):
    return {"key": new_private_key(Purpose.MIX)}


def other_wave(monkeypatch, wave):
    return {"wave": replace(wave.wave, number=2)}


def damaged(monkeypatch, wave):
    return {"envelopes": [*wave.envelopes[:-1], wave.envelopes[-1][:-1] + b"\0"]}


def twice(monkeypatch, wave):
    return {"envelopes": [*wave.envelopes, wave.envelopes[0]]}


def damaged_after_the_release(monkeypatch, wave):
    return damaged(monkeypatch, wave) | {"manifest": wave.manifest()}


def other_recipients(monkeypatch, wave):
    return {"manifest": wave.manifest(recipients=frozenset({b"somebody"}))}


def no_response(monkeypatch, wave):
    return {"envelopes": [*wave.envelopes, sealed_to(wave.analyst, wave.wave, b"not json")]}


def foreign(monkeypatch, wave):
    content = b'{"a":{},"q":"another","v":1}'
    return {"envelopes": [*wave.envelopes, sealed_to(wave.analyst, wave.wave, content)]}


def unwritable(monkeypatch, wave):
    def fail(path, document, signature):
        raise OSError("disk full")

    monkeypatch.setattr(publishing, "write_release", fail)
    return {}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (broken, ProtectionFailed),
        (other_key, RowsUnfit),
        (mix_key, RowsUnfit),
        (other_wave, RowsUnfit),
        (damaged, RowsUnfit),
        (twice, ManifestRefused),
        (damaged_after_the_release, ManifestRefused),
        (other_recipients, ManifestRefused),
        (no_response, RowsUnfit),
        (foreign, RowsUnfit),
        (unwritable, OSError),
    ],
    ids=lambda value: getattr(value, "__name__", "error"),
)
def test_whatever_fails_leaves_no_file_and_no_content_in_its_words(
    monkeypatch, wave, summaries, fault, error
):
    with pytest.raises(error) as failed:
        published(wave, summaries, **fault(monkeypatch, wave))
    assert list(summaries.iterdir()) == []
    assert not re.search(r"gender|girl|\d", str(failed.value))


def test_responses_are_opened_one_at_a_time(wave):
    responses = open_responses(iter([wave.envelopes[0], b"bad"]), wave.analyst, wave.wave.header)
    assert next(responses).questionnaire.startswith("small-")
    with pytest.raises(UnreadableResponse):
        next(responses)
