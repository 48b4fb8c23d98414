"""What an author is told about translations, and about changing questions that people answer now.

In: nothing. Out: sayings, as in messages.py.
"""

from __future__ import annotations

from questionnaires.faults import Severity
from questionnaires.messages import Saying

# Translations

NOT_TRANSLATED = Saying(
    "“{text}” has no translation in {language}.",
    "Write it into translations/{language}/LC_MESSAGES/messages.po (`make messages` puts new texts "
    "there) and have it checked by somebody who speaks the language.",
    Severity.WARNING,
)
TRANSLATION_UNSURE = Saying(
    "The translation of “{text}” into {language} is marked as unsure (fuzzy).",
    "Look at it in translations/{language}/LC_MESSAGES/messages.po, then take the mark away.",
    Severity.WARNING,
)

# Changes to what is being answered

WORDS_CORRECTED = Saying(
    "{field}: “{before}” is now “{after}”, and that is not recorded.",
    "It looks like a slip of the pen. Record it: "
    "flask --app app questionnaires correct {survey} --by NAME; or put the old words back.",
)
WORDS_CHANGED = Saying(
    "{field}: “{before}” is now “{after}”. {reason}",
    "People are answering this now. Put the old words back; or close the wave, and prepare a new "
    "one with the new words.",
)
PART_CHANGED = Saying(
    "{field}: {before} is now {after}.",
    "People are answering this now, and it changes what is asked. Put it back as it was; or close "
    "the wave, and prepare a new one.",
)
NOT_AS_PREPARED = Saying(
    "The questionnaires of “{survey}” are not those that were prepared, and no copy of those was "
    "kept, so nobody can tell what has changed.",
    "Put the files back as they were when the wave was prepared; or close the wave, and prepare a "
    "new one.",
)
SURVEY_GONE = Saying(
    "People are answering “{survey}”, and it is not here.",
    "Put its folder back; or close the wave.",
)
