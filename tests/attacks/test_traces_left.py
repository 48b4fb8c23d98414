"""What is left behind: every file of site, server and browser is searched for what people typed.

One story, told on a real server and in a real browser with a profile: somebody sends, somebody leaves
an unfinished draft, somebody is interrupted by kill -9. After each chapter all files are searched.
"""

import secrets
import signal
from base64 import b64encode
from types import SimpleNamespace
from urllib.parse import quote, quote_plus, urlencode

import pytest
from attack_browser import (
    SAVED,
    apart,
    come_in,
    keeping_a_profile,
    kept_by,
    send,
    step_back,
    to_the_words,
    write,
)
from attack_site import TEXT_PAGE, Caller, RealSite
from attack_traces import traces
from attack_world import ANALYST, MIX

from questionnaires.responses import Written
from surveys.vault.slots import slot_table

pytestmark = [pytest.mark.attack, pytest.mark.browser]

TYPED = ("sent", "left", "interrupted", "not yet sent off")
HISTORY = {"History", "History-journal", "Favicons", "Favicons-journal", "ukm_db", "ukm_db-wal"}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The whole story; ``finds`` by chapter."""
    folder = tmp_path_factory.mktemp("story")
    site = RealSite(folder / "served")
    told = SimpleNamespace(site=site, finds={}, profile=folder / "profile", back=[])
    told.card = site.invite(channel="card", name="Child" + secrets.token_hex(8))
    told.link, told.third = site.invite(), site.invite()
    site.invite()  # somebody who never comes
    told.words = {name: "purple" + secrets.token_hex(8) for name in TYPED}
    told.words |= {"words": " ".join(told.card.words), "link": told.link.link}
    site.start()
    try:
        apart(tell, told, folder)
        yield told
    finally:
        site.remove()


def tell(told, folder):
    site, profile, temporary = told.site, told.profile, folder / "temporary"
    step = [page.id for page in site.survey.version("8-10").pages].index(TEXT_PAGE) + 1

    def search(chapter):
        browser = [p for root in (profile, temporary) for p in root.rglob("*") if p.is_file()]
        told.finds[chapter] = traces(told.words, site.files())
        told.finds[f"browser, {chapter}"] = traces(told.words, browser)

    with keeping_a_profile(profile, temporary) as page:
        come_in(page, site, told.link)
        to_the_words(page, site, step)
        write(page, told.words["left"])
        page.fill("textarea", told.words["not yet sent off"])
        page.wait_for_timeout(SAVED)
        search("in the middle")
        page.goto(f"{site.address}/answer/1")
        page.context.clear_cookies()  # the tablet is taken away and not given back
        come_in(page, site, told.card)
        to_the_words(page, site, step)
        write(page, told.words["sent"])
        send(page, site)
        told.kept, told.cookies = kept_by(page), page.context.cookies()
        for _ in range(8):
            step_back(page)
            told.back.append((page.url, page.content()))
        search("after sending")
    search("browser closed")
    interrupted = Caller(site)
    interrupted.begin(told.third)
    assert interrupted.write(told.words["interrupted"])[0] == 303
    site.stop(signal.SIGKILL)
    search("killed")
    site.start()
    search("started again")
    told.lengths = lengths_of(site)


def lengths_of(site):
    with site.engine.connect() as connection:
        return [len(row.content) for row in connection.execute(slot_table.select())]


CHAPTERS = (
    "in the middle",
    "after sending",
    "browser closed",
    "killed",
    "started again",
)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_typed_lies_in_any_file_of_the_server(story, chapter):
    assert story.finds[chapter] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_typed_lies_in_any_file_of_the_browser(story, chapter):
    assert [find for find in story.finds[f"browser, {chapter}"] if find[0] != "link"] == []


def test_a_link_that_was_opened_stays_in_the_history_of_a_browser_that_keeps_one(story):
    """A limit: who may look into the history can open an unfinished draft, not a response sent."""
    places = {place for name, _, place in story.finds["browser, browser closed"] if name == "link"}
    assert "History" in places, "if no browser keeps it any more, take the limit out of the promise"
    assert {p for p in places if not p.startswith(("Session_", "Tabs_"))} <= HISTORY


def test_search_finds_every_form_in_which_words_could_lie(tmp_path):
    words, path = "purple 0123", tmp_path / "file"
    for written in as_others_write_it(words):
        path.write_bytes(b"before" + written + b"behind")
        assert traces({"it": words}, [path]), written
    path.write_bytes(b"purple 012 and purple0123")
    assert traces({"it": words}, [path]) == []


def as_others_write_it(words):
    """By what others have made for it, whatever stands before and after."""
    yield from (words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
    yield from (quote(words).encode(), quote_plus(words).encode(), words.encode().hex().encode())
    yield from (urlencode({"a": words, "b": "c"}).encode(), words[::-1].encode())
    for before in ("", "a", "ab", "abc"):
        for behind in ("", "y", "yz"):
            yield b64encode(f"{before}{words}{behind}".encode())


def test_search_looks_where_the_site_writes(story):
    name = story.card.invitation.member_id
    holding = {path.name for path in story.site.files() if name in path.read_bytes()}
    assert "heard.sqlite3" in holding
    assert {"heard.sqlite3", "server.log"} <= {path.name for path in story.site.files()}


def test_who_was_invited_stands_in_the_database_alone(story):
    with story.site.engine.connect() as connection:
        [child] = connection.exec_driver_sql(
            "SELECT child FROM cohort_member WHERE id = ?", (story.card.invitation.member_id,)
        ).scalars()
    places = {place for _, _, place in traces({"child": child}, story.site.files())}
    assert places <= {"heard.sqlite3", "heard.sqlite3-wal"}


def test_nothing_is_dumped_and_the_log_tells_of_no_page(story):
    assert [path for path in story.site.files() if path.name.startswith("core")] == []
    log = story.site.log.read_text(encoding="utf-8")
    assert "/answer" not in log and "/start" not in log


def test_acknowledged_words_outlive_the_kill(story):
    draft = story.site.draft(story.third)
    assert draft == {TEXT_PAGE: Written(story.words["interrupted"])}


def test_empty_unfinished_and_sent_slots_have_one_length_on_the_disk(story):
    assert len(story.lengths) == 4
    assert len(set(story.lengths)) == 1


def test_a_browser_is_made_to_keep_nothing_but_one_cookie_that_no_script_can_read(story):
    nothing = {
        "local": [],
        "session": [],
        "databases": [],
        "caches": [],
        "cookie": "",
        "workers": 0,
    }
    assert story.kept == nothing
    [cookie] = story.cookies
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("heard", True, "Strict")


def test_after_sending_eight_steps_back_show_no_answer(story):
    assert len(story.back) == 8
    assert any("/answer/" in url for url, _ in story.back), "the way back leads past the survey"
    for _, content in story.back:
        assert not [words for words in story.words.values() if words in content]


def test_all_of_it_ran_with_no_private_key_on_the_disk(story):
    keys = {"analyst": ANALYST.seed.hex(), "mix": MIX.seed.hex()}
    raw = {name: bytes.fromhex(seed) for name, seed in keys.items()}
    for path in story.site.files():
        content = path.read_bytes()
        assert not any(seed in content for seed in raw.values()), path
    assert traces(keys, story.site.files()) == []
    assert story.site.draft(story.card) is None, "sent, and so closed to its own code"
    assert story.site.release().released == 1
