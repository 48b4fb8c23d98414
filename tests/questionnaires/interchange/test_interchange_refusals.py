"""What cannot be kept is refused, with the sheet and the row in which it stands."""

import pytest

from questionnaires.interchange.faults import WorkbookError
from questionnaires.interchange.reading import read_version

HEAD = ("type", "name", "label")
ASKED = ("select_one yn", "eats", "Do you eat?")


def row(**cells):
    """A survey sheet of one question and one row with these cells."""
    columns = tuple(dict.fromkeys((*HEAD, *cells)))
    return (columns, ASKED, tuple(cells.get(column) for column in columns))


ROWS = [
    (row(type="integer", name="age", label="Age?"), 3, "“integer” cannot be asked here."),
    (row(type="magic", name="age", label="Age?"), 3, "“magic” cannot be asked here."),
    (row(type="range 5", name="age", label="Age?"), 3, "“range 5” cannot be asked here."),
    (row(name="age", label="Age?"), 3, "The row has no type."),
    (row(type="text", label="Age?"), 3, "The row has no name."),
    (row(type="text", name="age"), 3, "“text” is missing."),
    (row(type="text", name="My Age", label="?"), 3, "“question” cannot be “My Age”."),
    (row(type="text", name="Age", label="Age?"), 3, "“question” cannot be “Age”."),
    (row(type="text", name="eats", label="Age?"), 3, "“eats” is already used in row 2."),
    (row(type="today", name="today"), 3, "“today” records when, where or on what"),
    (row(type="deviceid", name="d"), 3, "“deviceid” records when, where or on what"),
    (row(type="geopoint", name="d", label="Where?"), 3, "“geopoint” records when, where or"),
    (row(type="audit", name="audit"), 3, "“audit” records when, where or on what"),
    (row(type="begin_repeat", name="d", label="Each"), 3, "Questions cannot be repeated here."),
    (row(type="select_one_from_file a.csv", name="d", label="?"), 3, "Options cannot come from"),
    (row(type="xml-external", name="d"), 3, "Options cannot come from another file."),
    (row(type="select_one yn or_other", name="d", label="?"), 3, "“or_other” cannot be used"),
    (row(type="select_one", name="d", label="?"), 3, "The row names no list."),
    (row(type="select_one ny", name="d", label="?"), 3, "There is no list “ny”"),
    (row(type="calculate", name="d", calculation="1 + 1"), 3, "No text names “d”."),
    (row(type="text", name="d", label="?", default="x"), 3, "“default” cannot be used here."),
    (row(type="text", name="d", label="?", required="yes"), 3, "“required” cannot be used here."),
    (row(type="text", name="d", label="?", trigger="${eats}"), 3, "“trigger” cannot be used here."),
    (row(type="text", name="d", label="?", image="a.png"), 3, "“image” cannot be used here."),
    (
        row(type="text", name="d", label="?", **{"media::image": "a.png"}),
        3,
        "“media::image” cannot be used here.",
    ),
    (
        row(type="select_one yn", name="d", label="?", choice_filter="a=1"),
        3,
        "“choice_filter” cannot be used here.",
    ),
    (
        row(type="select_one yn", name="d", label="?", parameters="randomize=true"),
        3,
        "“parameters” has no meaning in a row of the type “select_one yn”.",
    ),
    (
        row(type="select_one yn", name="d", label="?", constraint=". = 'yes'"),
        3,
        "“constraint” has no meaning in a row of the type “select_one yn”.",
    ),
    (row(type="text", name="d", label="?", constraint="regex(., 'a')"), 3, "This constraint"),
    (
        row(type="text", name="d", label="?", constraint="string-length(.) <= 9000"),
        3,
        "“max_length”",
    ),
    (
        row(type="select_multiple yn", name="d", label="?", constraint="count-selected(.) < 3"),
        3,
        "This constraint cannot be kept here.",
    ),
    (
        row(
            type="select_multiple yn",
            name="d",
            label="?",
            constraint="not(selected(., 'none') and count-selected(.) > 1)",
        ),
        3,
        "The list “yn” has no “none”.",
    ),
    (row(type="text", name="d", label="?", relevant="${eats} = 'yes' +"), 3, "is not understood"),
    (
        row(type="text", name="d", label="?", relevant="${drinks} = 'yes'"),
        3,
        "no question “drinks”",
    ),
    (row(type="text", name="d", label="?", relevant="${eats} = 'maybe'"), 3, "no option “maybe”"),
    (row(type="text", name="d", label="?", relevant="${d} = ''"), 3, "depends on its own answer"),
    (row(type="text", name="d", label="So ${eats}?"), 3, "The text names “${eats}”."),
    (row(type="note", name="d", label="So ${eats}?"), 3, "This text names an answer."),
    (row(type="text", name="d", label="So {eats}?"), 3, "which does not stand under “piped”"),
    (row(type="range", name="d", label="?", parameters="start=1 end=5"), 3, "A ladder goes from"),
    (row(type="range", name="d", label="?"), 3, "A ladder needs words at both ends."),
    (row(type="range", name="d", label="?", hint="0: a\n9: b"), 3, "A ladder needs words at both"),
    (row(type="date", name="d", label="?"), 3, "Only a month and a year can be asked for"),
    (
        row(type="date", name="d", label="?", appearance="month-year"),
        3,
        "This constraint cannot be kept here.",
    ),
    (row(type="text", name="d", label="?", appearance="ex:app"), 3, "The appearance “ex:app”"),
    (row(type="text", name="d", label="?", heard_type="band"), 3, "“heard_type” cannot be “band”."),
    (
        row(type="text", name="d", label="?", heard_sensitive="perhaps"),
        3,
        "“heard_sensitive” cannot be “perhaps”.",
    ),
    (row(type="text", name="d", label="?", heard_themes="L1, L2"), 3, "“L1,” is not a theme."),
    (row(type="text", name="d", label="?", heard_places="three"), 3, "“heard_places” cannot be"),
    (row(type="text", name="d", label="?", heard_colour="red"), 1, "“heard_colour” is not known"),
    (row(type="text", name="d", label="?", relevent="${eats} = 'yes'"), 1, "“relevent” is not kn"),
    (
        row(type="text", name="d", label="?", **{"label::French": "?"}),
        1,
        "“label::French” does not say",
    ),
    (row(type="end_group"), 3, "A group ends here that has not begun."),
    (row(type="begin_group", name="g", label="G"), 3, "The group “g” does not end."),
    (row(type="note", name="n", label="x", constraint=". = 1"), 3, "“constraint” has no meaning"),
]


@pytest.mark.parametrize(("survey", "number", "said"), ROWS, ids=lambda value: str(value)[:50])
def test_a_row_that_cannot_be_kept_is_refused(make, refused, survey, number, said):
    told = refused(make(survey))
    assert [one for one in told if one[:2] == ("survey", number) and said in one[2]], told
    # nothing else is wrong with these workbooks, so nothing else is told of them
    assert {one[:2] for one in told} == {("survey", number)}


GROUPS = [
    (
        [("begin_group", "g", "G"), ("end_group",)],
        (3, "The group “g” holds nothing."),
    ),
    (
        [("begin_group", "g", "G"), ("begin_group", "h", "H"), ("text", "d", "?"), ("end_group",), ("end_group",)],
        (4, "A group inside a group can only be a battery"),
    ),
    (
        [("begin_group", "g", "G", "table-list"), ("select_one yn", "d", "?"), ("select_one ab", "e", "?"), ("end_group",)],
        (3, "The questions of a battery share one list; here they have ab, yn."),
    ),
    (
        [("begin_group", "g", "G", "table-list"), ("note", "d", "?"), ("select_one ab", "e", "?"), ("end_group",)],
        (4, "“note” cannot stand in a battery."),
    ),
    (
        [("begin_group", "d-page", None, "field-list"), ("text", "e", "?"), ("end_group",)],
        (3, "The group “d-page” should hold the question “d”"),
    ),
    (
        [("begin_group", "g", None), ("text", "e", "?"), ("end_group",)],
        (3, "“title” is missing."),
    ),
]  # fmt: skip
LISTS = (
    ("list_name", "name", "label"),
    ("yn", "yes", "Yes"), ("yn", "no", "No"), ("ab", "a", "A"), ("ab", "b", "B"),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), GROUPS, ids=lambda value: str(value)[:50])
def test_a_group_that_cannot_be_kept_is_refused(make, refused, rows, told):
    number, said = told
    inside = [("begin_group", "s", "S"), *rows, ("end_group",)] if "page" in rows[0][1] else rows
    number += len(inside) > len(rows)
    data = make([(*HEAD, "appearance"), ASKED, *inside], LISTS)
    found = refused(data)
    assert [one for one in found if one[1] == number and said in one[2]], found


CHOICES = [
    ([("yn", "yes", "Yes")], 2, "needs at least two options"),
    ([("yn", "yes", "Yes"), ("yn", "yes", "Yep")], 3, "“yes” stands twice in the list “yn”."),
    ([("yn", "yes", "Yes"), ("yn", "no", "Yes")], 3, "Two options read “Yes”."),
    ([("yn", "yes", "Yes"), ("yn", "No!", "No")], 3, "“code” cannot be “No!”."),
    ([("yn", "yes", "Yes"), ("yn", "no", None)], 3, "“label” is missing."),
    ([("yn", "yes", "Yes"), ("yn", "no", "No"), ("yn", None, "M")], 4, "“name” is missing."),
    ([("yn", "yes", "Yes"), ("yn", "no", "No"), (None, "m", "M")], 4, "“list_name” is missing."),
    ([("yn", "yes", "Yes"), ("yn", "no", "No"), ("yn", "_maybe", "M")], 4, "“_maybe” is not a way"),
    ([("yn", "yes", "Yes"), ("yn", "no", "No"), ("yn", "_skipped", "M")], 4, "“_skipped” is not"),
    ([("yn", "yes", "Yes"), ("yn", "_dont_know", "?"), ("yn", "no", "No")], 4, "stands before an"),
    (
        [("yn", "yes", "Yes"), ("yn", "no", "No"), ("yn", "_dont_know", None)],
        4,
        "“label” is missing",
    ),
]


@pytest.mark.parametrize(("rows", "number", "said"), CHOICES, ids=lambda value: str(value)[:60])
def test_a_list_that_cannot_be_kept_is_refused(make, refused, rows, number, said):
    told = refused(make((HEAD, ("select_one yn", "yn", "?")), [LISTS[0], *rows]))
    places = (
        {("choices", number), ("survey", 2)} if "two options" in said else {("choices", number)}
    )
    assert [one for one in told if said in one[2]], told
    assert {one[:2] for one in told} <= places, told


PAGE = {"type": "begin_group", "name": "d-page", "appearance": "field-list"}
WORDING = {"type": "note", "name": "d-1", "label": "So why?", "relevant": "${eats} = 'yes'"}
PLAIN = {"type": "note", "name": "d-0", "label": "Why?", "relevant": "not(${eats} = 'yes')"}
QUESTION = {"type": "text", "name": "d", "label": "…", "constraint": "string-length(.) <= 9"}
NOTHING = {
    "type": "select_one d-nonanswer", "name": "d-nonanswer", "label": "…", "relevant": "${d} = ''",
}  # fmt: skip
END = {"type": "end_group"}
GOOD = [PAGE, WORDING, PLAIN, QUESTION, NOTHING, END]


def page_of(make, rows):
    columns = (
        "type",
        "name",
        "label",
        "hint",
        "relevant",
        "constraint",
        "appearance",
        "heard_topic",
    )
    lists = [*LISTS, ("d-nonanswer", "_dont_know", "I don't know")]
    written = [tuple(row.get(column) for column in columns) for row in rows]
    return make([columns, ASKED, *written], lists)


def test_a_question_on_several_rows_is_one_question(make):
    version = read_version(page_of(make, GOOD)).survey.questionnaires[0]
    question = version.questions[1]
    assert (question.text, question.short) == ("Why?", "Why?")
    assert [variant.text for variant in question.variants] == ["So why?"]
    assert list(question.non_answers.values()) == ["I don't know"]


PAGES = [
    ([PAGE, PLAIN, QUESTION, NOTHING, END], 3, "should hold the question “d”, with its wordings"),
    ([PAGE, QUESTION, WORDING, PLAIN, END], 3, "should hold the question “d”, with its wordings"),
    ([PAGE, END], 3, "should hold the question “d”, with its wordings"),
    ([{**PAGE, "label": "Page"}, *GOOD[1:]], 3, "“label” has no meaning"),
    ([PAGE, {**WORDING, "hint": "Think."}, *GOOD[2:]], 4, "“hint” has no meaning"),
    ([PAGE, {**WORDING, "relevant": None}, *GOOD[2:]], 4, "“when” is missing"),
    ([PAGE, WORDING, {**PLAIN, "relevant": None}, *GOOD[3:]], 5, "do not exclude each other"),
    ([PAGE, WORDING, {**PLAIN, "label": None}, *GOOD[3:]], 6, "“text” is empty"),
    ([*GOOD[:3], {**QUESTION, "label": "Why?"}, NOTHING, END], 6, "The label should be “…”."),
    ([*GOOD[:3], {**QUESTION, "relevant": "${eats} = 'no'"}, NOTHING, END], 6, "“relevant” has no"),
    ([*GOOD[:4], {**NOTHING, "label": "Or:"}, END], 7, "The label should be “…”."),
    ([*GOOD[:4], {**NOTHING, "relevant": None}, END], 7, "should be: ${d} = ''"),
    ([*GOOD[:4], {**NOTHING, "heard_topic": "C01"}, END], 7, "“heard_topic” has no meaning"),
    ([*GOOD[:4], {**NOTHING, "type": "select_one yn"}, END], 7, "should hold nothing but ways"),
]


@pytest.mark.parametrize(("rows", "number", "said"), PAGES, ids=lambda value: str(value)[-60:])
def test_rows_of_one_question_follow_from_each_other(make, refused, rows, number, said):
    told = [one for one in refused(page_of(make, rows)) if one[0] == "survey"]
    assert [one for one in told if said in one[2]], told
    assert {one[1] for one in told} == {number}


def test_a_battery_is_asked_as_a_whole(make, refused):
    rows = [
        ("begin_group", "g", "G", "table-list", None),
        ("select_one ab", "d", "?", None, None),
        ("select_one ab", "e", "?", None, "${eats} = 'yes'"),
        ("end_group",),
    ]
    data = make([(*HEAD, "appearance", "relevant"), ASKED, *rows], LISTS)
    assert refused(data) == [("survey", 5, "“when” is said once for the whole battery.")]


def test_lists_of_one_scale_are_alike(make, refused):
    survey = (HEAD, ("select_one often", "a", "A?"), ("select_one often-2", "b", "B?"))
    lists = [
        LISTS[0],
        ("often", "x", "X"),
        ("often", "y", "Y"),
        ("often-2", "x", "X"),
        ("often-2", "z", "Z"),
    ]
    assert refused(make(survey, lists)) == [
        (
            "choices",
            4,
            "The lists of the scale “often” differ in their options, or in which are chosen alone.",
        )
    ]


SETTINGS = [
    (None, 0, "There is no sheet called “settings”."),
    ((("form_title", "form_id"),), 0, "The sheet is empty."),
    ((("form_title", "form_id"), ("Lunch", None)), 2, "“form_id” is missing."),
    (
        (("form_title", "form_id"), ("A", "a"), ("B", "b")),
        3,
        "The settings have more than one row.",
    ),
    ((("form_title", "form_id", "heard_look"), ("A", "a", "loud")), 2, "“look” cannot be “loud”."),
    (
        (("form_title", "form_id", "heard_minutes"), ("A", "a", "ten")),
        2,
        "“heard_minutes” should be a whole number, not “ten”.",
    ),
    (
        (("form_title", "form_id", "heard_audience"), ("A", "a", "../../etc/passwd")),
        2,
        "“heard_audience” cannot be “../../etc/passwd”, because a file is called so.",
    ),
    (
        (("form_title", "form_id", "heard_survey"), ("A", "a", "/tmp/x")),
        2,
        "“heard_survey” cannot be “/tmp/x”, because a file is called so.",
    ),
]


@pytest.mark.parametrize(("rows", "number", "said"), SETTINGS, ids=lambda value: str(value)[:60])
def test_settings_that_cannot_be_kept_are_refused(make, refused, rows, number, said):
    told = refused(make((HEAD, ASKED), settings=rows))
    assert [one for one in told if one[:2] == ("settings", number) and said in one[2]], told
    assert {one[0] for one in told} == {"settings"}


CALCULATED = "if(${eats} = '', '…', jr:choice-name(${eats}, '${eats}'))"


@pytest.mark.parametrize(
    "calculation", ["concat('a', 'b')", "${eats}", "", CALCULATED.replace("…", "x"), "if(${eats} ="]
)
def test_a_calculation_does_nothing_but_name_an_answer(make, refused, calculation):
    head = (*HEAD, "calculation")
    asked = ("text", "d", "You said ${d-from-eats}. Why?")
    survey = (head, ASKED, ("calculate", "d-from-eats", "you ate", calculation), asked)
    said = "A calculation can only name an earlier answer in a text."
    assert refused(make(survey)) == [("survey", 3, said)]


def test_a_calculation_that_names_an_answer_is_piped(make):
    asked = ("text", "d", "You said ${d-from-eats}. Why?")
    piped = ("calculate", "d-from-eats", "you ate", CALCULATED)
    imported = read_version(make(((*HEAD, "calculation"), ASKED, piped, asked)))
    question = imported.survey.questionnaires[0].questions[1]
    assert (question.text, question.piped) == ("You said {eats}. Why?", {"eats": "you ate"})


def test_every_fault_is_told_at_once(make, refused):
    survey = (
        (*HEAD, "relevant"),
        ("integer", "age", "Age?"),
        ("text", "Wish", "?"),
        ("select_one nn", "x", "?", "${age} = 'old'"),
        ("calculate", "c", None),
    )
    told = refused(make(survey, [LISTS[0], ("yn", "a", "A"), ("yn", "a", "B")]))
    assert {(sheet, number) for sheet, number, _ in told} == {
        *(("survey", number) for number in (2, 3, 4, 5)),
        ("choices", 3),
    }


TRANSLATED = ("type", "name", "label::English (en)", "label::Cymraeg (cy)")


def test_one_text_has_one_translation(make, refused):
    survey = (TRANSLATED, ("text", "a", "Why?", "Pam?"), ("text", "b", "Why?", "Paham?"))
    assert refused(make(survey)) == [("survey", 3, "“Why?” is translated in two ways.")]


def test_a_translation_translates_something(make, refused):
    survey = (TRANSLATED, ("text", "a", "Why?", "Pam?"), ("text", "b", None, "Paham?"))
    told = refused(make(survey))
    assert (
        "survey",
        3,
        "There is a translation of “label”, but nothing that it translates.",
    ) in told


def test_the_own_language_must_be_clear(make, refused):
    languages = ("type", "name", "label::Français (fr)", "label::Cymraeg (cy)")
    told = refused(make((languages, ("text", "a", "Pourquoi ?", "Pam?"))))
    assert (
        "settings",
        0,
        "It is not clear which language the questionnaire is written in.",
    ) in told


def test_a_sheet_of_another_kind_is_refused(make, refused):
    survey = (HEAD, ASKED)
    external = (("list_name", "name", "label"), ("a", "b", "c"))
    assert refused(make(survey, external_choices=external)) == [
        ("external_choices", 0, "The sheet “external_choices” cannot be used here.")
    ]
    told = refused(make(survey, choices=None, choice=LISTS))
    assert ("choice", 0, "The sheet “choice” is not read.") in told


def test_a_sheet_of_remarks_is_left_alone(make):
    assert read_version(make((HEAD, ASKED), remarks=(("anything",),)))


def test_fault_prints_with_its_place(make):
    with pytest.raises(WorkbookError) as caught:
        read_version(make((HEAD, ("integer", "age", "Age?"))))
    assert str(caught.value) == (
        "survey, row 2: age: “integer” cannot be asked here. "
        "Make it a select_one in bands, or a range from 0 to 10."
    )
