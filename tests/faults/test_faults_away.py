"""The disk is full, or the database is stopped: nothing acknowledged is lost, and no words are."""

import resource
from contextlib import contextmanager

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite
from fault_tasks import Slots, task
from postgres_server import new_server

from questionnaires.responses import Written
from surveys.database import metadata, open_engine

WORDS = "I wish that zinnias grew here.\r\nAnd more."


@pytest.fixture
def server():
    """A PostgreSQL server to be ill-treated. Its log files are small, so that a limit spares them."""
    made = new_server(segment_megabytes=1)
    yield made
    made.remove()


@contextmanager
def full_disk(size):
    """No file that this process writes to grows beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_no_acknowledged_answer_in_sqlite(tmp_path, writer, figures):
    engine = open_engine(f"sqlite:///{tmp_path}/faults.sqlite3")
    slots = Slots(engine, 10)
    left, unfinished = slots.unfinished()
    engine.dispose()
    writer.tell(**task(engine, slots.wave, do="write", slots=unfinished, full=96 * 1024))
    fill_until_it_fails(slots, left, writer)
    go_on_with_room(slots, writer)
    figures(**slots.counts)
    assert slots.counts["lost"] == 0
    engine.dispose()


def test_a_full_disk_loses_no_acknowledged_answer_in_postgresql(server, writer, figures):
    engine = open_engine(server.url(server.new_database()))
    slots = Slots(engine, 60)
    left, unfinished = slots.unfinished()
    engine.dispose()
    server.stop()
    server.start(largest_file=1_100_000)
    writer.tell(**task(engine, slots.wave, do="write", slots=unfinished))
    fill_until_it_fails(slots, left, writer)
    server.stop()
    server.start()
    go_on_with_room(slots, writer)
    figures(**slots.counts)
    assert slots.counts["lost"] == 0
    engine.dispose()


def go_on_with_room(slots, writer):
    slots.check()
    slots.acknowledged = slots.stored()
    left, unfinished = slots.unfinished()
    writer.tell(**task(slots.engine, slots.wave, do="write", slots=unfinished))
    for line in writer.lines_for(60):
        slots.note(left, line)
    assert slots.check() == 0 and {slots.acknowledged[n] for n in left} == {"sent"}


def fill_until_it_fails(slots, left, writer):
    for line in writer.lines_for(60):
        slots.note(left, line)
        if line[0] == "failed" and slots.counts["failed"] == 3:
            writer.kill()
    assert slots.counts["stored"] and slots.counts["failed"] >= 3, "it was filled"


def test_a_server_that_crashes_again_and_again_loses_no_acknowledged_answer(
    server, writer, kills, figures
):
    engine = open_engine(server.url(server.new_database()))
    crashes = kills(2)
    slots = Slots(engine, 10 * crashes)
    for _ in range(crashes):
        left, unfinished = slots.unfinished()
        engine.dispose()
        writer.tell(**task(engine, slots.wave, do="write", slots=unfinished))
        slots.note(left, writer.line(60))
        server.stop("immediate")
        wait_for_failure(slots, left, writer)
        server.start()
        for line in writer.lines_for(60):  # it goes on by itself
            slots.note(left, line)
        assert slots.check() == 0
    assert slots.acknowledged.count("sent") == 10 * crashes
    lost = slots.counts["lost"]
    figures(crashes=crashes, acknowledged=slots.counts["stored"], lost=lost)
    assert lost == 0
    engine.dispose()


def wait_for_failure(slots, left, writer):
    while not slots.counts["failed"]:
        slots.note(left, writer.line(60))
    slots.counts["failed"] = 0


@pytest.fixture
def in_postgresql(tmp_path, server):
    engine = open_engine(server.url(server.new_database()))
    metadata.create_all(engine)
    answering = AnsweringSite(tmp_path / "site", engine=engine)
    yield answering
    engine.dispose()


def at_the_wish(answering):
    person = Respondent(answering)
    person.enter()
    person.agree()
    person.press()
    for answer in ("yes", "no", "cat", "7"):
        person.pick(answer)
    return person


def kept_on_the_page(person):
    """What the page would send again."""
    assert person.page.status_code == 503 and person.heading == "That is not saved yet"
    form = person.document.find(".//form[@id='again']")
    fields = [(one.attrib["name"], one.attrib["value"]) for one in form.findall("./input")]
    assert dict(fields)["words"].splitlines() == WORDS.splitlines()
    return form.attrib["action"], [(name, value) for name, value in fields if name != "csrf_token"]


def wishes(answering, person):
    return answering.draft(person.invitation).get("wish")


def test_while_the_server_is_stopped_words_stay_on_the_page_and_are_saved_later(
    in_postgresql, server, caplog
):
    person = at_the_wish(in_postgresql)
    server.stop("immediate")
    person.press(words=WORDS)
    address, fields = kept_on_the_page(person)
    person.post(address, **dict(fields))  # too early
    assert kept_on_the_page(person) == (address, fields)
    assert person.get("/answer/check").status_code == 503
    server.start()
    person.get("/answer/check")
    person.post(address, **dict(fields))
    assert person.page.status_code == 200
    assert wishes(in_postgresql, person) == Written(WORDS.replace("\r\n", "\n"))
    assert "zinnias" not in caplog.text and "not stored on" in caplog.text


def test_sending_while_the_server_is_stopped_is_done_once_when_it_is_back(in_postgresql, server):
    person = at_the_wish(in_postgresql)
    person.press(words=WORDS)
    server.stop("immediate")
    person.post("/answer/send")
    assert person.page.status_code == 503 and person.heading == "That is not saved yet"
    server.start()
    for _ in range(2):
        person.post("/answer/send")
        assert person.page.status_code == 200
    (response,) = in_postgresql.responses()
    assert response.answers["wish"].text == WORDS.replace("\r\n", "\n")


def test_while_the_disk_is_full_words_stay_on_the_page_and_are_saved_later(tmp_path):
    answering = AnsweringSite(tmp_path / "site")
    person = at_the_wish(answering)
    with full_disk(1024):
        person.press(words=WORDS)
    address, fields = kept_on_the_page(person)
    assert wishes(answering, person) is None
    person.post(address, **dict(fields))
    assert person.page.status_code == 200
    assert wishes(answering, person) == Written(WORDS.replace("\r\n", "\n"))
    answering.site.engine.dispose()
