"""Five words are never taken for a link, though together they may have as many letters."""

import pytest

from surveys.answering.sitting import access_for
from surveys.invitations.codes import (
    access_from_secret,
    link_text,
    secret_from_link,
    secret_from_words,
)


class FakeSite:
    site_id = bytes(32)
    pepper = bytes(range(32))


@pytest.mark.parametrize(
    "typed",
    [
        "table mascot jolly tissue cone",
        "Sweater Urban gizmo maple taxi",
        "nod-unwind-hyena-tapir-upgrade",
    ],
)
def test_words_with_twenty_six_letters_are_words(typed):
    assert secret_from_link(typed) is not None, "these letters spell a link as well"
    words = tuple(typed.lower().replace(",", " ").replace("-", " ").split())
    secret = secret_from_words(words, FakeSite.site_id, FakeSite.pepper)
    assert access_for(typed, FakeSite()) == access_from_secret(secret)


def test_a_link_is_a_link():
    secret = bytes(range(16))
    assert access_for(link_text(secret), FakeSite()) == access_from_secret(secret)
