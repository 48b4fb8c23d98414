"""The instruments themselves: what every version has to ask, and how it has to speak."""

import math
import re
from pathlib import Path

import pytest

from questionnaires.loading import load_surveys
from questionnaires.model import NonAnswer, QuestionType, Valence
from questionnaires.reading_level import words
from questionnaires.wording import head_texts, page_texts

ROOT = Path(__file__).parents[2] / "questionnaires"
SURVEYS = load_surveys(ROOT)
VERSIONS = {
    (survey.id, questionnaire.audience): questionnaire
    for survey in SURVEYS.values()
    for questionnaire in survey.questionnaires
}
YOUNGEST = [("care4me", "8-10"), ("aftercare", "8-10")]

# The rows of the topic tables that each version asks, and the open questions at the end.
TOPICS = {
    ("care4me", "8-10"): (
        "C01 C02 C04 C05 C06 C07 C08 C09 C10 C11 C14 C15 C16 C18 C19 C20 C22 C23 C24 C25 C26 "
        "C28 C29 C30 C32 C35 O1 O2"
    ),
    ("care4me", "11-15"): (
        "C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 "
        "C22 C23 C24 C25 C26 C27 C28 C29 C30 C31 C32 C33 C34 C35 C36 C37 O1 O2 O3"
    ),
    ("care4me", "16-17"): (
        "C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 "
        "C22 C23 C24 C25 C26 C27 C28 C29 C30 C31 C32 C33 C34 C35 C36 C37 C38 C39 C40 O1 O2 O3"
    ),
    ("aftercare", "8-10"): "A01 A02 A03 A04 A05 A06 A07 A08 A09 A15 A18 A20 O2",
    ("aftercare", "11-15"): "A01 A02 A03 A04 A05 A06 A07 A08 A09 A15 A18 A20 O1 O2",
    ("aftercare", "16+"): (
        "A01 A02 A03 A04 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 O1 O2 O3"
    ),
    ("social_workers", "adult"): ("W01 W02 W03 W04 W05 W06 W07 W08 W09 W10 W11 W12 W13 W14 O1 O2"),
    ("safeguarding_partners", "adult"): "P01 P02 P03 P04 P05 P06 P07 P08 P09 P10 O1",
}

# Closed questions beside those about the person, and open questions.
ITEMS = {
    ("care4me", "8-10"): (26, 2),
    ("care4me", "11-15"): (45, 3),
    ("care4me", "16-17"): (51, 3),
    ("aftercare", "8-10"): (12, 1),
    ("aftercare", "11-15"): (19, 2),
    ("aftercare", "16+"): (43, 3),
    ("social_workers", "adult"): (40, 2),
    ("safeguarding_partners", "adult"): (22, 1),
}

GROUPS = {
    "care4me": "where_i_live time_in_care gender ethnic_group disability came_alone",
    "aftercare": "where_i_live time_in_care gender ethnic_group disability came_alone",
    "social_workers": "role team_size",
    "safeguarding_partners": "role",
}

# Words a minute, and seconds to choose an answer.
READING_SPEED = {"8-10": (100, 4), "11-15": (150, 4), "16+": (200, 3), "adult": (230, 3)}


def is_about_the_person(question):
    return question.group is not None or question.id == "helped_by"


def about_a_topic(questionnaire):
    return [q for q in questionnaire.questions if not is_about_the_person(q)]


def texts_read(questionnaire):
    yield from (text for _, text in head_texts(questionnaire))
    for page in questionnaire.pages:
        yield from (text for _, text in page_texts(page))


every_version = pytest.mark.parametrize("version", VERSIONS, ids="/".join)


def test_the_surveys_and_their_versions():
    assert set(VERSIONS) == set(TOPICS)


@every_version
def test_every_row_of_the_topic_table_is_asked_and_no_other(version):
    assert {q.topic for q in about_a_topic(VERSIONS[version])} == set(TOPICS[version].split())


@every_version
def test_number_of_questions(version):
    questions = about_a_topic(VERSIONS[version])
    written = sum(q.type is QuestionType.TEXT for q in questions)
    assert (len(questions) - written, written) == ITEMS[version]


@every_version
def test_every_closed_question_says_which_themes_it_is_evidence_for(version):
    known = {f"L{n}" for n in range(1, 11)} | {"S1", "S2", "S3", "S4", "X1"}
    for question in about_a_topic(VERSIONS[version]):
        if question.type is not QuestionType.TEXT:
            assert question.themes, question.id
        assert set(question.themes) <= known, question.id


@pytest.mark.parametrize(
    ("surveys", "themes"),
    [
        (("care4me", "aftercare"), {f"L{n}" for n in range(1, 11)}),
        (("social_workers", "safeguarding_partners"), {"S1", "S2", "S3", "S4", "X1"}),
    ],
)
def test_every_theme_has_questions(surveys, themes):
    found = {
        theme
        for name in surveys
        for questionnaire in SURVEYS[name].questionnaires
        for question in questionnaire.questions
        for theme in question.themes
    }
    assert themes <= found


@pytest.mark.parametrize("name", SURVEYS)
def test_one_name_means_one_topic_and_has_one_chart_label(name):
    meanings = {}
    for questionnaire in SURVEYS[name].questionnaires:
        for question in questionnaire.questions:
            meaning = (question.topic, question.group, question.type, question.short)
            assert meanings.setdefault(question.id, meaning) == meaning


def test_one_name_has_one_chart_label_in_all_surveys_of_children():
    labels = {}
    for name in ("care4me", "aftercare"):
        for questionnaire in SURVEYS[name].questionnaires:
            for question in about_a_topic(questionnaire):
                assert labels.setdefault(question.id, question.short) == question.short


@every_version
def test_chart_labels_are_short_and_tell_questions_apart(version):
    labels = [question.short for question in VERSIONS[version].questions]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 45


@pytest.mark.parametrize("name", SURVEYS)
def test_groups_have_the_same_codes_in_every_version(name):
    codes = {}
    for questionnaire in SURVEYS[name].questionnaires:
        for question in questionnaire.questions:
            if question.group:
                offered = tuple(option.code for option in question.options)
                assert codes.setdefault(question.group, offered) == offered
    assert set(codes) == set(GROUPS[name].split())


@every_version
def test_questions_about_the_person_can_be_refused_and_point_nowhere(version):
    for question in filter(is_about_the_person, VERSIONS[version].questions):
        assert question.type is QuestionType.CHOICE
        assert NonAnswer.RATHER_NOT_SAY in question.non_answers, question.id
        assert {option.valence for option in question.options} == {Valence.NONE}, question.id


@every_version
def test_questions_about_the_person_come_last_but_for_the_home_after_care(version):
    survey, _ = version
    questions = VERSIONS[version].questions
    if survey == "aftercare":
        assert questions[0].id == "where_i_live"
        questions = questions[1:]
    kinds = [is_about_the_person(question) for question in questions]
    assert kinds == sorted(kinds)


@every_version
def test_only_those_who_may_have_come_alone_at_11_or_over_are_asked(version):
    survey, audience = version
    is_asked = any(q.id == "came_alone" for q in VERSIONS[version].questions)
    assert is_asked == (survey in {"care4me", "aftercare"} and audience != "8-10")


@every_version
def test_what_is_tender_can_be_refused(version):
    for question in VERSIONS[version].questions:
        if question.sensitive:
            assert NonAnswer.RATHER_NOT_SAY in question.non_answers, question.id


@every_version
def test_open_questions_ask_for_no_names_and_leave_enough_room(version):
    room = 500 if VERSIONS[version].reading == "8-10" else 1000
    for question in VERSIONS[version].questions:
        if question.type is QuestionType.TEXT:
            assert question.hint.startswith("Please do not write names")
            assert question.max_length == room


@every_version
def test_minutes_are_measured_and_told_in_the_welcome(version):
    questionnaire = VERSIONS[version]
    per_minute, seconds = READING_SPEED[questionnaire.reading]
    to_read = sum(len(words(text)) for text in texts_read(questionnaire))
    to_choose = len(questionnaire.questions) * seconds
    minutes = math.ceil(to_read / per_minute + to_choose / 60)
    assert questionnaire.minutes == minutes
    assert f"about {minutes} minutes" in " ".join(questionnaire.welcome)


@every_version
def test_faces_only_for_feelings_of_the_youngest(version):
    for question in VERSIONS[version].questions:
        if question.pictures == "faces":
            assert version in YOUNGEST
            assert question.scale == "feelings4"


@pytest.mark.parametrize("version", YOUNGEST, ids="/".join)
def test_words_never_put_to_the_youngest(version):
    never = ["placement", "contact", "LAC", "sibling", "siblings", "care plan", "review"]
    if version[0] == "aftercare":
        never += ["care leaver", "adopted", "adoption", "looked after", "AfterCare", "care"]
    text = "\n".join(texts_read(VERSIONS[version]))
    pattern = r"\b(?:" + "|".join(map(re.escape, never)) + r")\b"
    assert re.findall(pattern, text, re.IGNORECASE) == []


@every_version
def test_nothing_praises_hurries_or_shouts(version):
    text = "\n".join(texts_read(VERSIONS[version]))
    assert re.findall(r"!|\b(?:well done|great|thank|please answer all|and/or)\b", text, re.I) == []


@every_version
def test_the_welcome_leaves_promises_about_privacy_to_the_site(version):
    text = " ".join(VERSIONS[version].welcome)
    assert re.findall(r"secret|private|anonym|confiden|nobody|see your answers", text, re.I) == []


@pytest.mark.parametrize(
    ("name", "shown", "bad"),
    [
        ("hurt_by_other_children", "8-10", "yes_mostly"),
        ("bullied", "11-15", "yes"),
        ("treated_unfairly", "11-15", "yes"),
        ("changed_school_by_moving", "16-17", "yes"),
        ("missed_lessons", "11-15", "most_days"),
        ("social_workers_last_year", "8-10", "three_or_more"),
        ("safe_where_i_live", "8-10", "no"),
        ("safe_where_i_live", "16-17", "never"),
        ("time_with_parents", "11-15", "want_less"),
    ],
)
def test_bad_news_is_negative_in_care4me(name, shown, bad):
    assert valence("care4me", shown, name, bad) is Valence.NEGATIVE


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("lonely", "all_of_the_time"),
        ("may_lose_home", "yes"),
        ("worrying_debts", "yes"),
        ("left_at_right_time", "too_late"),
        ("settled", "never"),
    ],
)
def test_bad_news_is_negative_in_aftercare(name, bad):
    assert valence("aftercare", "16+", name, bad) is Valence.NEGATIVE


def valence(survey, audience, name, code):
    (question,) = (q for q in VERSIONS[survey, audience].questions if q.id == name)
    (option,) = (option for option in question.options if option.code == code)
    return option.valence


@pytest.mark.parametrize("reversed_name", ["a3", "f4", "y", "ag5"])
def test_a_reversed_scale_differs_in_direction_only(reversed_name):
    options = {}
    for questionnaire in VERSIONS.values():
        for question in questionnaire.questions:
            if question.scale in {reversed_name, f"{reversed_name}_reversed"}:
                options[question.scale] = question.options
    plain, turned = options[reversed_name], options[f"{reversed_name}_reversed"]
    assert [(o.code, o.label) for o in plain] == [(o.code, o.label) for o in turned]
    assert plain[0].valence is Valence.POSITIVE
    assert turned[0].valence is Valence.NEGATIVE
