"""What is kept of a message: one length, nothing that could be read, nothing that leads to anybody."""

import itertools
import json
import re
import sys
import threading
from collections import Counter
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from answering_respondent import Respondent, answer_all
from answering_site import AnsweringSite
from contact_keys import DEPUTY, KEYS, LEAD, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_server import MailServer
from sqlalchemy import event

from surveys.contact.keys import SafeguardingKeys, load_keys, write_keys
from surveys.contact.message import (
    BOUND,
    LONGEST_NAME,
    LONGEST_REACH,
    LONGEST_WORDS,
    Message,
    Part,
    header_for,
    message_from_bytes,
    message_to_bytes,
    tidy,
)
from surveys.contact.requests import (
    NotKept,
    State,
    Step,
    add_request,
    all_requests,
    count_states,
    delete_done,
    mark_done,
    mark_seen,
    note_told,
    rewrite_requests,
    sealed_request,
)
from surveys.contact.taking import HourlyCap, Outcome, Sender, request_id_for, take_in
from surveys.database import metadata, open_engine
from surveys.mail.addresses import Notify
from surveys.mail.sending import MailSettings, Security
from surveys.vault.compacting import compact
from surveys.vault.envelope import Purpose, SuiteId, take_apart
from surveys.vault.opening import new_private_key, open_envelope
from surveys.vault.public_keys import KeysUnfit
from surveys.vault.sealing import seal

ID = bytes(range(16))
HEADER = header_for(ID, Part.REQUEST)


def text_up_to(length):
    return st.text(max_size=length).map(tidy)


MESSAGES = st.builds(
    Message, text_up_to(LONGEST_NAME), text_up_to(LONGEST_REACH), text_up_to(LONGEST_WORDS)
)
FULL = [
    Message(letter * LONGEST_NAME, letter * LONGEST_REACH, letter * LONGEST_WORDS)
    for letter in ("a", '"', "\\", "\n", "☃", "🙂", "\u2028")
]


@settings(max_examples=150, deadline=None)
@given(message=MESSAGES)
def test_every_message_has_the_same_length_sealed(message):
    sealed = seal(message_to_bytes(message), KEYS.both, HEADER, BOUND)
    assert len(sealed) == len(seal(b"", KEYS.both, HEADER, BOUND)) == 12746
    assert message_from_bytes(open_envelope(sealed, LEAD, HEADER).content) == message


@pytest.mark.parametrize("message", FULL, ids=lambda message: ascii(message.name[0]))
def test_the_longest_of_any_letter_fits(message):
    assert not message.too_long
    assert len(seal(message_to_bytes(message), KEYS.both, HEADER, BOUND)) == 12746


def test_either_holder_opens_it_alone_and_nobody_else():
    sealed = seal(b"said", KEYS.both, HEADER, BOUND)
    assert take_apart(sealed).key_ids == KEYS.ids and len(KEYS.ids) == 2
    for key in (LEAD, DEPUTY):
        assert open_envelope(sealed, key, HEADER).content == b"said"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"name":"a"}', b"\xff", b'"x"'])
def test_what_is_no_message_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011
        message_from_bytes(content)


MARKS = {"name": "Zebedee-Marker", "reach": "Quokka-Marker", "words": "Axolotl-Marker"}


def test_the_words_are_nowhere_but_sealed(tmp_path, caplog, capfd):
    with MailServer() as server:
        mail = MailSettings(
            host="127.0.0.1", port=server.port, sender="a@b.uk", security=Security.NONE
        )
        site = AnsweringSite(tmp_path / "site", mail=mail, notify=Notify("lead@b.uk"))
        site.site.summaries.mkdir()
        write_keys(site.site.public_keys, KEYS)
        person = Respondent(site)
        person.enter()
        person.agree()
        person.press("talk")
        token = person.document.find(".//input[@name='once']").attrib["value"]
        person.post("/talk", once=token, reach="", name=MARKS["name"], words=MARKS["words"])
        person.post("/talk", once=token, **MARKS)
        for thread in threading.enumerate():
            if thread.name == "tell":
                thread.join(timeout=30)
        (mailed,) = server.post.mails
    assert [one.name for one in opened(site.site.engine)] == [MARKS["name"]]
    cookie = person.client.get_cookie("heard").value
    out, err = capfd.readouterr()
    everywhere = {
        "cookie": cookie.encode(), "mail": mailed[1], "log": caplog.text.encode(),
        "out": out.encode() + err.encode(),
    }  # fmt: skip
    files = [file for file in Path(tmp_path / "site").rglob("*") if file.is_file()]
    assert any(file.name.endswith("-wal") for file in files), "the log was looked into as well"
    everywhere |= {str(file): file.read_bytes() for file in files}
    for place, content in everywhere.items():
        for mark in (*MARKS.values(), token, token.upper()):
            assert mark.encode() not in content, place
            assert bytes.fromhex(token) not in content, place
    site.site.engine.dispose()


def test_a_row_has_an_id_sealed_bytes_a_day_and_a_state():
    table = metadata.tables["contact_request"]
    assert [column.name for column in table.columns] == ["id", "sealed", "day", "state"]
    assert not table.foreign_keys
    assert table.dialect_options["sqlite"]["with_rowid"] is False
    steps = metadata.tables["contact_step"]
    assert {key.column.table.name for key in steps.foreign_keys} == {"contact_request"}
    others = [other for other in metadata.tables.values() if other.name not in ("contact_step",)]
    assert not [key for other in others for key in other.foreign_keys
                if key.column.table.name.startswith("contact")]  # fmt: skip


def sent_in_order():
    """The ids of 40 messages in the order in which they were sent."""
    place = SimpleNamespace(storage_key=bytes(32))
    return [request_id_for(place, number.to_bytes(16, "big")) for number in range(40)]


def kept_in(path, request_ids):
    """A database after a night, in which messages were kept and told of in this order on one day."""
    engine = open_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    for request_id in request_ids:
        assert add_request(engine, request_id, request_id * 8, date(2026, 11, 20))
        note_told(engine, [request_id], Step.TOLD_LEAD, date(2026, 11, 20))
    listed = [one.id for one in all_requests(engine)]
    rewrite_requests(engine)
    compact(engine)
    engine.dispose()
    return listed, path.read_bytes()[100:]  # without SQLite's count of changes


def test_ids_tell_nothing_of_the_order_of_sending():
    """Among messages sent one after another, as many ids rise as fall, as by chance."""
    sent = sent_in_order()
    rises = sum(one < other for one, other in itertools.pairwise(sent))
    assert 8 <= rises <= 31 and len(set(sent)) == 40


def test_the_file_tells_nothing_of_the_order_of_sending(tmp_path):
    """Whatever the order, the same messages make the very same file, byte for byte."""
    sent = sent_in_order()
    first = kept_in(tmp_path / "first.sqlite3", sent)
    assert first == kept_in(tmp_path / "second.sqlite3", sent[::-1])
    assert first == kept_in(tmp_path / "third.sqlite3", sorted(sent))
    assert first[0] == sorted(sent)


def test_steps_are_the_same_when_they_are_written_anew(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/kept.sqlite3")
    metadata.create_all(engine)
    day = date(2026, 11, 20)
    for request_id in sent_in_order():
        assert add_request(engine, request_id, b"sealed", day)
    first, second = sent_in_order()[:2]
    note_told(engine, sent_in_order(), Step.TOLD_LEAD, day)
    assert mark_seen(engine, first, "Ada", day) and mark_done(engine, second, "Bo", day, b"note")
    before = all_requests(engine)
    rewrite_requests(engine)
    assert all_requests(engine) == before and sealed_request(engine, second).note == b"note"
    engine.dispose()


def steps_of_listing(folder, count):
    """How many steps the interpreter takes to list so many messages, each told of once."""
    engine = open_engine(f"sqlite:///{folder}/{count}.sqlite3")
    metadata.create_all(engine)
    day, ids = date(2026, 11, 20), [number.to_bytes(16, "big") for number in range(count)]
    for request_id in ids:
        assert add_request(engine, request_id, b"sealed", day)
    note_told(engine, ids, Step.TOLD_LEAD, day)
    taken = Counter()

    def watch(frame, event, _about):
        if not frame.f_code.co_filename.endswith("contact/requests.py"):
            return None
        frame.f_trace_opcodes = True
        taken[event] += 1
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        found = all_requests(engine)
    finally:
        sys.settrace(before)
    engine.dispose()
    assert len(found) == count and all(set(one.steps) == {Step.TOLD_LEAD} for one in found)
    return taken["opcode"]


def test_the_work_of_listing_grows_with_the_messages_and_not_with_their_square(tmp_path):
    assert steps_of_listing(tmp_path, 160) < 5 * steps_of_listing(tmp_path, 40)


def test_the_id_is_not_the_token_that_a_page_holds(answering):
    token = bytes(range(16))
    found = request_id_for(answering.site, token)
    assert found != token and len(found) == 16
    other = AnsweringSite(answering.folder / "other")
    assert request_id_for(other.site, token) != found
    other.site.engine.dispose()


def test_sending_answers_before_or_after_shares_nothing_with_the_message(answering, respondent):
    """Neither a slot's bytes nor the response's id turn up in what is kept of the message."""
    respondent.enter()
    respondent.agree()
    answer_all(respondent)
    respondent.get("/answer/check")
    respondent.get("/talk")
    token = respondent.document.find(".//input[@name='once']").attrib["value"]
    respondent.post("/talk", once=token, **MARKS)
    respondent.get("/answer/check")
    respondent.post("/answer/send")
    (one,) = all_requests(answering.site.engine)
    sealed = sealed_request(answering.site.engine, one.id).message
    access, wave = respondent.invitation.access, answering.wave
    for secret in (access.slot_id, access.part_key, wave.id, wave.header.survey_id):
        assert secret not in one.id + sealed
    (response,) = answering.responses()
    assert "Marker" not in repr(response)
    assert [found.name for found in opened(answering.site.engine)] == [MARKS["name"]]


def test_keys_are_read_as_they_were_written_and_never_written_over(tmp_path):
    assert load_keys(tmp_path) is None
    write_keys(tmp_path, KEYS)
    assert load_keys(tmp_path) == KEYS
    with pytest.raises(FileExistsError):
        write_keys(tmp_path, KEYS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda document: document.update(format="other"), "unknown format"),
        (lambda document: document.pop("deputy"), "deputy"),
        (lambda document: document.update(deputy=document["lead"]), "two different keys"),
        (lambda document: document["lead"].update(key_id="00" * 8), "does not match"),
        (lambda document: document["lead"].update(key="00"), "bytes"),
    ],
)
def test_keys_that_are_not_two_good_ones_are_unfit(tmp_path, change, words):
    path = write_keys(tmp_path, KEYS)
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    with pytest.raises(KeysUnfit, match=words):
        load_keys(tmp_path)


def test_keys_for_something_else_or_of_two_suites_are_refused():
    response = new_private_key(Purpose.RESPONSE).public
    small = new_private_key(Purpose.CONTACT, SuiteId.X25519).public
    for other in (response, small):
        with pytest.raises(ValueError, match="two different keys"):
            SafeguardingKeys(KEYS.lead, other)


def test_a_cap_lets_in_so_many_in_any_hour():
    cap, sender = HourlyCap(2), Sender(sitting=True)
    assert [cap.take(second, sender) for second in (0, 1, 2, 3599, 3600, 3600.5, 3601)] == [
        True, True, False, False, True, False, True,
    ]  # fmt: skip


def test_one_address_has_its_number_and_leaves_room_for_all_others():
    cap, one, other = HourlyCap(30), Sender(b"one"), Sender(b"other")
    assert [cap.take(second, one) for second in range(30)] == [True] * 10 + [False] * 20
    assert cap.take(30, other)
    assert cap.take(31, Sender(b"one", sitting=True)), "somebody with a code behind that address"
    assert cap.news(32) == 0, "the site is not full"
    assert cap.take(3600, one)


def test_half_is_kept_for_browsers_with_a_code_whatever_comes_from_elsewhere():
    cap = HourlyCap(30)
    strangers = [cap.take(0, Sender(bytes([number]))) for number in range(100)]
    assert sum(strangers) == 15
    known = [cap.take(1, Sender(bytes([number]), sitting=True)) for number in range(100)]
    assert sum(known) == 15


def test_browsers_with_a_code_may_fill_all_of_it_and_one_address_of_them_may_not():
    cap = HourlyCap(30)
    assert sum(cap.take(0, Sender(b"one", sitting=True)) for _ in range(30)) == 10
    many = [cap.take(0, Sender(bytes([number]), sitting=True)) for number in range(30)]
    assert sum(many) == 20


def test_each_worker_takes_its_share_of_the_site_and_of_an_address():
    cap = HourlyCap(30, workers=2)
    assert sum(cap.take(0, Sender(b"one")) for _ in range(30)) == 5
    assert sum(cap.take(0, Sender(bytes([number]))) for number in range(30)) == 3
    assert HourlyCap(1, workers=4).take(0, Sender()), "the least is one"


def test_that_it_is_full_is_news_once_an_hour():
    cap, sender = HourlyCap(2), Sender(sitting=True)
    assert cap.news(0) == 0
    assert [cap.take(second, sender) for second in (0, 0, 1)] == [True, True, False]
    assert [cap.news(1), cap.news(1)] == [2, 0]
    assert not cap.take(2, sender) and cap.news(2) == 0
    assert [cap.take(3700, sender) for _ in range(3)] == [True, True, False]
    assert cap.news(3700) == 2


def test_place_that_was_not_used_is_given_back():
    cap, sender = HourlyCap(2), Sender(b"one", sitting=True)
    assert cap.take(0, sender) and cap.take(1, sender) and not cap.take(2, sender)
    cap.give_back(1, Sender(b"other", sitting=True))
    assert not cap.take(2, sender), "somebody else's place"
    cap.give_back(1, sender)
    assert [cap.take(3, sender), cap.take(4, sender)] == [True, False]


@pytest.mark.parametrize("outcome", ["not kept", "already"])
def test_only_what_is_kept_has_its_place_in_the_hour(tmp_path, monkeypatch, outcome):
    site, cap = AnsweringSite(tmp_path / "site").site, HourlyCap(2)
    said = Message("", "", "Please ring")

    def send(token):
        return take_in(site, KEYS, token, said, cap, sender=Sender(sitting=True))

    def busy(*_words):
        raise NotKept

    with monkeypatch.context() as patched:
        if outcome == "not kept":
            patched.setattr("surveys.contact.taking.add_request", busy)
        for number in range(3):
            if outcome == "not kept":
                with pytest.raises(NotKept):
                    send(bytes([number]) * 16)
            else:
                assert send(b"t" * 16) is (Outcome.ALREADY if number else Outcome.TAKEN)
    left = 1 if outcome == "already" else 2
    found = [send(bytes([number]) * 16) for number in range(9, 9 + left + 1)]
    assert found == [Outcome.TAKEN] * left + [Outcome.FULL]


def test_who_asked_is_not_in_what_could_be_printed():
    assert "stranger" not in repr(Sender(b"stranger"))


def test_the_page_writes_nothing_of_its_own_to_the_log_of_the_web_process():
    source = Path(__file__).parents[3] / "surveys" / "contact"
    for file in source.glob("*.py"):
        for line in re.findall(r"log\.\w+\((.*)\)", file.read_text(encoding="utf-8")):
            assert "message." not in line and "words" not in line, file.name


def test_on_postgresql_messages_are_kept_once_moved_on_and_written_in_one_transaction(postgres_url):
    engine = open_engine(postgres_url)
    metadata.create_all(engine)
    sent, day = sent_in_order()[:5], date(2026, 11, 20)
    for request_id in sent:
        assert add_request(engine, request_id, b"sealed", day)
        note_told(engine, [request_id], Step.TOLD_LEAD, day)
    refused = []  # what the server refuses stands in its log, with the id and the time
    event.listen(engine, "handle_error", refused.append)
    assert not add_request(engine, sent[0], b"other", day)
    assert not refused and sealed_request(engine, sent[0]).message == b"sealed"
    assert mark_seen(engine, sent[1], "Ada", day) and not mark_seen(engine, sent[1], "Bo", day)
    assert mark_done(engine, sent[2], "Ada", day, b"note")
    note_told(engine, sent, Step.TOLD_LEAD, day)
    note_told(engine, sent, Step.TOLD_LEAD, day)
    rewrite_requests(engine)
    with engine.connect() as connection:
        made = connection.exec_driver_sql(
            "SELECT DISTINCT xmin::text::bigint FROM contact_request"
        ).all()
        places = connection.exec_driver_sql("SELECT id FROM contact_request ORDER BY ctid").all()
        steps = connection.exec_driver_sql(
            "SELECT xmin::text::bigint, request_id, step FROM contact_step ORDER BY ctid"
        ).all()
    assert len(made) == 1 and [bytes(one) for (one,) in places] == sorted(sent)
    assert {(one,) for one, *_ in steps} == set(made), "one transaction wrote all of it"
    found = [(bytes(one), step) for _, one, step in steps]
    assert found == sorted(found) and len(found) == len(sent) + 2
    assert count_states(engine) == {State.WAITING: 3, State.SEEN: 1, State.DONE: 1}
    assert delete_done(engine, day) == 1
    engine.dispose()
