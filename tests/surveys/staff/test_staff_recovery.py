"""Recovery codes: ten, each good once, of their own account alone, replaced together."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.staff.accounts import add_account
from surveys.staff.recovery import (
    _digest,
    codes_left,
    recovery_code_table,
    replace_codes,
    use_recovery_code,
)

PEPPER = b"p" * 32


@pytest.fixture
def sam(site):
    return add_account(site.engine, "Sam", "a password of my own", ["coordinator"]).id


@pytest.fixture
def codes(site, sam):
    return replace_codes(site.engine, PEPPER, sam)


def test_ten_codes_of_eighty_bits_that_are_easy_to_copy(codes):
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", code) for code in codes)


def test_each_opens_once(site, sam, codes):
    for left, code in zip(range(9, -1, -1), codes, strict=True):
        assert use_recovery_code(site.engine, PEPPER, sam, code)
        assert not use_recovery_code(site.engine, PEPPER, sam, code)
        assert codes_left(site.engine, sam) == left


@pytest.mark.parametrize(
    "spelt", [str.upper, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} ",
              lambda code: code.replace("o", "0").replace("l", "1")],
)  # fmt: skip
def test_spelling_is_forgiven(site, sam, codes, spelt):
    assert use_recovery_code(site.engine, PEPPER, sam, spelt(codes[0]))


def test_nothing_else_opens(site, sam, codes):
    other = add_account(site.engine, "Ana", "a password of my own", ["inspector"]).id
    assert not use_recovery_code(site.engine, PEPPER, other, codes[0])
    assert not use_recovery_code(site.engine, b"q" * 32, sam, codes[0])
    for typed in ("", "aaaa-aaaa-aaaa-aaaa", codes[0][:-1], codes[0] + "a", "\ud800"):
        assert not use_recovery_code(site.engine, PEPPER, sam, typed)
    assert codes_left(site.engine, sam) == 10


def test_new_codes_replace_all_of_before(site, sam, codes):
    fresh = replace_codes(site.engine, PEPPER, sam)
    assert not set(fresh) & set(codes)
    assert not any(use_recovery_code(site.engine, PEPPER, sam, code) for code in codes)
    assert use_recovery_code(site.engine, PEPPER, sam, fresh[0])


def test_no_code_is_in_the_database(site, sam, codes):
    with site.engine.connect() as connection:
        rows = connection.execute(recovery_code_table.select()).all()
    kept = b"".join(row.digest for row in rows)
    assert {len(row.digest) for row in rows} == {32}
    for code in codes:
        assert code.encode() not in kept and code.replace("-", "").encode() not in kept


@given(code=st.text(max_size=30), other=st.text(max_size=30))
def test_two_codes_share_a_digest_only_when_they_are_one_code(code, other):
    def plain(text):
        return (
            text.strip()
            .lower()
            .replace("0", "o")
            .replace("1", "l")
            .replace(" ", "")
            .replace("-", "")
        )

    same = plain(code).encode("utf-8", "replace") == plain(other).encode("utf-8", "replace")
    assert (_digest(PEPPER, bytes(16), code) == _digest(PEPPER, bytes(16), other)) is same


def test_digest_is_the_hmac_that_openssl_gives():
    expected = "65a6f6b4648fc1b7"
    assert _digest(bytes(32), bytes(16), "aaaa-aaaa-aaaa-aaaa").hex()[:16] == expected
