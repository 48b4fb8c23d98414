"""A withdrawn invitation opens nothing, stays counted, and is told from no other in the database."""

from dataclasses import replace

import pytest
from carded_site import MIX, QUICK, carded_site, child, quickly

from questionnaires.responses import Chosen, Response, response_to_bytes
from surveys.audit.log import audit_log_of, entries
from surveys.database import metadata, writing
from surveys.inspections.rules import Rule
from surveys.invitations.codes import CredentialSeed
from surveys.invitations.issuing import invitations_for_cohort
from surveys.invitations.outbox.contacts import Contact, contacts_of, put_contacts
from surveys.invitations.outbox.keys import outbox_keys
from surveys.invitations.outbox.queue import mails_of
from surveys.invitations.outbox.queueing import queue_invitations
from surveys.invitations.register import (
    Invitation,
    add_invitations,
    erase_invitations,
    invited_by_audience,
)
from surveys.invitations.withdrawing import (
    NoSuchInvitation,
    invitation_by_id,
    invitation_of_member,
    invitations_of_stopped,
    reference_length,
    reference_of,
    waves_inviting,
    withdraw,
)
from surveys.invitations.withdrawn import members_withdrawn, withdrawn_by_audience
from surveys.rehearsal.browser import forms_in
from surveys.vault.envelope import CannotOpen
from surveys.vault.public_keys import load_wave_keys
from surveys.vault.release import release_wave
from surveys.vault.sealing import seal_response
from surveys.vault.slot_content import SlotState
from surveys.vault.slots import change_draft, count_states, finish, read_draft, slot_table
from surveys.vault.store import count_responses
from surveys.vault.taking_back import NoSuchSlot
from surveys.vault.waves import WaveStatus

CHANNELS = {"8-10": "card", "11-15": "card"}


@pytest.fixture(autouse=True)
def quick_words(monkeypatch):
    monkeypatch.setattr("surveys.invitations.issuing.secret_from_words", quickly)


@pytest.fixture
def carded(tmp_path):
    made = carded_site(tmp_path)
    yield made
    made.engine.dispose()


def begin(carded, code):
    def change(draft):
        return replace(draft, answers={**draft.answers, "safe": Chosen(("yes",))})

    return change_draft(carded.engine, carded.site.storage_key, carded.access(code), change)


def send(carded, code):
    begin(carded, code)
    keys = load_wave_keys(carded.site.public_keys, carded.wave.id)

    def seal(draft):
        whole = response_to_bytes(Response("care4me-8-10", draft.answers))
        return seal_response(whole, keys, carded.wave.header, carded.wave.padded_length)

    assert finish(carded.engine, carded.site.storage_key, carded.access(code), seal)


def take(carded, *codes, seed=None):
    invitations = [code.invitation for code in codes]
    withdraw(
        carded.engine, carded.site.storage_key, carded.wave, invitations,
        seed=seed or carded.seed, keys=carded.keys,
    )  # fmt: skip


def stored(carded):
    with carded.engine.connect() as connection:
        rows = connection.execute(slot_table.select().order_by(slot_table.c.id)).all()
    return {row.id: row.content for row in rows}


def tables(carded):
    with carded.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


def states(carded):
    return count_states(carded.engine, carded.site.storage_key, carded.wave.id)


def opens_nothing(carded, code):
    access = carded.access(code)
    key = carded.site.storage_key
    return (
        read_draft(carded.engine, key, access) is None
        and change_draft(carded.engine, key, access, lambda draft: draft) is None
        and finish(carded.engine, key, access, lambda draft: b"x") is None
    )


def test_code_of_an_unused_and_of_a_begun_invitation_opens_nothing(carded):
    unused, begun, other = carded.codes[:3]
    begin(carded, begun)
    begin(carded, other)
    take(carded, unused, begun)
    assert opens_nothing(carded, unused) and opens_nothing(carded, begun)
    _, draft = read_draft(carded.engine, carded.site.storage_key, carded.access(other))
    assert draft.answers == {"safe": Chosen(("yes",))}
    assert states(carded) == {SlotState.ERASED: 2, SlotState.PARTIAL: 1, SlotState.EMPTY: 7}


@pytest.mark.parametrize("url", [None, "postgresql"], ids=["sqlite", "postgresql"])
def test_either_engine_takes_slots_back(url, tmp_path, request):
    from vault_wave import STORAGE_KEY, open_vault_wave

    from surveys.vault.taking_back import take_slots_back

    wave = open_vault_wave(tmp_path, url=url and request.getfixturevalue("postgres_url"))
    for access in wave.accesses[:3]:
        wave.answer(access, safe="yes")
    wave.finish(wave.accesses[0])
    meant = [access.slot_id for access in wave.accesses[:2]]
    with writing(wave.engine).begin() as connection:
        take_slots_back(connection, STORAGE_KEY, wave.wave, meant)
    left = count_states(wave.engine, STORAGE_KEY, wave.wave.id)
    assert left == {
        SlotState.FINAL: 1, SlotState.ERASED: 1, SlotState.PARTIAL: 1, SlotState.EMPTY: 3,
    }  # fmt: skip
    wave.engine.dispose()


def test_withdrawn_before_the_wave_opens_it_never_opens(carded):
    carded.wave = replace(carded.wave, status=WaveStatus.PREPARED)
    with carded.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET status = 'prepared'")
    take(carded, carded.codes[0])
    carded.status(WaveStatus.OPEN)
    assert opens_nothing(carded, carded.codes[0])
    assert not opens_nothing(carded, carded.codes[1])


def test_response_that_was_sent_stays_and_is_released(carded):
    for code in carded.codes[:4]:
        send(carded, code)
    take(carded, carded.codes[0], carded.codes[9])
    assert states(carded)[SlotState.FINAL] == 4
    carded.status(WaveStatus.CLOSED)
    keys = load_wave_keys(carded.site.public_keys, carded.wave.id)
    report = release_wave(carded.engine, carded.site.storage_key, carded.wave, MIX, keys=keys)
    assert (report.slots, report.released, report.unfit) == (10, 4, 0)
    assert count_responses(carded.engine, carded.wave.id) == 4


def test_database_shows_neither_which_slot_was_meant_nor_that_one_was(carded):
    begin(carded, carded.codes[1])
    before = stored(carded)
    take(carded, carded.codes[0], carded.codes[1])
    after = stored(carded)
    assert list(after) == list(before)
    assert {len(one) for one in after.values()} == {len(one) for one in before.values()}
    assert len({len(one) for one in after.values()}) == 1
    assert not set(after.values()) & set(before.values())


def test_nothing_that_was_typed_is_left_in_the_database_files(carded):
    """With the storage key and the code an older version of the draft could be opened."""
    begin(carded, carded.codes[0])
    old = stored(carded)[carded.access(carded.codes[0]).slot_id]
    take(carded, carded.codes[0])
    files = sorted((carded.site.summaries.parent).glob("heard.sqlite3*"))
    whole = b"".join(path.read_bytes() for path in files)
    assert len(files) >= 1 and old[200:264] not in whole


def test_another_seed_changes_nothing(carded):
    before = tables(carded)
    with pytest.raises(NoSuchSlot):
        take(carded, *carded.codes[:2], seed=CredentialSeed.generate())
    assert tables(carded) == before


def test_invitation_leaves_the_register_and_still_counts(carded):
    young = [code for code in carded.codes if code.invitation.audience == "8-10"]
    take(carded, young[0])
    take(carded, young[1])
    assert len(carded.invitations()) == 8
    assert invited_by_audience(carded.engine, carded.wave.id) == {"8-10": 7, "11-15": 3}
    assert withdrawn_by_audience(carded.engine, carded.wave.id) == {"8-10": 2}


def test_a_child_who_opted_out_is_not_asked_again_by_the_next_issuing(carded):
    take(carded, carded.code_of(0))
    carded.imported({})
    assert invitations_for_cohort(carded.engine, carded.wave, CHANNELS) == []


def test_with_the_register_goes_who_was_withdrawn_and_the_counts_stay(carded):
    take(carded, carded.code_of(0))
    assert len(members_withdrawn(carded.engine, carded.wave.id)) == 1
    with writing(carded.engine).begin() as connection:
        assert erase_invitations(connection, carded.wave.id) == 9
    assert members_withdrawn(carded.engine, carded.wave.id) == frozenset()
    assert invited_by_audience(carded.engine, carded.wave.id) == {"8-10": 7, "11-15": 3}
    assert withdrawn_by_audience(carded.engine, carded.wave.id) == {"8-10": 1}


def test_a_damaged_slot_of_somebody_else_keeps_nobody_from_being_withdrawn(carded):
    meant, damaged = (carded.access(code).slot_id for code in carded.codes[:2])
    with carded.engine.begin() as connection:
        row = slot_table.update().where(slot_table.c.id == damaged)
        connection.execute(row.values(content=b"\0" * 64))
    take(carded, carded.codes[0])
    assert stored(carded)[damaged] == b"\0" * 64
    assert opens_nothing(carded, carded.codes[0])
    with pytest.raises(CannotOpen):
        take(carded, carded.codes[1])
    assert len(carded.invitations()) == 9 and meant != damaged


def test_whoever_is_in_the_middle_of_it_meets_the_page_for_codes_that_open_nothing(app, tmp_path):
    carded = carded_site(tmp_path, app)
    client, code = carded.app.test_client(), carded.codes[0]
    form = forms_in(client.get("/").get_data(as_text=True))[-1]
    client.post("/start", data={**form.hidden, "words": code.link})
    assert client.get("/answer/welcome").status_code == 200
    take(carded, code)
    assert client.get("/answer/welcome").status_code != 200
    again = carded.app.test_client()
    form = forms_in(again.get("/").get_data(as_text=True))[-1]
    answer = again.post("/start", data={**form.hidden, "words": code.link})
    unknown = again.post("/start", data={**form.hidden, "words": "a" * 26})
    assert answer.status_code == unknown.status_code
    assert answer.headers.get("Location") == unknown.headers.get("Location")


def test_stopped_children_are_found_although_the_list_has_forgotten_them(carded):
    meant = carded.code_of(2)
    change = carded.imported({2: Rule.DIED, 5: Rule.LEFT_EARLIER})
    assert waves_inviting(carded.engine, change.stopped) == [carded.wave]
    assert invitations_of_stopped(carded.engine, carded.wave) == [meant.invitation]
    take(carded, meant)
    assert waves_inviting(carded.engine, change.stopped) == []
    with pytest.raises(NoSuchInvitation, match="still on the list"):
        invitations_of_stopped(carded.engine, carded.wave)


def test_when_the_list_is_erased_nobody_counts_as_stopped(carded):
    with carded.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cohort_member")
    with pytest.raises(NoSuchInvitation, match="list of children has been erased"):
        invitations_of_stopped(carded.engine, carded.wave)


def test_an_invitation_is_found_by_card_and_by_child(carded):
    code = carded.code_of(3)
    short = code.invitation.id.hex()[:6]
    assert invitation_by_id(carded.engine, carded.wave, f" {short.upper()} ") == code.invitation
    assert invitation_of_member(carded.engine, carded.wave, child(3)) == code.invitation
    for wrong in ("", short[:5], "000000", "é" * 6):
        with pytest.raises(NoSuchInvitation):
            invitation_by_id(carded.engine, carded.wave, wrong)
    with pytest.raises(NoSuchInvitation, match="use --stopped"):
        invitation_of_member(carded.engine, carded.wave, "SSDA-9999")


def test_references_are_as_long_as_it_takes_to_tell_them_apart(carded):
    assert reference_length(carded.engine, carded.wave) == 6
    alike = [bytes([1, 2, 3, 4, last]) + bytes(11) for last in (1, 2)]
    twins = [Invitation(one, carded.wave.id, None, "16-17", "card") for one in alike]
    add_invitations(carded.engine, twins)
    assert reference_length(carded.engine, carded.wave) == 10
    assert reference_of(twins[1], 10) == "0102030402"
    with pytest.raises(NoSuchInvitation, match="2 invitations"):
        invitation_by_id(carded.engine, carded.wave, "010203")


COMMON = ("--by", "Cora", "--reason", "opted-out")


def test_command_says_what_is_done_and_what_is_left_to_do(carded):
    code = carded.code_of(4)
    done = carded.run("withdraw", carded.wave.id.hex()[:8], "--member", child(4), *COMMON)
    assert done.exit_code == 0, done.output
    assert opens_nothing(carded, code)
    for words in (
        "Withdrawn: 1. These codes open nothing from now on.",
        "If answers were sent before, they stay",
        f"Collect and shred the card {code.invitation.id.hex()[:6]}.",
        "Withdrawn in this wave until now: 11-15 1.",
    ):
        assert words in done.output
    entry = entries(audit_log_of(carded.site))[-1]
    assert (entry.who, entry.what) == ("Cora", "invitation_withdrawn")
    assert entry.about == {
        "survey": "care4me", "wave": "1", "invitations": "1", "reason": "opted-out",
    }  # fmt: skip


def test_nobody_is_mailed_after_that(carded):
    from surveys.invitations.outbox.queue import MailKind, add_mails, mails_of

    gone, stays = (carded.code_of(number).invitation.id for number in (4, 5))
    with writing(carded.engine).begin() as connection:
        add_mails(connection, carded.wave.id, MailKind.INVITATION, sorted([gone, stays]))
    carded.run("withdraw", carded.wave.id.hex()[:8], "--member", child(4), *COMMON)
    with carded.engine.connect() as connection:
        left = [mail.invitation_id for mail in mails_of(connection, carded.wave.id)]
    assert left == [stays]


def test_command_does_not_tell_whether_answers_were_sent(carded):
    fresh, sent = carded.code_of(0), carded.code_of(1)
    send(carded, sent)
    told = []
    for code in (fresh, sent):
        short = code.invitation.id.hex()[:6]
        done = carded.run("withdraw", carded.wave.id.hex()[:8], "--invitation", short, *COMMON)
        told.append(done.output.replace(short, "").partition("Withdrawn in this wave")[0])
    assert told[0] == told[1]


def test_command_takes_everybody_back_whom_a_later_return_stopped(carded):
    gone = [carded.code_of(2), carded.code_of(6)]
    carded.imported({2: Rule.DIED, 6: Rule.REFUSED_CONTACT})
    reason = ("--by", "Cora", "--reason", "later-return")
    done = carded.run("withdraw", carded.wave.id.hex()[:8], "--stopped", *reason)
    assert "Withdrawn: 2." in done.output
    assert all(opens_nothing(carded, code) for code in gone)
    assert len(carded.invitations()) == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (COMMON, "Say one of --invitation, --member and --stopped."),
        (("--stopped", "--member", "x", *COMMON), "Say one of"),
        (("--member", "x", *COMMON), "Nobody with this identifier has an invitation"),
        (("--stopped", *COMMON), "Everybody invited is still on the list"),
        (("--stopped", "--by", "Cora", "--reason", "Jo died"), "is not one of"),
    ],
)
def test_command_refuses_and_changes_nothing(carded, arguments, words):
    before = tables(carded)
    done = carded.run("withdraw", carded.wave.id.hex()[:8], *arguments)
    assert done.exit_code != 0 and words in done.output
    assert tables(carded) == before and "withdrawn" not in str(entries(audit_log_of(carded.site)))


def test_command_refuses_the_seed_of_another_wave_and_a_released_wave(carded, tmp_path):
    from surveys.invitations.seed_files import make_seed_file

    here = carded.wave.id.hex()[:8]
    carded.seed_file = tmp_path / "other.key"
    carded.passphrase_file.write_text(make_seed_file(carded.seed_file, carded.wave.id, QUICK))
    done = carded.run("withdraw", here, "--member", child(0), *COMMON)
    assert "Nothing was withdrawn" in done.output and len(carded.invitations()) == 10
    carded.status(WaveStatus.CLOSED)
    keys = load_wave_keys(carded.site.public_keys, carded.wave.id)
    release_wave(carded.engine, carded.site.storage_key, carded.wave, MIX, keys=keys)
    done = carded.run("withdraw", here, "--member", child(0), *COMMON)
    assert "has been released" in done.output


def test_whoever_is_withdrawn_is_mailed_no_more_from_that_moment(carded):
    keys, wave = outbox_keys(carded.site.storage_key), carded.wave
    code, other = carded.invite_adults(2)
    gone, stays = code.invitation, other.invitation
    with writing(carded.engine).begin() as connection:
        contacts = [Contact(one.id, "r", "a@example.org", "", "en") for one in (gone, stays)]
        put_contacts(connection, keys, wave.id, contacts)
    assert queue_invitations(carded.engine, keys, wave.id).new == 2
    take(carded, code)
    with carded.engine.connect() as connection:
        assert set(contacts_of(connection, keys, wave.id)) == {stays.id}
        assert [mail.invitation_id for mail in mails_of(connection, wave.id)] == [stays.id]
