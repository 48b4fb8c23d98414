"""The throw-away site: files read anew, faults shown, a walk that goes nowhere, no other site."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner

from app import ROOT, workshop
from config.settings import create_site
from surveys.preview.commands import preview
from surveys.preview.throw_away import COOKIE, throw_away_site
from surveys.vault.key_sighting import private_keys_below

SCALES = """\
yes_no:
  options:
    - {code: yes, label: "Yes", valence: positive}
    - {code: no, label: "No", valence: negative}
  non_answers: {dont_know: I don't know}
"""
VERSION = """\
questionnaire: moving-adult
audience: adult
audience_label: Everybody
title: Moving
look: desk
reading: adult
minutes: 1
welcome: [These are a few questions.]
sections:
  - id: only
    title: Questions
    pages:
      - question: moved
        type: choice
        scale: yes_no
        text: Have you moved?
        short: Moved
"""
SURVEY = "survey: moving\ntitle: Moving\nrespondents: people\nversions: [adult]\n"
PAGE = "/preview/moving/adult/page/moved"


class Desk:
    """A folder of questionnaires, and the throw-away site that shows them."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "questionnaires"
        self.file = self.root / "moving" / "adult.yaml"
        self.file.parent.mkdir(parents=True)
        (self.root / "scales.yaml").write_text(SCALES)
        (self.file.parent / "survey.yaml").write_text(SURVEY)
        self.file.write_text(VERSION)
        self.home = folder / "home"
        self.home.mkdir()
        self.clock = 0

    def open(self):
        self.app = throw_away_site(replace(workshop(), questionnaires=self.root), self.home)
        return self.app.test_client()

    def change(self, old, new):
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))
        self.clock += 1  # file systems may be slow to tell two moments apart
        os.utime(self.file, ns=(self.clock, self.clock))


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.app.extensions["heard"].engine.dispose()


def test_a_changed_file_is_shown_at_once(desk):
    author = desk.open()
    assert "Have you moved?" in author.get(PAGE).text
    desk.change("Have you moved?", "Did you ever move?")
    assert "Did you ever move?" in author.get(PAGE).text


def test_faults_are_shown_with_file_and_line_until_they_are_mended(desk):
    author = desk.open()
    desk.change("scale: yes_no", "scale: yesno")
    for address in (PAGE, "/preview/", "/"):
        answer = author.get(address)
        assert answer.status_code == 422
        assert f"{desk.file}:15" in answer.text
        assert "Did you mean “yes_no”?" in answer.text
        assert "Traceback" not in answer.text
    desk.change("scale: yesno", "scale: yes_no")
    assert author.get(PAGE).status_code == 200


def test_it_starts_with_faults_as_well(desk):
    desk.file.write_text("questionnaire: [")
    author = desk.open()
    assert f"{desk.file}:" in author.get("/preview/").text
    desk.file.write_text(VERSION)
    os.utime(desk.file, ns=(1, 1))
    assert author.get(PAGE).status_code == 200


def token_in(answer):
    return re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]


def walk(author):
    token = token_in(author.get("/preview/moving/adult/"))
    answer = author.post("/preview/walk/moving/adult", data={"csrf_token": token})
    assert answer.headers["Location"] == "/answer/welcome"
    welcome = author.get("/answer/welcome")
    author.post("/answer/welcome", data={"csrf_token": token_in(welcome)})
    return author.get("/answer/1")


def test_a_walk_goes_through_the_real_pages_to_the_end(desk):
    author = desk.open()
    page = walk(author)
    assert "Preview: nothing is kept." in page.text
    assert "Have you moved?" in page.text
    form = {"csrf_token": token_in(page), "page": "moved", "go": "next", "answer": "yes"}
    assert author.post("/answer/1", data=form).headers["Location"] == "/answer/check"
    check = author.get("/answer/check")
    assert "Yes" in check.text
    done = author.post("/answer/send", data={"csrf_token": token_in(check)})
    assert done.headers["Location"] == "/answer/thanks"
    assert author.get("/preview/").status_code == 200
    assert walk(author).status_code == 200


def test_a_walk_goes_on_when_the_words_change_and_begins_anew_after_other_changes(desk):
    author = desk.open()
    walk(author)
    desk.change("Have you moved?", "Did you ever move?")
    assert "Did you ever move?" in author.get("/answer/1").text
    desk.change("short: Moved", "short: Moved\n        sensitive: true")
    assert "Did you ever move?" in walk(author).text


def test_the_keys_that_could_open_a_walk_are_nowhere(desk):
    author = desk.open()
    walk(author)
    assert any(desk.home.rglob("public_keys/*"))
    assert private_keys_below(desk.home) == []


def test_its_cookie_is_not_that_of_a_site(desk):
    author = desk.open()
    author.get("/preview/")
    assert author.get_cookie(COOKIE) is not None
    assert author.get_cookie("heard") is None


def test_its_pages_are_whole(desk):
    author = desk.open()
    for address in ("/preview/", "/preview/moving/adult/", PAGE, "/", "/help"):
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        document = parser.parse(author.get(address).text)
        assert len(document.findall(".//h1")) == 1


PROGRAM = """
import json, sys
from pathlib import Path
live, scratch, touched = sys.argv[1], sys.argv[2], []
def look(event, arguments):
    if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir"):
        if str(arguments[0]).startswith(live):
            touched.append([event, str(arguments[0])])
sys.addaudithook(look)
from app import workshop
from surveys.preview.throw_away import throw_away_site
site = throw_away_site(workshop(), Path(scratch))
client = site.test_client()
pages = ["/preview/", "/preview/care4me/8-10/", "/preview/care4me/8-10/page/fun_things", "/"]
codes = [client.get(page).status_code for page in pages]
print(json.dumps({"codes": codes, "touched": touched}))
"""


def snapshot(folder):
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_live_site_is_never_opened(tmp_path):
    from surveys.database import open_engine
    from surveys.migrations.running import upgrade

    live, scratch = tmp_path / "live", tmp_path / "scratch"
    create_site(live, "Exampleshire County Council", demo=True, https=False)
    engine = open_engine(f"sqlite:///{live}/heard.sqlite3")
    upgrade(engine)
    engine.dispose()
    (live / "public_keys" / "one.json").write_text("{}")
    scratch.mkdir()
    before = snapshot(live)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(live), str(scratch)],
        cwd=ROOT,
        env={
            "HEARD_HOME": str(live),
            "HEARD_SECRETS": str(live / "secrets"),
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"codes": [200] * 4, "touched": []}
    assert snapshot(live) == before


def test_the_command_serves_this_machine_alone_and_needs_no_site(tmp_path):
    command = [sys.executable, "-m", "flask", "--app", "app", "preview", "care4me"]
    process = subprocess.Popen(
        [*command, "--version", "8-10", "--port", "0"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/preview/care4me/8-10/", address)
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert b"fun_things" in answer.read()
        assert [folder.name[:14] for folder in tmp_path.iterdir()] == ["heard-preview-"]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none"], "There is no survey none; there are moving."),
        (["moving", "--version", "8-10"], "There is no version 8-10; adult."),
    ],
)
def test_what_there_is_not_is_refused_by_name(tmp_path, arguments, words):
    desk = Desk(tmp_path)
    done = CliRunner().invoke(preview, arguments, obj=replace(workshop(), questionnaires=desk.root))
    assert done.exit_code == 2
    assert words in done.output


def test_the_authors_commands_run_without_a_site():
    for command in (
        ["questionnaires", "check"],
        ["questionnaires", "--help"],
        ["preview", "--help"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *command],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    assert "Heard does not start" not in done.stderr


def test_a_correction_without_a_site_is_refused_without_a_trace(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "questionnaires", "correct", "care4me",
         "--by", "Sam"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HEARD_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 4
    assert "site.toml is missing" in done.stderr
    assert "Traceback" not in done.stderr
