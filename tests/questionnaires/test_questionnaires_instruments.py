"""The instruments themselves: what every version has to ask, and how it has to speak."""

import re
from pathlib import Path

import pytest

from analysis.items import items_of
from questionnaires.duration import duration_faults
from questionnaires.loading import load_surveys, load_with_places
from questionnaires.model import ONE_OPTION, NonAnswer, QuestionType, Valence
from questionnaires.reading_level import words
from questionnaires.wording import head_texts, page_texts
from surveys.inspections.frameworks import load_frameworks

HOUSE = Path(__file__).parents[2]
SURVEYS = load_surveys(HOUSE / "questionnaires")
FRAMEWORKS = load_frameworks(HOUSE / "config" / "frameworks")
VERSIONS = {
    (survey.id, questionnaire.audience): questionnaire
    for survey in SURVEYS.values()
    for questionnaire in survey.questionnaires
}
YOUNGEST = [("care4me", "8-10"), ("care4me", "easy-read"), ("aftercare", "8-10")]
NEVER_ASKED_WHETHER_ALONE = {"8-10", "easy-read"}  # under 11, or of any age
ADULT = [
    "social_workers", "staff", "safeguarding_partners", "third_sector", "carers",
    "residential_staff", "parents", "governance",
]  # fmt: skip

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
    ("care4me", "easy-read"): "C01 C04 C05 C08 C09 C11 C18 C19 C22 C24 C28 C29",
    ("aftercare", "8-10"): "A01 A02 A03 A04 A05 A06 A07 A08 A09 A15 A18 A20 O2",
    ("aftercare", "11-15"): "A01 A02 A03 A04 A05 A06 A07 A08 A09 A15 A18 A20 O1 O2",
    ("aftercare", "16+"): (
        "A01 A02 A03 A04 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 O1 O2 O3"
    ),
    ("social_workers", "adult"): ("W01 W02 W03 W04 W05 W06 W07 W08 W09 W10 W11 W12 W13 W14 O1 O2"),
    ("staff", "adult"): "T01 T02 T03 T04 T05 T06 T07 T08 T09 O1",
    ("safeguarding_partners", "adult"): "P01 P02 P03 P04 P05 P06 P07 P08 P09 P10 O1",
    ("third_sector", "adult"): "V01 V02 V03 V04 V05 V06 V07 V08 O1",
    ("carers", "adult"): "K01 K02 K03 K04 K05 K06 K07 K08 K09 K10 K11 K12 O1 O2",
    ("residential_staff", "adult"): "R01 R02 R03 R04 R05 R06 O1",
    ("parents", "adult"): "M01 M02 M03 M04 M05 M06 M07 M08 M09 O1 O2",
    ("governance", "adult"): "G01 G02 G03 G04 G05 G06 O1",
}

# The fifteen instruments: closed questions beside those about the person, open ones, and the look.
INSTRUMENTS = {
    ("care4me", "8-10"): (26, 2, "child"),
    ("care4me", "11-15"): (45, 3, "child"),
    ("care4me", "16-17"): (51, 3, "young"),
    ("care4me", "easy-read"): (12, 0, "child"),
    ("aftercare", "8-10"): (12, 1, "child"),
    ("aftercare", "11-15"): (19, 2, "child"),
    ("aftercare", "16+"): (43, 3, "young"),
    ("social_workers", "adult"): (40, 2, "desk"),
    ("staff", "adult"): (24, 1, "desk"),
    ("safeguarding_partners", "adult"): (22, 1, "desk"),
    ("third_sector", "adult"): (20, 1, "desk"),
    ("carers", "adult"): (26, 2, "desk"),
    ("residential_staff", "adult"): (20, 1, "desk"),
    ("parents", "adult"): (20, 2, "desk"),
    ("governance", "adult"): (16, 1, "desk"),
}

GROUPS = {
    "care4me": "where_i_live time_in_care gender ethnic_group disability came_alone",
    "aftercare": "where_i_live time_in_care gender ethnic_group disability came_alone",
    "social_workers": "role team_size",
    "staff": "role team_size",
    "safeguarding_partners": "role",
    "third_sector": "team_size",
    "carers": "role ethnic_group",
    "residential_staff": "role",
    "parents": "role ethnic_group disability",
    "governance": "role",
}


def is_about_the_person(question):
    return question.group is not None or question.id == "helped_by"


def about_a_topic(questionnaire):
    return [q for q in questionnaire.questions if not is_about_the_person(q)]


def texts_read(questionnaire):
    """Every text of a version once; what a battery has in common is read once for all of it."""
    yield from (text for _, text in head_texts(questionnaire))
    begun = None
    for page in questionnaire.pages:
        again = page.battery is not None and page.battery == begun
        begun = page.battery
        yield from (text for route, text in page_texts(page) if route != ("battery",) or not again)


every_version = pytest.mark.parametrize("version", VERSIONS, ids="/".join)


def test_the_surveys_and_their_versions():
    assert set(VERSIONS) == set(TOPICS) == set(INSTRUMENTS)
    assert len(VERSIONS) == 15


@every_version
def test_every_row_of_the_topic_table_is_asked_and_no_other(version):
    assert {q.topic for q in about_a_topic(VERSIONS[version])} == set(TOPICS[version].split())


@every_version
def test_number_of_questions_and_look(version):
    questions = about_a_topic(VERSIONS[version])
    written = sum(q.type is QuestionType.TEXT for q in questions)
    found = (len(questions) - written, written, VERSIONS[version].look)
    assert found == INSTRUMENTS[version]


@every_version
@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=lambda each: each.id)
def test_every_closed_question_is_evidence_for_themes_of_both_frameworks(version, framework):
    known = {theme.id for theme in framework.themes}
    for question in about_a_topic(VERSIONS[version]):
        if question.type is not QuestionType.TEXT:
            assert question.themes, question.id
        assert set(question.themes) <= known, question.id


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=lambda each: each.id)
def test_every_survey_belongs_in_both_frameworks(framework):
    assert set(framework.surveys) == set(SURVEYS)


@pytest.mark.parametrize(
    ("surveys", "themes"),
    [
        (("care4me", "aftercare"), {f"L{n}" for n in range(1, 11)}),
        (("social_workers", "safeguarding_partners"), {"S1", "S2", "S3", "S4", "X1"}),
        (("staff",), {"S1", "S2", "S3", "S4", "X1", "L9", "L10"}),
        (("third_sector",), {"S1", "S2", "S3", "S4", "X1"}),
        (("carers",), {"L1", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10"}),
        (("residential_staff",), {"L2", "L3", "L4", "L5", "L6", "L7", "L9", "L10", "S4"}),
        (("parents",), {"L3", "L4", "L5", "L8", "S1", "S3", "X1"}),
        (("governance",), {"L1", "L9", "S1", "S2", "S4", "X1"}),
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


def test_one_name_is_one_question_in_all_surveys_of_adults():
    """Sides of one meeting are set side by side by name, so the words have to be the same.

    What they write in their own words, and about themselves, is worded for each.
    """
    asked = {}
    for name in ADULT:
        for question in about_a_topic(VERSIONS[name, "adult"]):
            if question.type in ONE_OPTION:
                same = (question.text, question.short, question.scale, question.options)
                assert asked.setdefault(question.id, same) == same, (name, question.id)


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
        assert question.type in {QuestionType.CHOICE, QuestionType.BAND}
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
    may_have = survey in {"care4me", "aftercare"} and audience not in NEVER_ASKED_WHETHER_ALONE
    assert is_asked == may_have


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


@pytest.mark.parametrize("survey", sorted({survey for survey, _ in VERSIONS}))
def test_minutes_are_measured_and_told_in_the_welcome(survey):
    assert list(duration_faults(load_with_places(HOUSE / "questionnaires" / survey))) == []


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


EASY_READ, AT_8 = VERSIONS["care4me", "easy-read"], VERSIONS["care4me", "8-10"]


@pytest.mark.parametrize("question", EASY_READ.questions, ids=lambda each: each.id)
def test_easy_read_asks_what_the_youngest_are_asked_on_the_same_answers(question):
    (same,) = (other for other in AT_8.questions if other.id == question.id)
    assert (question.type, question.topic, question.group) == (same.type, same.topic, same.group)
    assert (question.themes, question.short) == (same.themes, same.short)
    assert question.sensitive == same.sensitive
    answers = [(o.code, o.label, o.valence) for o in question.options]
    assert answers == [(o.code, o.label, o.valence) for o in same.options]


def test_easy_read_aligns_as_items_with_the_version_for_8_to_10():
    apart = [item.id for item in items_of(SURVEYS["care4me"]) if item.asked_of == ("easy-read",)]
    assert apart == []


def test_everything_asked_in_easy_read_has_a_symbol_and_every_answer_a_picture():
    for question in EASY_READ.questions:
        assert question.symbol, question.id
        shown = question.pictures != "none" or all(option.symbol for option in question.options)
        assert shown, question.id


def test_easy_read_sentences_are_short_and_say_one_thing():
    for text in texts_read(EASY_READ):
        assert len(words(text)) <= 10, text
        assert len(re.findall(r"[.?]", text)) <= 1, text


# Kinds of question that a respondent meets somewhere, and where.
@pytest.mark.parametrize(
    ("survey", "name", "kind"),
    [
        ("staff", "last_safeguarding_training", QuestionType.MONTH),
        ("staff", "expects_to_stay", QuestionType.YES_NO),
        ("staff", "team_size", QuestionType.BAND),
        ("third_sector", "should_come_first", QuestionType.RANKING),
        ("third_sector", "team_size", QuestionType.BAND),
        ("residential_staff", "short_staffed_shifts", QuestionType.BAND),
        ("governance", "visits_last_year", QuestionType.BAND),
        ("governance", "should_come_first", QuestionType.RANKING),
        ("parents", "situation", QuestionType.CHOICES),
    ],
)
def test_kind_of_question(survey, name, kind):
    (question,) = (q for q in VERSIONS[survey, "adult"].questions if q.id == name)
    assert question.type is kind


@every_version
def test_batteries_are_for_adults_and_have_three_to_five_lines_on_one_scale(version):
    lines = {}
    for page in VERSIONS[version].pages:
        if page.battery:
            assert VERSIONS[version].look == "desk"
            lines.setdefault(page.battery.id, []).append(page)
    for pages in lines.values():
        assert 3 <= len(pages) <= 5
        assert len({(page.question.scale, page.when) for page in pages}) == 1
        assert not any(page.question.sensitive for page in pages)


def test_parents_are_not_taken_for_parents_of_a_child_in_care():
    questionnaire = VERSIONS["parents", "adult"]
    routed = {page.id for page in questionnaire.pages if page.when}
    speaks_of_care = {
        question.id
        for question in questionnaire.questions
        if re.search(r"\bcare\b", question.text) and question.type is not QuestionType.TEXT
    }
    assert speaks_of_care == {"time_with_child", "told_how_child_is", "help_when_home"}
    assert speaks_of_care <= routed


@pytest.mark.parametrize(
    ("survey", "name", "bad"),
    [
        ("residential_staff", "short_staffed_shifts", "over_5"),
        ("governance", "visits_last_year", "none"),
        ("parents", "child_better_off", "worse"),
        ("parents", "time_with_child", "want_more"),
        ("carers", "out_of_hours_help", "never"),
        ("third_sector", "training_known", "no"),
        ("staff", "morale_good", "strongly_disagree"),
    ],
)
def test_bad_news_is_negative_in_surveys_of_adults(survey, name, bad):
    assert valence(survey, "adult", name, bad) is Valence.NEGATIVE
