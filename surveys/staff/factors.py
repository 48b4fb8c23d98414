"""What an account has beside its password: an app, passkeys, recovery codes.

In: an account's id. Out: its Factors. An account of a real site without a second factor may do
nothing but set one up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from surveys.staff.authenticator import has_authenticator
from surveys.staff.passkeys import Passkey, passkeys_of
from surveys.staff.recovery import codes_left


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account can prove itself with beside the password."""

    app: bool
    passkeys: tuple[Passkey, ...]
    codes: int

    def __bool__(self) -> bool:
        """Whether there is a second factor. Recovery codes stand in for one; they are none."""
        return self.app or bool(self.passkeys)

    def __str__(self) -> str:
        """The factors in words, for the command line."""
        words = ["app"] * self.app
        words += [f"passkey {passkey.name!r}" for passkey in self.passkeys]
        if not words:
            return "no second factor"
        return f"{', '.join(words)}, {self.codes} recovery codes"

    @property
    def count(self) -> int:
        """How many second factors there are: the last one cannot be removed."""
        return self.app + len(self.passkeys)


def factors_of(engine: Engine, account_id: bytes) -> Factors:
    """The account's factors as they are now."""
    return Factors(
        app=has_authenticator(engine, account_id),
        passkeys=passkeys_of(engine, account_id),
        codes=codes_left(engine, account_id),
    )
