"""The languages that Heard has names for: their names, and which way they run.

In: a language's code. Out: names and directions. Which of them a survey is offered in is decided in
``surveys/speaking``.
"""

from __future__ import annotations

from babel import Locale

NAMES = {
    "en": "English",
    "cy": "Cymraeg",
    "am": "አማርኛ",
    "ar": "العربية",
    "ckb": "کوردیی ناوەندی",
    "fa": "فارسی",
    "fa_AF": "دری",
    "om": "Afaan Oromoo",
    "pl": "Polski",
    "ps": "پښتو",
    "ro": "Română",
    "so": "Soomaali",
    "sq": "Shqip",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
}
_IN_ENGLISH = {"ckb": "Kurdish (Sorani)", "fa": "Farsi", "fa_AF": "Dari"}  # as speakers call them
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "fa_AF", "ps", "ur"})


def name_in(code: str, locale: Locale | str) -> str:
    """A language's name in another language, usually English."""
    if str(locale).startswith("en") and code in _IN_ENGLISH:
        return _IN_ENGLISH[code]
    return Locale.parse(code).get_display_name(locale) or NAMES[code]


def direction_of(code: str) -> str:
    """Which way a language runs, as HTML says it."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def is_draft(code: str) -> bool:
    """What a language is until somebody has checked it for a survey: a draft, unless English."""
    return code != "en"
