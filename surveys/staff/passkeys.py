"""Passkeys of accounts (W3C Web Authentication, level 3), checked by py_webauthn.

In: what a browser's authenticator answered to a challenge. Out: whose key it was. Only public keys
are kept. Every use must be verified by the authenticator itself (finger, face or PIN), which is
why a passkey counts as both factors.
"""

from __future__ import annotations

from dataclasses import dataclass

import webauthn
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from surveys.database import metadata, writing
from surveys.staff.accounts import Account, raise_session_number
from surveys.staff.relying_party import RelyingParty

LONGEST_PASSKEY_NAME = 60
MOST_PASSKEYS = 10
_VERIFIED = UserVerificationRequirement.REQUIRED
# What the library raises for answers that no browser gives: nesting, base64 and keys gone wrong.
_MALFORMED = (WebAuthnException, ValueError, TypeError, RecursionError)

passkey_table = Table(
    "passkey",
    metadata,
    Column("id", LargeBinary(1023), primary_key=True),
    Column("account_id", LargeBinary(16), ForeignKey("account.id"), nullable=False),
    Column("name", String(LONGEST_PASSKEY_NAME), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    sqlite_with_rowid=False,
)


class PasskeyRefused(ValueError):
    """What the browser sent is no answer to our challenge by a key that we know."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner knows it."""

    id: bytes
    name: str


def creation_options(
    party: RelyingParty, account: Account, known: tuple[Passkey, ...], challenge: bytes
) -> str:
    """What the browser is asked for when a passkey is made, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name="Heard",
        user_id=account.id,
        user_name=account.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_described(known),
    )
    return webauthn.options_to_json(options)


def request_options(party: RelyingParty, known: tuple[Passkey, ...], challenge: bytes) -> str:
    """What the browser is asked for when a passkey is used, as JSON; with none known, for any."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=_described(known),
        user_verification=_VERIFIED,
    )
    return webauthn.options_to_json(options)


def add_passkey(
    engine: Engine,
    party: RelyingParty,
    account_id: bytes,
    *,
    name: str,
    answer: str,
    challenge: bytes,
) -> int:
    """Keep a new passkey and end every session; gives the number of the account's next ones.

    Raises PasskeyRefused for an answer that does not fit, or a passkey known already.
    """
    made = _verified_creation(party, answer, challenge)
    row = {
        "id": made.credential_id,
        "account_id": account_id,
        "name": " ".join(name.split())[:LONGEST_PASSKEY_NAME],
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
    }
    same = passkey_table.c.id == made.credential_id
    with writing(engine).begin() as connection:
        if connection.execute(select(passkey_table.c.id).where(same)).one_or_none():
            raise PasskeyRefused("this passkey is known already")
        connection.execute(insert(passkey_table), row)
        return raise_session_number(connection, account_id)


def use_passkey(engine: Engine, party: RelyingParty, answer: str, challenge: bytes) -> bytes:
    """The id of the account whose passkey answered. Raises PasskeyRefused.

    The passkey's own count of its uses must have gone up, where it keeps one: a copy is found out.
    """
    credential_id, named = _who_answers(answer)
    mine = passkey_table.c.id == credential_id
    with writing(engine).begin() as connection:
        row = connection.execute(select(passkey_table).where(mine).with_for_update()).one_or_none()
        if row is None or named not in (None, row.account_id):
            raise PasskeyRefused("no passkey of ours")
        count = _verified_use(party, answer, challenge, row.public_key, row.sign_count)
        connection.execute(update(passkey_table).where(mine).values(sign_count=count))
    return row.account_id


def passkeys_of(engine: Engine, account_id: bytes) -> tuple[Passkey, ...]:
    """The account's passkeys, by name."""
    query = select(passkey_table.c.id, passkey_table.c.name)
    ordered = query.order_by(passkey_table.c.name, passkey_table.c.id)
    with engine.connect() as connection:
        rows = connection.execute(ordered.where(passkey_table.c.account_id == account_id)).all()
    return tuple(Passkey(row.id, row.name) for row in rows)


def remove_passkey(engine: Engine, account_id: bytes, passkey_id: bytes) -> int:
    """Take a passkey away and end every session; the number of the account's next ones."""
    mine = (passkey_table.c.account_id == account_id, passkey_table.c.id == passkey_id)
    with writing(engine).begin() as connection:
        connection.execute(delete(passkey_table).where(*mine))
        return raise_session_number(connection, account_id)


def forget_passkeys(connection: Connection, account_id: bytes) -> None:
    """Take every passkey of an account away, within a transaction."""
    mine = passkey_table.c.account_id == account_id
    connection.execute(delete(passkey_table).where(mine))


def _described(known: tuple[Passkey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.id) for passkey in known]


def _verified_creation(party: RelyingParty, answer: str, challenge: bytes) -> VerifiedRegistration:
    try:
        return webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefused(str(error)) from None


def _who_answers(answer: str) -> tuple[bytes, bytes | None]:
    try:
        found = parse_authentication_credential_json(answer)
    except _MALFORMED as error:
        raise PasskeyRefused(str(error)) from None
    return found.raw_id, found.response.user_handle


def _verified_use(
    party: RelyingParty, answer: str, challenge: bytes, public_key: bytes, sign_count: int
) -> int:
    try:
        return webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        ).new_sign_count
    except _MALFORMED as error:
        raise PasskeyRefused(str(error)) from None
