"""The app: RFC 6238's own codes, each accepted once, and a secret that the database cannot give."""

import base64

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.staff.accounts import account_with_id, add_account
from surveys.staff.authenticator import (
    app_address,
    authenticator_table,
    has_authenticator,
    keep_authenticator,
    new_secret,
    remove_authenticator,
    use_code,
)
from surveys.vault.envelope import CannotOpen

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {  # RFC 6238, appendix B, the last six digits of each
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
KEY = b"s" * 32


@pytest.fixture
def sam(site):
    return add_account(site.engine, "Sam", "a password of my own", ["coordinator"]).id


@pytest.fixture
def engine(site):
    return site.engine


def keep(engine, account_id, secret, now):
    code = pyotp.TOTP(secret).at(int(now))
    return keep_authenticator(engine, KEY, account_id, secret=secret, code=code, now=now)


@pytest.mark.parametrize(("now", "code"), RFC_CODES.items())
def test_codes_of_the_standard_are_right(engine, sam, now, code):
    made = keep_authenticator(engine, KEY, sam, secret=RFC_SECRET, code=code, now=now)
    assert made == account_with_id(engine, sam).session_number == 1


@pytest.mark.parametrize(
    "code", ["287083", "", "28708", "2870822", "28708x", "２８７０８２", "-87082"]
)
def test_anything_else_is_wrong_and_keeps_nothing(engine, sam, code):
    made = keep_authenticator(engine, KEY, sam, secret=RFC_SECRET, code=code, now=59)
    assert made is None and not has_authenticator(engine, sam)


def test_spaces_do_not_matter(engine, sam):
    assert keep_authenticator(engine, KEY, sam, secret=RFC_SECRET, code=" 287 082 ", now=59)


@pytest.mark.parametrize(
    ("seconds_off", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_phone_may_be_half_a_minute_off_either_way(engine, sam, seconds_off, right):
    secret, now = new_secret(), 1_800_000_015
    keep(engine, sam, secret, now - 3600)
    code = pyotp.TOTP(secret).at(now + seconds_off)
    assert use_code(engine, KEY, sam, code, now) is right


def test_each_code_counts_once_and_none_older_counts_after_it(engine, sam):
    secret, now = new_secret(), 1_800_000_015
    keep(engine, sam, secret, now)
    codes = {off: pyotp.TOTP(secret).at(now + off) for off in (-30, 0, 30)}
    assert not use_code(engine, KEY, sam, codes[0], now), "used when the app was set up"
    assert use_code(engine, KEY, sam, codes[30], now)
    assert not any(use_code(engine, KEY, sam, code, now) for code in codes.values())


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moments=st.lists(st.integers(0, 600), min_size=1, max_size=12))
def test_no_sequence_of_tries_uses_a_code_twice(engine, sam, moments):
    secret, start, used = new_secret(), 1_800_000_000, []
    keep(engine, sam, secret, start - 3600)
    for moment in sorted(moments):
        code = pyotp.TOTP(secret).at(start + moment)
        if use_code(engine, KEY, sam, code, start + moment):
            used.append((start + moment) // 30)
    assert used == sorted({(start + moment) // 30 for moment in moments})


def test_the_secret_is_not_in_the_database_and_opens_for_its_account_alone(engine, sam):
    secret, now = new_secret(), 1_800_000_015
    keep(engine, sam, secret, now)
    with engine.connect() as connection:
        (row,) = connection.execute(authenticator_table.select()).all()
    assert secret.encode() not in row.locked
    assert base64.b32decode(secret) not in row.locked
    with pytest.raises(CannotOpen):
        use_code(engine, b"another key of 32 bytes ........", sam, "000000", now)
    other = add_account(engine, "Ana", "a password of my own", ["inspector"]).id
    with engine.begin() as connection:
        connection.execute(
            authenticator_table.insert(), {"account_id": other, "locked": row.locked}
        )
    with pytest.raises(CannotOpen):
        use_code(engine, KEY, other, pyotp.TOTP(secret).at(now + 30), now)


def test_locked_rows_are_of_one_length_whenever_they_were_used(engine, sam):
    lengths = set()
    for now in (59, 1_800_000_015, 20_000_000_000):
        keep(engine, sam, new_secret(), now)
        with engine.connect() as connection:
            lengths |= {len(row.locked) for row in connection.execute(authenticator_table.select())}
    assert len(lengths) == 1


def test_setting_it_up_anew_and_removing_it_end_every_session(engine, sam):
    assert keep(engine, sam, new_secret(), 59) == 1
    assert keep(engine, sam, new_secret(), 1_800_000_015) == 2
    assert remove_authenticator(engine, sam) == 3 == account_with_id(engine, sam).session_number
    assert not has_authenticator(engine, sam)
    assert not use_code(engine, KEY, sam, "000000", 59)


def test_address_for_apps_is_the_one_they_read():
    assert app_address("ABCDEFGH" * 4, "Sam Okafor", "Exampleshire") == (
        "otpauth://totp/Heard%20Exampleshire:Sam%20Okafor"
        "?secret=ABCDEFGHABCDEFGHABCDEFGHABCDEFGH&issuer=Heard%20Exampleshire"
    )


def test_secrets_have_160_bits_and_differ():
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50 and {len(base64.b32decode(secret)) for secret in made} == {20}
