"""Passkeys: made, used and removed; every part that is not as it should be is refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from soft_passkey import ATTESTED, PRESENT, VERIFIED, SoftPasskey

from surveys.staff.accounts import account_with_id, add_account
from surveys.staff.passkeys import (
    PasskeyRefused,
    add_passkey,
    creation_options,
    passkey_table,
    passkeys_of,
    remove_passkey,
    request_options,
    use_passkey,
)
from surveys.staff.relying_party import RelyingParty

PARTY = RelyingParty("localhost", "http://localhost")
CHALLENGE = b"c" * 32


@pytest.fixture
def engine(site):
    return site.engine


@pytest.fixture
def sam(engine):
    return add_account(engine, "Sam", "a password of my own", ["coordinator"])


@pytest.fixture
def key(engine, sam):
    made = SoftPasskey()
    keep(engine, sam, made, "work laptop")
    return made


def keep(engine, account, key, name="a key", challenge=CHALLENGE):
    answer = key.create(creation_options(PARTY, account, (), CHALLENGE))
    return add_passkey(engine, PARTY, account.id, name=name, answer=answer, challenge=challenge)


def use(engine, key, challenge=CHALLENGE, **spoilt):
    answer = key.get(request_options(PARTY, (), CHALLENGE), **spoilt)
    return use_passkey(engine, PARTY, answer, challenge)


def test_passkey_opens_its_account(engine, sam, key):
    assert use(engine, key) == sam.id
    (kept,) = passkeys_of(engine, sam.id)
    assert (kept.id, kept.name) == (key.id, "work laptop")


def test_every_change_ends_the_sessions(engine, sam):
    keys = [SoftPasskey(), SoftPasskey()]
    assert [keep(engine, sam, one) for one in keys] == [1, 2]
    assert remove_passkey(engine, sam.id, keys[0].id) == 3
    assert account_with_id(engine, sam.id).session_number == 3
    assert [one.id for one in passkeys_of(engine, sam.id)] == [keys[1].id]
    with pytest.raises(PasskeyRefused):
        use(engine, keys[0])
    assert use(engine, keys[1]) == sam.id


@pytest.mark.parametrize(
    "spoilt",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:81"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
    ],
    ids=str,
)
def test_making_one_elsewhere_or_unverified_is_refused(engine, sam, spoilt):
    with pytest.raises(PasskeyRefused):
        keep(engine, sam, SoftPasskey(**spoilt))
    assert passkeys_of(engine, sam.id) == ()
    assert account_with_id(engine, sam.id).session_number == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", "https://evil.example"),
        ("rp_id", "evil.example"),
        ("flags", PRESENT),
        ("flags", 0),
        ("count", -1),  # the count does not go up: a copy, or a replay
        ("id", b"unknown"),
        ("key", SoftPasskey().key),
    ],
)
def test_using_one_that_is_not_as_it_was_is_refused(engine, sam, key, name, value):
    key.count = 5
    assert use(engine, key) == sam.id
    setattr(key, name, value)
    with pytest.raises(PasskeyRefused):
        use(engine, key)


def test_answer_to_another_question_is_refused(engine, sam, key):
    with pytest.raises(PasskeyRefused):
        use(engine, key, challenge=b"d" * 32)
    with pytest.raises(PasskeyRefused):
        use(engine, key, type="webauthn.create")
    with pytest.raises(PasskeyRefused):
        keep(engine, sam, SoftPasskey(), challenge=b"d" * 32)


def test_passkey_that_names_another_person_is_refused(engine, sam, key):
    ana = add_account(engine, "Ana", "a password of my own", ["inspector"])
    with pytest.raises(PasskeyRefused):
        use(engine, key, user=ana.id)


def test_one_passkey_cannot_belong_to_two(engine, sam, key):
    ana = add_account(engine, "Ana", "a password of my own", ["inspector"])
    with pytest.raises(PasskeyRefused):
        keep(engine, ana, key)
    assert use(engine, key, user=sam.id) == sam.id


def test_synced_passkeys_that_keep_no_count_go_on_working(engine, sam):
    key = SoftPasskey()
    keep(engine, sam, key)
    for _ in range(3):
        key.count = -1  # so that it says 0 each time
        assert use(engine, key) == sam.id


def test_count_is_kept(engine, sam, key):
    key.count = 41
    use(engine, key)
    with engine.connect() as connection:
        assert connection.execute(passkey_table.select()).one().sign_count == 42


def test_questions_ask_for_verification_and_name_the_site(sam):
    made = json.loads(creation_options(PARTY, sam, (), CHALLENGE))
    assert made["rp"]["id"] == "localhost"
    assert made["user"]["name"] == "Sam"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    used = json.loads(request_options(PARTY, (), CHALLENGE))
    assert (used["rpId"], used["userVerification"]) == ("localhost", "required")
    assert used["challenge"] == made["challenge"] == "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M"


fuzz = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzz
@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_nonsense_is_refused_and_nothing_worse(engine, sam, key, answer):
    with pytest.raises(PasskeyRefused):
        use_passkey(engine, PARTY, answer, CHALLENGE)
    with pytest.raises(PasskeyRefused):
        add_passkey(engine, PARTY, sam.id, name="x", answer=answer, challenge=CHALLENGE)


@fuzz
@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
    value=st.text(alphabet="AZaz09-_=+ \n", max_size=80) | st.none() | st.integers() | st.just({}),
)
def test_answer_with_any_part_replaced_is_refused(engine, sam, key, part, value):
    answer = json.loads(key.get(request_options(PARTY, (), CHALLENGE)))
    answer["response"][part] = value
    if part == "userHandle" and value in (None, ""):
        return  # a security key of old may leave it out
    with pytest.raises(PasskeyRefused):
        use_passkey(engine, PARTY, json.dumps(answer), CHALLENGE)


@pytest.mark.parametrize("depth", [100, 5000, 30000])
def test_deep_nesting_is_refused(engine, depth):
    with pytest.raises(PasskeyRefused):
        use_passkey(engine, PARTY, "[" * depth, CHALLENGE)


def test_every_flipped_bit_of_a_signature_is_refused(engine, sam, key):
    for byte in range(8, 72, 7):
        answer = json.loads(key.get(request_options(PARTY, (), CHALLENGE)))
        text = answer["response"]["signature"]
        swapped = "A" if text[byte] != "A" else "B"
        answer["response"]["signature"] = text[:byte] + swapped + text[byte + 1 :]
        with pytest.raises(PasskeyRefused):
            use_passkey(engine, PARTY, json.dumps(answer), CHALLENGE)


def test_attested_data_of_other_flags_is_refused(engine, sam):
    with pytest.raises(PasskeyRefused):
        keep(engine, sam, SoftPasskey(flags=ATTESTED))
