"""Typing a paper in: what was typed is what is sealed, once, and nothing that was there is shown."""

import json
import logging

import pytest
from answering_respondent import Respondent
from sqlalchemy import text

from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Mode, Month, Number, Ranked, Written
from surveys.vault.public_keys import keys_path
from surveys.vault.waves import WaveStatus, set_status

EVERYTHING = {
    "q1": "yes",
    "q2": ["school", "family"],
    "q3": "3",
    "q4_words": "Peace and\r\nquiet 🙂",
    "q5": "no",
    "q6": "x:dont_know",
    "q7": "two_to_four",
    "q8_list1": "friends",
    "q8_list2": "school",
    "q9_list1": "5",
    "q9_list2": "2020",
    "q10": "yes",
    "q11": "x:skipped",
}
SEALED = {
    "moved": Chosen(("yes",)),
    "reasons": Chosen(("school", "family")),
    "happy_with_life": Number(3),
    "one_wish": Written("Peace and\nquiet 🙂"),
    "wish_came_true": Chosen(("no",)),
    "has_friends": NonAnswer.DONT_KNOW,
    "how_many": Chosen(("two_to_four",)),
    "first_things": Ranked(("friends", "school")),
    "last_move": Month(2020, 5),
    "was_told": Chosen(("yes",)),
    "was_asked": NonAnswer.SKIPPED,
    "piped_and_varied": NonAnswer.SKIPPED,
}


@pytest.fixture
def invitation(site):
    return site.invite()


def test_what_was_typed_is_what_is_sealed_as_paper(desk, site, invitation):
    desk.open(invitation.link)
    assert desk.heading == "Moving: Everybody"
    desk.check(**EVERYTHING)
    assert (desk.status, desk.heading) == (200, "Compare with the paper")
    assert "Left empty: question 12." in desk.words
    assert site.draft(invitation) == {
        name: answer for name, answer in SEALED.items() if name != "piped_and_varied"
    }
    desk.send()
    assert desk.heading == "Sent and sealed" and "Destroy or lock away the paper" in desk.words
    [response] = site.responses()
    assert response.mode is Mode.PAPER
    assert response.questionnaire == "every-type-of-question-adult"
    assert dict(response.answers) == SEALED


def test_the_check_page_says_it_as_the_paper_does(desk, invitation):
    desk.open(invitation.link).check(**EVERYTHING)
    rows = [
        (" ".join("".join(row[0].itertext()).split()), " ".join("".join(row[1].itertext()).split()))
        for row in desk.document.findall(".//tbody/tr")
    ]
    assert rows[:3] == [
        ("1 Have you moved?", "A Yes"),
        ("2 Why did you move?", "A School, B Family"),
        ("3 How happy are you with your life?", "3"),
    ]
    assert ("8 Which two matter most?", "1: C Friends, 2: A School") in rows
    assert ("9 When did you last move?", "May 2020") in rows
    assert ("6 Do you have friends there?", "W I don't know") in rows
    assert ("11 Were you asked?", "Cannot be read") in rows


def test_answers_off_the_path_are_named_kindly_and_not_sent(desk, site, invitation):
    desk.open(invitation.link)
    desk.check(q1="no", q2=["school"], q3="9", q4_words="A dog", q5="yes")
    for sentence in (
        "Question 2 is not asked after “B No” at question 1. It will not be sent.",
        "Question 4 is not asked after the answers to questions 2, 3. It will not be sent.",
        "Question 5 is not asked after “A dog” at question 4. It will not be sent.",
        "That happens on paper and is nobody’s fault.",
    ):
        assert sentence in desk.words
    assert desk.words.count("(will not be sent)") == 3
    desk.send()
    [response] = site.responses()
    assert not {"reasons", "one_wish", "wish_came_true"} & set(response.answers)
    assert response.answers["moved"] == Chosen(("no",))


def test_a_question_left_empty_can_lead_past_another(desk, invitation):
    desk.open(invitation.link).check(q2=["school"])
    sentence = "Question 2 is not asked when question 1 is left empty. It will not be sent."
    assert sentence in desk.words


def test_an_empty_paper_can_be_sent(desk, site, invitation):
    desk.open(invitation.link).check()
    assert "Nothing was typed." in desk.words
    desk.send()
    [response] = site.responses()
    assert set(response.answers.values()) == {NonAnswer.SKIPPED}
    assert response.mode is Mode.PAPER


def test_change_brings_back_what_was_typed(desk, site, invitation):
    desk.open(invitation.link).check(**EVERYTHING)
    desk.change()
    assert [desk.value(number) for number in (1, 3, 5, 6, 7, 11, 12)] == [
        "yes", "3", "no", "x:dont_know", "two_to_four", "x:skipped", "",
    ]  # fmt: skip
    assert "Peace and\nquiet" in desk.text
    checked = desk.document.findall(".//input[@checked]")
    assert [box.attrib["value"] for box in checked] == ["school", "family"]
    desk.check(**{**EVERYTHING, "q1": "x:dont_know"})
    desk.send()
    [response] = site.responses()
    assert response.answers["moved"] is NonAnswer.DONT_KNOW and "reasons" not in response.answers


@pytest.mark.parametrize(
    "written",
    ["{link}", "  {link}  ", "https://heard.example/#{link}", "HTTPS://HEARD.EXAMPLE/#{upper}"],
)
def test_a_scanner_may_give_the_whole_address(desk, invitation, written):
    desk.open(written.format(link=invitation.link, upper=invitation.link.upper()))
    assert desk.heading == "Moving: Everybody"


def test_the_five_words_open_it_too(desk, site):
    from surveys.invitations.codes import (
        access_from_secret,
        secret_from_words,
        word_list,
    )
    from surveys.vault.drafts import Draft
    from surveys.vault.slots import NewSlot, create_slots

    words = word_list()[10:15]
    access = access_from_secret(secret_from_words(words, site.site.site_id, site.site.pepper))
    slot = NewSlot(access.slot_id, access.part_key, Draft("adult", {}))
    create_slots(site.site.engine, site.site.storage_key, site.wave, [slot])
    desk.open(" ".join(words).upper())
    assert desk.heading == "Moving: Everybody"


@pytest.mark.parametrize("code", ["a" * 26, "one two three", "not a code at all", "#" * 50])
def test_a_code_that_is_none_opens_nothing(desk, code):
    desk.open(code)
    assert desk.status == 404 and "opens nothing just now" in desk.words


def test_an_empty_box_is_asked_for(desk):
    assert desk.open("  ").status == 422
    assert "Type the five words of the paper" in desk.words


def test_a_code_that_was_used_on_a_screen_opens_nothing(desk, site, invitation):
    child = Respondent(site, invitation)
    child.enter()
    child.agree()
    child.post("/answer/send")
    assert site.draft(invitation) is None
    desk.open(invitation.link)
    assert desk.status == 404
    assert "may have been sent, on paper or on a screen" in desk.words


def test_a_code_that_was_used_on_paper_opens_nothing_anywhere(desk, site, invitation):
    desk.open(invitation.link).check(q1="yes")
    desk.send()
    assert desk.open(invitation.link).status == 404
    child = Respondent(site, invitation)
    child.enter()
    assert child.page.status_code == 404


def test_sending_twice_changes_nothing(desk, site, invitation):
    desk.open(invitation.link).check(q1="yes")
    paper = desk.paper
    desk.send(paper)
    desk.get("/paper/entry/")
    assert desk.send(paper).heading == "Sent and sealed"
    assert len(site.responses()) == 1


def test_a_paper_that_was_sent_from_a_screen_meanwhile_is_not_called_sent(desk, site, invitation):
    desk.open(invitation.link).check(q1="yes")
    child = Respondent(site, invitation)
    child.enter()
    child.agree()
    child.post("/answer/send")
    desk.send()
    assert desk.status == 409 and "Nothing was sent from here" in desk.words
    assert len(site.responses()) == 1


def test_answers_from_a_screen_are_kept_until_a_tick_and_never_shown(desk, site, invitation):
    child = Respondent(site, invitation)
    child.enter()
    child.agree()
    child.pick("yes")
    child.pick("school")
    before = site.draft(invitation)
    assert before
    desk.open(invitation.link)
    assert "Somebody has begun to answer with this code already" in desk.words
    assert not desk.document.findall(".//*[@checked]") and desk.value(1) == ""
    desk.check(q1="no")
    assert desk.status == 422 and "Tick the box if the paper is to take their place" in desk.words
    assert desk.value(1) == "no"
    assert site.draft(invitation) == before
    desk.change()
    assert not desk.document.findall(".//*[@checked]") and desk.value(1) == ""
    desk.check(q1="no", replace="yes")
    assert desk.heading == "Compare with the paper"
    assert site.draft(invitation) == {"moved": Chosen(("no",))}
    child.get("/answer/1")
    assert child.address != "/answer/1"  # the sitting on the screen is over


def test_the_change_page_shows_nothing_to_somebody_who_did_not_type_it(
    desk, site, make_desk, invitation
):
    desk.open(invitation.link).check(q1="yes", q4_words="A secret wish", q3="1")
    paper = desk.paper
    other = make_desk(site, "Olu")
    other.open(invitation.link)
    assert "A secret wish" not in other.text and other.value(1) == ""
    assert "Somebody has begun to answer with this code already" in other.words
    other.change(paper)
    assert "A secret wish" not in other.text and other.value(1) == ""
    assert other.send(paper).status == 409
    assert site.draft(invitation)


def test_opened_again_by_the_same_person_it_goes_on(desk, invitation):
    desk.open(invitation.link).check(q1="yes")
    desk.open(invitation.link)
    assert "You typed this here before and have not sent it yet." in desk.words
    assert desk.value(1) == "yes"


def test_two_windows_with_one_paper_lose_nothing_unseen(desk, site, make_desk, invitation):
    first, second = desk, make_desk(site)
    second.client = first.client
    first.open(invitation.link)
    second.open(invitation.link)
    first.check(q1="yes")
    second.check(q1="no", q4_words="Typed in the second window")
    assert second.status == 422
    assert "used in another window or on a screen" in second.words
    assert second.value(1) == "no" and "Typed in the second window" in second.text
    assert site.draft(invitation) == {"moved": Chosen(("yes",))}
    second.check(q1="no")
    assert first.send().status == 409
    assert "Nothing was sent" in first.words
    second.send()
    [response] = site.responses()
    assert response.answers["moved"] == Chosen(("no",))


def test_a_screen_used_meanwhile_is_not_overwritten_unseen(desk, site, invitation):
    desk.open(invitation.link)
    child = Respondent(site, invitation)
    child.enter()
    child.agree()
    child.pick("yes")
    desk.check(q1="no", replace="yes")
    assert desk.status == 422 and "on a screen" in desk.words
    assert site.draft(invitation) == {"moved": Chosen(("yes",))}


def test_sent_from_a_screen_meanwhile_nothing_is_saved(desk, site, invitation):
    desk.open(invitation.link)
    child = Respondent(site, invitation)
    child.enter()
    child.agree()
    child.post("/answer/send")
    desk.check(q1="no")
    assert desk.status == 404 and "opens nothing" in desk.words
    [response] = site.responses()
    assert response.mode is Mode.SCREEN


FAULTS = {
    "both": ({"q2": ["school", "no_reason"]}, 2, "Two things that do not go together."),
    "unreadable and an answer": ({"q2": ["school", "x:skipped"]}, 2, "Two things"),
    "twice": ({"q8_list1": "school", "q8_list2": "school"}, 8, "The same thing stands in two"),
    "half a month": ({"q9_list1": "5"}, 9, "The month or the year is missing."),
    "month and unreadable": (
        {"q9_list1": "5", "q9_list2": "2020", "q9": "x:skipped"}, 9, "Two things",
    ),
    "too long": ({"q4_words": "x" * 53}, 4, "That is too long by 13."),
    "words and unreadable": ({"q4_words": "x", "q4": "x:skipped"}, 4, "Two things"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_linked_and_keeps_everything(desk, site, invitation, name):
    typed, number, words = FAULTS[name]
    desk.open(invitation.link).check(q1="yes", **typed)
    assert desk.status == 422 and words in desk.words
    assert "press Skip" not in desk.words
    link = desk.document.find(f".//a[@href='#q{number}']")
    assert link is not None and f"Question {number}" in "".join(link.itertext())
    assert desk.document.findall(f".//*[@id='q{number}']")
    assert desk.value(1) == "yes"
    assert site.draft(invitation) == {}
    assert "Error:" in "".join(desk.document.find(".//title").itertext())


def as_browsers_post(desk, fields):
    """The long form is posted part by part, letters as they are."""
    parts = [
        f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join([*parts, "--part--\r\n"]).encode()
    kind = "multipart/form-data; boundary=part"
    return desk.client.post("/paper/entry/check", data=body, content_type=kind)


@pytest.mark.parametrize("letter", ["x", "ش", "🙂"])
def test_a_million_characters_come_back_with_kind_words(desk, site, invitation, letter):
    desk.open(invitation.link)
    fields = {"csrf_token": desk.token, "paper": desk.paper, "version": "adult", "q1-answer": "yes"}
    desk.page = as_browsers_post(desk, {**fields, "q4-words": letter * 1_000_000})
    assert desk.status == 422
    assert "That is too long by 999960." in desk.text and letter * 1000 in desk.text
    assert desk.value(1) == "yes"
    assert site.draft(invitation) == {}


def test_more_than_that_is_refused_kindly(desk, site, invitation):
    desk.open(invitation.link)
    fields = {"csrf_token": desk.token, "paper": desk.paper, "version": "adult"}
    desk.page = as_browsers_post(desk, {**fields, "q4-words": "x" * 6_000_000})
    assert desk.status == 413 and "far more than a paper can hold" in desk.words
    assert site.draft(invitation) == {}


def test_other_rooms_keep_their_small_limit(desk):
    desk.get("/paper/entry/")
    page = desk.client.post("/start", data={"words": "x" * 100_000})
    assert page.status_code == 413


@pytest.mark.parametrize(
    "paper", ["", "zz", "00", "00" * 47, "00" * 48, "00" * 60, "not hex at all", "é"]
)
@pytest.mark.parametrize("step", ["check", "send", "change", "version"])
def test_an_altered_form_opens_nothing(desk, step, paper):
    desk.get("/paper/entry/")
    desk.post(f"/paper/entry/{step}", paper=paper, version="adult")
    assert desk.status in (404, 409)


def test_values_that_no_page_offers_are_not_kept(desk, site, invitation):
    desk.open(invitation.link)
    desk.check(q1="maybe", q2=["school", "moon"], q3="11", q7="x:not_asked", q9_list1="13")
    assert set(site.draft(invitation) or {}) == set()


def test_another_version_of_the_survey_can_be_typed(make_site, make_desk, shipped):
    site = make_site(shipped["care4me"])
    desk = make_desk(site)
    invitation = site.invite("8-10")
    desk.open(invitation.link)
    assert desk.heading == "Care4Me: Aged 8 to 10"
    desk.post("/paper/entry/version", paper=desk.paper, version="easy-read")
    assert desk.heading == "Care4Me: Easy Read, any age" and desk.version == "easy-read"
    desk.check(q1="yes")
    assert "Easy Read" in desk.words
    desk.send()
    [response] = site.responses()
    assert response.questionnaire == "care4me-easy-read"
    first, *others = response.answers.values()
    assert set(others) == {NonAnswer.SKIPPED} or first


def test_every_shipped_version_can_be_typed_in_whole(make_site, make_desk, shipped):
    """Each question is answered with its last letter, in the order of the paper."""
    from questionnaires.routing import on_path
    from surveys.paper.layout import items, layout

    for survey in shipped.values():
        site = make_site(survey)
        desk = make_desk(site)
        for version in survey.questionnaires:
            typed, expected = {}, {}
            for item in items(layout(version)):
                answer(item, typed, expected)
            invitation = site.invite(version.audience)
            desk.open(invitation.link).check(**typed)
            assert desk.heading == "Compare with the paper", version.id
            assert site.draft(invitation) == expected
            desk.send()
            assert desk.heading == "Sent and sealed"
        sealed = {response.questionnaire: response for response in site.responses()}
        assert set(sealed) == {version.id for version in survey.questionnaires}
        for version in survey.questionnaires:
            given = {}
            for item in items(layout(version)):
                answer(item, {}, given)
            assert dict(sealed[version.id].answers) == on_path(version, given)
            assert sealed[version.id].mode is Mode.PAPER


def answer(item, typed, expected):
    field, name = f"q{item.number}", item.question.id
    match item.question.type:
        case "text":
            typed[f"{field}_words"] = "Words"
            expected[name] = Written("Words")
        case "month":
            year = item.question.earliest_year
            typed[f"{field}_list1"], typed[f"{field}_list2"] = "2", str(year)
            expected[name] = Month(year, 2)
        case "ranking":
            typed[f"{field}_list1"] = item.marks[-1].value
            expected[name] = Ranked((item.marks[-1].value,))
        case "ladder":
            typed[field] = "10"
            expected[name] = Number(10)
        case _:
            typed[field] = item.marks[-1].value
            expected[name] = Chosen((item.marks[-1].value,))


def test_only_those_who_type_get_in(site, make_desk):
    for role in ("coordinator", "inspector", "helper", "analyst", "administrator"):
        desk = make_desk(site, f"Sam {role}", [role])
        assert desk.client.get("/paper/entry/").status_code == 403
    stranger = site.client().get("/paper/entry/")
    assert stranger.status_code == 303 and stranger.location == "/staff/log-in"


def test_the_desk_leads_here(desk):
    desk.get("/staff/")
    assert "Type in a paper" in desk.words and "Paper forms" not in desk.words


def test_the_survey_must_be_open(site, make_desk, invitation):
    site.clock.forward(days=400)
    assert make_desk(site).open(invitation.link).status == 404


def test_closed_meanwhile_nothing_is_sent(desk, site, invitation):
    desk.open(invitation.link).check(q1="yes")
    set_status(site.site.engine, site.wave.id, WaveStatus.CLOSED)
    assert desk.send().status == 404
    set_status(site.site.engine, site.wave.id, WaveStatus.OPEN)
    assert site.draft(invitation) == {"moved": Chosen(("yes",))}


def test_nothing_is_typed_that_could_not_be_sealed(desk, site, invitation, caplog):
    keys_path(site.site.public_keys, site.wave.id).unlink()
    with caplog.at_level(logging.ERROR, logger="heard"):
        desk.open(invitation.link)
    assert desk.status == 503 and "cannot be sealed just now" in desk.words


def test_wrong_codes_wait_and_a_right_one_forgets(desk, site, invitation):
    for _ in range(4):
        assert desk.open("a" * 26).status == 404
    assert desk.open(invitation.link).status == 200
    for _ in range(5):
        desk.open("a" * 26)
    assert desk.open(invitation.link).status == 429
    assert invitation.link in desk.text
    site.clock.forward(minutes=2)
    assert desk.open(invitation.link).status == 200


def test_nothing_says_who_typed_or_when(desk, site, invitation, tmp_path, caplog):
    """No log line, no file and no row is added by a paper but the one sealed slot."""
    before = rows(site)
    files = {path for path in site.folder.parent.rglob("*") if path.is_file()}
    with caplog.at_level(logging.DEBUG, logger="heard"):
        desk.open(invitation.link).check(q1="yes")
        desk.send()
    assert rows(site) == before
    assert {path for path in site.folder.parent.rglob("*") if path.is_file()} == files
    assert [record for record in caplog.records if record.name.startswith("heard")] == []


def rows(site):
    """How many rows each table has."""
    with site.site.engine.connect() as connection:
        tables = connection.execute(text("select name from sqlite_master where type = 'table'"))
        names = [name for (name,) in tables]
        return {
            name: connection.execute(text(f"select count(*) from {name}")).scalar()
            for name in names
        }


def test_the_cookie_holds_no_answer_and_no_way_to_one(desk, site, invitation):
    desk.open(invitation.link).check(q1="yes", q3="1", q4_words="A secret wish")
    with desk.client.session_transaction() as session:
        kept = json.dumps(dict(session), default=str)
    assert "A secret wish" not in kept and "access" not in kept
    assert invitation.access.slot_id.hex() not in kept
    assert invitation.access.part_key.hex() not in kept
    desk.send()
    assert desk.page.history[0].headers["Clear-Site-Data"] == '"cache"'


def test_every_form_here_forgets_what_stood_in_it(desk, invitation):
    desk.open(invitation.link)
    forms = desk.document.findall(".//main//form")
    assert forms and {form.attrib.get("autocomplete") for form in forms} == {"off"}
    assert desk.page.headers["Cache-Control"] == "no-store"
