"""The inbox and the command line: who may open what, what is written down, and what is deleted."""

import base64
import json
from datetime import date, timedelta

import pytest
from contact_keys import DEPUTY, KEYS, LEAD, opened

from surveys.audit.log import audit_log_of
from surveys.contact.keys import SafeguardingKeys, write_keys
from surveys.contact.message import BOUND, Message, Part, header_for, message_to_bytes
from surveys.contact.requests import (
    State,
    Step,
    add_request,
    all_requests,
    count_states,
    mark_done,
    mark_seen,
    sealed_request,
)
from surveys.contact.tidying import tidy_up
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import Stretching, write_key_file
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.sealing import seal

ID = bytes(range(16))
DAY = date(2026, 11, 20)
SAM = Message("Zebedee", "At school", "It is about home.")


@pytest.fixture
def site(app):
    made = app.extensions["heard"]
    write_keys(made.public_keys, KEYS)
    keep(made)
    return made


def keep(site, request_id=ID, message=SAM, day=DAY):
    sealed = seal(message_to_bytes(message), KEYS.both, header_for(request_id, Part.REQUEST), BOUND)
    assert add_request(site.engine, request_id, sealed, day)


@pytest.fixture
def lead(site, signed_in):
    return Reader(signed_in("safeguarding"))


class Reader:
    """Somebody signed in, who posts with the token of the page."""

    def __init__(self, client):
        self.client = client

    def page(self):
        return self.client.get("/safeguarding/").get_data(as_text=True)

    def post(self, address, **values):
        token = self.page().split('name="csrf_token" value="')[1].split('"')[0]
        return self.client.post(address, data={"csrf_token": token, **values})


def noted(site):
    path = audit_log_of(site)
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        (entry["who"], entry["what"], entry["about"])
        for entry in map(json.loads, lines)
        if entry["what"].startswith("contact")
    ]


def note(text="Rang the duty team.", request_id=ID, keys=None, part=Part.NOTE, bound=BOUND):
    sealed = seal(text.encode(), (keys or KEYS).both, header_for(request_id, part), bound)
    return base64.b64encode(sealed).decode()


@pytest.mark.parametrize("role", ["coordinator", "analyst", "administrator", "inspector", "helper"])
def test_nobody_else_gets_in(site, signed_in, role):
    client = signed_in(role)
    assert client.get("/safeguarding/").status_code == 403
    with client.session_transaction() as session:
        assert session["staff"]["roles"] == [role]
    assert client.get("/staff/").get_data(as_text=True).count("/safeguarding/") == 0


def test_the_inbox_counts_by_state_and_shows_no_word_and_no_sealed_byte(site, lead):
    keep(site, bytes(16))
    page = lead.page()
    assert "Waiting: 2" in page and "Taken on: 0" in page and "Done: 0" in page
    assert "Friday 20 November 2026" in page
    for hidden in ("Zebedee", "At school", sealed_text(site)[:60], LEAD.seed.hex()):
        assert hidden not in page


def sealed_text(site, request_id=ID):
    return base64.b64encode(sealed_request(site.engine, request_id).message).decode()


def test_opening_hands_out_sealed_bytes_and_is_written_down(site, lead):
    answer = lead.post(f"/safeguarding/{ID.hex()}/open")
    assert answer.json == {"message": sealed_text(site), "note": None}
    assert noted(site) == [("Sam safeguarding", "contact_opened", {"message": ID.hex()[:8]})]
    assert count_states(site.engine) == {State.WAITING: 1}


def test_taking_on_says_who_and_when_and_only_once(site, lead):
    for _ in range(2):
        assert lead.post(f"/safeguarding/{ID.hex()}/seen").status_code == 303
    (one,) = all_requests(site.engine)
    assert one.state is State.SEEN and one.steps[Step.SEEN].who == "Sam safeguarding"
    assert [what for _, what, _ in noted(site)] == ["contact_seen"]
    assert "Taken on by Sam safeguarding" in lead.page()


def test_a_note_that_the_browser_sealed_is_kept_and_opens_for_both(site, lead):
    assert lead.post(f"/safeguarding/{ID.hex()}/done", note=note()).json == {"kept": True}
    kept = sealed_request(site.engine, ID).note
    for key in (LEAD, DEPUTY):
        opened_note = open_envelope(kept, key, header_for(ID, Part.NOTE))
        assert opened_note.content == b"Rang the duty team."
    assert lead.post(f"/safeguarding/{ID.hex()}/done", note=note("again")).status_code == 409
    assert sealed_request(site.engine, ID).note == kept
    assert [what for _, what, _ in noted(site)] == ["contact_done"]
    assert "Rang" not in audit_log_of(site).read_text()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Rang the duty team.",
        base64.b64encode(b"Rang the duty team.").decode(),
        note(request_id=bytes(16)),
        note(part=Part.REQUEST),
        note(bound=1024),
        base64.b64encode(seal(b"x", [LEAD.public], header_for(ID, Part.NOTE), BOUND)).decode(),
        base64.b64encode(
            seal(b"x", [new_private_key(Purpose.RESPONSE).public], header_for(ID, Part.NOTE), BOUND)
        ).decode(),
    ],
)
def test_a_note_that_the_browser_did_not_seal_to_both_is_refused(site, lead, sent):
    assert lead.post(f"/safeguarding/{ID.hex()}/done", note=sent).status_code == 422
    assert count_states(site.engine) == {State.WAITING: 1} and noted(site) == []


def test_keys_that_cannot_be_read_refuse_a_note_with_a_sentence_and_lose_nothing(
    site, lead, caplog
):
    address, sealed = f"/safeguarding/{ID.hex()}/done", note()
    path = site.public_keys / "safeguarding.json"
    whole = path.read_bytes()
    before = lead.page()
    path.write_text("{}")
    answer = lead.post(address, note=sealed)
    assert (answer.status_code, answer.json) == (424, {"kept": False})
    assert 'data-unkept="The keys of this site cannot be used just now' in before
    assert "safeguarding keys cannot be used" in caplog.text
    assert count_states(site.engine) == {State.WAITING: 1} and noted(site) == []
    path.write_bytes(whole)
    assert lead.post(address, note=sealed).json == {"kept": True}


def test_keys_that_cannot_be_read_are_not_called_missing(site, lead):
    (site.public_keys / "safeguarding.json").write_text("{}")
    page = lead.page()
    assert "The keys of this site cannot be used just now" in page and 'role="alert"' in page
    assert "There are no keys yet" not in page and "flask contact keys" not in page


@pytest.mark.parametrize("act", ["open", "seen", "done"])
@pytest.mark.parametrize("address", ["x", "00", "ff" * 16])
def test_an_address_of_no_message_leads_nowhere(site, lead, act, address):
    assert lead.post(f"/safeguarding/{address}/{act}").status_code == 404


@pytest.mark.parametrize("act", ["open", "seen", "done"])
def test_acts_need_the_form_and_the_role(site, lead, signed_in, act):
    address = f"/safeguarding/{ID.hex()}/{act}"
    assert lead.client.post(address).status_code == 400
    other = signed_in("coordinator")
    page = other.get("/staff/").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert other.post(address, data={"csrf_token": token}).status_code == 403
    assert count_states(site.engine) == {State.WAITING: 1} and noted(site) == []


def test_without_keys_the_page_says_what_to_do(app, signed_in):
    page = signed_in("safeguarding").get("/safeguarding/").get_data(as_text=True)
    assert "flask contact keys" in page and "unlocking" not in page


@pytest.fixture
def command(app, site):
    return app.test_cli_runner()


def run(command, *words, **options):
    return command.invoke(args=["contact", *map(str, words)], **options)


def test_keys_are_made_once_for_each_holder_and_outside_the_site(app, tmp_path):
    command, site = app.test_cli_runner(), app.extensions["heard"]
    folders = ("--lead-folder", tmp_path / "lead", "--deputy-folder", tmp_path / "deputy")
    inside = run(command, "keys", "--lead-folder", site.public_keys, "--deputy-folder", tmp_path)
    assert inside.exit_code == 1 and "site's folder" in inside.output
    same = run(command, "keys", "--lead-folder", tmp_path, "--deputy-folder", tmp_path)
    assert same.exit_code == 1 and "folder of their own" in same.output
    made = run(command, "keys", *folders)
    assert made.exit_code == 0, made.output
    (lead,), (deputy,) = (list((tmp_path / name).glob("*.key")) for name in ("lead", "deputy"))
    assert lead.stat().st_mode & 0o077 == 0
    first = (site.public_keys / "safeguarding.json").read_bytes()
    again = run(command, "keys", *folders)
    assert again.exit_code == 1 and "--replace" in again.output
    assert (site.public_keys / "safeguarding.json").read_bytes() == first
    assert run(command, "keys", *folders, "--replace").exit_code == 0
    assert (site.public_keys / "safeguarding.json").read_bytes() != first
    (aside,) = site.public_keys.glob("safeguarding-until-*.json")
    assert aside.read_bytes() == first
    assert [what for _, what, _ in noted(site)] == ["contact_keys_made"] * 2
    assert deputy.name.startswith("safeguarding-deputy-")


@pytest.fixture
def key_file(tmp_path):
    path, words = tmp_path / "lead.key", tmp_path / "passphrase"
    write_key_file(path, LEAD, bytes(16), "acorn badge candle", Stretching(8192, 1, 1))
    words.write_text("acorn badge candle\n")
    return "--key-file", path, "--passphrase-file", words


def test_the_command_line_opens_what_is_not_done_and_writes_it_down(command, site, key_file):
    mark_done(site.engine, ID, "Ada", DAY, base64.b64decode(note()))
    keep(site, bytes(16), Message("Kim", "At home\nafter tea", "\x9b2J end"))
    found = run(command, "open", *key_file)
    assert found.exit_code == 0, found.output
    assert "Kim" in found.output and "after tea" in found.output and "Zebedee" not in found.output
    assert "\x9b" not in found.output
    assert noted(site) == [("command line", "contact_opened", {"message": "00000000"})]
    named = run(command, "open", *key_file, ID.hex()[:6])
    assert "Zebedee" in named.output and "Rang the duty team." in named.output


def test_another_key_is_told_in_words(command, site, tmp_path):
    other = tmp_path / "other.key"
    key = new_private_key(Purpose.CONTACT)
    write_key_file(other, key, bytes(16), "x", Stretching(8192, 1, 1))
    found = run(command, "open", "--key-file", other, input="x\n")
    assert found.exit_code == 1 and "1 did not open with this key" in found.output
    wrong = run(command, "open", "--key-file", other, input="y\n")
    assert wrong.exit_code == 1 and "does not open" in wrong.output


def test_after_the_keys_were_replaced_each_key_shows_what_it_opens(command, site, tmp_path):
    """A message to the old keys, and a note on it to the new ones."""
    newer = [new_private_key(Purpose.CONTACT) for _ in range(2)]
    keys = SafeguardingKeys(*(key.public for key in newer))
    mark_done(site.engine, ID, "Ada", DAY, base64.b64decode(note(keys=keys)))
    held = {"old": LEAD, "new": newer[0], "other": new_private_key(Purpose.CONTACT)}
    shown = {}
    for name, key in held.items():
        path = tmp_path / f"{name}.key"
        write_key_file(path, key, bytes(16), "x", Stretching(8192, 1, 1))
        found = run(command, "open", "--key-file", path, ID.hex(), input="x\n")
        assert found.exit_code == 1
        assert "1 did not open with this key, or not in full" in found.output
        words = ("Zebedee", "It is about home.", "Rang the duty team.")
        cannot = ("the message cannot", "the note on what was done cannot")
        shown[name] = [word in found.output for word in (*words, *cannot)]
    assert shown == {
        "old": [True, True, False, False, True],
        "new": [False, False, True, True, False],
        "other": [False, False, False, True, True],
    }


def test_the_list_says_what_there_is_and_not_a_word_of_it(command, site):
    mark_seen(site.engine, ID, "Ada", DAY)
    found = run(command, "list").output
    assert found == f"{ID.hex()[:8]}  2026-11-20  seen     seen 2026-11-20\n"


def test_messages_go_so_many_days_after_they_were_done_and_no_others(site):
    keep(site, bytes(16))
    mark_done(site.engine, ID, "Ada", DAY, b"note")
    early = tidy_up(site, DAY + timedelta(days=89))
    assert (early.deleted, early.left) == (0, {State.WAITING: 1, State.DONE: 1})
    late = tidy_up(site, DAY + timedelta(days=90))
    assert (late.deleted, late.left) == (1, {State.WAITING: 1})
    assert [one.id for one in all_requests(site.engine)] == [bytes(16)]
    assert noted(site)[-1][1:] == ("contact_deleted", {"messages": "1", "done_by": "2026-11-20"})
    assert [found.name for found in opened(site.engine)] == ["Zebedee"], "rewriting changes no word"


def test_tidying_and_reminding_say_what_they_did(command, site):
    assert run(command, "tidy").output == "0 deleted; 1 waiting, 0 seen, 0 done.\n"
    silent = run(command, "remind")
    assert (silent.exit_code, silent.output) == (0, "")


def test_the_settings_of_a_site_reach_its_pages(site_home):
    from app import build_app
    from config.settings import UnsafeSettings, read_settings

    toml = site_home / "site.toml"
    toml.write_text(
        toml.read_text()
        + '[mail]\nhost = "localhost"\nport = 2525\nsecurity = "none"\nsender = "heard@b.uk"\n'
        + '[notify]\nsafeguarding_lead = "lead@b.uk"\naudit = ["x@b.uk", "y@b.uk"]\n'
        + "[contact]\nlooks_from = 08:30:00\ndeputy_at_once = true\n"
    )
    made = build_app(read_settings(site_home)).extensions["heard"]
    assert (made.mail.host, made.mail.port, made.mail.user) == ("localhost", 2525, "")
    assert made.notify.audit == ("x@b.uk", "y@b.uk")
    assert made.contact.looks_from.hour == 8 and made.contact.deputy_at_once
    made.engine.dispose()
    password = site_home / "secrets" / "mail_password"
    password.write_text("open sesame\n")
    password.chmod(0o600)
    settings = read_settings(site_home)
    assert "sesame" not in repr(settings)
    with pytest.raises(UnsafeSettings, match="mail_password"):  # a password without a user
        build_app(settings)
    password.chmod(0o644)
    with pytest.raises(UnsafeSettings, match="chmod 600"):
        read_settings(site_home)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('[mail]\nhost = "h"\nsender = "a@b.uk"\nsecurity = "none"\n', r"\[mail\].*very machine"),
        ('[mail]\nhost = "h"\nsender = "a@b.uk"\npassword = "x"\n', "secrets/mail_password"),
        ('[notify]\nsafeguarding_lead = "nobody"\n', r"\[notify\].*nobody"),
        ("[contact]\nlooks_from = 9\n", r"\[contact\].*looks_from"),
        ("[contact]\nhours = 9\n", r"\[contact\].*hours"),
    ],
)
def test_settings_that_cannot_be_meant_stop_the_start(site_home, lines, words):
    from app import build_app
    from config.settings import UnsafeSettings, read_settings

    toml = site_home / "site.toml"
    toml.write_text(toml.read_text() + lines)
    with pytest.raises(UnsafeSettings, match=words):
        build_app(read_settings(site_home))
