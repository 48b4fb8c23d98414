"""The printed form: its words, its letters, codes, languages, files and PDF."""

import csv
import re
import stat
import subprocess
from dataclasses import replace

import html5lib
import pytest
from answering_site import ROOT

from surveys.audit.log import audit_log_of, entries
from surveys.invitations.codes import word_list
from surveys.paper import printing
from surveys.paper.layout import items, layout
from surveys.paper.printing import PrintedCode, code_picture, form_page, mark_of, on_its_own

WORDS = " ".join(word_list()[:5])
LINK = "a" * 26


@pytest.fixture
def print_form(site):
    """The form as HTML, as the command and the coordinator's page make it."""

    def make(survey, audience=None, language="en", codes=(), **changed):
        version = survey.version(audience or survey.questionnaires[0].audience)
        with site.app.test_request_context():
            return form_page(replace(site.site, **changed), survey, version, language, codes)

    return make


def document(page):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def words(element):
    return " ".join(" ".join(element.itertext()).split())


def text_of(page):
    return words(document(page).find(".//main"))


def a_code():
    return PrintedCode(WORDS, LINK, code_picture(LINK))


def test_routing_is_said_in_words(print_form, every_type):
    said = text_of(print_form(every_type))
    for sentence in (
        "B No Go to 3",
        "Did you tick “Yes” at question 1? If yes, answer question 2. If no, go to question 3.",
        "Is at least one of these true? Did you tick 4 or less at question 3? "
        "Did you tick “No reason” at question 2? If yes, answer question 4. If no, go to question 5.",
        "Did you answer question 4? If yes, answer question 5. If no, go to question 6.",
        "Did you tick “No” at question 1? If yes, the question is: Would you like to move?",
        "You said: you moved. Was that right for you?",
        "C No reason (tick nothing else)",
        "Write 1 in the box of your first choice, 2 in the box of your second, and so on. "
        "Choose up to 2.",
        "Write numbers: 1 for January, 12 for December. Years from 2015 to 2030.",
    ):
        assert sentence in said


def test_a_condition_turned_round_leads_past_the_questions(print_form, shipped):
    said = text_of(print_form(shipped["care4me"], "8-10"))
    assert "D I don't have a school Go to 9" in said
    assert (
        "Did you tick “I don't have a school” at question 6? If yes, go to question 9. "
        "If no, answer questions 7 to 8."
    ) in said


def test_every_version_that_we_ship_prints_each_number_letter_and_word(print_form, shipped):
    for survey in shipped.values():
        for version in survey.questionnaires:
            page = print_form(survey, version.audience)
            found = document(page)
            numbers = [words(one) for one in found.findall(".//span[@class='number']")]
            expected = list(items(layout(version)))
            assert numbers == [str(item.number) for item in expected]
            letters = [words(one) for one in found.findall(".//span[@class='letter']")]
            wanted = [m.letter for item in expected for m in (*item.marks, *item.non_answers)]
            assert letters == wanted
            said = words(found.find(".//main"))
            for item in expected:
                assert " ".join(item.text.split()) in said
                for mark in (*item.marks, *item.non_answers):
                    assert mark.label in said
            assert not found.findall(".//input") and " id=" not in page


def test_pictures_are_those_of_the_screen(print_form, shipped):
    page = print_form(shipped["care4me"], "easy-read")
    version = shipped["care4me"].version("easy-read")
    pictured = [q for q in version.questions if q.pictures != "none"]
    assert page.count("face-skin") == sum(len(q.options) for q in pictured if q.pictures == "faces")
    assert page.count('class="picture symbol"') >= len(version.questions)
    assert "dot-full" in page


PROMISES = {
    ("care4me", "8-10"): "They see what you ticked and what you wrote.",
    ("care4me", "11-15"): "Your carers and your social worker must not open the envelope.",
    ("care4me", "16-17"): "Your personal adviser, your social worker and your carers must not open",
    ("staff", "adult"): "The people you work with, and the people who work with you, must not open",
    ("parents", "adult"): "The people you work with, and the people who work with you, must not",
}


@pytest.mark.parametrize(("survey", "audience"), PROMISES)
def test_the_promise_is_that_of_paper(print_form, shipped, survey, audience):
    blank = text_of(print_form(shipped[survey], audience))
    coded = text_of(print_form(shipped[survey], audience, codes=[a_code()]))
    assert PROMISES[survey, audience] in blank
    assert "This paper has no name and no code on it." in blank
    assert "list of codes could find out that it is yours" not in blank
    assert "This paper has no name" not in coded
    assert "list of codes could find out that it is yours" in coded
    for screen_only in ("When you press Send", "Until you press Send", "press Help"):
        assert screen_only not in blank + coded
    assert re.search(r"types? (it|your answers)", blank) and "envelope" in blank


def test_the_promise_names_a_single_key_holder_when_there_may_be_one(make_site, make_desk, shipped):
    site = make_site(shipped["care4me"], single_custodian=False)
    version = shipped["care4me"].version("11-15")

    def said():
        with site.app.test_request_context():
            return text_of(form_page(site.site, shipped["care4me"], version, "en"))

    assert site.wave.single_custodian == ("one person holds both keys" in said())
    site.site = replace(site.site, single_custodian=True)
    assert "one person holds both keys" in said()


def test_the_last_page_has_the_people_to_call_for_the_age(print_form, shipped, site):
    child = text_of(print_form(shipped["care4me"], "8-10"))
    adult = text_of(print_form(shipped["staff"], "adult"))
    assert "Childline 0800 1111" in child and "Childline" not in adult
    assert child.index("999") < child.index("Childline 0800") < child.index("Help at Hand")
    assert "put this paper in the envelope" in child


def test_each_copy_carries_its_own_code(print_form, every_type):
    codes = [PrintedCode(f"word{n} two", LINK, code_picture(f"code {n}")) for n in range(3)]
    found = document(print_form(every_type, codes=codes))
    forms = found.findall(".//article")
    assert [words(f.find(".//p[@class='code-words']")) for f in forms] == [
        "word0 two", "word1 two", "word2 two",
    ]  # fmt: skip
    assert len({words_of_picture(f) for f in forms}) == 3


def words_of_picture(form):
    (picture,) = form.find(".//div[@class='qr']")
    return picture.find("*").attrib["d"]


def test_a_code_by_link_shows_its_letters(print_form, every_type):
    code = PrintedCode("", "aaaa aaaa aaaa aaaa aaaa aaaa aa", code_picture(LINK))
    found = document(print_form(every_type, codes=[code]))
    assert words(found.find(".//p[@class='code-words']")) == "aaaa aaaa aaaa aaaa aaaa aaaa aa"


def test_the_mark_changes_with_any_question_of_the_survey(every_type):
    (version,) = every_type.questionnaires
    mark = mark_of(every_type, version)
    assert re.fullmatch(r"every-type-of-question-adult [0-9A-F]{6}", mark)
    changed = version.model_copy(update={"title": "Moving house"})
    other = every_type.model_copy(update={"questionnaires": (changed,)})
    assert mark_of(other, changed) != mark


def test_arabic_runs_from_the_right_and_keeps_the_letters(print_form, shipped):
    found = document(print_form(shipped["care4me"], "8-10", "ar"))
    assert (found.attrib["lang"], found.attrib["dir"]) == ("ar", "rtl")
    assert "هل تفعل أشياء ممتعة؟" in words(found.find(".//main"))
    letters = found.findall(".//span[@class='letter']")
    assert letters and {one.attrib["dir"] for one in letters} == {"ltr"}
    assert "Project-Id-Version" not in words(found.find(".//main"))


def test_a_file_on_its_own_fetches_nothing(print_form, shipped):
    page = on_its_own(print_form(shipped["care4me"], "8-10"), ["care4me-8-10 0A1B2C"])
    assert 'rel="stylesheet"' not in page and "@page" in page
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)|url\(["']?([^)]+)""", page)
    assert {(first or second).partition(":")[0] for first, second in addresses} <= {"data"}
    assert '@bottom-left { content: "care4me-8-10 0A1B2C"' in page


def test_only_the_fonts_of_its_letters_are_inside(print_form, shipped, tmp_path, monkeypatch):
    static = tmp_path / "static"
    (static / "vendor" / "fonts").mkdir(parents=True)
    (static / "paper.css").write_text("p { margin: 0 }")
    rules = {"latin": "U+0000-00FF", "arabic": "U+0600-06FF,U+200C"}
    (static / "vendor" / "fonts.css").write_text(
        "".join(
            f'@font-face {{ font-family: "{family}"; src: url("fonts/{name}.woff2") '
            f'format("woff2"); unicode-range: {letters}; }}\n'
            for family in ("Andika", "Atkinson Hyperlegible Next")
            for name, letters in rules.items()
        )
    )
    for name in rules:
        (static / "vendor" / "fonts" / f"{name}.woff2").write_bytes(name.encode())
    monkeypatch.setattr(printing, "STATIC", static)
    english = on_its_own(print_form(shipped["care4me"], "8-10"), ["x"])
    arabic = on_its_own(print_form(shipped["care4me"], "8-10", "ar"), ["x"])
    assert english.count("@font-face") == 1 and arabic.count("@font-face") == 2
    assert english.count("data:font/woff2;base64,bGF0aW4=") == 1
    assert 'font-family: "Andika"' in english


def test_a_foot_cannot_break_out_of_the_style_sheet(print_form, every_type):
    page = on_its_own(print_form(every_type), ['x" } </style><script>alert(1)</script>'])
    assert "<script" not in page


def run(site, *arguments):
    from surveys import commands

    if "paper" not in site.app.cli.commands:
        commands.register(site.app)
    return site.app.test_cli_runner().invoke(args=["paper", "print", *map(str, arguments)])


@pytest.fixture
def cards(tmp_path):
    """A file of codes as ``invitations issue`` writes it."""
    path = tmp_path / "cards.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["invitation", "audience", "channel", "words", "link"])
        writer.writerow(["00", "adult", "card", WORDS, LINK])
        writer.writerow(["01", "adult", "link", "", "b" * 25 + "a"])
        writer.writerow(["02", "8-10", "card", WORDS, LINK])
    return path


def test_the_command_writes_a_private_file_and_says_what_to_ring(site, tmp_path):
    out = tmp_path / "form.html"
    done = run(site, "every_type_of_question", "--version", "adult", "--output", out)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "A blank form written to" in done.output and "Samaritans" in done.output
    assert "Have you moved?" in out.read_text(encoding="utf-8")


def test_the_command_prints_one_form_for_each_code_of_the_version(site, tmp_path, cards):
    out = tmp_path / "forms.html"
    options = ("--version", "adult", "--codes", cards, "--address", "https://heard.example/")
    done = run(site, "every_type_of_question", *options, "--output", out)
    assert done.exit_code == 0, done.output
    assert "2 forms with codes" in done.output and "Destroy the file" in done.output
    page = out.read_text(encoding="utf-8")
    assert page.count("<article") == 2
    [line] = entries(audit_log_of(site.app.extensions["heard"]))
    assert (line.who, line.what) == ("command line", "paper_printed")
    assert (line.about["survey"], line.about["codes"]) == ("every_type_of_question", "2")
    assert str(code_picture(f"https://heard.example/#{LINK}")) in page
    assert f'content: "{WORDS}"' in page
    assert "bbbb bbbb" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing", "--version", "adult"), "There is no survey 'nothing'"),
        (("every_type_of_question", "--version", "8-10"), "has no version '8-10'. It has: adult."),
        (("every_type_of_question", "--version", "adult", "--language", "xx"),
         "is not offered in 'xx'. It is in: en."),
    ],
)  # fmt: skip
def test_the_command_refuses_in_one_line(site, tmp_path, arguments, words):
    done = run(site, *arguments, "--output", tmp_path / "x.html")
    assert done.exit_code == 1 and words in done.output
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "is not a file of codes"),
        ("audience,words,link\n8-10,x,y\n", "has no code for the version 'adult'"),
        (f"audience,words,link\nadult,,{LINK}\nadult,,abc\n", "line 3: this is not a code"),
        (f"audience,words,link\nadult,one two,{LINK}\n", "line 2: this is not a code"),
    ],
)
def test_the_command_refuses_a_file_that_has_no_codes(site, tmp_path, content, words):
    codes, out = tmp_path / "codes.csv", tmp_path / "x.html"
    codes.write_text(content)
    options = ("--version", "adult", "--codes", codes, "--output", out)
    done = run(site, "every_type_of_question", *options)
    assert done.exit_code == 1 and words in done.output and not out.exists()
    assert LINK not in done.output


def test_the_command_never_writes_over_a_file(site, tmp_path):
    out = tmp_path / "form.html"
    out.write_text("kept")
    done = run(site, "every_type_of_question", "--version", "adult", "--output", out)
    assert done.exit_code == 1 and out.read_text() == "kept"


def test_without_chromium_the_command_says_what_to_install(site, tmp_path, monkeypatch):
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    out = tmp_path / "form.pdf"
    done = run(site, "every_type_of_question", "--version", "adult", "--pdf", "--output", out)
    assert done.exit_code == 1 and "sudo apt-get install chromium" in done.output
    assert not out.exists()


def test_when_chromium_fails_the_command_says_what_to_do(site, tmp_path, monkeypatch, chromium):
    def fail(command, **options):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(printing.subprocess, "run", fail)
    out = tmp_path / "form.pdf"
    done = run(site, "every_type_of_question", "--version", "adult", "--pdf", "--output", out)
    assert done.exit_code == 1 and "Print without --pdf" in done.output


@pytest.mark.browser
def test_a_pdf_is_tagged_a4_and_as_long_as_it_should_be(site, tmp_path, cards, chromium):
    out = tmp_path / "form.pdf"
    common = ("every_type_of_question", "--version", "adult", "--pdf", "--output")
    assert run(site, *common, out).exit_code == 0
    one = out.read_bytes()
    assert one.startswith(b"%PDF") and b"StructTreeRoot" in one
    pages = len(re.findall(rb"/Type /Page\b", one))
    assert 3 <= pages <= 6
    sizes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", one)}
    (left, bottom, width, height), *others = sizes
    assert not others and (left, bottom) == (0, 0)
    assert abs(width - 595) < 2 and abs(height - 842) < 2
    both = tmp_path / "both.pdf"
    assert run(site, *common, both, "--codes", cards).exit_code == 0
    assert len(re.findall(rb"/Type /Page\b", both.read_bytes())) >= 2 * (pages - 1)
    assert stat.S_IMODE(both.stat().st_mode) == 0o600


@pytest.fixture
def coordinator(make_site, make_desk, shipped):
    return make_desk(make_site(shipped["care4me"], languages=("en", "ar")), "Cora", ["coordinator"])


def test_the_coordinator_finds_a_form_for_every_version_and_language(coordinator):
    coordinator.get("/paper/")
    assert coordinator.heading == "Paper forms"
    links = [one.attrib["href"] for one in coordinator.document.findall(".//main//a")]
    assert links == [
        f"/paper/care4me/{version}/{language}"
        for version in ("8-10", "11-15", "16-17", "easy-read")
        for language in ("en", "ar")
    ]
    assert "Ring these before you hand out paper" in coordinator.words
    assert "care4me-8-10 " in coordinator.words
    for link in links:
        coordinator.get(link)
        assert coordinator.status == 200 and coordinator.heading == "Care4Me"
    assert coordinator.document.attrib["dir"] == "rtl"
    notice = coordinator.document.find(".//aside")
    assert notice.attrib["lang"] == "en" and "Print this page with your browser" in words(notice)


def test_what_is_not_offered_is_not_there(coordinator):
    for address in ("care4me/8-10/cy", "care4me/9-11/en", "staff/adult/en", "care4me/8-10/xx"):
        assert coordinator.get(f"/paper/{address}").status == 404


def test_forms_are_the_coordinators(site, make_desk):
    for role, status in (("data_entry", 403), ("inspector", 403), ("coordinator", 200)):
        desk = make_desk(site, f"Sam {role}", [role])
        assert desk.client.get("/paper/").status_code == status
        form = desk.client.get("/paper/every_type_of_question/adult/en")
        assert form.status_code == status


def test_the_whole_site_has_the_rooms_and_the_command(app, signed_in, tmp_path):
    assert "Paper forms" in signed_in("coordinator").get("/staff/").get_data(as_text=True)
    assert signed_in("coordinator").get("/paper/care4me/8-10/en").status_code == 200
    page = signed_in("data_entry").get("/paper/entry/").get_data(as_text=True)
    assert "The code of the paper" in page
    out = tmp_path / "form.html"
    options = ["paper", "print", "aftercare", "--version", "16+", "--output", str(out)]
    done = app.test_cli_runner().invoke(args=options)
    assert done.exit_code == 0, done.output
    assert "aftercare-16plus" in out.read_text(encoding="utf-8")


def test_the_style_sheet_is_black_on_white_and_big_enough_for_children():
    sheet = (ROOT / "static" / "paper.css").read_text(encoding="utf-8")
    child = sheet.partition('.paper[data-look="child"] {')[2].partition("}")[0]
    sizes = dict(re.findall(r"--(letter-size|box): ([\d.]+)(?:pt|mm)", child))
    assert float(sizes["letter-size"]) >= 14 and float(sizes["box"]) >= 8
    assert "size: A4" in sheet
