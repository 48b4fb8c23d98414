"""A11: what each kind of page is called and made of for somebody who hears it.

Golden texts are Chromium's accessibility tree as Playwright writes it, without what it says twice:
the words of a card after the name of its button, and empty places for messages.
"""

import re
from dataclasses import replace
from textwrap import dedent

import pytest
from answering_respondent import Respondent
from answering_site import ROOT, AnsweringSite

from questionnaires.loading import load_surveys
from questionnaires.responses import Chosen, Ranked
from surveys.vault.slots import change_draft

pytestmark = [pytest.mark.browser, pytest.mark.journey]

SURVEY = load_surveys(ROOT / "tests" / "examples" / "valid")["every_type_of_question"]
ANSWERS = {
    "moved": Chosen(("yes",)),
    "reasons": Chosen(("no_reason",)),
    "how_many": Chosen(("one",)),
    "first_things": Ranked(("family", "school")),
}
FOOT = """
  - button "Next"
  - button "Skip this one"
  - paragraph:
    - button "I need to talk"
  - paragraph:
    - button "Delete my answers so far"
"""


@pytest.fixture(scope="module")
def types(tmp_path_factory, serve):
    """Every type of question, as children see it."""
    version = SURVEY.questionnaires[0].model_copy(update={"look": "child", "reading": "8-10"})
    survey = SURVEY.model_copy(update={"questionnaires": (version,)})
    site = AnsweringSite(tmp_path_factory.mktemp("types"), survey)
    site.address = serve(site.app)
    yield site
    site.site.engine.dispose()


@pytest.fixture
def page(types, visitor):
    """Somebody who has answered a few of them."""
    person = Respondent(types)
    person.enter()
    site, access = types.site, person.invitation.access
    change_draft(
        site.engine, site.storage_key, access, lambda found: replace(found, answers=ANSWERS)
    )
    with person.client.session_transaction() as session:
        session.update(seen="ffff", agreed=True, pictures=["sun", "boat", "tree"])
    found = visitor()
    cookie = person.client.get_cookie("heard").value
    found.context.add_cookies([{"name": "heard", "value": cookie, "url": types.address}])
    return found


def heard(page, part="main"):
    """The tree of a part of the page, without what is said twice."""
    kept, last = [], ""
    for line in page.locator(part).aria_snapshot().splitlines():
        text = re.match(r'\s*- text: "?(.*?)"?$', line)
        if line.strip() == "- status" or (text and f'"{text.group(1)}"' in last):
            continue
        kept.append(line)
        last = line
    return "\n".join(kept)


def golden(text):
    return dedent(text).strip("\n")


QUESTIONS = {
    1: """
        - main:
          - paragraph: Question 1 of 11
          - paragraph: Questions
          - group "Have you moved?":
            - heading "Have you moved?" [level=1]
            - radio "Yes" [checked]
            - radio "No"
            - radio "I don't know"
        """,
    2: """
        - main:
          - paragraph: Question 2 of 11
          - paragraph: Questions
          - group "Why did you move?":
            - heading "Why did you move?" [level=1]
            - paragraph: You can pick more than one.
            - checkbox "School"
            - checkbox "Family"
            - checkbox "No reason" [checked]
            - checkbox "I'd rather not say"
            - checkbox "Does not apply"
        """,
    4: """
        - main:
          - paragraph: Question 3 of 11
          - paragraph: Questions
          - group "How happy are you with your life?":
            - heading "How happy are you with your life?" [level=1]
            - radio "0 , Not at all"
            - radio "1"
            - radio "2"
            - radio "3"
            - radio "4"
            - radio "5"
            - radio "6"
            - radio "7"
            - radio "8"
            - radio "9"
            - radio "10 , Completely"
            - radio "I don't know"
        """,
    5: """
        - main:
          - paragraph: Question 4 of 11
          - paragraph: Questions
          - heading "What is your one wish?" [level=1]
          - paragraph: Please do not write names. Nobody reads this straight away.
          - textbox "What is your one wish?"
          - paragraph:
            - text: You can use up to 40 letters and spaces.
        """,
    7: """
        - main:
          - paragraph: Question 6 of 11
          - paragraph: Questions
          - group "How many times have you moved?":
            - heading "How many times have you moved?" [level=1]
            - radio "Once" [checked]
            - radio "2 to 4 times"
            - radio "5 times or more"
            - radio "I don't know"
        """,
    8: """
        - main:
          - paragraph: Question 7 of 11
          - paragraph: Questions
          - group "Which two matter most?":
            - heading "Which two matter most?" [level=1]
            - text: Number 1
            - combobox "Number 1":
              - option "Choose"
              - option "School"
              - option "Family" [selected]
              - option "Friends"
            - text: Number 2
            - combobox "Number 2":
              - option "Choose"
              - option "School" [selected]
              - option "Family"
              - option "Friends"
        """,
    10: """
        - main:
          - paragraph: Question 9 of 11
          - paragraph: Questions
          - paragraph: Think of your last move. All of these are about that day.
          - group "Were you told in time?":
            - heading "Were you told in time?" [level=1]
            - radio "Yes"
            - radio "No"
            - radio "I don't know"
        """,
}


@pytest.mark.parametrize("step", QUESTIONS)
def test_a_question_is_the_name_of_its_group_and_words_are_those_of_the_answers(types, page, step):
    page.goto(f"{types.address}/answer/{step}")
    assert heard(page) == golden(QUESTIONS[step]) + "\n" + FOOT.strip("\n")


def test_a_month_is_two_lists_with_names(types, page):
    page.goto(f"{types.address}/answer/9")
    group = page.get_by_role("group", name="When did you last move?")
    month, year = (group.get_by_role("combobox", name=name) for name in ("Month", "Year"))
    assert month.get_by_role("option").all_inner_texts()[:3] == ["Choose", "January", "February"]
    assert year.get_by_role("option").all_inner_texts()[:3] == ["Choose", "2026", "2025"]


def test_information_is_a_heading_and_its_words(types, page):
    page.goto(f"{types.address}/answer/3")
    assert heard(page) == golden("""
        - main:
          - paragraph: Next part
          - paragraph: Questions
          - heading "Half way" [level=1]
          - paragraph: A few more.
          - button "Next"
          - paragraph:
            - button "I need to talk"
          - paragraph:
            - button "Delete my answers so far"
        """)


def test_a_battery_has_one_heading_and_a_group_for_each_line(types, visitor):
    person = Respondent(types)
    person.enter()
    person.post("/answer/welcome", screen="wide")
    page = visitor((1280, 800))
    cookie = person.client.get_cookie("heard").value
    page.context.add_cookies([{"name": "heard", "value": cookie, "url": types.address}])
    steps = (f"{types.address}/answer/{step}" for step in range(1, 15))
    next(step for step in steps if page.goto(step) and page.get_by_text("Were you asked?").count())
    assert heard(page) == golden("""
        - main:
          - paragraph: Questions 7 to 8 of 9
          - paragraph: Questions
          - heading "Think of your last move." [level=1]
          - paragraph: All of these are about that day.
          - group "Were you told in time?":
            - radio "Yes"
            - radio "No"
            - radio "I don't know"
          - group "Were you asked?":
            - radio "Yes"
            - radio "No"
            - radio "I don't know"
          - button "Next"
          - button "Skip this one"
          - paragraph:
            - button "I need to talk"
        """)


def test_what_is_missing_is_an_alert_that_leads_to_the_answer(types, page):
    page.goto(f"{types.address}/answer/4")
    page.locator(".foot-row .next").click()
    page.locator("#notice").wait_for()
    assert page.get_by_role("alert").first.aria_snapshot() == golden("""
        - alert:
          - paragraph: Nothing picked yet.
          - paragraph:
            - link "Pick one, or press Skip.":
              - /url: "#answer-1"
        """)
    group = page.get_by_role("group", name="How happy are you with your life?")
    assert group.get_attribute("aria-describedby") == "notice"


def test_tools_are_a_banner_of_named_buttons(types, page):
    page.goto(f"{types.address}/answer/1")
    assert page.get_by_role("banner").aria_snapshot() == golden("""
        - banner:
          - button "Back"
          - group: Look
          - button "Help"
          - button "Hide"
        """)
    page.locator("summary.tool").click()
    sizes = page.get_by_role("group", name="Size of the words")
    assert sizes.aria_snapshot() == golden("""
        - group "Size of the words":
          - text: Size of the words
          - button "Normal" [pressed]
          - button "Bigger"
          - button "Biggest"
        """)


def test_the_secret_of_three_pictures(types, page):
    page.goto(f"{types.address}/answer/pictures")
    group = page.get_by_role("group", name="Pick three pictures")
    names = [each.get_attribute("value") for each in group.get_by_role("checkbox").all()]
    for name in names:
        assert group.get_by_role("checkbox", name=name.title(), exact=True).count() == 1
    assert len(names) == 9


def test_checking_and_sending(types, page):
    page.goto(f"{types.address}/answer/check")
    assert heard(page) == golden("""
        - main:
          - heading "Ready to send?" [level=1]
          - paragraph: You got to the end. Press Send, or look at what you picked. You can still change it.
          - note:
            - paragraph:
              - text: 7 questions have no answer yet.
              - link "Go to it":
                - /url: /answer/3
              - text: Or send it as it is.
          - button "Send my answers"
          - group:
            - heading "Questions" [level=2]
            - text: 4 answers
          - paragraph:
            - link "Delete my answers so far":
              - /url: /answer/delete
        """)
    page.locator("summary:has(h2)").click()
    first = page.get_by_role("link", name="Change : Have you moved?")
    assert first.get_attribute("href") == "/answer/1?then=check"


def test_deleting_asks_with_two_equal_answers(types, page):
    page.goto(f"{types.address}/answer/delete")
    assert page.get_by_role("heading", level=1).inner_text() == "Delete your answers so far?"
    assert page.get_by_role("button", name="Yes, delete them").count() == 1
    assert page.get_by_role("link", name="No, keep them").get_attribute("href") == "/answer/check"
