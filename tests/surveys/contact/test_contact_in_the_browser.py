"""What the inbox's script does with keys and envelopes is what the server's code does, byte for byte."""

import json
import re
import secrets
from pathlib import Path

import pytest
from contact_keys import DEPUTY, KEYS, LEAD
from hypothesis import given, settings
from hypothesis import strategies as st
from tablet_script import ScriptError, TabletScript, need_assets

from surveys.contact.key_making import BROWSER_COST, make_keys
from surveys.contact.keys import as_written, load_keys
from surveys.contact.message import BOUND, Message, Part, header_for, message_to_bytes
from surveys.kiosk.assets import bundle
from surveys.vault.envelope import HeaderFields, Purpose, SuiteId
from surveys.vault.key_files import FULL_COST, Stretching, read_key_file, write_key_file
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.sealing import seal

CHEAP = Stretching(8192, 1, 1)
ID = bytes(range(16))
MESSAGE = message_to_bytes(Message("Šárka ☃", "nach der Schule\num 4", '"Wörter" \\ und 🙂'))
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def inbox_script(tmp_path_factory):
    """The inbox's modules, ready to be asked."""
    need_assets()
    folder = tmp_path_factory.mktemp("inbox")
    started = TabletScript(folder, HERE / "interop.mjs")
    yield started
    started.close()


def in_hex(key):
    return {
        "suite": int(key.suite), "purpose": int(key.purpose),
        "keyId": key.public.key_id.hex(), "seed": key.seed.hex(),
    }  # fmt: skip


def sealed(content=MESSAGE, recipients=KEYS.both, fields=None, bound=BOUND):
    return seal(content, recipients, fields or header_for(ID, Part.REQUEST), bound)


def opens(script, envelope, key=LEAD, message_id=ID, part="request"):
    found = script.ask(
        "open", sealed=envelope.hex(), key=in_hex(key), id=message_id.hex(), part=part
    )
    return bytes.fromhex(found)


@pytest.mark.parametrize("key", [LEAD, DEPUTY], ids=["lead", "deputy"])
def test_what_the_server_seals_opens_in_the_browser(inbox_script, key):
    assert opens(inbox_script, sealed(), key) == MESSAGE


@pytest.mark.parametrize("suite", list(SuiteId), ids=lambda suite: suite.name)
@pytest.mark.parametrize("content", [b"", bytes(5), b"x" * 40_000], ids=["none", "zeros", "long"])
def test_every_suite_and_length_opens(inbox_script, suite, content):
    key = new_private_key(Purpose.CONTACT, suite)
    envelope = sealed(content, (key.public,), bound=max(BOUND, len(content)))
    assert opens(inbox_script, envelope, key) == content


def test_another_key_message_or_part_opens_nothing(inbox_script):
    envelope = sealed()
    for other in (
        {"key": new_private_key(Purpose.CONTACT)},
        {"key": new_private_key(Purpose.RESPONSE)},
        {"message_id": bytes(16)},
        {"part": "note"},
    ):
        with pytest.raises(ScriptError, match="CannotOpen"):
            opens(inbox_script, envelope, **other)
    elsewhere = sealed(fields=HeaderFields(ID, bytes(32), 0))
    with pytest.raises(ScriptError, match="CannotOpen"):
        opens(inbox_script, elsewhere)


_SEALED = sealed(b"said", (LEAD.public,), bound=64)


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, len(_SEALED) - 1), bit=st.integers(0, 7))
def test_tampering_is_refused_in_the_browser(inbox_script, place, bit):
    altered = bytearray(_SEALED)
    altered[place] ^= 1 << bit
    with pytest.raises(ScriptError, match="CannotOpen"):
        opens(inbox_script, bytes(altered))


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_garbage_is_refused_in_the_browser(inbox_script, data):
    with pytest.raises(ScriptError, match="CannotOpen"):
        opens(inbox_script, data)


def test_a_cut_envelope_is_refused_in_the_browser(inbox_script):
    for length in (0, 72, 73, 74, 84, len(_SEALED) - 1):
        with pytest.raises(ScriptError, match="CannotOpen"):
            opens(inbox_script, _SEALED[:length])


@pytest.mark.parametrize("text", ["", "Told the duty team.\nCalled back.", "☃" * 2000])
def test_a_note_sealed_in_the_browser_opens_for_both_and_shows_no_length(inbox_script, text):
    keys = {"recipients": [as_written(key) for key in KEYS.both]}
    envelope = bytes.fromhex(
        inbox_script.ask("note", text=text, id=ID.hex(), keys=keys, bound=BOUND)
    )
    header = header_for(ID, Part.NOTE)
    for key in (LEAD, DEPUTY):
        assert open_envelope(envelope, key, header).content.decode() == text
    assert len(envelope) == len(seal(b"", KEYS.both, header, BOUND))
    assert opens(inbox_script, envelope, DEPUTY, part="note").decode() == text


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "lead.key"
    write_key_file(path, LEAD, bytes(16), "acorn badge candle dawn eagle fern", CHEAP)
    return path


def test_a_key_file_opens_in_the_browser(inbox_script, key_file):
    found = inbox_script.ask(
        "unlock", text=key_file.read_text(), passphrase="  Acorn badge\ncandle DAWN eagle fern "
    )
    assert found == in_hex(LEAD)


def test_a_real_key_file_costs_what_a_browser_can_pay(inbox_script, tmp_path):
    folders = (tmp_path / "lead", tmp_path / "deputy")
    files = make_keys(folders, tmp_path / "public")
    assert load_keys(tmp_path / "public").lead.key_id == files[0].key_id
    document = json.loads(files[0].path.read_text())
    assert (document["memory"], document["iterations"], document["lanes"]) == (65536, 3, 1)
    found = inbox_script.ask(
        "unlock", text=files[0].path.read_text(), passphrase=files[0].passphrase
    )
    assert found["seed"] == read_key_file(files[0].path, files[0].passphrase).seed.hex()
    assert BROWSER_COST.memory < FULL_COST.memory


def test_another_passphrase_is_told_from_a_damaged_file(inbox_script, key_file):
    text = key_file.read_text()
    with pytest.raises(ScriptError, match="WrongPassphrase"):
        inbox_script.ask("unlock", text=text, passphrase="acorn badge candle dawn eagle")
    document = json.loads(text)
    for name, value in (
        ("salt", secrets.token_hex(16)), ("purpose", 1), ("memory", 8193), ("format", "other"),
        ("check", "0" * 16),
    ):  # fmt: skip
        with pytest.raises(ScriptError, match="KeyFileDamaged"):
            inbox_script.ask("unlock", text=json.dumps({**document, name: value}), passphrase="x")
    for text in ("", "null", "[]", "{}", "not json"):
        with pytest.raises(ScriptError, match="KeyFileDamaged"):
            inbox_script.ask("unlock", text=text, passphrase="x")


def test_the_inbox_is_one_script_that_fetches_nothing(tmp_path):
    need_assets()
    from surveys.kiosk.assets import INBOX

    made = tmp_path / "contact.js"
    bundle(INBOX, made)
    text = made.read_text(encoding="utf-8")
    assert "WebAssembly." not in text and "eval(" not in text  # the policy of pages forbids both
    for_node = {"crypto"}  # never reached in a browser, which has its own
    assert set(re.findall(r'import\("(.*?)"\)', text)) <= for_node
    assert not {"localStorage", "indexedDB", "sessionStorage"} & set(
        text.replace(".", " ").replace("(", " ").split()
    )
