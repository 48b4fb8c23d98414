"""Messages sealed on a tablet: read by both holders, taken once, and nothing else is let in."""

import re
import secrets
from dataclasses import asdict

import pytest
from contact_keys import DEPUTY, KEYS, LEAD, opened
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kiosk_site import KioskSite
from tablet_script import ScriptError

from surveys.contact.inbox import blueprint as inbox
from surveys.contact.key_making import make_keys
from surveys.contact.keys import SafeguardingKeys, ever_keys, keys_path, load_keys, write_keys
from surveys.contact.message import BOUND, Message, Part, header_for, message_to_bytes, tidy
from surveys.contact.requests import NotKept, State, all_requests, sealed_request
from surveys.kiosk.packing import envelope_length
from surveys.kiosk.slips import LONGEST, SLIPS
from surveys.site import current_site
from surveys.staff.accounts import add_account
from surveys.staff.sign_in import sign_in
from surveys.vault.envelope import HeaderFields, Purpose, SuiteId, take_apart
from surveys.vault.key_files import Stretching, read_key_file
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.sealing import seal

CHEAP = Stretching(8192, 1, 1)
SAM = Message("Šárka ☃", "nach der Schule\num 4", '"Wörter" \\ und 🙂')


@pytest.fixture
def kiosk(tmp_path):
    made = KioskSite(tmp_path / "site", contact=KEYS, languages=("en", "ar"), demo=True)
    yield made
    made.site.engine.dispose()


@pytest.fixture
def contact(kiosk):
    """The part of a pack that messages are sealed with."""
    return kiosk.pack()["contact"]


@pytest.fixture
def told(monkeypatch):
    """Whom the site told of a message: one entry for each time."""
    found = []
    monkeypatch.setattr("surveys.kiosk.pages.tell_soon", found.append)
    return found


def sealed(slip, message=SAM, keys=KEYS, part=Part.REQUEST, bound=BOUND):
    """What a tablet makes, by the server's own code."""
    header = header_for(bytes.fromhex(slip["id"]), part)
    return seal(message_to_bytes(message), keys.both, header, bound)


def bring(kiosk, slip, envelope, **headers):
    return kiosk.deliver(slip["token"], envelope, to="/kiosk/message", **headers)


def said(answer):
    return answer.status_code, answer.json["outcome"]


# --- what the tablet seals


def as_server(words):
    """What the server's own page would make of the same three boxes."""
    message = Message(**{name: tidy(text) for name, text in words.items()})
    faults = dict.fromkeys(message.too_long, "too_long")
    faults |= {name: f"no_{name}" for name in message.missing}
    ordered = {name: faults[name] for name in asdict(message) if name in faults}
    return {
        "message": asdict(message), "faults": ordered, "bytes": message_to_bytes(message).hex(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reach", "words", "faults"),
    [
        ("Sam", "at school", "", {}),
        ("", " \n ", "", {"name": "no_name", "reach": "no_reach"}),
        ("🙂" * 100, "x" * 400, "☃" * 2000, {}),
        ("🙂" * 101, "x" * 401, "☃" * 2001, dict.fromkeys(("name", "reach", "words"), "too_long")),
        ("x" * 101, "", "", {"name": "too_long", "reach": "no_reach"}),
        ("  x" + " " * 200, "\ufeffhere\u00a0", "a\r\nb\x07\u2028", {}),
    ],
)
def test_boxes_are_read_and_counted_as_the_server_does(script, name, reach, words, faults):
    given_words = {"name": name, "reach": reach, "words": words}
    found = script.ask("message", words=given_words, longest=LONGEST)
    assert found == as_server(given_words) and found["faults"] == faults


@settings(max_examples=150, deadline=None)
@given(texts=st.tuples(st.text(), st.text(), st.text()))
@example(texts=("\x1c\x85 a\u200b", "\u3000b\u180e", '\u2029"\\\t\x7f'))
def test_any_words_become_the_same_bytes(script, texts):
    words = dict(zip(("name", "reach", "words"), texts, strict=True))
    assert script.ask("message", words=words, longest=LONGEST) == as_server(words)


@pytest.mark.parametrize("suite", list(SuiteId), ids=lambda suite: suite.name)
def test_what_the_tablet_seals_opens_for_both_and_for_this_slip_alone(script, suite, kiosk):
    both = [new_private_key(Purpose.CONTACT, suite) for _ in range(2)]
    keys_path(kiosk.site.public_keys).unlink()
    keys = SafeguardingKeys(*(key.public for key in both))
    write_keys(kiosk.site.public_keys, keys)
    contact = kiosk.pack()["contact"]
    slip, other = contact["slips"][:2]
    content = message_to_bytes(SAM)
    envelope = bytes.fromhex(
        script.ask("tell", content=content.hex(), contact=contact, id=slip["id"])
    )
    header = header_for(bytes.fromhex(slip["id"]), Part.REQUEST)
    for key in both:
        assert open_envelope(envelope, key, header).content == content
    ours, theirs = take_apart(sealed(slip, keys=keys)), take_apart(envelope)
    assert theirs.header.fields == ours.header.fields and theirs.key_ids == ours.key_ids
    assert (theirs.header.suite, theirs.header.purpose) == (suite, Purpose.CONTACT)
    assert len(envelope) == len(sealed(slip, keys=keys)) == envelope_length(keys.both, BOUND)
    assert said(bring(kiosk, other, envelope)) == (400, "malformed")
    assert said(bring(kiosk, slip, envelope)) == (200, "taken")


def test_longer_than_the_bound_is_refused(script, contact):
    slip = contact["slips"][0]
    with pytest.raises(ScriptError, match="TooLong"):
        script.ask("tell", content=bytes(BOUND + 1).hex(), contact=contact, id=slip["id"])


# --- slips


def test_a_pack_brings_slips_that_are_stored_nowhere(kiosk, contact):
    assert len(contact["slips"]) == SLIPS == len({slip["token"] for slip in contact["slips"]})
    stored = b"".join(file.read_bytes() for file in kiosk.folder.rglob("*") if file.is_file())
    for slip in contact["slips"]:
        assert all(re.fullmatch("[0-9a-f]{32}", value) for value in slip.values())
        for value in slip.values():
            assert bytes.fromhex(value) not in stored and value.encode() not in stored
    assert all_requests(kiosk.site.engine) == []


def test_the_pack_has_both_public_halves_and_nothing_private(contact):
    assert [key["key"] for key in contact["keys"]] == [key.raw.hex() for key in KEYS.both]
    assert LEAD.seed.hex() not in str(contact) and contact["bound"] == BOUND
    assert contact["longest"] == {"name": 100, "reach": 400, "words": 2000}


@pytest.mark.parametrize("damage", [None, b"{}", b"not json"])
def test_without_keys_that_fit_only_whom_to_ring_comes_along(kiosk, damage):
    path = keys_path(kiosk.site.public_keys)
    path.unlink()
    if damage:
        path.write_bytes(damage)
    pack = kiosk.pack()
    assert pack["contact"] is None
    for said_there in pack["languages"].values():
        assert "textarea" not in said_there["screens"]["talk"]
        assert "0800 1111" in said_there["screens"]["talk"]


def test_the_form_asks_the_same_as_online_and_names_whom_to_ring_first(kiosk):
    screens = kiosk.pack()["languages"]["en"]["screens"]
    online = kiosk.client().get("/talk").text
    for text in (
        "Only two people can read what you write here", "They do not look straight away.",
        "What can we call you?", "How and when is it safe to reach you?",
        "What do you want us to know?", "Send this message",
    ):  # fmt: skip
        assert text in screens["talk"] and text in online
    before = screens["talk"].split('data-place="before"')[1]
    assert before.index(">999<") < before.index(">0800 1111<") < before.index("<textarea")


@pytest.mark.parametrize("screen", ["question", "check", "thanks", "help", "leave"])
def test_the_way_is_on_every_screen_that_has_it_online(kiosk, screen):
    said_there = kiosk.pack()["languages"]["en"]
    version = said_there["versions"]["tiny-8-10"]
    for html in (said_there["screens"][screen], version["welcome"]):
        assert html.count('name="go" value="talk"') == 1
    for covered in ("hidden", "still", "talk", "talked"):
        assert 'value="talk"' not in said_there["screens"][covered]


def test_the_welcome_says_until_when_answers_are_kept(kiosk):
    welcome = kiosk.pack()["languages"]["en"]["versions"]["tiny-8-10"]["welcome"]
    assert re.search(r"This website deletes all answers by \d+ \w+ \d{4}\.", welcome)


# --- bringing a message home


def test_a_message_is_kept_under_the_day_it_came_and_read_by_both(kiosk, contact, told):
    first, second = contact["slips"][:2]
    kiosk.clock.forward(days=3)
    assert said(bring(kiosk, first, sealed(first))) == (200, "taken")
    assert said(bring(kiosk, second, sealed(second, Message("Bo", "ring")))) == (200, "taken")
    assert len(told) == 2
    for key in (LEAD, DEPUTY):
        assert {one.name for one in opened(kiosk.site.engine, key)} == {"Šárka ☃", "Bo"}
    waiting = all_requests(kiosk.site.engine)
    assert {(one.state, one.day.isoformat()) for one in waiting} == {(State.WAITING, "2026-11-23")}


def test_it_stands_in_the_inbox_like_any_other(kiosk):
    kiosk.app.register_blueprint(inbox)
    slip = kiosk.pack()["contact"]["slips"][0]
    bring(kiosk, slip, sealed(slip))
    engine, client = kiosk.site.engine, kiosk.client()
    reader = add_account(engine, "Sam Safe", "a password of my own", ["safeguarding"])
    with kiosk.app.test_request_context():
        now = current_site().now()
    with client.session_transaction() as session:
        sign_in(session, reader, now)
    page = client.get("/safeguarding/").text
    assert "Waiting: 1" in page and slip["id"] in page and "Šárka" not in page


def test_the_same_again_is_told_so_and_tells_nobody(kiosk, contact, told):
    slip = contact["slips"][0]
    envelope = sealed(slip)
    bring(kiosk, slip, envelope)
    for _ in range(2):
        assert said(bring(kiosk, slip, envelope)) == (200, "already")
    assert len(all_requests(kiosk.site.engine)) == len(told) == 1


def test_another_message_on_a_used_slip_is_not_said_to_be_kept(kiosk, contact):
    slip = contact["slips"][0]
    bring(kiosk, slip, sealed(slip))
    assert said(bring(kiosk, slip, sealed(slip))) == (409, "used")
    assert [one.name for one in opened(kiosk.site.engine)] == ["Šárka ☃"]


def test_nobody_makes_a_slip_of_their_own(kiosk, contact, told):
    slip = contact["slips"][0]
    for token, claimed in (
        (secrets.token_hex(16), slip["id"]),
        (secrets.token_hex(16), secrets.token_hex(16)),
        (slip["token"], contact["slips"][1]["id"]),
    ):
        made = {"token": token, "id": claimed}
        assert said(bring(kiosk, made, sealed(made))) == (400, "malformed")
    assert all_requests(kiosk.site.engine) == [] and told == []


def test_slips_of_another_site_fit_nothing_here(kiosk, tmp_path):
    other = KioskSite(tmp_path / "other", contact=KEYS, demo=True)
    slip = other.pack()["contact"]["slips"][0]
    assert said(bring(kiosk, slip, sealed(slip))) == (400, "malformed")
    other.site.engine.dispose()


def test_only_what_a_tablet_seals_is_taken(kiosk, contact):
    slip = contact["slips"][0]
    request_id, envelope = bytes.fromhex(slip["id"]), sealed(slip)
    stranger = new_private_key(Purpose.CONTACT).public
    curve = [new_private_key(Purpose.CONTACT, SuiteId.X25519).public for _ in range(2)]
    header = header_for(request_id, Part.REQUEST)
    for other in (
        b"", envelope[:-1], envelope + b"\0", b"x" * len(envelope),
        sealed(slip, part=Part.NOTE),
        sealed(slip, bound=BOUND + 1),
        sealed(slip, keys=SafeguardingKeys(LEAD.public, stranger)),
        sealed(slip, keys=SafeguardingKeys(*curve)),
        seal(b"", KEYS.both[:1], header, BOUND),
        seal(b"", KEYS.both, HeaderFields(request_id, header.instrument_hash, 1), BOUND),
        envelope[:6] + bytes([Purpose.RESPONSE]) + envelope[7:],
    ):  # fmt: skip
        assert said(bring(kiosk, slip, other)) == (400, "malformed")
    assert bring(kiosk, slip, bytes(70_000)).status_code == 413
    assert all_requests(kiosk.site.engine) == []


def test_a_message_from_before_the_keys_were_replaced_is_kept_and_opens_with_the_old(
    kiosk, tmp_path
):
    keys_path(kiosk.site.public_keys).unlink()
    folders = (tmp_path / "lead", tmp_path / "deputy")
    old_lead, _ = make_keys(folders, kiosk.site.public_keys, stretching=CHEAP)
    before = load_keys(kiosk.site.public_keys)
    slips = kiosk.pack()["contact"]["slips"]
    for number in range(2):
        folders = (tmp_path / f"lead{number}", tmp_path / f"deputy{number}")
        today = kiosk.clock().date()
        make_keys(folders, kiosk.site.public_keys, replaced_on=today, stretching=CHEAP)
    after = load_keys(kiosk.site.public_keys)
    assert len(ever_keys(kiosk.site.public_keys)) == 3
    assert said(bring(kiosk, slips[0], sealed(slips[0], keys=before))) == (200, "taken")
    assert said(bring(kiosk, slips[1], sealed(slips[1], keys=after))) == (200, "taken")
    mixed = SafeguardingKeys(before.lead, after.deputy)
    assert said(bring(kiosk, slips[2], sealed(slips[2], keys=mixed))) == (400, "malformed")
    kept = bytes.fromhex(slips[0]["id"])
    key = read_key_file(old_lead.path, old_lead.passphrase)
    envelope = sealed_request(kiosk.site.engine, kept).message
    assert open_envelope(envelope, key, header_for(kept, Part.REQUEST)).content == (
        message_to_bytes(SAM)
    )


def test_damaged_old_keys_stop_nothing(kiosk, contact, caplog):
    (kiosk.site.public_keys / "safeguarding-until-2026-01-01.json").write_text("{}")
    slip = contact["slips"][0]
    assert said(bring(kiosk, slip, sealed(slip))) == (200, "taken")
    assert "safeguarding-until-2026-01-01.json" in caplog.text


def test_without_keys_or_room_it_is_to_come_again_later(kiosk, contact, told, monkeypatch):
    slip = contact["slips"][0]
    envelope, path = sealed(slip), keys_path(kiosk.site.public_keys)
    kept = path.read_bytes()
    path.unlink()
    assert said(bring(kiosk, slip, envelope)) == (503, "later")
    path.write_bytes(kept)
    with monkeypatch.context() as patched:

        def busy(*_):
            raise NotKept

        patched.setattr("surveys.kiosk.messages.add_request", busy)
        assert said(bring(kiosk, slip, envelope)) == (503, "later")
    assert told == []
    assert said(bring(kiosk, slip, envelope)) == (200, "taken")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_no_other_site_brings_a_message(kiosk, contact, headers):
    slip = contact["slips"][0]
    assert bring(kiosk, slip, sealed(slip), **headers).status_code == 403


def test_only_bytes_are_taken_and_no_cookie_is_set(kiosk, contact):
    slip = contact["slips"][0]
    body = bytes.fromhex(slip["token"]) + sealed(slip)
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        answer = kiosk.client().post("/kiosk/message", data=body, content_type=kind)
        assert answer.status_code == 415
    answer = bring(kiosk, slip, sealed(slip))
    assert "Set-Cookie" not in answer.headers and answer.json == {"outcome": "taken"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_neither_delivery_takes_what_belongs_to_the_other(kiosk):
    pack = kiosk.pack()
    slip, place = pack["contact"]["slips"][0], pack["places"][0]
    assert said(kiosk.deliver(slip["token"], sealed(slip))) == (400, "malformed")
    assert said(bring(kiosk, {"token": place}, kiosk.seal())) == (400, "malformed")
    assert said(bring(kiosk, slip, kiosk.seal())) == (400, "malformed")
