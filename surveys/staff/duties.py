"""Separation of duties: which roles one person may not hold together, and why.

In: the roles of an account. Out: the sentence that speaks against them, or nothing. Who sends does
not read; who reads does not release; who makes accounts does none of it. Pure data.
"""

from __future__ import annotations

from collections.abc import Iterable

from surveys.audiences import Audience

A = Audience


def N_(sentence: str) -> str:  # the name by which texts are gathered
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return sentence


APART: dict[frozenset[str], str] = {
    frozenset({A.COORDINATOR, A.ANALYST}): N_(
        "A coordinator knows who got which code, so they must not open answers."
    ),
    frozenset({A.COORDINATOR, A.CUSTODIAN}): N_(
        "A coordinator knows who got which code, so they must not be the one who parts answers "
        "from codes."
    ),
    frozenset({A.COORDINATOR, A.DATA_ENTRY}): N_(
        "Whoever types in a paper reads it; with the list of codes they would know whose it is."
    ),
    frozenset({A.COORDINATOR, A.INSPECTOR}): N_(
        "A coordinator runs the survey for the authority that an inspector judges."
    ),
    frozenset({A.COORDINATOR, A.ADMINISTRATOR}): N_(
        "Whoever makes accounts must not also send the codes."
    ),
    frozenset({A.CUSTODIAN, A.ANALYST}): N_(
        "The two keys of a survey belong to two people: one releases answers, the other opens them."
    ),
    frozenset({A.CUSTODIAN, A.INSPECTOR}): N_(
        "A release custodian acts for the authority that an inspector judges."
    ),
    frozenset({A.CUSTODIAN, A.ADMINISTRATOR}): N_(
        "Whoever makes accounts must not also release answers."
    ),
    frozenset({A.SAFEGUARDING, A.ANALYST}): N_(
        "A safeguarding lead knows the names of children who asked to talk, so they must not open "
        "answers."
    ),
    frozenset({A.SAFEGUARDING, A.INSPECTOR}): N_(
        "A safeguarding lead acts for the authority that an inspector judges."
    ),
    frozenset({A.SAFEGUARDING, A.ADMINISTRATOR}): N_(
        "Whoever makes accounts must not also read what children wrote to be helped."
    ),
    frozenset({A.HELPER, A.ANALYST}): N_(
        "A helper has met the children who answer, so they must not open answers."
    ),
    frozenset({A.DATA_ENTRY, A.ANALYST}): N_(
        "Whoever types in papers has seen the handwriting, so they must not open answers."
    ),
    frozenset({A.DATA_ENTRY, A.ADMINISTRATOR}): N_(
        "Whoever makes accounts must not also read papers."
    ),
    frozenset({A.INSPECTOR, A.ANALYST}): N_(
        "An inspector reads what is published and nothing behind it."
    ),
    frozenset({A.INSPECTOR, A.ADMINISTRATOR}): N_(
        "Whoever makes accounts must not also read results as an inspector."
    ),
    frozenset({A.ADMINISTRATOR, A.ANALYST}): N_(
        "Whoever makes accounts must not also open answers."
    ),
}
"""Each pair that is kept apart, with its reason in one sentence."""


def broken_duty(roles: Iterable[str]) -> str:
    """Why these roles may not be one person's, "" when they may. The first reason found."""
    held = frozenset(roles)
    return next((reason for pair, reason in APART.items() if pair <= held), "")


def kept_apart_from(role: str) -> frozenset[Audience]:
    """Every role that whoever holds this one may not hold."""
    pairs = (pair for pair in APART if role in pair)
    return frozenset(Audience(other) for pair in pairs for other in pair if other != role)
