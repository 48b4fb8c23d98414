"""Everything that an author of a questionnaire can be told, in one place.

In: nothing. Out: sayings with ``{places}`` to fill in. Written for people who write questions,
so they name what is in the file and say what to do, and never speak of models or validators.
"""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires.faults import Severity


@dataclass(frozen=True, slots=True)
class Saying:
    """A message, what to do about it, and how grave it is."""

    message: str
    advice: str = ""
    severity: Severity = Severity.ERROR


def _warning(message: str, advice: str) -> Saying:
    return Saying(message, advice, Severity.WARNING)


# Reading files

NO_SUCH_FILE = Saying("This file does not exist.", "Write it, or take its name out of the list.")
UNREADABLE_FILE = Saying("This file cannot be read.", "Save it as UTF-8 text.")
NOT_A_MAPPING = Saying("This file should hold names and values.", "Begin with `name: value`.")
NOT_YAML = Saying(
    "The file stops making sense here ({problem}).",
    "Look at this line and the one before: indent, quotes around words with a colon, brackets.",
)
REPEATED_KEY = Saying("“{key}” is written twice in the same place.", "Keep one of the two.")
ANCHOR_LOOP = Saying("This repeats something that contains itself.", "Write it out in full.")

# The shape of what is written

MISSING = Saying("“{field}” is missing.", "{help}")
UNKNOWN_FIELD = Saying("“{field}” is not something that can be said here.", "{help}")
NOT_WORDS = Saying(
    "“{field}” should be words, but {value} is read as {kind}.",
    'Put quotes around it: "{plain}".',
)
NOT_A_NUMBER = Saying("“{field}” should be a whole number, not {value}.", "Write digits only.")
OUT_OF_RANGE = Saying("“{field}” is {value}, which is out of range: it {limit}.", "{help}")
NOT_TRUE_OR_FALSE = Saying("“{field}” should be true or false, not {value}.")
NOT_A_LIST = Saying("“{field}” should be a list.", "Put it in square brackets: [{plain}].")
NOT_NAMES_AND_VALUES = Saying("“{field}” should hold names and values.", "{help}")
EMPTY = Saying("“{field}” is empty.", "{help}")
TOO_FEW = Saying("“{field}” holds too few things.", "{help}")
NOT_ONE_OF = Saying("“{field}” cannot be {value}.", "Choose one of: {choices}.")
BAD_NAME = Saying(
    "“{field}” cannot be {value}.",
    "Use small letters, digits and underscores, beginning with a letter, e.g. feels_safe.",
)
BAD_CODE = Saying(
    "“{field}” cannot be {value}.",
    "A code is small letters, digits and underscores, e.g. most_of_the_time.",
)
BAD_THEME = Saying("{value} is not a theme.", "Themes are L, S or X and a number, e.g. L6.")
BAD_QUESTIONNAIRE_NAME = Saying(
    "“{field}” cannot be {value}.", "Use small letters, digits and hyphens, e.g. care4me-8-10."
)
OTHER = Saying("“{field}” cannot be {value}: {problem}.")
CONDITION_FORM = Saying(
    "This condition says too much, too little, or something empty.",
    "Write a question with exactly one of is, is_not, answered, at_least, at_most; "
    "or exactly one of all, any, not.",
)

# Surveys and their files

NO_VERSIONS = Saying("The survey has no versions.", 'List them: versions: ["8-10", "11-15"].')
REPEATED_VERSION = Saying("The version {version} is listed twice.", "Keep one of the two.")
STRAY_FILE = Saying(
    "This file belongs to no version of the survey.",
    "Add its name to `versions` in survey.yaml, or take the file away.",
)
WRONG_AUDIENCE = Saying(
    "The audience is {audience}, but the file is called {file}.",
    "The file is named after its audience.",
)
REPEATED_SURVEY = Saying(
    "The survey {survey} is already in {other}.", "Every survey has its own name."
)
REPEATED_QUESTIONNAIRE = Saying(
    "The questionnaire {questionnaire} is already in {other}.",
    "Every version has its own name; earlier responses carry it.",
)
NO_SURVEYS = Saying("There is no survey here.", "A survey is a folder that holds a survey.yaml.")

# Pages and questions

PAGE_IS_WHAT = Saying(
    "A page is either a question or information.",
    "Begin it with `question: name` or with `information: name`.",
)
NO_PAGES = Saying("This section has no pages.", "Give it a question, or take it away.")
INFORMATION_SAYS_NOTHING = Saying(
    "This information page has no words.", "Give it a heading or a body."
)
REUSED_PAGE = Saying(
    "“{page}” is already used on line {line}.",
    "Every page of a questionnaire has its own name.",
)
REUSED_SECTION = Saying("The section “{section}” is already used on line {line}.", "Rename one.")
UNKNOWN_SCALE = Saying("There is no scale called “{scale}”.", "{help}")
SCALE_AND_OPTIONS = Saying(
    "The question has a scale and options of its own.", "Keep one of the two."
)
TOO_FEW_OPTIONS = Saying(
    "A {type} question needs at least two options.", "Write `options:` or name a `scale:`."
)
NOT_FOR_TYPE = Saying("“{field}” has no meaning for a {type} question.", "Take it away.")
YES_NO_IS_TWO = Saying("A yes_no question has two options.", "Make it a `choice`.")
RANKING_WITHOUT_PLACES = Saying(
    "A ranking question needs “places”, fewer than its options.",
    "Say how many are to be put in order, e.g. places: 3.",
)
MONTH_WITHOUT_YEARS = Saying(
    "A month question needs “earliest_year” and “latest_year”.",
    "Say between which years the answer lies, e.g. earliest_year: 2000, latest_year: 2030.",
)
PIPED_UNDECLARED = Saying(
    "The text names the answer to “{name}”, which does not stand under “piped”.",
    "Add it there, with the words to show when it was not answered.",
)
PIPED_UNUSED = Saying("“{name}” is piped, but no text names it.", "Take it away.")
PIPED_FROM_WHAT = Saying(
    "“{name}” cannot be named in the text.",
    "Only the answer to an earlier question with one option can.",
)
BATTERY_IS_WHAT = Saying(
    "A battery needs a text, a scale and a list of questions.",
    "Write battery, text, scale and questions; each question has question, text and short.",
)
BATTERY_HAS_IT = Saying(
    "“{field}” is said once for the whole battery.", "Take it away from the question."
)
TEXT_WITHOUT_LENGTH = Saying(
    "A text question needs “max_length”.",
    "Say how many characters may be written, e.g. max_length: 500. Every response is padded "
    "to the longest that is possible, so keep it modest.",
)
LADDER_WITHOUT_WORDS = Saying(
    "A ladder needs words at both ends.", "Write `low_label:` for 0 and `high_label:` for 10."
)
REPEATED_CODE = Saying("The code “{code}” is used twice.", "Every option has its own code.")
REPEATED_LABEL = Saying("Two options read “{label}”.", "Nobody could tell them apart.")
EXCLUSIVE_NEEDS_CHOICES = Saying(
    "Only a question with several answers can have an option that stands alone.",
    "Take `exclusive` away, or make the type `choices`.",
)
NOT_OFFERABLE = Saying(
    "“{code}” cannot be offered as an answer.",
    "Skipping is always possible. These can be offered: {choices}.",
)

# Conditions

UNKNOWN_QUESTION = Saying(
    "The condition asks about “{question}”, which is not in this questionnaire.", "{help}"
)
LATER_QUESTION = Saying(
    "The condition asks about “{question}”, which comes later.",
    "A page can only depend on questions before it. Move one of them.",
)
OWN_QUESTION = Saying("The question depends on its own answer.", "Take the condition away.")
NOT_A_QUESTION = Saying(
    "The condition asks about “{question}”, which is an information page.",
    "Only questions have answers.",
)
UNKNOWN_CODE = Saying("“{question}” has no option “{code}”.", "Its options are: {choices}.")
NON_ANSWER_CODE = Saying(
    "“{code}” is not an option but a way of giving no answer.",
    "Use `answered: false` for everyone who gave no answer to “{question}”.",
)
OPERATOR_NOT_FOR_TYPE = Saying(
    "“{operator}” cannot be used on “{question}”, which is a {type} question.",
    "Use {choices}.",
)
NOT_ON_LADDER = Saying("{value} is not on the ladder.", "A ladder goes from 0 to 10.")

# Whether it can be reached and compared

UNREACHABLE = Saying(
    "Nobody can ever be asked this: its condition cannot hold.",
    "Look for answers that exclude each other, or for a question that is itself never asked.",
)
OTHER_TYPE = Saying(
    "“{page}” is a {type} question here and a {other_type} question in {other}.",
    "One name means one thing in every version. Rename one of them.",
)
OTHER_TOPIC = Saying(
    "“{page}” is about {topic} here and about {other_topic} in {other}.",
    "One name means one thing in every version. Rename one of them, or mend the topic.",
)
OTHER_GROUP = Saying(
    "“{page}” belongs to the group {group} here and to {other_group} in {other}.",
    "One name means one thing in every version.",
)
OTHER_VALENCE = Saying(
    "The option “{code}” is {valence} here and {other_valence} in {other}.",
    "Versions are counted together, so one code points one way.",
)
NOT_RECORDED = _warning(
    "The option codes of this survey have not been recorded.",
    "Run `flask questionnaires freeze` before the first wave, so that a later change is noticed.",
)
CODE_CHANGED = Saying(
    "“{label}” was recorded as “{recorded}” and is now “{code}”.",
    "Labels may change, codes may not: stored answers carry them. Put the code back.",
)
OPTION_MISSING = Saying(
    "The option “{code}” (“{label}”) has been asked before and is missing.",
    "Put it back, or give the question a new name.",
)
OPTION_NEW = _warning(
    "The option “{code}” is new since the codes were recorded.",
    "Waves with and without it are hard to compare. If it is meant, freeze again.",
)
MEANING_CHANGED = Saying(
    "“{page}” was recorded as {recorded} and is now {now}.",
    "A question that means something else needs a new name.",
)
LOPSIDED = _warning(
    "Every option that points somewhere points to {valence}.",
    "An answer seems to be missing: people need a way to say the opposite.",
)

# Respect

NO_WAY_OUT = _warning(
    "The question offers no way to say “I don't know” or “I'd rather not say”.",
    "Add `non_answers:`. Skipping is always possible, but it does not say why.",
)
GROUP_UNKNOWN = Saying("There is no group “{group}”.", "The groups are: {choices}.")
GROUP_NOT_BANDED = Saying(
    "A question that divides tables needs a few fixed answers.", "Make it a choice, in bands."
)
GROUP_WITHOUT_REFUSAL = Saying(
    "A question about the person needs “rather_not_say”.",
    'Add `non_answers: {{rather_not_say: "I\'d rather not say"}}`.',
)
GROUP_NOT_LAST = Saying(
    "Questions about the person come last, and “{group}” comes before this.",
    "Move this up, to the questions of its kind.",
)

# Wording

ALLOW_UNKNOWN = Saying("“{name}” is not a check that can be excused.", "{help}")
TOO_LONG = Saying(
    "The question has {count} words; at reading level {reading} it may have {most}.",
    "Say it shorter, or move something to the hint.",
)
TWO_IN_ONE = _warning(
    "“{words}” may ask two things at once.",
    "Ask one, or make two questions. If it is one thing, write `allow: [two_in_one]` and why.",
)
TWO_QUESTIONS = Saying("This asks two things at once ({words}).", "Ask one, or make two questions.")
NEGATIVE = Saying(
    "“{words}” makes people answer the wrong way round.",
    "Ask it straight. If it must stand, write `allow: [negative]` and why.",
)
JARGON = Saying("“{words}” is office language at reading level {reading}.", "Say: {instead}.")
LONG_WORD = Saying(
    "“{word}” is a long word at reading level {reading}.",
    "Use a shorter one, or have it agreed and add it to long_words.yaml.",
)
SET_TOO_HARD = _warning(
    "All questions together read at {measure} {value:.1f}; at level {reading} the most is {most}.",
    "Shorten sentences and words.",
)

# How long it takes

MINUTES_SEVERITY = Severity.ERROR
"""An error as soon as every questionnaire of the repository states what was measured."""

MINUTES_NOT_MEASURED = Saying(
    "It states {stated} minutes; measured, the longest way takes {longest:.1f} and a typical one "
    "{typical:.1f}.",
    "Write `minutes: {fitting}`, and the same on the welcome page; or ask less.",
    MINUTES_SEVERITY,
)
MINUTES_SAID_OTHERWISE = Saying(
    "The welcome page says {said} minutes, and `minutes` is {stated}.",
    "Say the same in both places.",
    MINUTES_SEVERITY,
)
