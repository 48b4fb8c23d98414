"""The coordinator's pages and commands on languages: what stands, who checked, and every act kept."""

import csv
import json
import re
from dataclasses import replace

import html5lib
import pytest
from click.testing import CliRunner
from desk_site import desk_app
from invented_languages import WELSH, write_language, write_template

from surveys.audit import log as audit
from surveys.audit.log import audit_log_of
from surveys.console.languages import blueprint
from surveys.speaking.approvals import Kind, all_approvals
from surveys.speaking.catalogues import read_catalogues
from surveys.speaking.commands import languages as group
from surveys.speaking.offer import Offer
from surveys.speaking.texts import sheet_code

WELSH_PAGE = "/coordinator/languages/care4me/cy"
REASON = "Two children in Powys read no English."


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "translations"
    write_template(made)
    write_language(made, "cy", WELSH)
    write_language(made, "ar", {id: f"ع {id}" for id in WELSH})
    write_language(made, "pl", {"Yes": "Tak", "No": "Nie"})
    return made


@pytest.fixture
def app(tmp_path, folder):
    """The desk of a live site with one survey: Welsh and Arabic complete, Polish not."""
    made = desk_app(tmp_path)
    made.register_blueprint(blueprint)
    speak(made, folder)
    yield made
    made.extensions["heard"].engine.dispose()


def speak(app, folder, *, everything=False):
    """Read the catalogues anew, as a site does when it starts."""
    site = app.extensions["heard"]
    offer = Offer(
        site.surveys,
        read_catalogues(folder),
        lambda: all_approvals(site.engine),
        everything=everything,
    )
    app.extensions["heard"] = replace(site, languages=offer, demo=everything)


@pytest.fixture
def here(app):
    """The site as it is by now."""
    return lambda: app.extensions["heard"]


@pytest.fixture
def desk(signed_in):
    return Desk(signed_in("coordinator"))


class Desk:
    """A coordinator who opens pages and fills in the forms on them."""

    def __init__(self, client):
        self.client = client

    def open(self, address=WELSH_PAGE, status=200):
        self.page = self.client.get(address)
        assert self.page.status_code == status
        return self

    def send(self, act, page=WELSH_PAGE, **typed):
        token = self.open().document.find(".//input[@name='csrf_token']").attrib["value"]
        self.page = self.client.post(
            f"{page}/{act}", data={"csrf_token": token, **typed}, follow_redirects=True
        )
        return self

    @property
    def document(self):
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        return parser.parse(re.sub(r"</?time[^>]*>", "", self.page.text))

    @property
    def words(self):
        return re.sub(r"\s+", " ", " ".join(self.document.find("body").itertext()))

    @property
    def title(self):
        return self.document.findtext(".//title")


def code_of(site, language="cy"):
    return sheet_code(site.languages.wording("care4me", language).fingerprint)


def acts(site):
    log = audit_log_of(site)
    assert audit.check(log) == ()
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


# The overview


def test_overview_says_where_each_language_stands(desk):
    words = desk.open("/coordinator/languages/").words
    assert "Welsh Cymraeg , Care4Me Draft, not yet checked by a speaker. Not offered" in words
    assert "Arabic العربية , Care4Me Draft, not yet checked by a speaker. Not offered" in words
    assert "1 language is not complete" in words
    assert "Polish Polski , Care4Me 5 texts are missing." in words
    assert "demonstration" not in words


def test_overview_of_a_demonstration_says_that_it_shows_drafts(app, folder, desk):
    speak(app, folder, everything=True)
    words = desk.open("/coordinator/languages/").words
    assert "This is a demonstration, so it shows every complete language." in words
    assert "Only in this demonstration, marked as a draft" in words


def test_overview_without_catalogues_is_english_only(app, tmp_path, desk):
    (tmp_path / "none").mkdir()
    speak(app, tmp_path / "none")
    assert "English only." in desk.open("/coordinator/languages/").words


def test_every_link_of_the_overview_leads_somewhere(desk):
    links = desk.open("/coordinator/languages/").document.findall(".//main//a")
    addresses = [link.attrib["href"].partition("#")[0] for link in links]
    assert len(addresses) == 3
    for address in addresses:
        desk.open(address)


def test_missing_texts_are_listed_with_the_reason_and_the_place(desk):
    words = desk.open("/coordinator/languages/care4me/pl").words
    assert "Are you safe? no translation yet 8-10, safe" in words
    assert "Next no translation yet question" in words
    assert not desk.document.findall(".//main//form")  # nothing can be approved


def test_a_language_names_itself_and_its_direction(desk):
    own = desk.open("/coordinator/languages/care4me/ar").document.find(".//span[@lang='ar']")
    assert (own.text, own.attrib["dir"]) == ("العربية", "rtl")


@pytest.mark.parametrize(
    ("status", "said"), [("checked", True), ("draft, not yet checked by a speaker", False)]
)
def test_a_claim_in_the_file_is_named_as_one(app, folder, desk, status, said):
    write_language(folder, "cy", WELSH, status=status)
    speak(app, folder)
    words = desk.open().words
    assert ("says that it was checked" in words) is said
    assert "Not offered" in words


# The acts


def test_a_check_is_recorded_with_the_person_and_offers_the_language(here, desk):
    desk.send("check", person=" Elin   Morgan ", code=code_of(here()), note="Read twice.")
    assert "Recorded: it has been checked." in desk.words
    assert "Checked by Elin Morgan on 27 November 2026." in desk.words
    assert here().languages["care4me"] == ("en", "cy")
    assert here().languages.marks("care4me")["cy"] is False
    [line] = acts(here())
    assert (line["who"], line["what"], line["day"]) == (
        "Sam coordinator",
        "language_checked",
        "2026-11-27",
    )
    assert line["about"] == {
        "survey": "care4me",
        "language": "cy",
        "person": "Elin Morgan",
        "reason": "Read twice.",
        "texts": here().languages.wording("care4me", "cy").fingerprint.hex(),
    }


def test_a_draft_is_accepted_by_whoever_is_signed_in_with_a_reason(here, desk):
    desk.send("accept", reason=REASON)
    assert "Recorded: you accept it as a draft." in desk.words
    assert "Accepted as a draft by Sam coordinator on 27 November 2026." in desk.words
    assert f"Reason: “{REASON}”" in desk.words
    assert "Offered, marked as a draft" in desk.words
    assert here().languages.marks("care4me") == {"en": False, "cy": True}
    [line] = acts(here())
    assert (line["what"], line["who"]) == ("language_accepted", "Sam coordinator")
    assert line["about"]["reason"] == REASON


def test_stopping_withdraws_every_approval_and_keeps_the_reason(here, desk):
    desk.send("accept", reason=REASON)
    desk.send("check", person="Elin", code=code_of(here()))
    desk.send("stop", reason="A word on page two is wrong.")
    assert "Recorded: every approval is withdrawn." in desk.words
    assert "Not offered" in desk.words
    assert here().languages["care4me"] == ("en",)
    assert [each.withdrawn for each in all_approvals(here().engine)] == [True, True]
    assert acts(here())[-1]["about"] == {
        "survey": "care4me",
        "language": "cy",
        "reason": "A word on page two is wrong.",
    }


def test_after_stopping_it_can_be_approved_again(here, desk):
    desk.send("accept", reason=REASON)
    desk.send("stop", reason="It was the wrong survey.")
    desk.send("accept", reason=REASON)
    assert here().languages["care4me"] == ("en", "cy")


def test_texts_changed_since_are_said_and_offer_nothing(app, folder, here, desk):
    desk.send("check", person="Elin", code=code_of(here()))
    desk.send("accept", reason=REASON)
    write_language(folder, "cy", {**WELSH, "Yes": "Ie"})
    speak(app, folder)
    words = desk.open().words
    assert "The texts have changed since Elin checked them on 27 November 2026." in words
    assert "The texts have changed since Sam coordinator accepted them" in words
    assert "Counts no longer: the texts have changed since." in words
    assert "Not offered" in words
    assert here().languages["care4me"] == ("en",)
    assert "The texts have changed since Elin" in desk.open("/coordinator/languages/").words


def test_a_sheet_signed_before_the_texts_changed_is_not_taken(app, folder, here, desk):
    signed = code_of(here())
    write_language(folder, "cy", {**WELSH, "Yes": "Ie"})
    speak(app, folder)
    desk.send("check", person="Elin", code=signed)
    assert desk.page.status_code == 422
    assert "They have changed since the sheet was made" in desk.words
    assert all_approvals(here().engine) == ()


@pytest.mark.parametrize("typed", ["{}", " {} ", "{upper}", "{spaced}"])
def test_a_code_may_be_typed_with_spaces_and_capitals(here, desk, typed):
    code = code_of(here())
    written = typed.format(code, upper=code.upper(), spaced=f"{code[:4]} {code[4:]}")
    desk.send("check", person="Elin", code=written)
    assert "Checked by Elin" in desk.words


@pytest.mark.parametrize(
    ("act", "typed", "field", "said"),
    [
        ("check", {"person": "", "code": "right"}, "check-person", "Type the name of the person"),
        ("check", {"person": "  ", "code": "right"}, "check-person", "Type the name"),
        ("check", {"person": "...", "code": "right"}, "check-person", "Type the name"),
        ("check", {"person": "E" * 81, "code": "right"}, "check-person", "too long"),
        ("check", {"person": "Elin", "code": ""}, "check-code", "Type the code"),
        ("check", {"person": "Elin", "code": "00000000"}, "check-code", "not the code"),
        ("check", {"person": "Elin", "code": "١٢٣"}, "check-code", "not the code"),
        ("check", {"person": "Elin", "code": "right", "note": "x" * 501}, "check-note", "too long"),
        ("check", {}, "check-person", "Type the name"),
        ("accept", {"reason": ""}, "accept-reason", "at least 10 characters"),
        ("accept", {"reason": "too short"}, "accept-reason", "at least 10 characters"),
        ("accept", {"reason": " \u200b" * 20}, "accept-reason", "at least 10 characters"),
        ("accept", {"reason": "x" * 501}, "accept-reason", "too long"),
        ("accept", {}, "accept-reason", "at least 10 characters"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    here, desk, act, typed, field, said
):
    typed = {name: code_of(here()) if text == "right" else text for name, text in typed.items()}
    desk.send(act, **typed)
    assert desk.page.status_code == 422
    assert desk.title.startswith("Error: ")
    summary = desk.document.find(".//div[@class='error-summary']")
    [link] = summary.findall(".//a")
    assert link.attrib["href"] == f"#{field}" and said in link.text
    box = next(each for each in desk.document.iter() if each.attrib.get("id") == field)
    assert box.attrib["aria-invalid"] == "true"
    described = [
        each.text or ""
        for each in desk.document.iter()
        if each.attrib.get("id") in box.attrib["aria-describedby"].split()
    ]
    assert any(said in words for words in described)
    for name, text in typed.items():
        kept = next(e for e in desk.document.iter() if e.attrib.get("id") == f"{act}-{name}")
        assert (kept.attrib.get("value", kept.text) or "").strip("\n") == text
    assert all_approvals(here().engine) == () and acts(here()) == []


def test_stopping_needs_a_reason_and_something_to_stop(here, desk):
    desk.send("stop", reason="A word on page two is wrong.")
    assert desk.page.status_code == 422
    assert "Nobody has approved this language" in desk.words
    desk.send("accept", reason=REASON)
    desk.send("stop", reason="wrong")
    assert desk.page.status_code == 422 and "Offered, marked as a draft" in desk.words
    assert here().languages["care4me"] == ("en", "cy")


@pytest.mark.parametrize("act", ["check", "accept"])
def test_an_incomplete_language_cannot_be_approved(here, desk, act):
    page = "/coordinator/languages/care4me/pl"
    desk.send(act, page, person="Jan", code=code_of(here(), "pl"), reason=REASON)
    assert desk.page.status_code == 422
    assert "Only a complete language can be offered." in desk.words
    assert all_approvals(here().engine) == ()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("care4me/xx", "no translation into that language"),
        ("care4me/so", "no translation into that language"),
        ("care4me/en", "no translation into that language"),
        ("nothing/cy", "no survey of that name"),
    ],
    ids=["no language", "no catalogue", "English", "no survey"],
)
def test_a_language_or_survey_that_is_not_there_is_said_kindly(here, desk, place, said):
    address = f"/coordinator/languages/{place}"
    for act in ("check", "accept", "stop"):
        desk.send(act, address, person="Elin", code="00000000", reason=REASON)
        assert desk.page.status_code == 404 and said in desk.words
        assert "Choose one of the languages below." in desk.words
    for page in (address, f"{address}/sheet"):
        assert said in desk.open(page, 404).words
    assert all_approvals(here().engine) == () and acts(here()) == []


@pytest.mark.parametrize("act", ["check", "accept", "stop"])
def test_a_form_without_its_token_changes_nothing(here, desk, act):
    answer = desk.open().client.post(f"{WELSH_PAGE}/{act}", data={"reason": REASON})
    assert answer.status_code == 400
    assert all_approvals(here().engine) == ()


def test_names_are_shown_as_text(here, desk):
    desk.send("check", person="<b>Elin</b> & Siân", code=code_of(here()), note='"><script>')
    assert "Checked by <b>Elin</b> & Siân on" in desk.words
    assert "<b>Elin" not in desk.page.text and "<script>" not in desk.page.text


def test_a_name_keeps_the_joiners_it_is_spelt_with_and_no_hidden_turns(here, desk):
    desk.send("check", person="علی\u200cرضا\u202e", code=code_of(here()))
    [kept] = all_approvals(here().engine)
    assert kept.person == "علی\u200cرضا"


def test_another_web_server_sees_the_act_at_its_next_sitting(app, folder, here, desk):
    site = here()
    other = Offer(
        site.surveys,
        read_catalogues(folder),
        lambda: all_approvals(site.engine),
        everything=False,
        clock=lambda: 0.0,
    )
    assert other["care4me"] == ("en",)
    desk.send("accept", reason=REASON)
    assert other["care4me"] == ("en",)  # for up to a minute, on pages before a sitting
    other.look_again()  # as every sitting does when it begins
    assert other["care4me"] == ("en", "cy")


@pytest.mark.parametrize(
    "role", ["inspector", "analyst", "safeguarding", "helper", "administrator"]
)
def test_only_coordinators_decide(signed_in, here, role):
    client = signed_in(role)
    for page in ("/coordinator/languages/", WELSH_PAGE, f"{WELSH_PAGE}/sheet"):
        assert client.get(page).status_code == 403
    with client.session_transaction() as session:
        session["csrf_token"] = "0" * 40
    assert client.post(f"{WELSH_PAGE}/accept", data={"reason": REASON}).status_code in (400, 403)
    assert all_approvals(here().engine) == ()


def test_the_home_page_of_a_coordinator_leads_here(desk):
    links = desk.open("/staff/").document.findall(".//main//a")
    assert "/coordinator/languages/" in [link.attrib["href"] for link in links]


# The sheet


def test_the_sheet_has_every_text_side_by_side_and_the_code_to_sign(here, desk):
    document = desk.open(f"{WELSH_PAGE}/sheet").document
    rows = [
        tuple("".join(part.itertext()).strip() for part in row)
        for row in document.findall(".//ol[@class='sheet']/li")
    ]
    assert rows[:4] == [
        ("Care4Me", "Care4Me", "8-10"),
        ("Hello.", "Helo.", "8-10"),
        ("One", "Un", "8-10"),
        ("Are you safe?", "Wyt ti’n ddiogel?", "8-10, safe"),
    ]
    assert [row[0] for row in rows] == list(WELSH) and rows[-1][2] == "question"
    assert document.findtext(".//section//code") == code_of(here())


def test_the_sheet_of_an_incomplete_language_has_nothing_to_sign(desk):
    words = desk.open("/coordinator/languages/care4me/pl/sheet").words
    assert "5 texts are missing. This sheet cannot be signed yet." in words
    assert desk.document.find(".//section//code") is None


def test_the_sheet_runs_the_way_the_language_does(desk):
    cells = desk.open("/coordinator/languages/care4me/ar/sheet").document.findall(
        ".//ol/li/div[@lang='ar']"
    )
    assert len(cells) == len(WELSH)
    assert {cell.attrib["dir"] for cell in cells} == {"rtl"}


# The command line


@pytest.fixture
def languages(app, here):
    """Runs a command as ``flask`` does: inside the app, without any visitor."""

    def run(*words):
        with app.app_context():
            return CliRunner().invoke(group, words, obj=here())

    return run


def test_list_says_what_stands(languages):
    done = languages("list")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "care4me ar: complete, draft, not offered",
        "care4me cy: complete, draft, not offered",
        "care4me pl: 5 texts missing, not offered",
    ]


def test_list_can_name_every_missing_text(languages):
    lines = languages("list", "--missing").output.splitlines()
    assert "    empty: 'Are you safe?' (8-10, safe)" in lines


def test_check_accept_and_withdraw_do_what_the_page_does(languages, here):
    code = code_of(here())
    done = languages("check", "cy", "care4me", "--name", "Elin Morgan", "--code", code)
    assert done.output == "care4me cy: complete, checked by Elin Morgan on 2026-11-27, offered\n"
    done = languages("accept", "ar", "care4me", "--name", "Sam", "--reason", REASON)
    assert done.output == "care4me ar: complete, draft accepted by Sam on 2026-11-27, offered\n"
    assert here().languages.marks("care4me") == {"en": False, "ar": True, "cy": False}
    done = languages("withdraw", "cy", "care4me", "--reason", "A word is wrong.")
    assert done.output == "care4me cy: complete, draft, not offered\n"
    kinds = [(each.language, each.kind, each.withdrawn) for each in all_approvals(here().engine)]
    assert sorted(kinds) == [("ar", Kind.ACCEPTED, False), ("cy", Kind.CHECKED, True)]
    assert [(line["who"], line["what"]) for line in acts(here())] == [
        ("command line", "language_checked"),
        ("command line", "language_accepted"),
        ("command line", "language_withdrawn"),
    ]


def test_list_says_whose_approval_counts_no_longer(app, folder, languages):
    languages("accept", "cy", "care4me", "--name", "Sam", "--reason", REASON)
    write_language(folder, "cy", {**WELSH, "Yes": "Ie"})
    speak(app, folder)
    assert (
        "care4me cy: complete, draft, texts have changed since Sam on 2026-11-27, not offered"
        in (languages("list").output)
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "xx", "care4me", "--name", "E", "--code", "0"), "no translation into that"),
        (("check", "cy", "nothing", "--name", "E", "--code", "0"), "no survey of that name"),
        (("check", "cy", "care4me", "--name", "E", "--code", "0"), "not the code"),
        (("check", "cy", "care4me", "--name", " ", "--code", "0"), "Type the name"),
        (("check", "cy", "care4me", "--name", "E"), "--code"),
        (("accept", "cy", "care4me", "--name", "E", "--reason", "short"), "at least 10"),
        (("accept", "cy", "care4me", "--name", "", "--reason", REASON), "Type the name"),
        (("accept", "pl", "care4me", "--name", "E", "--reason", REASON), "Only a complete"),
        (("withdraw", "cy", "care4me", "--reason", REASON), "Nobody has approved"),
        (("list", "--survey", "nothing"), "There is no survey nothing: care4me."),
        (("sheet", "xx", "care4me", "--output", "a.html"), "no translation into that"),
        (("sheet", "cy", "care4me", "--output", "a.pdf"), ".html or .csv"),
    ],
)
def test_what_cannot_be_done_is_said_plainly_and_changes_nothing(
    languages, here, tmp_path, monkeypatch, words, said
):
    monkeypatch.chdir(tmp_path)
    done = languages(*words)
    assert done.exit_code != 0
    assert said in done.output and "Traceback" not in done.output
    assert all_approvals(here().engine) == () and acts(here()) == []
    assert not (tmp_path / "a.html").exists()


def test_sheet_file_stands_by_itself(languages, here, tmp_path):
    path = tmp_path / "cy.html"
    done = languages("sheet", "cy", "care4me", "--output", str(path))
    code = code_of(here())
    assert done.output == f"7 texts written to {path}.\nThe code on it: {code}\n"
    text = path.read_text("utf-8")
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert document.findtext(".//title") == "Care4Me: Welsh"
    assert document.findtext(".//section//code") == code
    assert len(document.findall(".//ol[@class='sheet']/li")) == len(WELSH)
    assert "<style>" in text and "@media print" in text
    assert not re.search(r"(src|href)=|https?:|url\(", text)  # nothing is fetched from anywhere


def test_sheet_as_a_table_has_room_for_better_words(languages, here, tmp_path):
    path = tmp_path / "cy.csv"
    assert languages("sheet", "cy", "care4me", "--output", str(path)).exit_code == 0
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # spreadsheets read UTF-8 only with the mark
    heading, *rows = csv.reader(raw.decode("utf-8-sig").splitlines())
    assert heading[:6] == [
        "number", "where", "English", "translation", "right (yes or no)", "better words",
    ]  # fmt: skip
    assert heading[6] == f"care4me cy {code_of(here())}"
    assert rows[3] == ["4", "8-10, safe", "Are you safe?", "Wyt ti’n ddiogel?", "", ""]
    assert len(rows) == len(WELSH)


def test_sheet_is_never_written_over_another(languages, tmp_path):
    path = tmp_path / "cy.html"
    path.write_text("signed")
    done = languages("sheet", "cy", "care4me", "--output", str(path))
    assert done.exit_code != 0 and "nothing is written over" in done.output
    assert path.read_text() == "signed"


def test_sheet_of_an_incomplete_language_says_so(languages, tmp_path):
    path = tmp_path / "pl.html"
    done = languages("sheet", "pl", "care4me", "--output", str(path))
    assert "5 of them are missing, so the sheet has no code to sign yet." in done.output
    assert "This sheet cannot be signed yet." in path.read_text("utf-8")
