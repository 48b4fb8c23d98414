"""Cards on paper: what is on them, what is not, and that a stranger's scanner reads them."""

import hashlib
import html
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from carded_site import ADDRESS, AGES, ROOT, carded_site, child, quickly, speaking_app
from hypothesis import given
from hypothesis import strategies as st

from surveys.invitations import cards_commands, cards_paper
from surveys.invitations.cards import Bundle, address_in_picture, bundles
from surveys.invitations.cards_drawing import (
    HEADING_SIZES,
    PROMISE_LINES,
    PROMISE_SIZES,
    SIZES,
    Print,
    card_words,
    draw_cards,
)
from surveys.invitations.cards_helpers import HelpersUnfit, read_helpers
from surveys.invitations.cards_paper import NoLetters, Paper
from surveys.invitations.codes import link_text, word_list
from surveys.invitations.helper_sheet import draw_helper_sheet, helper_rules
from surveys.invitations.issuing import IssuedCode
from surveys.invitations.register import Invitation
from surveys.languages import NAMES, RIGHT_TO_LEFT
from surveys.rehearsal.browser import forms_in
from surveys.retention.left_over import remove_code_lists

SHARP = 3  # pixels for each of PDF's points: 216 dpi, as a plain office printer or worse


def a_code(number, audience="8-10"):
    secret = hashlib.sha256(b"%d" % number).digest()[:16]
    words = tuple(word_list()[secret[n] * 4 + n] for n in range(5))
    return IssuedCode(
        Invitation(secret[::-1], b"w" * 16, b"m%d" % number, audience, "card"),
        words,
        link_text(secret),
    )


def drawn(app, codes, language="en", size="a7", **more):
    from flask_babel import force_locale

    with app.test_request_context():
        with force_locale(language):
            words = card_words()
        how = Print(SIZES[size], ADDRESS, words, more.pop("digits", 0))
        paper = Paper(is_rtl=language in RIGHT_TO_LEFT, keywords=["ab" * 16])
        covers = more.pop("covers", False)
        return draw_cards(paper, [Bundle("Robin Ó Bríain", tuple(codes))], how, covers=covers)


class Pages:
    """A PDF as a renderer that is not ours reads it."""

    def __init__(self, content):
        self.document = pypdfium2.PdfDocument(content)

    def __len__(self):
        return len(self.document)

    def text(self, number):
        return self.document[number].get_textpage().get_text_bounded()

    def letters(self, number):
        """All text without spaces: where letters are set closer, a reader may see one."""
        return "".join(self.text(number).split())

    def image(self, number, scale=SHARP):
        return self.document[number].render(scale=scale, grayscale=True).to_pil()

    def scanned(self, number):
        """What a scanner that is not ours reads, from the top, left before right."""
        found = zxingcpp.read_barcodes(self.image(number))
        places = [
            (one.position.top_left.y // 60, one.position.top_left.x, one.text) for one in found
        ]
        return [text for _, _, text in sorted(places)]

    def sizes(self):
        return {tuple(round(side) for side in page.get_size()) for page in self.document}


@pytest.fixture(autouse=True)
def quick_words(monkeypatch):
    monkeypatch.setattr("surveys.invitations.issuing.secret_from_words", quickly)


@pytest.fixture
def carded(tmp_path):
    made = carded_site(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def saying():
    return speaking_app()


@pytest.mark.parametrize(("size", "on_a_page"), [("a7", 8), ("slips", 14)])
def test_scanner_reads_from_every_card_the_address_that_the_words_lead_to(saying, size, on_a_page):
    codes = [a_code(number) for number in range(on_a_page + 1)]
    pages = Pages(drawn(saying, codes, size=size))
    assert len(pages) == 2 and pages.sizes() == {(595, 842)}
    wanted = [address_in_picture(ADDRESS, code) for code in codes]
    assert pages.scanned(0) + pages.scanned(1) == wanted
    assert wanted[0] == f"{ADDRESS}/#{codes[0].link}"
    for code in codes[:on_a_page]:
        assert "".join(code.words) in pages.letters(0)


@pytest.mark.parametrize("language", ["ar", "ti", "vi", "uk"])
def test_scanner_reads_cards_in_every_script(saying, language):
    codes = [a_code(number) for number in range(4)]
    pages = Pages(drawn(saying, codes, language))
    assert sorted(pages.scanned(0)) == sorted(address_in_picture(ADDRESS, one) for one in codes)
    assert "".join(codes[0].words) in pages.letters(0)


def test_there_is_a_letter_and_room_for_every_word_in_every_language(saying):
    from flask_babel import force_locale

    paper, said = Paper(), set()
    paper.add_page()
    with saying.test_request_context():
        for language in NAMES:
            with force_locale(language):
                words = card_words()
            inside = SIZES["a7"].width - 10
            assert paper.lines(words.heading, inside, HEADING_SIZES[-1], bold=True) == 1
            assert paper.lines(words.promise, inside, PROMISE_SIZES[-1]) <= PROMISE_LINES
            said.add(words)
    assert len(said) == len(NAMES), "every language says it in its own words"


def test_joined_letters_are_joined():
    """Shaped, an Arabic word is narrower than its letters one by one."""
    paper, word = Paper(is_rtl=True), "كلماتك"
    paper.learn_letters(word)
    paper.set_font(paper.letters, "", 12)
    apart = sum(paper.get_string_width(letter) for letter in word)
    assert 0 < paper.get_string_width(word) < 0.9 * apart


def test_a_card_says_nothing_of_a_child_a_survey_or_care(saying, carded):
    code = carded.code_of(0)
    text = Pages(drawn(saying, [code])).text(0)
    for telling in (
        child(0),
        "SSDA",
        "Care4Me",
        "care",
        "survey",
        "council",
        "Council",
        "invented",
    ):
        assert telling not in text
    assert code.invitation.id.hex()[:6] not in text
    with_reference = Pages(drawn(saying, [code], digits=6)).text(0)
    assert code.invitation.id.hex()[:6] in with_reference


NINE = [a_code(number) for number in range(9)]


def elsewhere():
    """The same drawn by another process, in which sets and the clock are in another state."""
    folders = [str(Path(__file__).parent), str(ROOT)]
    program = (
        "import hashlib, test_invitations_cards as cards;"
        "made = cards.drawn(cards.speaking_app(), cards.NINE, 'ar', covers=True);"
        "print(hashlib.sha256(made).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": ":".join(folders), "PYTHONHASHSEED": "4711"},
    )  # fmt: skip
    return done.stdout.strip()


def test_the_same_cards_are_the_same_file_on_any_day(saying):
    first = drawn(saying, NINE, "ar", covers=True)
    assert elsewhere() == hashlib.sha256(first).hexdigest()
    for date in (b"CreationDate", b"ModDate", b"/ID", b"xmp"):
        assert date not in first
    assert b"/Keywords (" + b"ab" * 16 + b")" in first  # found and deleted with the lists of codes


def test_marks_to_cut_along_stand_outside_every_card(saying):
    image = Pages(drawn(saying, [a_code(1)])).image(0)
    millimetre = SHARP * 72 / 25.4

    def is_dark_near(x, y):
        box = [round(value * millimetre) for value in (x - 0.6, y - 0.6, x + 0.6, y + 0.6)]
        return min(image.crop(tuple(box)).tobytes()) < 160

    layout = SIZES["a7"]
    rows = [layout.above + row * layout.height for row in range(5)]
    columns = [layout.left + column * layout.width for column in range(3)]
    assert all(is_dark_near(x, y) for y in rows for x in (4, 210 - 4))
    assert all(is_dark_near(x, y) for x in columns for y in (7, 297 - 7))
    assert not any(is_dark_near(x, rows[2]) for x in range(20, 190, 10))


def test_without_fonts_english_prints_and_others_say_what_to_do(saying, monkeypatch, tmp_path):
    monkeypatch.setattr(cards_paper, "_FONTS", tmp_path)
    codes = [a_code(number) for number in range(2)]
    assert len(Pages(drawn(saying, codes)).scanned(0)) == 2
    for language in ("ar", "cy", "pl"):
        if language == "cy":
            with pytest.raises(NoLetters, match="make assets"):
                Paper().learn_letters("ŵ")
        else:
            with pytest.raises(NoLetters, match="make assets"):
                drawn(saying, codes, language)


def test_bundles_are_by_helper_and_inside_by_age_and_random_id():
    codes = [a_code(n, audience) for n, audience in enumerate(("11-15", "8-10", "16+", "8-10"))]
    codes += [a_code(9), a_code(10)]
    helpers = {b"m0": "Zoe", b"m1": "Zoe", b"m2": "Zoe", b"m3": "Zoe", b"m9": "ada"}
    piles = bundles(codes, helpers)
    assert [pile.helper for pile in piles] == ["ada", "Zoe", ""]
    assert piles[1].versions == {"8-10": 2, "11-15": 1, "16+": 1}
    assert list(piles[1].versions) == ["8-10", "11-15", "16+"]
    young = [code.invitation.id for code in piles[1].codes[:2]]
    assert young == sorted(young) == sorted(codes[n].invitation.id for n in (1, 3))


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["", "Ana", "ben"])), max_size=20))
def test_every_card_is_in_one_bundle_whatever_the_order(chosen):
    helpers = {b"m%d" % number: name for number, name in chosen if name}
    codes = [a_code(number) for number in {number for number, _ in chosen}]
    piles = bundles(codes, helpers)
    assert bundles(codes[::-1], helpers) == piles
    assert sorted(code.link for pile in piles for code in pile.codes) == sorted(
        c.link for c in codes
    )
    for pile in piles:
        owners = {helpers.get(code.invitation.member_id, "") for code in pile.codes}
        assert owners == {pile.helper}


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("child,who\nSSDA-0000,Ana\n", ("The column 'helper' is missing from the first row.",)),
        ("", ("The column 'child' is missing from the first row.",)),
        ("child,helper\nSSDA-0000,\n", ("Row 2: no helper is named.",)),
        ("child,helper\nJo Smith,Ana\n,Ben\n",
         ("Row 2: no child of this wave has this identifier.",
          "Row 3: no child of this wave has this identifier.")),
        ("child,helper\nSSDA-0000,Ana\nSSDA-0000,Ben\n",
         ("Row 3: this child stands in an earlier row as well.",)),
        (f"child,helper\nSSDA-0000,{'x' * 61}\n",
         ("Row 2: a helper's name has 60 letters at the most.",)),
        ('child,helper\n"SSDA-0000,Ana\n', ("This is not a table. Save it as CSV UTF-8.",)),
        (b"child,helper\nSSDA-0000,\xff\n", ("This is not a table. Save it as CSV UTF-8.",)),
    ],
)  # fmt: skip
def test_a_list_of_helpers_is_refused_by_row_and_names_no_child(
    carded, tmp_path, content, problems
):
    path = tmp_path / "helpers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(HelpersUnfit) as refused:
        read_helpers(path, carded.members)
    assert refused.value.problems == problems


def test_a_list_of_helpers_is_read_as_spreadsheets_write_it(carded, tmp_path):
    path = tmp_path / "helpers.csv"
    path.write_bytes("\ufeffhelper,child\r\n  Zoë   Brown ,SSDA-0001\r\n".encode())
    (member,) = [one.id for one in carded.members if one.child == child(1)]
    assert read_helpers(path, carded.members) == {member: "Zoë Brown"}


@pytest.fixture
def helpers(tmp_path):
    """Ana hands out to the first four children, Ben to the next three, nobody to the others."""
    path = tmp_path / "helpers.csv"
    rows = [f"{child(n)},{'Ana' if n < 4 else 'Ben'}" for n in range(7)]
    path.write_text("child,helper\n" + "\n".join(rows) + "\n")
    return path


def test_command_prints_covers_cards_and_the_sheet_that_matches(carded, tmp_path, helpers):
    out, matching = tmp_path / "cards.pdf", tmp_path / "matching.pdf"
    wave = carded.wave.id.hex()[:8]
    options = ("--helpers", helpers, "--matching", matching)
    done = carded.run("cards", wave, "--out", out, *options)
    assert done.exit_code == 0, done.output
    assert "10 cards written to" in done.output and "Destroy it once it is printed" in done.output
    assert {stat.S_IMODE(path.stat().st_mode) for path in (out, matching)} == {0o600}
    pages = Pages(out.read_bytes())
    assert len(pages) == 6, "a cover and a page of cards each for Ana, Ben and nobody"
    for number, name, counted in (
        (0, "Ana", "8-10: 4"),
        (2, "Ben", "11-15: 3"),
        (4, "nobody", "8-10: 3"),
    ):
        cover = pages.text(number)
        assert f"Cards for {name}" in cover and counted in cover and "social worker" in cover
    of_ana = {address_in_picture(ADDRESS, carded.code_of(number)) for number in range(4)}
    assert set(pages.scanned(1)) == of_ana and len(pages.scanned(5)) == 3
    sheets = Pages(matching.read_bytes())
    for page, numbers in enumerate(((0, 1, 2, 3), (4, 5, 6), (7, 8, 9))):
        text = sheets.text(page)
        assert "shred this page the same day" in " ".join(text.split())
        rows = [line for line in text.splitlines() if line.startswith("SSDA")]
        assert [row.split() for row in rows] == [
            [child(n), carded.code_of(n).invitation.id.hex()[:6], carded.code_of(n).invitation.audience]
            for n in numbers
        ]  # fmt: skip


def test_command_prints_the_same_file_again_and_one_card_alone(carded, tmp_path):
    wave, paths = carded.wave.id.hex()[:8], [tmp_path / f"{n}.pdf" for n in range(3)]
    for path in paths[:2]:
        assert carded.run("cards", wave, "--out", path).exit_code == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    code = carded.code_of(5)
    short = code.invitation.id.hex()[:6]
    assert carded.run("cards", wave, "--out", paths[2], "--invitation", short).exit_code == 0
    assert Pages(paths[2].read_bytes()).scanned(0) == [address_in_picture(ADDRESS, code)]


def test_a_print_left_in_the_sites_folder_goes_with_the_lists_of_codes(carded):
    home = carded.site.summaries.parent
    names = ("cards.pdf", "matching.pdf", "letters.csv")
    options = ("--out", home / names[0], "--matching", home / names[1], "--size", "slips")
    assert carded.run("cards", carded.wave.id.hex(), *options).exit_code == 0
    carded.run("letters", carded.wave.id.hex(), "--out", home / names[2])
    assert remove_code_lists(carded.site, carded.wave.id) == 3
    assert not any((home / name).exists() for name in names)


def test_every_size_that_the_command_offers_can_be_drawn():
    assert set(cards_commands._SIZES) == set(SIZES)


def test_a_withdrawn_card_is_not_printed_any_more(carded, tmp_path):
    code = carded.code_of(5)
    wave = carded.wave.id.hex()[:8]
    why = ("--by", "Cora", "--reason", "opted-out")
    assert carded.run("withdraw", wave, "--member", child(5), *why).exit_code == 0
    out = tmp_path / "cards.pdf"
    assert "9 cards written" in carded.run("cards", wave, "--out", out).output
    pages = Pages(out.read_bytes())
    scanned = pages.scanned(0) + pages.scanned(1)
    assert len(scanned) == len(AGES) - 1 and address_in_picture(ADDRESS, code) not in scanned


def test_command_refuses_in_one_line_and_writes_nothing(carded, tmp_path, helpers):
    wave, there, out = carded.wave.id.hex()[:8], tmp_path / "there.pdf", tmp_path / "cards.pdf"
    there.write_text("kept")
    helpers.write_text("child,helper\nnobody,Ana\n")
    for options, words in (
        (("--out", there), "codes are never written over others"),
        (("--out", out, "--matching", there), "codes are never written over others"),
        (("--out", out, "--matching", out), "two files, kept apart"),
        (("--out", tmp_path / "nowhere" / "x.pdf"), "could not be written"),
        (("--out", out, "--address", "heard.example"), "Say where people open this site"),
        (("--out", out, "--language", "xx"), "is not offered in 'xx'"),
        (("--out", out, "--invitation", "12345"), "at least 6 digits"),
        (("--out", out, "--helpers", helpers), "Row 2: no child of this wave"),
    ):
        done = carded.run("cards", wave, *options)
        assert done.exit_code in (1, 2) and words in done.output and not out.exists()
    assert there.read_text() == "kept"


def test_the_helpers_sheet_is_one_page_with_every_rule_of_the_tablet(app, tmp_path):
    page = (cards_paper._FONTS.parents[2] / "surveys/templates/tablets/helper.html").read_text()
    shown = re.findall(r"<li>\{\{ _\(\"(.+?)\"\) \}\}</li>", page)
    assert len(shown) == 7 and list(map(html.unescape, shown)) == rules_in(app)
    out = tmp_path / "helper.pdf"
    done = app.test_cli_runner().invoke(args=["invitations", "helper-sheet", "--out", str(out)])
    assert done.exit_code == 0, done.output
    pages = Pages(out.read_bytes())
    text = " ".join(pages.text(0).split())
    assert len(pages) == 1 and all(rule in text for rule in shown)
    done = app.test_cli_runner().invoke(args=["invitations", "helper-sheet", "--out", str(out)])
    assert done.exit_code == 1 and "exists" in done.output


def rules_in(app):
    with app.test_request_context():
        return list(helper_rules())


def test_a_helpers_sheet_never_runs_over_its_page(saying, monkeypatch):
    monkeypatch.setattr(
        "surveys.invitations.helper_sheet.tablet_steps", lambda: ("word " * 40,) * 20
    )
    with saying.test_request_context(), pytest.raises(ValueError, match="longer than one page"):
        draw_helper_sheet(Paper(), "Exampleshire")
    with saying.test_request_context():
        monkeypatch.undo()
        assert len(Pages(draw_helper_sheet(Paper(), "Exampleshire"))) == 1


def test_words_and_picture_of_a_real_card_open_the_door(app, tmp_path, monkeypatch):
    """Nothing is shortened here: the words are stretched as on the day."""
    monkeypatch.undo()
    carded = carded_site(tmp_path, app)
    code = carded.code_of(7)
    out = tmp_path / "card.pdf"
    only = code.invitation.id.hex()
    assert (
        carded.run(
            "cards", only and carded.wave.id.hex(), "--out", out, "--invitation", only
        ).exit_code
        == 0
    )
    pages = Pages(out.read_bytes())
    (scanned,) = pages.scanned(0)
    assert "".join(code.words) in pages.letters(0)
    for typed in (" ".join(code.words), scanned.partition("#")[2]):
        client = app.test_client()
        form = forms_in(client.get("/").get_data(as_text=True))[-1]
        answer = client.post("/start", data={**form.hidden, "words": typed})
        assert answer.headers.get("Location") == "/answer/welcome"
