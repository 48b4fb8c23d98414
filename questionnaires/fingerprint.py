"""The fingerprint of an instrument: one hash over everything that every version asks.

In: a survey. Out: 32 bytes that change when any wording, code or condition changes.
"""

from __future__ import annotations

import hashlib
import json

from questionnaires.model import Survey


def instrument_hash(survey: Survey) -> bytes:
    """SHA-256 of the canonical JSON of the whole survey, all versions together.

    One hash for all versions, so that a stored hash does not tell which age band answered.
    """
    document = survey.model_dump(mode="json", by_alias=True)
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()
