"""Contacts lie sealed, each in its own row, all of one length; nobody reads them without the key."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailed_site import mailed_site, one_app  # noqa: F401

from surveys.database import metadata, open_engine, writing
from surveys.invitations.outbox.contacts import (
    Contact,
    contact_table,
    contacts_of,
    erase_contacts,
    put_contacts,
)
from surveys.invitations.outbox.keys import (
    TOKEN_LENGTH,
    address_hash,
    hash_in_token,
    mark_of,
    open_contact,
    outbox_keys,
    seal_contact,
    stop_token,
)
from surveys.vault.envelope import CannotOpen

KEYS = outbox_keys(bytes(range(32)))
WAVE, ONE, TWO = (bytes([n]) * 16 for n in (1, 2, 3))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    made = open_engine(
        url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )
    metadata.create_all(made)
    yield made
    made.dispose()


def contact(invitation_id, n=1):
    return Contact(invitation_id, f"Ref {n}", f"person{n}@example.org", "+447700900001", "en")


def test_what_is_put_in_comes_out_and_a_second_time_replaces(engine):
    with writing(engine).begin() as connection:
        put_contacts(connection, KEYS, WAVE, [contact(TWO, 2), contact(ONE, 1)])
        put_contacts(connection, KEYS, WAVE, [contact(ONE, 7)])
        assert contacts_of(connection, KEYS, WAVE) == {ONE: contact(ONE, 7), TWO: contact(TWO, 2)}
        assert contacts_of(connection, KEYS, bytes(16)) == {}
        assert erase_contacts(connection, WAVE) == 2
        assert contacts_of(connection, KEYS, WAVE) == {}


def test_all_rows_have_one_length_and_the_longest_fits(engine):
    longest = Contact(TWO, "é" * 60, "a" * 242 + "@example.org", "+" + "9" * 15, "fa_AF")
    shortest = Contact(ONE, "1", "a@b.uk", "", "en")
    with writing(engine).begin() as connection:
        put_contacts(connection, KEYS, WAVE, [longest, shortest])
        rows = connection.execute(contact_table.select()).all()
        assert len({len(row.sealed) for row in rows}) == 1
        assert set(contacts_of(connection, KEYS, WAVE).values()) == {longest, shortest}


@pytest.mark.parametrize("place", [(WAVE, TWO), (TWO, ONE), (ONE, WAVE)])
def test_a_contact_opens_in_its_own_row_alone(place):
    sealed = seal_contact(KEYS, WAVE, ONE, b"content")
    assert open_contact(KEYS, WAVE, ONE, sealed) == b"content"
    with pytest.raises(CannotOpen):
        open_contact(KEYS, *place, sealed)
    with pytest.raises(CannotOpen):
        open_contact(outbox_keys(bytes(32)), WAVE, ONE, sealed)


def test_the_keys_of_a_site_are_four_and_always_the_same():
    found = (KEYS.contacts, KEYS.marks, KEYS.addresses, KEYS.tokens)
    assert len({one[:32] for one in (*found, bytes(range(32)))}) == 5
    assert outbox_keys(bytes(range(32))) == KEYS
    assert KEYS.contacts.hex() not in repr(KEYS) and "contacts" not in repr(KEYS)


def test_marks_and_hashes_are_as_they_were():
    """What lies in mailboxes and in the list of those who want no mail must be known next year."""
    assert mark_of(KEYS, ONE) == MARK
    assert address_hash(KEYS, " Person@Example.ORG ").hex() == HASH
    assert address_hash(KEYS, "person@example.org").hex() == HASH
    assert stop_token(KEYS, "person@example.org", ONE) == TOKEN


# HMAC-SHA256 under the first block of HKDF-Expand, worked out with hmac alone; the token by AES-SIV
MARK = "6ef587eda71eab4cff854bf1659d9cfc"
HASH = "f249cfe3ae06d1a58bd9bf62d8fc5426"
TOKEN = "S8ySOADA-qBi5Yt2N_LQf1Hx769PMgKNfXE9D_Nwd5v2rPCFNnhL6g"


@given(address=st.emails(), invitation=st.binary(min_size=16, max_size=16))
def test_a_token_leads_to_its_address_and_shows_neither(address, invitation):
    token = stop_token(KEYS, address, invitation)
    assert len(token) == TOKEN_LENGTH
    assert hash_in_token(KEYS, token) == address_hash(KEYS, address)
    assert token != stop_token(KEYS, address, bytes(16)) or invitation == bytes(16)
    assert hash_in_token(outbox_keys(bytes(32)), token) is None


@given(place=st.integers(0, TOKEN_LENGTH - 2), letter=st.sampled_from("AZaz09-_"))
def test_a_token_that_was_changed_leads_nowhere(place, letter):
    token = stop_token(KEYS, "person@example.org", ONE)
    changed = token[:place] + letter + token[place + 1 :]
    assert changed == token or hash_in_token(KEYS, changed) is None


@given(text=st.text(max_size=60))
def test_no_text_is_a_token(text):
    assert hash_in_token(KEYS, text) is None


def test_neither_address_nor_reference_nor_link_is_on_the_disk(app, tmp_path):
    mailed = mailed_site(app, tmp_path, links=3)
    marker = f"marker{secrets.token_hex(6)}"
    mailed.imported((f"{marker}r", f"{marker}@example.org", "+447700900123"))
    found = mailed.everything_on_disk()
    assert b"invitation_contact" in found, "the database and its log were looked at"
    assert marker.encode() not in found and b"7700900123" not in found
