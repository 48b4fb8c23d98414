"""Withdrawing invitations: of children who died, must not be contacted, or want none of it.

In: invitations of a wave and its credential seed. Out: codes that open nothing any more, and a
register without them. Where the code leads is worked out from the seed, because it is stored
nowhere; a response that was sent stays, and nobody is told whether there was one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Engine

from surveys.database import writing
from surveys.inspections.cohorts import members_of
from surveys.invitations.codes import CredentialSeed, access_from_secret, secret_from_link
from surveys.invitations.issuing import SiteKeys, code_for
from surveys.invitations.outbox.contacts import forget_contact
from surveys.invitations.outbox.queue import forget_mails
from surveys.invitations.register import Invitation, invitations_of, take_out
from surveys.vault.compacting import empty_log
from surveys.vault.envelope import ID_LENGTH
from surveys.vault.taking_back import take_slots_back
from surveys.vault.waves import Wave, WaveStatus, all_waves

REFERENCE_LENGTH = 6
"""How many hexadecimal digits of an invitation's id tell it from others, as a rule."""
WITHDRAWN_IN = frozenset({WaveStatus.PREPARED, WaveStatus.OPEN, WaveStatus.CLOSED})


class NoSuchInvitation(LookupError):
    """There is nothing to withdraw. The message says why."""


def reference_of(invitation: Invitation, length: int) -> str:
    """The short form of an invitation's id: on its card, and on the sheet that matches."""
    return invitation.id.hex()[:length]


def reference_length(engine: Engine, wave: Wave) -> int:
    """How many digits tell all invitations of a wave apart: six, hardly ever seven."""
    ids = [invitation.id.hex() for invitation in invitations_of(engine, wave.id)]
    lengths = range(REFERENCE_LENGTH, 2 * ID_LENGTH)
    return next(
        (one for one in lengths if len({id_[:one] for id_ in ids}) == len(ids)), lengths[-1]
    )


def invitation_by_id(engine: Engine, wave: Wave, beginning: str) -> Invitation:
    """The one invitation of a wave whose id begins like this, as on its card."""
    wanted = beginning.strip().lower()
    if len(wanted) < REFERENCE_LENGTH:
        raise NoSuchInvitation(f"Give at least {REFERENCE_LENGTH} digits of the invitation's id.")
    found = [one for one in invitations_of(engine, wave.id) if one.id.hex().startswith(wanted)]
    if len(found) != 1:
        raise NoSuchInvitation(f"{len(found)} invitations of this wave have an id like this.")
    return found[0]


def invitation_of_member(engine: Engine, wave: Wave, reference: str) -> Invitation:
    """The invitation of the child whom the return calls by this identifier."""
    members = members_of(engine, wave.inspection_id, wave.survey)
    wanted = {member.id for member in members if member.child == reference.strip()}
    found = [one for one in invitations_of(engine, wave.id) if one.member_id in wanted]
    if not found:
        raise NoSuchInvitation(
            "Nobody with this identifier has an invitation in this wave. A child whom a later "
            "return has stopped is not on the list any more: use --stopped."
        )
    return found[0]


def invitations_of_stopped(engine: Engine, wave: Wave) -> list[Invitation]:
    """The invitations of children whom a later return has taken off the list."""
    listed = {member.id for member in members_of(engine, wave.inspection_id, wave.survey)}
    if not listed:
        raise NoSuchInvitation("The list of children has been erased: nobody can be compared.")
    found = [one for one in invitations_of(engine, wave.id) if one.member_id is not None]
    stopped = [one for one in found if one.member_id not in listed]
    if not stopped:
        raise NoSuchInvitation("Everybody invited is still on the list of children.")
    return stopped


def waves_inviting(engine: Engine, members: Collection[bytes]) -> list[Wave]:
    """The waves in which somebody of these has an invitation that can still be withdrawn."""
    waves = (wave for wave in all_waves(engine) if wave.status in WITHDRAWN_IN)
    return [wave for wave in waves if _invites_one(engine, wave, frozenset(members))]


def _invites_one(engine: Engine, wave: Wave, members: frozenset[bytes]) -> bool:
    return any(one.member_id in members for one in invitations_of(engine, wave.id))


def withdraw(
    engine: Engine,
    storage_key: bytes,
    wave: Wave,
    invitations: Sequence[Invitation],
    *,
    seed: CredentialSeed,
    keys: SiteKeys,
) -> None:
    """Close what the codes lead to and take the invitations out of the register, all or none.

    Raises NoSuchSlot, changing nothing, when the seed is another wave's or the slots are gone.
    """
    slot_ids = [_slot_id(invitation, seed, keys) for invitation in invitations]
    with writing(engine).begin() as connection:
        take_slots_back(connection, storage_key, wave, slot_ids)
        for invitation in invitations:
            take_out(connection, invitation)
            forget_contact(connection, invitation.id)
            forget_mails(connection, invitation.id)
    empty_log(engine)


def _slot_id(invitation: Invitation, seed: CredentialSeed, keys: SiteKeys) -> bytes:
    secret = secret_from_link(code_for(invitation, seed, keys).link)
    if secret is None:
        raise ValueError("a code must lead back to its secret")
    return access_from_secret(secret).slot_id
