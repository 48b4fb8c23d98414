"""A workbook that somebody else wrote, for another tool: what it becomes, and what is assumed."""

import pytest

from questionnaires.interchange.reading import read_version
from questionnaires.model import Condition, NonAnswer, QuestionType
from questionnaires.responses import Chosen, Number
from questionnaires.routing import path

SURVEY = (
    ("type", "name", "label::English (en)", "label::Français (fr)", "hint::English (en)",
     "relevant", "constraint", "appearance", "parameters", "required"),
    ("note", None, "Tell us about your lunch.", "Parlez-nous de votre déjeuner."),
    ("begin group", "about_lunch", "About lunch", "Le déjeuner"),
    ("select one yes_no", "eats_lunch", "Do you eat lunch?", "Déjeunez-vous ?", None, None, None,
     None, None, "no"),
    ("select_multiple dishes", "dishes_liked", "What do you like?", "Qu'aimez-vous ?", None,
     "${eats_lunch} = 'yes'", "not(selected(., 'nothing') and count-selected(.) > 1)"),
    ("range", "hunger", "How hungry are you?", None, "Think of today.\n0: Not at all\n10: Very"),
    ("text", "wish", "What would you like?", None, None,
     "${hunger} >= 7 and not(selected(${dishes_liked}, 'nothing'))", "string-length(.) <= 200"),
    ("end group",),
    ("begin_group", "how_it_is", "How it is", None, None, "${eats_lunch} = 'yes'"),
    ("begin_group", "canteen", "The canteen is …", None, None, None, None, "table-list"),
    ("select_one agree", "warm", "Warm"),
    ("select_one agree", "quiet", "Quiet"),
    ("end_group",),
    ("note", "thanks", "Nearly done"),
    ("rank meals", "best", "Which is best?"),
    ("date", "started", "Since when?", None, None, None,
     ". >= date('2020-01-01') and . <= date('2026-12-31')", "month-year"),
    ("end_group",),
    ("select_one age", "age", "How old are you?"),
)  # fmt: skip
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::Français (fr)"),
    ("yes_no", "yes", "Yes", "Oui"),
    ("yes_no", "no", "No", "Non"),
    ("dishes", "soup", "Soup"),
    ("dishes", "cake", "Cake"),
    ("dishes", "nothing", "Nothing"),
    ("meals", "early", "Early lunch"),
    ("meals", "late", "Late lunch"),
    ("meals", "none", "None"),
    ("agree", 1, "True"),
    ("agree", 2.0, "Not true"),
    ("agree", "_rather_not_say", "I'd rather not say"),
    ("age", "under_16", "Under 16"),
    ("age", "over_16", "16 or over"),
)
SETTINGS = (
    ("form_title", "form_id", "default_language"),
    ("Lunch", "school_lunch", "English (en)"),
)


@pytest.fixture
def lunch(make):
    return read_version(make(SURVEY, CHOICES, SETTINGS))


def question(imported, name):
    (found,) = [one for one in imported.survey.questionnaires[0].questions if one.id == name]
    return found


def when(imported, name):
    (found,) = [page for page in imported.survey.questionnaires[0].pages if page.id == name]
    return found.when


def test_head_is_what_is_said_and_what_is_sensible(lunch):
    (version,) = lunch.survey.questionnaires
    assert (lunch.survey.id, version.id, version.title) == ("school_lunch", "school-lunch", "Lunch")
    assert (version.look, version.reading, version.audience) == ("desk", "adult", "adult")
    assert version.welcome == ("Tell us about your lunch.",)
    assert [section.id for section in version.sections] == ["about_lunch", "how_it_is", "questions"]
    assert version.sections[2].title == "Lunch"


def test_questions_have_their_types_words_and_options(lunch):
    kinds = {one.id: one.type for one in lunch.survey.questionnaires[0].questions}
    assert kinds == {
        "eats_lunch": QuestionType.CHOICE,
        "dishes_liked": QuestionType.CHOICES,
        "hunger": QuestionType.LADDER,
        "wish": QuestionType.TEXT,
        "warm": QuestionType.CHOICE,
        "quiet": QuestionType.CHOICE,
        "best": QuestionType.RANKING,
        "started": QuestionType.MONTH,
        "age": QuestionType.CHOICE,
    }
    assert question(lunch, "eats_lunch").short == "Do you eat lunch?"
    hunger = question(lunch, "hunger")
    assert (hunger.hint, hunger.low_label, hunger.high_label) == (
        "Think of today.", "Not at all", "Very",
    )  # fmt: skip
    assert [one.code for one in question(lunch, "warm").options] == ["1", "2"]
    assert question(lunch, "warm").non_answers == {NonAnswer.RATHER_NOT_SAY: "I'd rather not say"}
    assert question(lunch, "wish").max_length == 200
    assert (question(lunch, "started").earliest_year, question(lunch, "started").latest_year) == (
        2020, 2026,
    )  # fmt: skip


def test_a_list_is_a_scale_unless_it_is_called_like_its_question(lunch):
    assert question(lunch, "eats_lunch").scale == "yes_no"
    assert question(lunch, "age").scale is None
    assert "age:" not in lunch.files["scales.yaml"]


def test_conditions_are_ours_and_a_group_hands_its_own_on(lunch):
    eats = Condition(question="eats_lunch", is_=("yes",))
    assert when(lunch, "eats_lunch") is None
    assert when(lunch, "dishes_liked") == eats
    assert when(lunch, "wish") == Condition(
        all_=(
            Condition(question="hunger", at_least=7),
            Condition(not_=Condition(question="dishes_liked", is_=("nothing",))),
        )
    )
    for name in ("warm", "quiet", "thanks", "best", "started"):
        assert when(lunch, name) == eats
    assert when(lunch, "age") is None


def test_a_table_is_a_battery(lunch):
    pages = {page.id: page for page in lunch.survey.questionnaires[0].pages}
    assert pages["warm"].battery == pages["quiet"].battery
    assert (pages["warm"].battery.id, pages["warm"].battery.text) == ("canteen", "The canteen is …")


def test_it_can_be_answered(lunch):
    (version,) = lunch.survey.questionnaires
    answers = {"eats_lunch": Chosen(("no",)), "hunger": Number(9)}
    assert [page.id for page in path(version, answers)] == ["eats_lunch", "hunger", "wish", "age"]


def test_translations_are_handed_back(lunch):
    assert lunch.translations == {
        "fr": {
            "Tell us about your lunch.": "Parlez-nous de votre déjeuner.",
            "About lunch": "Le déjeuner",
            "Do you eat lunch?": "Déjeunez-vous ?",
            "What do you like?": "Qu'aimez-vous ?",
            "Yes": "Oui",
            "No": "Non",
        }
    }


def test_what_was_assumed_is_told(lunch):
    told = [(fault.sheet, fault.row, fault.message) for fault in lunch.warnings]
    assert told == [
        ("settings", 2, "Not said here, so assumed: heard_audience: adult, heard_audience_label: "
         "Everybody, heard_look: desk, heard_reading: adult, heard_minutes: 2, heard_survey: "
         "school_lunch, heard_survey_title: Lunch, heard_respondents: respondents."),
        ("settings", 2, "“school_lunch” becomes “school-lunch” here."),
        ("survey", 15, "How many are put in order is not said, so 2 were taken."),
    ]  # fmt: skip


def test_plain_columns_and_a_sheet_called_survey_are_enough(make):
    survey = (
        ("Type", "Name", "Label"), ("text", "wish", "Your wish?"), ("text", "more", "More?"),
    )  # fmt: skip
    imported = read_version(make(survey, choices=None))
    (version,) = imported.survey.questionnaires
    assert [one.text for one in version.questions] == ["Your wish?", "More?"]
    assert {one.max_length for one in version.questions} == {500}
    assert imported.translations == {}
    assert version.welcome == ("Lunch",)


@pytest.mark.parametrize(
    ("survey", "settings", "warning"),
    [
        (
            (("type", "name", "label", "appearance"), ("select_one yn", "q", "Q?", "likert")),
            None,
            ("survey", 2, "The appearance “likert” is not used: the site has its own look."),
        ),
        (
            (("type", "name", "label", "remarks"), ("select_one yn", "q", "Q?", "ask Jo")),
            None,
            ("survey", 1, "The column “remarks” is not part of the standard and is not read."),
        ),
        (
            (
                ("type", "name", "label", "constraint_message"),
                ("select_one yn", "q", "Q?", "No!"),
            ),
            None,
            ("survey", 1, "“constraint_message” is not used here."),
        ),
        (
            (("type", "name", "label", "hint"), ("select_one yn", "q", "Q?"), (None, None, None, "x")),
            None,
            ("survey", 3, "The row has no type and no name, so it is not read."),
        ),
        (
            (("type", "name", "label"), ("select_one yn", "q", "Q?")),
            (("form_title", "form_id", "style"), ("Lunch", "lunch", "pages")),
            ("settings", 1, "“style” is not used here."),
        ),
    ],
    ids=lambda value: str(value)[-40:],
)  # fmt: skip
def test_what_means_nothing_here_is_told_and_left_out(make, survey, settings, warning):
    given = {"settings": settings} if settings else {}
    imported = read_version(make(survey, **given))
    assert warning in [(fault.sheet, fault.row, fault.message) for fault in imported.warnings]
