"""Says what an import changed: who came, who has left, who has another version, who is stopped.

In: a CohortChange. Out: lines with counts; nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterator

from surveys.inspections.cohort_changes import CohortChange


def change_lines(change: CohortChange) -> Iterator[str]:
    """What happened, without what did not, except for those added and kept, who always count."""
    yield f"Added {change.added:,}, kept {change.kept:,}."
    questions = change.questions
    counted = (
        (change.changed, "have another survey or version now, and were changed."),
        (change.held, "would have another survey or version, and keep that of their invitation."),
        (change.left, "are not to be asked any more; they were not invited and are taken out."),
        (
            change.left_invited,
            "are not to be asked any more, but were invited; they stay. To take an invitation "
            "back: invitations withdraw WAVE --member REFERENCE.",
        ),
        (change.absent, "are not told of by what was imported; they stay."),
        (questions.asked, "are to be asked about: inspections ask-list."),
        (
            questions.reopened,
            "had been decided about, but another rule names them now: open again.",
        ),
        (questions.closed, "need not be asked about any more."),
    )
    yield from (f"  {count:,} {words}" for count, words in counted if count)
    if change.stopped:
        yield f"Stopped {len(change.stopped):,}: they died or must not be contacted."
