"""The names of the eligibility rules, what each leads to, and the words it is reported in.

Nothing comes in. Out: closed lists, so that a report can account for every child.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a rule leads to."""

    ELIGIBLE = "eligible"
    ASK = "ask a person"
    EXCLUDED = "excluded"


class Rule(StrEnum):
    """Why a child is asked, or is not. Every child of a return falls under exactly one."""

    IN_CARE = "in_care"
    LEFT_CARE = "left_care"
    ASK_ADOPTED = "ask_adopted"
    ASK_FOUND_ADULT = "ask_found_adult"
    ASK_ABROAD = "ask_abroad"
    ASK_CUSTODY = "ask_custody"
    ASK_UNKNOWN_ENDING = "ask_unknown_ending"
    ASK_IN_TOUCH = "ask_in_touch"
    DIED = "died"
    DEATH_ON_RECORD = "death_on_record"
    DIED_SINCE = "died_since"
    REFUSED_CONTACT = "refused_contact"
    OTHER_COUNCIL = "other_council"
    SHORT_BREAKS = "short_breaks"
    NOT_AN_ENDING = "not_an_ending"
    LEFT_EARLIER = "left_earlier"
    UNDER_8 = "under_8"
    NOT_YET_IN_CARE = "not_yet_in_care"
    NO_EPISODES = "no_episodes"
    LEAVERS_LIST_ONLY = "leavers_list_only"
    NO_DATE_OF_BIRTH = "no_date_of_birth"
    UNREADABLE = "unreadable"

    @property
    def outcome(self) -> Outcome:
        """What this rule leads to."""
        if self in (Rule.IN_CARE, Rule.LEFT_CARE):
            return Outcome.ELIGIBLE
        return Outcome.ASK if self.startswith("ask_") else Outcome.EXCLUDED

    @property
    def is_hard_stop(self) -> bool:
        """Whether nobody may include a child whom this rule names."""
        return self in _HARD_STOPS

    @property
    def words(self) -> str:
        """The rule as a report says it."""
        return _WORDS[self]


_HARD_STOPS = frozenset({Rule.DIED, Rule.DEATH_ON_RECORD, Rule.DIED_SINCE, Rule.REFUSED_CONTACT})

_WORDS = {
    Rule.IN_CARE: "in care on the reference date, aged 8 or over",
    Rule.LEFT_CARE: "left care in the 12 months before, aged 8 or over",
    Rule.ASK_ADOPTED: "adopted (E11, E12): may not use the word care; adopters' agreement",
    Rule.ASK_FOUND_ADULT: "found by assessment to be 18 or over (E15)",
    Rule.ASK_ABROAD: "moved abroad (E16)",
    Rule.ASK_CUSTODY: "sentenced to custody (E9): on paper, if at all",
    Rule.ASK_UNKNOWN_ENDING: "left with a reason code that is not in the list",
    Rule.ASK_IN_TOUCH: "the care leavers' file says something of being in touch that is no code",
    Rule.DIED: "died (E2)",
    Rule.DEATH_ON_RECORD: "one entry says died (E2), another goes on: never asked, check it",
    Rule.DIED_SINCE: "died, says the care leavers' file (DIED)",
    Rule.REFUSED_CONTACT: "refuses contact, says the care leavers' file (REFU)",
    Rule.OTHER_COUNCIL: "another council took over the care (E3)",
    Rule.SHORT_BREAKS: "short breaks only (V3, V4)",
    Rule.NOT_AN_ENDING: "last episode ended with X1 or no reason: a gap, not an ending",
    Rule.LEFT_EARLIER: "left care more than 12 months before",
    Rule.UNDER_8: "under 8 on the reference date",
    Rule.NOT_YET_IN_CARE: "came into care after the reference date",
    Rule.NO_EPISODES: "in the header file only: no episode",
    Rule.LEAVERS_LIST_ONLY: "in the care leavers' list only (List 9): left care before List 8",
    Rule.NO_DATE_OF_BIRTH: "no usable date of birth",
    Rule.UNREADABLE: "an episode row cannot be used: correct it and import again",
}

STOPPED_BY_LEAVERS_FILE = frozenset({Rule.DIED_SINCE, Rule.REFUSED_CONTACT})
"""Hard stops that a return without a care leavers' file knows nothing of."""

ASK_BY_ENDING = {
    "E11": Rule.ASK_ADOPTED,
    "E12": Rule.ASK_ADOPTED,
    "E15": Rule.ASK_FOUND_ADULT,
    "E16": Rule.ASK_ABROAD,
    "E9": Rule.ASK_CUSTODY,
}

ENDINGS = frozenset(ASK_BY_ENDING) | {
    "E2",
    "E3",
    "E4A",
    "E4B",
    "E5",
    "E6",
    "E7",
    "E8",
    "E13",
    "E14",
    "E17",
    "E41",
    "E45",
    "E46",
    "E47",
    "E48",
}
"""Reason-ceased codes that end a period of care."""


class Warned(StrEnum):
    """What looks wrong about a record although a rule could be applied to it."""

    ADULT_IN_CARE = "18 or over, yet recorded as in care"
    TOO_OLD_TO_HAVE_LEFT = "19 or over, yet recorded as having left care within 12 months"
    SEVERAL_OPEN = "several episodes open at once"
    OPEN_WITH_ENDING = "a reason for leaving, but no end date: taken as in care"
