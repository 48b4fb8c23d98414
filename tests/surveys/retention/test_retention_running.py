"""What is due goes, whole and once; nothing else does; whoever looks can read what went."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from kept_site import ANALYST, CHILD, CLOSES, KEPT_UNTIL, MIX, kept_site

from surveys.audit.checkpoints import make_checkpoint
from surveys.audit.log import audit_log_of, entries, record
from surveys.invitations.register import invited_by_audience
from surveys.keys.key_making import public_halves
from surveys.keys.key_register import Ending, note_destroyed
from surveys.retention import running
from surveys.retention.due import contacts_due, items_of
from surveys.retention.erasing import close_wave
from surveys.retention.left_over import unknown_files
from surveys.retention.record import Kind, Stage, erasure_of, in_tens
from surveys.retention.rules import RetentionRules, months_after
from surveys.retention.running import run_retention, would_erase
from surveys.staff.guesses import Guesses
from surveys.vault.envelope import Purpose
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.public_keys import change_wave_keys, keys_path
from surveys.vault.slot_content import SlotState
from surveys.vault.slots import count_states, erase_slot, read_draft
from surveys.vault.store import envelopes_of
from surveys.vault.waves import WaveStatus, find_wave, set_status

FIFTH = date(2026, 11, 27)  # the fifth working day after Friday the 20th
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        (date(2026, 11, 20), date(2026, 11, 27)),  # a Friday
        (date(2026, 11, 21), date(2026, 11, 27)),  # a Saturday
        (date(2026, 11, 25), date(2026, 12, 2)),
        (date(2026, 12, 23), date(2027, 1, 4)),  # Christmas, its substitute day, New Year
    ],
)
def test_contacts_go_on_the_fifth_working_day(ended, due):
    assert contacts_due(ended) == due


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 20), 24, date(2028, 11, 20)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_after(day, months, later):
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "none"), (1, "fewer than 10"), (9, "fewer than 10"), (10, "at least 10"),
     (19, "at least 10"), (127, "at least 120")],
)  # fmt: skip
def test_people_are_counted_in_tens(count, words):
    assert in_tens(count) == words


def test_closing_erases_what_was_begun_and_never_sent(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    closed = find_wave(kept.engine, kept.wave.id)
    assert (closed.status, closed.closed_on) == (WaveStatus.CLOSED, CLOSES)
    states = count_states(kept.engine, kept.site.storage_key, kept.wave.id)
    assert states == {SlotState.EMPTY: 1, SlotState.FINAL: 12, SlotState.ERASED: 11}


def test_closing_writes_every_slot_anew_so_that_none_stands_out(kept):
    before = dict((row[0], row[2]) for row in kept.rows()["slot"])
    close_wave(kept.site, kept.wave, CLOSES)
    after = dict((row[0], row[2]) for row in kept.rows()["slot"])
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    assert len({len(content) for content in (*before.values(), *after.values())}) == 1


def test_reopened_wave_knows_neither_the_erased_nor_the_sent(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    set_status(kept.engine, kept.wave.id, WaveStatus.OPEN)
    for access in (*kept.drafts, *kept.finals):
        assert read_draft(kept.engine, kept.site.storage_key, access) is None
    [untouched] = [one for one in kept.accesses if one not in (*kept.drafts, *kept.finals)]
    assert read_draft(kept.engine, kept.site.storage_key, untouched)


def test_what_is_erased_at_the_close_is_in_no_file(on_file):
    secrets_of_drafts = [
        row[2] for row in on_file.rows()["slot"]
        if row[0] in {access.slot_id for access in on_file.drafts}
    ]  # fmt: skip
    close_wave(on_file.site, on_file.wave, CLOSES)
    files = b"".join(path.read_bytes() for path in sorted(on_file.home.glob("heard.sqlite3*")))
    assert not [one for one in secrets_of_drafts if one[100:164] in files]


def test_nothing_goes_a_day_early(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    run_retention(kept.site, CLOSES)
    before = kept.rows()
    assert run_retention(kept.site, FIFTH - ONE_DAY).lines == ()
    assert kept.rows() == before


def test_contacts_go_and_how_many_were_invited_stays(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    report = run_retention(kept.site, FIFTH)
    assert report.troubles == ()
    rows = kept.rows()
    assert rows["cohort_member"] == rows["invitation"] == []
    assert CHILD not in repr(rows)
    assert invited_by_audience(kept.engine, kept.wave.id) == {"8-10": 24}
    states = count_states(kept.engine, kept.site.storage_key, kept.wave.id)
    assert states[SlotState.FINAL] == 12, "answers stay"


def test_contacts_go_by_the_day_of_closing_not_of_the_plan(kept):
    early = date(2026, 11, 10)
    close_wave(kept.site, kept.wave, early)
    run_retention(kept.site, contacts_due(early))
    assert kept.rows()["invitation"] == []


def test_contacts_go_even_of_a_wave_that_nobody_closed_and_somebody_is_told(kept):
    report = run_retention(kept.site, FIFTH)
    assert kept.rows()["invitation"] == []
    [trouble] = report.troubles
    assert "should have been closed on 2026-11-20" in trouble


def test_cohort_without_any_wave_goes_after_the_window(on_file):
    from surveys.inspections.cohorts import import_cohort
    from surveys.inspections.eligibility import Decision
    from surveys.inspections.record import open_inspection
    from surveys.inspections.rules import Rule

    other = open_inspection(
        on_file.engine, authority="E", framework="2009", day_1=date(2026, 11, 2),
        title="Called off", invented=True,
    )  # fmt: skip
    decided = Decision("CHILD-OF-NO-WAVE", Rule.LEFT_CARE, True, "aftercare", 18)
    import_cohort(on_file.engine, other.id, [decided])
    [item] = [one for one in items_of(on_file.site) if one.inspection_id == other.id]
    run_retention(on_file.site, item.due_on - ONE_DAY)
    assert "CHILD-OF-NO-WAVE" in repr(on_file.rows())
    run_retention(on_file.site, item.due_on)
    assert "CHILD-OF-NO-WAVE" not in repr(on_file.rows())


def test_cohort_whose_framework_is_gone_is_named_every_night_and_goes_when_it_is_back(on_file):
    from click.testing import CliRunner

    from surveys.inspections.cohorts import import_cohort
    from surveys.inspections.eligibility import Decision
    from surveys.inspections.record import open_inspection
    from surveys.inspections.rules import Rule
    from surveys.retention.commands import retention

    other = open_inspection(
        on_file.engine, authority="Exampleshire", framework="2009", day_1=date(2026, 11, 2),
        title="Called off", invented=True,
    )  # fmt: skip
    decided = Decision("CHILD-OF-NO-DAY", Rule.LEFT_CARE, True, "aftercare", 18)
    import_cohort(on_file.engine, other.id, [decided])
    without = replace(on_file.now_is(KEPT_UNTIL - ONE_DAY), frameworks={})
    close_wave(on_file.site, on_file.wave, CLOSES)
    on_file.note_keys()
    on_file.destroy_keys()
    for report in (
        would_erase(without, KEPT_UNTIL - ONE_DAY),
        run_retention(without, KEPT_UNTIL - ONE_DAY),
    ):
        [trouble] = report.troubles
        assert "aftercare, Called off (Exampleshire) has no day" in trouble
        assert "framework '2009' is not in config/frameworks" in trouble
    listed = CliRunner().invoke(retention, ["list"], obj=without)
    assert listed.exit_code == 1 and "has no day on which it goes" in listed.output
    assert "CHILD-OF-NO-DAY" in repr(on_file.rows())
    back = replace(without, frameworks=on_file.site.frameworks)
    assert run_retention(back, KEPT_UNTIL - ONE_DAY).troubles == ()
    assert "CHILD-OF-NO-DAY" not in repr(on_file.rows())


def test_cohort_with_a_wave_needs_no_framework(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    assert run_retention(replace(on_file.site, frameworks={}), FIFTH).troubles == ()
    assert on_file.rows()["cohort_member"] == []


def test_answers_go_at_their_date_released_or_not(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    kept.release()
    assert len(list(envelopes_of(kept.engine, kept.wave.id))) == 12
    run_retention(kept.site, KEPT_UNTIL - ONE_DAY)
    assert len(list(envelopes_of(kept.engine, kept.wave.id))) == 12
    run_retention(kept.site, KEPT_UNTIL)
    rows = kept.rows()
    assert rows["response"] == rows["slot"] == rows["release_manifest"] == []


def test_answers_that_were_never_released_go_as_well(kept):
    run_retention(kept.site, KEPT_UNTIL)
    assert kept.rows()["slot"] == []
    assert find_wave(kept.engine, kept.wave.id).status is WaveStatus.CLOSED


def test_sealed_answers_are_in_no_file_afterwards(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    on_file.release()
    envelopes = list(envelopes_of(on_file.engine, on_file.wave.id))
    assert open_envelope(envelopes[0], ANALYST, on_file.wave.header)
    run_retention(on_file.site, KEPT_UNTIL)
    files = b"".join(path.read_bytes() for path in sorted(on_file.home.glob("heard.sqlite3*")))
    assert not [one for one in envelopes if one[-64:] in files]
    assert CHILD.encode() not in files


def test_keys_that_are_still_there_are_named_every_night_until_they_are_gone(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    kept.note_keys()
    first = run_retention(kept.site, KEPT_UNTIL)
    second = run_retention(kept.site, KEPT_UNTIL + ONE_DAY)
    for report in (first, second):
        assert len(report.troubles) == 2
        assert "analyst, held by Ana" in report.troubles[0]
        assert "flask keys destroy" in report.troubles[0]
    assert second.lines == (), "what was certified is not certified again"
    folder = kept.home / "certificates"
    [unfinished] = folder.glob("*-not-complete.txt")
    assert "NOT COMPLETE" in unfinished.read_text()
    kept.destroy_keys()
    third = run_retention(kept.site, KEPT_UNTIL + 2 * ONE_DAY)
    assert third.troubles == ()
    whole = (folder / f"{KEPT_UNTIL}-answers-{kept.wave.id.hex()[:8]}.txt").read_text()
    assert "mix, held by Cy" in whole and "destroyed on 2028-11-20, seen by Ana" in whole
    assert "must still be destroyed" not in whole
    assert run_retention(kept.site, KEPT_UNTIL + 3 * ONE_DAY) == running.RetentionReport((), ())


def test_keys_that_nobody_noted_are_named_by_their_wave(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    [trouble] = run_retention(kept.site, KEPT_UNTIL).troubles
    assert kept.wave.id.hex() in trouble
    assert "none of them is in the register" in trouble


def test_release_key_is_named_from_the_14th_day_after_closing_until_it_is_gone(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    on_file.note_keys()
    assert run_retention(on_file.site, CLOSES + 13 * ONE_DAY).troubles == ()
    for released in (False, True):
        if released:
            on_file.release()
        [trouble] = run_retention(on_file.site, CLOSES + 14 * ONE_DAY).troubles
        assert "care4me 1" in trouble and on_file.wave.id.hex()[:8] in trouble
        assert "by 2026-12-04" in trouble and "mix, held by Cy" in trouble
    note_destroyed(
        on_file.site.public_keys, on_file.wave.id, "mix", day=CLOSES, by="Cy", ending=Ending.SEEN
    )
    assert run_retention(on_file.site, CLOSES + 99 * ONE_DAY).troubles == ()


def test_release_key_that_nobody_noted_is_named_too_and_an_open_wave_has_its_own_trouble(on_file):
    late = CLOSES + 14 * ONE_DAY
    [trouble] = run_retention(on_file.site, late).troubles
    assert "should have been closed" in trouble
    close_wave(on_file.site, on_file.wave, CLOSES)
    [trouble] = run_retention(on_file.site, late).troubles
    assert MIX.public.key_id.hex() in trouble and ANALYST.public.key_id.hex() not in trouble


def test_key_that_the_register_lacks_keeps_the_certificate_from_being_complete(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    on_file.note_keys()
    on_file.destroy_keys()
    new = [new_private_key(purpose) for purpose in (Purpose.RESPONSE, Purpose.MIX)]
    halves = public_halves(new[:1], new[1:])
    change_wave_keys(
        on_file.site.public_keys, on_file.wave.id, halves.generations[0], halves.signers
    )
    troubles = run_retention(on_file.site, KEPT_UNTIL).troubles
    assert len(troubles) == 2
    for key in new:
        assert any(key.public.key_id.hex() in trouble for trouble in troubles)
    [certificate] = (on_file.home / "certificates").glob("*-answers-*.txt")
    assert "NOT COMPLETE" in certificate.read_text() and "not-complete" in certificate.name


def test_keys_that_cannot_be_read_keep_the_certificate_from_being_complete(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    on_file.note_keys()
    on_file.destroy_keys()
    keys_path(on_file.site.public_keys, on_file.wave.id).write_text("{}")
    [trouble] = run_retention(on_file.site, KEPT_UNTIL).troubles
    assert "keys that nobody can name here" in trouble


def test_certificate_says_what_went_in_tens_and_what_was_out_of_reach(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    (on_file.home / "notes.txt").write_text("from somebody")
    run_retention(on_file.site, FIFTH)
    folder = on_file.home / "certificates"
    text = (folder / f"{FIFTH}-contacts-{on_file.wave.id.hex()[:8]}.txt").read_text()
    assert "invitations: at least 20" in text and "24" not in text.replace(str(FIFTH), "")
    assert "the last that can hold it is gone on 2027-01-02" in text
    assert "credential seed" in text
    assert "Lists of codes of it in the site's folder were deleted" in text
    assert "notes.txt" in text
    page = next(folder.glob("*-contacts-*.html")).read_text()
    assert "<h1>Who was invited has been erased</h1>" in page
    for line in text.splitlines():
        assert line.strip(" -=") in _plain(page)


def _plain(page):
    from html import unescape

    return unescape(page)


def test_certificate_escapes_what_people_wrote(tmp_path):
    made = kept_site(tmp_path / "site")
    from dataclasses import replace

    close_wave(made.site, made.wave, CLOSES)
    run_retention(replace(made.site, authority="<b>Bold</b> & Sons"), FIFTH)
    page = next((made.home / "certificates").glob("*-contacts-*.html")).read_text()
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Sons" in page and "<b>" not in page
    made.engine.dispose()


def test_list_of_codes_left_in_the_sites_folder_goes_with_the_register(on_file):
    invitation = on_file.rows()["invitation"][0][0].hex()
    left = on_file.home / "downloads" / "cards.csv"
    left.parent.mkdir()
    left.write_text(f"invitation,audience,channel,words,link\n{invitation},8-10,card,a b c,x\n")
    other = on_file.home / "downloads" / "other.csv"
    other.write_text("something else")
    close_wave(on_file.site, on_file.wave, CLOSES)
    run_retention(on_file.site, FIFTH)
    assert not left.exists() and other.exists()


@pytest.mark.parametrize(
    "place",
    ["summaries/cards.csv", "certificates/cards.csv", "instruments/x/cards.csv",
     "public_keys/cards.csv", "heard.sqlite3.csv", "summaries.csv", "guesses.json.csv"],
)  # fmt: skip
def test_list_of_codes_is_found_wherever_it_lies(on_file, place):
    invitation = on_file.rows()["invitation"][0][0].hex()
    left = on_file.home / place
    left.parent.mkdir(exist_ok=True, parents=True)
    left.write_text(f"invitation,audience,channel,words,link\n{invitation},8-10,card,a b c,x\n")
    beside = left.with_name("release.json")
    beside.write_text("something of the site's own")
    close_wave(on_file.site, on_file.wave, CLOSES)
    run_retention(on_file.site, FIFTH)
    assert not left.exists() and beside.exists()


def test_what_the_site_wrote_is_its_own_and_a_copy_of_its_database_is_not(on_file):
    home = on_file.home
    record(audit_log_of(on_file.site), FIFTH, "Sam", "sign_in")
    make_checkpoint(on_file.site, FIFTH)
    Guesses(home / "guesses.json", b"key").take("a door", 0.0)
    for own in ("answered.json", "contact.lock", "corrections.jsonl", "site.toml"):
        (home / own).touch()
    (home / "summaries").mkdir()
    (home / "summaries" / "release.json").touch()
    assert (home / "heard.sqlite3-wal").exists() and (home / "heard.sqlite3-shm").exists()
    assert list(unknown_files(on_file.site)) == []
    wanted = [
        "guesses.json/inside", "heard.sqlite3-before", "heard.sqlite3.bak", "secrets-copy/pepper",
        "site.toml.orig", "summaries.zip",
    ]  # fmt: skip
    (home / "guesses.json").unlink()
    for name in wanted:
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).touch()
    found = [str(path.relative_to(home)) for path in unknown_files(on_file.site)]
    assert found == wanted


def test_database_file_that_is_served_no_more_is_not_the_sites_own(kept):
    (kept.home / "heard.sqlite3").touch()
    left = [path.name for path in unknown_files(kept.site)]
    assert left == ([] if kept.engine.dialect.name == "sqlite" else ["heard.sqlite3"])


def test_cohort_that_is_imported_again_afterwards_goes_again(on_file):
    from surveys.inspections.cohorts import import_cohort
    from surveys.inspections.eligibility import Decision
    from surveys.inspections.rules import Rule

    close_wave(on_file.site, on_file.wave, CLOSES)
    run_retention(on_file.site, FIFTH)
    again = Decision(f"{CHILD}-LATE", Rule.IN_CARE, True, "care4me", 9)
    import_cohort(on_file.engine, on_file.wave.inspection_id, [again])
    [line] = run_retention(on_file.site, FIFTH + ONE_DAY).lines
    assert "fewer than 10" in line and f"{FIFTH + ONE_DAY}-cohort" in line
    assert CHILD not in repr(on_file.rows())


def test_dry_run_says_everything_and_changes_nothing(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    before, files = kept.rows(), sorted(kept.home.rglob("*"))
    lines = would_erase(kept.site, KEPT_UNTIL).lines
    assert [line.split()[2] for line in lines] == ["cohort", "contacts", "answers"]
    assert all("at least 20" in line for line in lines)
    assert kept.rows() == before
    assert sorted(kept.home.rglob("*")) == files


def test_second_run_changes_nothing(kept):
    close_wave(kept.site, kept.wave, CLOSES)
    kept.note_keys()
    kept.destroy_keys()
    run_retention(kept.site, KEPT_UNTIL)
    before = kept.rows(), {path: path.read_bytes() for path in kept.home.rglob("*.txt")}
    assert run_retention(kept.site, KEPT_UNTIL + ONE_DAY).lines == ()
    assert (kept.rows(), {path: path.read_bytes() for path in kept.home.rglob("*.txt")}) == before


def test_every_erasure_is_in_the_audit_log_without_people(on_file):
    close_wave(on_file.site, on_file.wave, CLOSES)
    run_retention(on_file.site, KEPT_UNTIL)
    log = entries(audit_log_of(on_file.site))
    assert [(one.what, one.about.get("kind")) for one in log] == [
        ("erased", "answers"), ("erased", "cohort"), ("erased", "contacts"), ("erased", "drafts"),
    ]  # fmt: skip
    assert CHILD not in json.dumps([dict(one.about) for one in log])


ONCE = ("remove_code_lists", "compact")
OFTEN = ("erase", "write_certificate", "_note", "advance")
STEPS = [(step, 1) for step in (*ONCE, *OFTEN)] + [(step, 3) for step in OFTEN]


@pytest.mark.parametrize(("step", "nth"), STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_run_that_dies_anywhere_is_finished_by_the_next(tmp_path, monkeypatch, step, when, nth):
    """The process is gone at this point: nothing after it happens, not even clearing up."""

    class Gone(BaseException):
        pass

    made = kept_site(tmp_path / "site", people=5, drafts=2, finals=2)
    close_wave(made.site, made.wave, CLOSES)
    made.note_keys()
    made.destroy_keys()
    real, calls = getattr(running, step), []

    def dying(*arguments, **options):
        calls.append(1)
        if len(calls) == nth and when == "before":
            raise Gone
        result = real(*arguments, **options)
        if len(calls) == nth:
            raise Gone
        return result

    with monkeypatch.context() as patched:
        patched.setattr(running, step, dying)
        with pytest.raises(Gone):
            run_retention(made.site, KEPT_UNTIL)
    report = run_retention(made.site, KEPT_UNTIL + ONE_DAY)
    rows = made.rows()
    assert rows["invitation"] == rows["cohort_member"] == rows["slot"] == []
    assert {row[-1] for row in rows["erasure"]} == {Stage.COMPLETE.value}
    assert len(rows["erasure"]) == 4
    names = [path.name.split("-")[3] for path in (made.home / "certificates").glob("*.txt")]
    assert sorted(names) == ["answers", "cohort", "contacts", "drafts"]
    assert not report.troubles
    made.engine.dispose()


def test_process_that_is_killed_is_finished_by_the_next(tmp_path):
    """A real process, killed with SIGKILL between the erasing and the certificate."""
    import os
    import signal

    made = kept_site(tmp_path / "site", people=5, drafts=2, finals=2)
    close_wave(made.site, made.wave, CLOSES)
    made.note_keys()
    made.destroy_keys()
    made.engine.dispose()
    child = os.fork()
    if not child:
        running.compact = lambda _engine: os.kill(os.getpid(), signal.SIGKILL)
        run_retention(made.site, KEPT_UNTIL)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert made.rows()["slot"] == [], "the rows were gone already"
    assert not (made.home / "certificates").exists()
    assert len(run_retention(made.site, KEPT_UNTIL).lines) == 4
    assert erasure_of(made.engine, made.wave.id, Kind.ANSWERS).stage is Stage.COMPLETE
    made.engine.dispose()


def test_wave_from_before_gets_its_date_once(on_file):
    from dataclasses import replace

    with on_file.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET retention_until = NULL")
    run_retention(on_file.site, CLOSES)
    later = replace(on_file.site, retention=RetentionRules(answers_months=1))
    run_retention(later, CLOSES)
    assert find_wave(on_file.engine, on_file.wave.id).retention_until == KEPT_UNTIL


def test_code_holder_can_have_a_draft_or_response_erased_until_the_release(kept):
    draft, final = kept.drafts[0], kept.finals[0]
    assert erase_slot(kept.engine, kept.site.storage_key, draft)
    assert read_draft(kept.engine, kept.site.storage_key, draft) is None
    close_wave(kept.site, kept.wave, CLOSES)
    assert erase_slot(kept.engine, kept.site.storage_key, final)
    kept.release()
    assert len(list(envelopes_of(kept.engine, kept.wave.id))) == 11
    assert not erase_slot(kept.engine, kept.site.storage_key, kept.finals[1])
