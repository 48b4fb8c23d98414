"""One whole inspection at small scale: a return in, answers over HTTP, signed Summaries out."""

import json
from collections import Counter
from pathlib import Path

import pytest

from analysis.publisher import read_public_key
from analysis.signing import verify_summary
from analysis.summary import summary_from_bytes

SMALL = {
    "children": 120,
    "share_who_answer": 0.6,
    "adults": {
        "social_workers": {"invited": 30, "answer": 14},
        "safeguarding_partners": {"invited": 12, "answer": 3},
    },
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    from app import create_app
    from config.settings import create_site
    from surveys.rehearsal import commands, performance, stage

    home = tmp_path_factory.mktemp("rehearsal") / "site"
    create_site(home, "Exampleshire County Council", demo=True, https=False)
    outcomes = Counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARD_HOME", str(home))
        plan = stage.read_plan() | SMALL
        patch.setattr(stage, "read_plan", lambda: plan)
        answered = performance.answer_through_the_pages

        def count(*arguments):
            outcomes.update(answered(*arguments))
            return outcomes

        patch.setattr(performance, "answer_through_the_pages", count)
        site = create_app().extensions["heard"]
        offline = commands.offline_of(site)
        commands.carry_out(site, offline)
        codes = commands.ready_codes(site, offline)
    yield site, offline, codes, outcomes
    site.engine.dispose()


def summaries(site):
    public = read_public_key(site.summaries)
    for path in sorted(site.summaries.glob("*.json")):
        signature = path.with_suffix(".sig").read_bytes()
        yield summary_from_bytes(verify_summary(path.read_bytes(), signature, public))


def test_nobody_with_a_code_was_turned_away(finished):
    _, _, _, outcomes = finished
    assert outcomes["refused"] == 0
    assert outcomes["sent"] > 40


def test_every_wave_has_a_signed_summary_that_says_what_it_is(finished):
    site, *_ = finished
    found = {summary.survey: summary for summary in summaries(site)}
    assert set(found) == {"care4me", "aftercare", "social_workers", "safeguarding_partners"}
    for summary in found.values():
        assert summary.invented_data
        assert summary.single_custodian
        assert summary.framework == "2009"


def test_a_wave_below_ten_shows_nothing(finished):
    site, *_ = finished
    tiny = next(each for each in summaries(site) if each.survey == "safeguarding_partners")
    counts = [
        cell.count
        for item in tiny.items
        for table in item.tables
        for row in table.rows
        for cell in (row.base, *row.cells)
    ]
    assert set(counts) <= {None}


def test_no_count_is_off_the_rounding_base(finished):
    site, *_ = finished
    for summary in summaries(site):
        for item in summary.items:
            for table in item.tables:
                for row in table.rows:
                    for cell in (row.base, *row.cells):
                        assert cell.count is None or cell.count % summary.policy.rounding_base == 0


def test_answers_counted_are_those_sent_and_no_draft_or_double(finished):
    from surveys.vault.store import count_responses
    from surveys.vault.waves import all_waves

    site, _, _, outcomes = finished
    assert (
        sum(count_responses(site.engine, wave.id) for wave in all_waves(site.engine))
        == outcomes["sent"]
    )


def test_fresh_codes_are_ready_in_waves_that_are_open(finished):
    _, offline, codes, _ = finished
    assert len(codes) == 3
    assert all(codes.values())
    assert json.loads((offline.folder / "remembered.json").read_text())["finished"] is True


def test_what_was_written_is_nowhere_on_the_site(finished):
    from surveys.rehearsal.respondents import read_comments

    site, *_ = finished
    lines = [line.encode() for comments in read_comments().values() for line in comments]
    for path in site.public_keys.parent.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [line for line in lines if line in data], path.name


def test_one_message_waits_and_opens_with_what_is_printed(finished):
    from surveys.contact.message import Part, header_for, message_from_bytes
    from surveys.contact.requests import State, all_requests, sealed_request
    from surveys.rehearsal.talking import inbox_lines
    from surveys.vault.key_files import read_key_file
    from surveys.vault.opening import open_envelope

    site, offline, *_ = finished
    lines = list(inbox_lines("http://localhost:8000/", offline))
    path, words = (line.split(": ", 1)[1] for line in lines[1:3])
    (waiting,) = all_requests(site.engine)
    assert waiting.state is State.WAITING and "log in as safeguarding" in lines[0]
    sealed = sealed_request(site.engine, waiting.id).message
    opened = open_envelope(
        sealed, read_key_file(Path(path), words), header_for(waiting.id, Part.REQUEST)
    )
    assert "invented" in message_from_bytes(opened.content).name
    assert "safeguarding" in offline.remembered()["log_ins"]
