"""Everything that an author of a workbook can be told, in one place.

In: nothing. Out: sayings with ``{places}`` to fill in. They name what is in the sheet and say what
to do, and speak of rows and columns, never of parsers.
"""

from __future__ import annotations

from questionnaires.faults import Severity
from questionnaires.messages import Saying


def _warning(message: str, advice: str = "") -> Saying:
    return Saying(message, advice, Severity.WARNING)


# The file

NOT_XLSX = Saying(
    "This is not an .xlsx workbook, or it is damaged.",
    "Open it in a spreadsheet program and save it as “Excel workbook (.xlsx)”.",
)
TOO_LARGE = Saying(
    "The workbook is too large to be a questionnaire ({what}).",
    "Take out pictures, other sheets and empty rows.",
)
NO_SHEET = Saying("There is no sheet called “{sheet}”.", "Every XLSForm has one.")
EMPTY_SHEET = Saying("The sheet is empty.", "Write headings in row 1 and one thing in every row.")
MISSPELT_SHEET = Saying("The sheet “{sheet}” is not read.", "Did you mean “{near}”?")
OTHER_SHEET = Saying("The sheet “{sheet}” cannot be used here.", "Options stand on “choices”.")
MERGED = Saying("The cells {cells} are merged.", "Unmerge them: every row stands for itself.")
FORMULA = Saying(
    "The cell under “{column}” is a formula.", "Put its result there, as text (paste values)."
)
NOT_TEXT = Saying("The cell under “{column}” is {kind}.", "Write it as text.")

# Columns

NO_HEADING = Saying("A cell stands under no heading.", "Give its column a name in row 1.")
REPEATED_HEADING = Saying("Two columns are called “{column}”.", "Keep one of the two.")
MISSPELT_HEADING = Saying("The column “{column}” is not known.", "Did you mean “{near}”?")
COLUMN_NOT_READ = _warning(
    "The column “{column}” is not part of the standard and is not read.", "Nothing else is lost."
)
COLUMN_NOT_USED = _warning("“{column}” is not used here.", "{help}")
CANNOT_BE_SAID = Saying("“{column}” cannot be used here.", "{help}")
NOT_HERE = Saying("“{column}” has no meaning in a row of the type “{type}”.", "Clear the cell.")
BAD_VALUE = Saying("“{column}” cannot be “{value}”.", "Choose one of: {choices}.")
NOT_A_NUMBER = Saying("“{column}” should be a whole number, not “{value}”.", "Write digits only.")
MISSING = Saying("“{column}” is missing.", "{help}")
NOT_A_FILE_NAME = Saying(
    "“{column}” cannot be “{value}”, because a file is called so.",
    "Use letters, digits, hyphens and underscores.",
)
SETTINGS_ROWS = Saying("The settings have more than one row.", "Keep one.")
ASSUMED = _warning(
    "Not said here, so assumed: {assumed}.", "Look at the head of the file that was written."
)
NAME_CHANGED = _warning("“{written}” becomes “{name}” here.")

# Languages

LANGUAGE_WITHOUT_CODE = Saying(
    "The column “{column}” does not say which language it is.",
    "Write the code in brackets, e.g. label::Cymraeg (cy).",
)
WHICH_LANGUAGE = Saying(
    "It is not clear which language the questionnaire is written in.",
    "Name it under “default_language” on the sheet “settings”, e.g. English (en).",
)
TRANSLATED_TWICE = Saying(
    "“{text}” is translated in two ways.", "One text has one translation in every language."
)
TRANSLATION_OF_NOTHING = Saying(
    "There is a translation of “{column}”, but nothing that it translates.",
    "Fill in the cell of the questionnaire's own language.",
)
PARTS_DIFFER = Saying(
    "The translation of “{column}” has other parts than the text.",
    "Keep the same paragraphs, and the lines that begin with 0: and 10:.",
)

# Rows

NO_TYPE = Saying("The row has no type.", "Write one, e.g. select_one yes_no, text or note.")
COMMENT = _warning("The row has no type and no name, so it is not read.")
UNKNOWN_TYPE = Saying("“{type}” cannot be asked here.", "{help}")
RECORDS_THE_PERSON = Saying(
    "“{type}” records when, where or on what somebody answers.",
    "Nothing of the kind is kept here. Take the row away.",
)
REPEAT = Saying("Questions cannot be repeated here.", "Write each of them once.")
CALCULATION = Saying(
    "A calculation can only name an earlier answer in a text.",
    "Call the row question-from-other, with this calculation: {expected}",
)
CALCULATION_UNUSED = Saying("No text names “{name}”.", "Take the row away.")
EXTERNAL = Saying("Options cannot come from another file.", "Write them on the sheet “choices”.")
OR_OTHER = Saying(
    "“or_other” cannot be used here.",
    "Add an option “other”, and a text question that is relevant when it is chosen.",
)
NO_NAME = Saying("The row has no name.", "Write a name, e.g. feels_safe.")
REPEATED_NAME = Saying("“{name}” is already used in row {row}.", "Every name stands once.")
NOT_OPENED = Saying("A group ends here that has not begun.", "Take the row away.")
NOT_CLOSED = Saying("The group “{name}” does not end.", "Add a row with the type end_group.")
NESTED = Saying(
    "A group inside a group can only be a battery: like questions on one list.",
    "Give it the appearance table-list, or take it away.",
)
EMPTY_GROUP = Saying("The group “{name}” holds nothing.", "Take it away.")
IN_BATTERY = Saying("“{type}” cannot stand in a battery.", "Move it out of the group.")
BATTERY_LISTS = Saying(
    "The questions of a battery share one list; here they have {lists}.",
    "Name one list, with a name like feels_safe that is no question's name.",
)
PAGE_GROUP = Saying(
    "The group “{name}” should hold the question “{question}”, with its wordings before it and "
    "its ways of giving no answer after it.",
    "Put the rows in this order, or take the group away.",
)
CONTINUED_LABEL = Saying(
    "The label should be “{mark}”.", "What it says stands in the rows above, in the same group."
)
WORDING_ORDER = Saying(
    "The wordings of “{question}” do not exclude each other in turn.",
    "Here “relevant” should be: {expected}",
)
NOT_BEFORE = Saying(
    "“relevant” of this row should be: {expected}", "It follows its question on one screen."
)
LADDER_RANGE = Saying("A ladder goes from 0 to 10 in steps of 1.", "Write: start=0 end=10 step=1")
LADDER_ENDS = Saying(
    "A ladder needs words at both ends.",
    "End the hint with two lines: “0: Not at all” and “10: Completely”.",
)
PLACES_ASSUMED = _warning(
    "How many are put in order is not said, so {places} were taken.", "Write it in “{column}”."
)
TOO_MANY_TO_RANK = Saying(
    "All {count} options cannot be put in order: at most 5 can.",
    "Say how many under “{column}”.",
)
MONTHS_ONLY = Saying(
    "Only a month and a year can be asked for, never a day.", "Give it the appearance {appearance}."
)
LENGTH_ASSUMED = _warning(
    "No limit is written, so {length} characters were taken.",
    "Write one in “constraint”: string-length(.) <= {length}",
)
STYLE_NOT_USED = _warning("The appearance “{appearance}” is not used: the site has its own look.")
UNKNOWN_APPEARANCE = Saying("The appearance “{appearance}” cannot be used here.", "Clear it.")
LABEL_REFERENCE = Saying(
    "The text names “${{{name}}}”.",
    "Only the answer to a question with one option can be named. Add a calculate row called "
    "{question}-from-{name} and write ${{{question}-from-{name}}}.",
)
NO_REFERENCE = Saying(
    "This text names an answer.", "Only the text and the hint of a question can do that."
)

# Choices

NO_LIST = Saying("The row names no list.", "Write it after the type, e.g. select_one yes_no.")
UNKNOWN_LIST = Saying("There is no list “{list}” on the sheet “choices”.", "{help}")
LIST_UNUSED = _warning("No question uses the list “{list}”, so it is not read.")
REPEATED_CHOICE = Saying("“{name}” stands twice in the list “{list}”.", "Keep one of the two.")
UNKNOWN_NON_ANSWER = Saying(
    "“{name}” is not a way of giving no answer.", "These can be used: {choices}."
)
NON_ANSWER_FIRST = Saying(
    "“{name}” stands before an option.", "Ways of giving no answer come last in their list."
)
NON_ANSWER_NOT_HERE = Saying(
    "The list “{list}” holds “{name}”, which cannot be put in order.",
    "Put it in a list of its own; see docs/decisions/0009-xlsform.md.",
)
ONLY_NON_ANSWERS = Saying(
    "The list “{list}” should hold nothing but ways of giving no answer.",
    "These can be used: {choices}.",
)
UNKNOWN_OPTION = Saying("The list “{list}” has no “{name}”.", "{help}")
SCALE_DIFFERS = Saying(
    "The lists of the scale “{scale}” differ in their options, or in which are chosen alone.",
    "Make them alike, or give one of them another name.",
)

# Expressions

_BUILT_FROM = (
    "Conditions are built from ${{name}} = 'code', selected(${{name}}, 'code'), ${{name}} != '', "
    ">= and <=, and, or, not()."
)
NOT_UNDERSTOOD = Saying("“{text}” is not understood from “{at}” on.", _BUILT_FROM)
NOT_EXPRESSIBLE = Saying("“{text}” cannot be said here.", _BUILT_FROM)
NOT_OUR_NAME = Saying(
    "“{name}” cannot be used as a name or a code here.",
    "Use small letters, digits and underscores, e.g. feels_safe.",
)
TOO_DEEP = Saying("The expression has too many brackets.", "Write it more simply.")
UNKNOWN_REFERENCE = Saying("There is no question “{name}”.", "{help}")
NEEDS_SELECTED = Saying(
    "“{name}” can have several answers, so it is not equal to one.",
    "Write: selected(${{{name}}}, '{code}')",
)
NOT_COMPARABLE = Saying(
    "“{name}” cannot be compared in this way.",
    "A question with options is compared with = and a code, a ladder with >= or <=.",
)
COUNTS_AS_SILENCE = Saying(
    "“{name}” has several ways of giving no answer, and this names one of them.",
    "Name all of them. Answered: {answered} Not answered: {silent}",
)
CONSTRAINT_NOT_EXPRESSIBLE = Saying(
    "This constraint cannot be kept here.", "For this type of question it can be: {expected}"
)

# Writing

CANNOT_BE_WRITTEN = Saying("{what} cannot be written in a workbook.", "{help}")
LOST_ON_THE_WAY = Saying(
    "What was written reads back differently, so it was not kept.",
    "Look for unusual characters: ${{, carriage returns, blank lines inside a paragraph.",
)
FIELD_WITHOUT_A_PLACE = Saying(
    "The field {field} has no place in a workbook yet.", "Add it to interchange/columns.py."
)
