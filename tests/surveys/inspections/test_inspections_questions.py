"""Asking a person: one child at a time, kept, never about a hard stop, and counted once."""

import csv
import json
import stat
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.database import metadata, open_engine
from surveys.inspections.cohorts import (
    counts_by_audience,
    decide_about,
    erase_members,
    import_cohort,
    members_of,
)
from surveys.inspections.commands import inspections as group
from surveys.inspections.eligibility import AFTERCARE, CARE4ME, Answer, Decision
from surveys.inspections.frameworks import load_frameworks
from surveys.inspections.import_report import report_on
from surveys.inspections.questions import NotToBeDecided, Question, questions_of, settle
from surveys.inspections.record import inspections
from surveys.inspections.rules import Outcome, Rule
from surveys.inspections.tally import tally

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "ssda903"
CLEAN = (DATA / "header.csv", DATA / "episodes.csv")
D = date(2018, 3, 31)
INSPECTION = b"i" * 16


@pytest.fixture
def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/heard.sqlite3")
    metadata.create_all(made)
    yield made
    made.dispose()


def asked(child="7", rule=Rule.ASK_ADOPTED, age=13, **more):
    return Decision(child, rule, False, AFTERCARE, age, **more)


def by_rule(child="7", rule=Rule.LEFT_CARE, age=13, **more):
    return Decision(child, rule, rule.outcome is Outcome.ELIGIBLE, AFTERCARE, age, **more)


def bring(engine, *decisions, invited=()):
    settled = settle(decisions, questions_of(engine, INSPECTION))
    return settled, import_cohort(engine, INSPECTION, settled, invited)


def answered(engine, given=Answer.INCLUDE, child="7"):
    return decide_about(engine, INSPECTION, child, given, by="Sam", reason="asked the adopters")


def children(engine, survey=AFTERCARE):
    return {one.child: one.id for one in members_of(engine, INSPECTION, survey)}


def test_question_is_open_until_a_person_answers_and_then_stays_answered(engine):
    _, change = bring(engine, asked(), by_rule("8"))
    assert change.questions.asked == 1
    assert set(children(engine)) == {"8"}
    before, gone = answered(engine)
    assert (before.answer, gone) == (None, None)
    assert set(children(engine)) == {"7", "8"}
    ids = children(engine)
    settled, change = bring(engine, asked(), by_rule("8"))
    assert settled[0].answer is Answer.INCLUDE
    assert settled[0].included
    assert (change.added, change.kept, change.questions.asked) == (0, 2, 0)
    assert children(engine) == ids
    kept = questions_of(engine, INSPECTION)["7"]
    assert (kept.answer, kept.decided_by, kept.reason) == ("include", "Sam", "asked the adopters")


def test_answer_can_be_changed_and_says_which_invitation_to_take_back(engine):
    bring(engine, asked())
    answered(engine)
    member = children(engine)["7"]
    before, gone = answered(engine, Answer.EXCLUDE)
    assert (before.answer, gone) == (Answer.INCLUDE, member)
    assert children(engine) == {}
    settled, change = bring(engine, asked())
    assert not settled[0].included
    assert settled[0].answer is Answer.EXCLUDE
    assert change.added == 0


def test_later_return_opens_a_question_again_only_when_the_rule_changed(engine):
    bring(engine, asked())
    answered(engine)
    _, same = bring(engine, asked(age=14))
    assert same.questions.reopened == 0
    settled, other = bring(engine, asked(rule=Rule.ASK_ABROAD))
    assert (other.questions.reopened, other.left) == (1, 1)
    assert not settled[0].included
    assert questions_of(engine, INSPECTION)["7"].answer is None
    assert children(engine) == {}


def test_invited_child_whose_question_is_open_again_stays_and_is_counted(engine):
    bring(engine, asked())
    answered(engine)
    member = children(engine)["7"]
    _, change = bring(engine, asked(rule=Rule.ASK_ABROAD), invited={member})
    assert (change.left, change.left_invited) == (0, 1)
    assert children(engine) == {"7": member}


def test_question_is_closed_when_a_rule_decides_alone_and_kept_when_nobody_can_tell(engine):
    bring(engine, asked(), asked("8"))
    answered(engine)
    unreadable = Decision("7", Rule.UNREADABLE, False)
    _, change = bring(engine, unreadable, by_rule("8"))
    assert change.questions.closed == 1
    assert set(questions_of(engine, INSPECTION)) == {"7"}
    assert questions_of(engine, INSPECTION)["7"].answer is Answer.INCLUDE
    assert set(children(engine)) == {"7", "8"}
    _, earlier = bring(engine, Decision("7", Rule.LEFT_EARLIER, False, None, 14))
    assert earlier.questions.closed == 1
    assert questions_of(engine, INSPECTION) == {}


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule.is_hard_stop])
@pytest.mark.parametrize("given", list(Answer))
def test_hard_stop_refuses_any_decision(engine, rule, given):
    bring(engine, by_rule(rule=rule))
    with pytest.raises(NotToBeDecided, match="Nobody may decide"):
        answered(engine, given)
    assert children(engine) == {}
    assert questions_of(engine, INSPECTION)["7"].answer is None


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule.is_hard_stop])
def test_hard_stop_takes_an_answered_child_out(engine, rule):
    bring(engine, asked())
    answered(engine)
    member = children(engine)["7"]
    _, change = bring(engine, by_rule(rule=rule), invited={member})
    assert change.stopped == (member,)
    assert children(engine) == {}
    with pytest.raises(NotToBeDecided):
        answered(engine)


def test_nobody_can_be_decided_about_whom_no_rule_says_to_ask(engine):
    bring(engine, by_rule(), Decision("8", Rule.UNDER_8, False, None, 7))
    for child in ("7", "8", "never heard of"):
        with pytest.raises(NotToBeDecided, match="No question is open"):
            answered(engine, child=child)


@pytest.mark.parametrize("rule", [Rule.DIED_SINCE, Rule.REFUSED_CONTACT])
def test_stop_by_a_care_leavers_file_stands_until_such_a_file_speaks_again(engine, rule):
    bring(engine, by_rule(rule=rule, in_touch_said=True))
    for _ in range(2):  # returns without a care leavers' file
        settled, change = bring(engine, by_rule())
        assert (settled[0].rule, settled[0].included, change.added) == (rule, False, 0)
    settled, _ = bring(engine, asked())
    assert settled[0].rule is rule
    settled, change = bring(engine, by_rule(in_touch_said=True))
    assert (settled[0].rule, change.added, change.questions.closed) == (Rule.LEFT_CARE, 1, 1)


def test_death_in_the_return_itself_is_lifted_by_the_corrected_return(engine):
    bring(engine, by_rule(rule=Rule.DIED))
    _, change = bring(engine, by_rule())
    assert change.added == 1
    assert questions_of(engine, INSPECTION) == {}


def test_member_who_grew_or_left_changes_unless_invited(engine):
    grown = Decision("8", Rule.IN_CARE, True, CARE4ME, 11)
    bring(
        engine,
        Decision("7", Rule.IN_CARE, True, CARE4ME, 13),
        Decision("8", Rule.IN_CARE, True, CARE4ME, 10),
        Decision("9", Rule.IN_CARE, True, CARE4ME, 10),
    )
    invited = {children(engine, CARE4ME)["9"]}
    now = [by_rule("7"), grown, Decision("9", Rule.IN_CARE, True, CARE4ME, 11)]
    _, change = bring(engine, *now, invited=invited)
    assert (change.added, change.kept, change.changed, change.held) == (0, 3, 2, 1)
    assert counts_by_audience(engine, INSPECTION) == {
        AFTERCARE: {"11-15": 1},
        CARE4ME: {"11-15": 1, "8-10": 1},
    }
    gone = [Decision(child, Rule.OTHER_COUNCIL, False, CARE4ME, 13) for child in "789"]
    _, change = bring(engine, *gone, invited=invited)
    assert (change.left, change.left_invited, change.kept) == (2, 1, 1)
    _, change = bring(engine, invited=invited)
    assert (change.kept, change.absent) == (1, 1)


def test_questions_go_with_the_cohort_and_are_found_without_a_member(engine):
    bring(engine, asked(), by_rule("8", Rule.REFUSED_CONTACT, in_touch_said=True))
    assert counts_by_audience(engine, INSPECTION) == {AFTERCARE: {}}
    answered(engine)
    with engine.begin() as connection:
        assert erase_members(connection, INSPECTION, AFTERCARE) == 2  # the two children
    assert questions_of(engine, INSPECTION) == {}
    assert counts_by_audience(engine, INSPECTION) == {}


def test_postgresql_keeps_questions_answers_and_lists_alike(postgres_url):
    from surveys.inspections.cohorts import import_people
    from surveys.migrations.running import upgrade

    engine = open_engine(postgres_url)
    upgrade(engine)
    try:
        bring(engine, asked(), by_rule("8"))
        answered(engine)
        settled, change = bring(engine, asked(), by_rule("8", Rule.DIED))
        assert settled[0].answer is Answer.INCLUDE
        assert len(change.stopped) == 1
        import_people(engine, INSPECTION, "staff", [("7", "adult")])
        assert set(children(engine)) == set(children(engine, "staff")) == {"7"}
        with engine.begin() as connection:
            assert erase_members(connection, INSPECTION, AFTERCARE) == 2
        assert counts_by_audience(engine, INSPECTION) == {"staff": {"adult": 1}}
    finally:
        engine.dispose()


RULES = [rule for rule in Rule if rule.outcome is Outcome.ASK or rule.is_hard_stop]


@settings(max_examples=200, deadline=None)
@given(
    rules=st.lists(st.sampled_from(list(Rule)), max_size=20),
    standing=st.lists(
        st.sampled_from([(r, a) for r in RULES for a in (None, *Answer)]), max_size=20
    ),
)
def test_whatever_stands_no_stop_is_included_and_each_child_is_counted_once(rules, standing):
    decisions = [by_rule(str(n), rule) for n, rule in enumerate(rules)]
    known = {
        str(n): Question(str(n), AFTERCARE, "11-15", rule, None if rule.is_hard_stop else given)
        for n, (rule, given) in enumerate(standing)
    }
    settled = settle(decisions, known)
    counted = tally(settled, len(decisions))
    assert counted.reconciles
    assert not [one for one in settled if one.included and one.rule.is_hard_stop]
    by_answer = sum(one.answer is Answer.INCLUDE for one in settled)
    assert counted.included == counted.outcomes[0] + counted.outcomes[1]
    assert counted.outcomes[1] == by_answer
    for one in settled:
        if one.rule.outcome is Outcome.EXCLUDED:
            assert not one.included


# The commands.


@pytest.fixture
def site(engine, tmp_path):
    return SimpleNamespace(
        engine=engine,
        frameworks=load_frameworks(ROOT / "config" / "frameworks"),
        authority="Exampleshire County Council",
        demo=True,
        summaries=tmp_path / "summaries",
        now=lambda: datetime(2026, 11, 27, 12, 0),  # noqa: DTZ001 - only the day is used
    )


@pytest.fixture
def run(site):
    def run_words(*words):
        return CliRunner().invoke(group, list(map(str, words)), obj=site)

    run_words("open", "--day-1", "2026-11-23", "--framework", "2009", "--title", "Inspection")
    return run_words


@pytest.fixture
def brought(run):
    return run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")


def ask_list(run, path, *files):
    done = run("ask-list", *files, "--out", path)
    assert done.exit_code == 0, done.output
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)), done.output


def test_ask_list_holds_rule_evidence_and_answer_and_nobody_stopped(run, brought, tmp_path):
    listed, said = ask_list(run, tmp_path / "ask.csv", *CLEAN)
    assert len(listed) == 97
    assert "97 written" in said
    decided = {one.child: one.rule for one in report_on(*CLEAN, D).decisions}
    assert {row["reference"]: row["rule"] for row in listed} == {
        child: rule.value for child, rule in decided.items() if rule.outcome is Outcome.ASK
    }
    adopted = next(row for row in listed if row["rule"] == "ask_adopted")
    assert "reason E1" in adopted["evidence"]
    assert "adopters' agreement" in adopted["why"]
    assert stat.S_IMODE((tmp_path / "ask.csv").stat().st_mode) == 0o600
    assert run("ask-list", "--out", tmp_path / "ask.csv").exit_code == 1


def test_without_the_return_there_is_no_evidence_because_none_is_kept(run, brought, site, tmp_path):
    listed, _ = ask_list(run, tmp_path / "ask.csv")
    assert {row["evidence"] for row in listed} == {""}
    stored = Path(site.engine.url.database).read_bytes()
    assert not [word for word in (b"episodes:", b"legal status") if word in stored]


def test_decide_is_one_child_with_name_and_reason_and_the_report_still_adds_up(
    run, brought, site, tmp_path
):
    listed, _ = ask_list(run, tmp_path / "ask.csv")
    yes, no = (row["reference"] for row in listed[:2])
    why = ("--reason", "the adopters agree", "--by", "Sam Lee")
    assert run("decide", "--member", yes, "--include", *why).exit_code == 0
    assert run("decide", "--member", no, "--exclude", *why).exit_code == 0
    done = run("import-cohort", *CLEAN, "--reference-date", "2018-03-31")
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    for line in (
        "Care4Me: to be asked 835",
        "AfterCare: to be asked 276",
        "Ask a person first 97",
        "of these a person decided: to be asked 1",
        "of these a person decided: left out 1",
        "of these nobody has decided yet: inspections ask-list 95",
        "All of these together 2,675",
        "The two agree.",
        "Added 0, kept 1,112.",
    ):
        assert line in lines, line
    again, said = ask_list(run, tmp_path / "again.csv")
    assert "95 of them not decided yet" in said
    assert [row["answer"] for row in again][-2:].count("") == 0
    (opened,) = inspections(site.engine)
    assert sum(counts_by_audience(site.engine, opened.id)[AFTERCARE].values()) == 277


def test_decision_is_in_the_audit_log_without_the_child(run, brought, site, tmp_path):
    listed, _ = ask_list(run, tmp_path / "ask.csv")
    reference = listed[0]["reference"]
    run("decide", "--member", reference, "--include", "--reason", "told Anna", "--by", "Sam Lee")
    *acts, line = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert {json.loads(one)["what"] for one in acts} <= {
        "inspection_opened", "cohort_imported", "ask_list_written",
    }  # fmt: skip
    assert reference not in "".join(acts)
    entry = json.loads(line)
    assert (entry["who"], entry["what"]) == ("Sam Lee", "cohort_decided")
    assert entry["about"] == {
        "survey": AFTERCARE, "rule": listed[0]["rule"], "answer": "include",
    }  # fmt: skip
    assert reference not in line
    assert "Anna" not in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--include", "--reason", "x", "--by", "Sam"], "No question is open"),
        (["--reason", "x", "--by", "Sam"], "Say --include or --exclude."),
        (["--include", "--reason", " ", "--by", "Sam"], "need words"),
        (["--include", "--reason", "x", "--by", "S" * 81], "no more than 80"),
        (["--include", "--by", "Sam"], "Missing option '--reason'"),
        (["--include", "--reason", "x"], "Missing option '--by'"),
    ],
)
def test_decide_says_what_is_missing_and_writes_nothing(run, tmp_path, words, said):
    log = tmp_path / "audit.jsonl"
    before = log.read_text() if log.exists() else ""
    done = run("decide", "--member", "nobody", *words)
    assert done.exit_code != 0
    assert said in done.output
    assert (log.read_text() if log.exists() else "") == before


def test_refused_decision_about_a_stopped_child_says_what_to_do(run, brought):
    died = next(one.child for one in report_on(*CLEAN, D).decisions if one.rule is Rule.DIED)
    done = run("decide", "--member", died, "--include", "--reason", "x", "--by", "Sam")
    assert done.exit_code == 1
    assert "Nobody may decide about this reference: died (E2)." in done.output


def test_invitation_of_a_child_left_out_by_a_later_answer_is_named(run, brought, site, tmp_path):
    from surveys.invitations.register import add_invitations, new_invitation
    from surveys.vault.waves import Wave, WaveStatus, add_wave

    listed, _ = ask_list(run, tmp_path / "ask.csv")
    reference = listed[0]["reference"]
    why = ("--reason", "x", "--by", "Sam")
    run("decide", "--member", reference, "--include", *why)
    (opened,) = inspections(site.engine)
    (member,) = [m for m in members_of(site.engine, opened.id, AFTERCARE) if m.child == reference]
    wave = Wave(
        b"w" * 16, opened.id, AFTERCARE, 1, WaveStatus.OPEN, D, D, 4096, b"h" * 32, True
    )  # fmt: skip
    add_wave(site.engine, wave)
    add_invitations(site.engine, [new_invitation(wave.id, member.audience, "card", member.id)])
    done = run("decide", "--member", reference, "--exclude", *why)
    assert f"invitations withdraw {wave.id.hex()[:8]} --stopped" in done.output
    assert "--reason not-eligible" in done.output
