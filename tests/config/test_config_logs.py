"""Nothing of a person is in a log: not in our own lines, not in those of the web server."""

import logging
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.logs import BareFormatter, PlainFormatter, set_up_logs
from surveys.audiences import Audience, open_to

ROOT = Path(__file__).parents[2]
MARK = "Marker-Kestrel-7351"
ADDRESS = "203.0.113.77"
DAY_ONLY = "%Y-%m-%d"


def logged(formatter, *arguments, error=None):
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, arguments[0], arguments[1:], None)
    if error:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    return formatter.format(record)


def test_an_exception_is_its_type_and_place_and_says_nothing_it_carried():
    cause = ValueError(MARK)
    error = RuntimeError(f"{MARK} {ADDRESS}")
    error.__cause__ = cause
    said = logged(PlainFormatter(), "unforeseen error on %s", "answering.send", error=error)
    assert "RuntimeError at " in said and "test_config_logs.py:" in said
    assert MARK not in said and ADDRESS not in said
    assert len(said.split(" ")[0]) == len("2026-11-20")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Error handling request %s %s", "GET", f"/{MARK}"), "Error handling request - -"),
        (("Worker (pid:%s) exited with code %s", 12, 3), "Worker (pid:12) exited with code 3"),
        ((RuntimeError(MARK),), "RuntimeError"),
        (("%(where)s", {"where": MARK}), "%(where)s"),
    ],
)
def test_the_servers_own_lines_keep_their_words_and_numbers_only(arguments, said):
    line = logged(BareFormatter(), *arguments)
    assert said in line
    assert MARK not in line


def test_a_line_that_another_handler_has_written_out_is_not_repeated():
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "m", (), None)
    record.exc_text = f"Traceback: {MARK}"
    assert MARK not in BareFormatter().format(record)
    assert MARK not in PlainFormatter().format(record)


def blueprints(app):
    """One view of each room that takes a form, else one that shows a page."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            kind = "POST" if "POST" in rule.methods else "GET"
            room = rule.endpoint.partition(".")[0]
            if room not in found or found[room][1] == "GET":
                found[room] = (rule, kind)
    return found


def trip(app, endpoint):
    """Have a view fail with everything it was given in its words, after a query that fails too."""

    @open_to(Audience.PUBLIC)
    def fails(**named):
        from flask import request, session

        session["at"] = MARK
        try:
            app.extensions["heard"].engine.connect().exec_driver_sql("SELECT ? FROM x", (MARK,))
        except Exception as error:
            raise RuntimeError(f"{request.url} {request.form} {session} {named}") from error

    app.view_functions[endpoint] = fails


def test_a_failure_in_any_room_tells_the_log_no_form_cookie_path_or_address(app, capfd):
    set_up_logs()  # onto the captured stream
    app.config["WTF_CSRF_ENABLED"] = False
    rooms = blueprints(app)
    assert {"answering", "staff", "console", "kiosk", "paper", "results", "tablets"} <= set(rooms)
    for room, (rule, method) in rooms.items():
        trip(app, rule.endpoint)
        client = app.test_client()
        client.environ_base.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=MARK)
        client.set_cookie("heard", MARK)
        with app.test_request_context():
            values = {name: 1 if "int" in str(rule._converters[name]).lower() else MARK
                      for name in rule.arguments}  # fmt: skip
            address = app.url_map.bind("localhost").build(rule.endpoint, values, method)
        answer = client.open(
            f"{address}?q={MARK}", method=method, data={"words": MARK} if method == "POST" else None,
            headers={"X-Forwarded-For": ADDRESS},
        )  # fmt: skip
        said = capfd.readouterr().err
        assert answer.status_code == 500, room
        assert f"unforeseen error on {rule.endpoint}" in said, room
        assert MARK not in said + answer.text and ADDRESS not in said + answer.text, room


def test_an_error_whose_page_fails_too_still_gets_an_answer(app, capfd, monkeypatch):
    from surveys import errors

    set_up_logs()
    trip(app, "answering.front")
    monkeypatch.setattr(errors, "_page", lambda code: {}[MARK])
    answer = app.test_client().get(f"/?{MARK}")
    said = capfd.readouterr().err
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.text == "Sorry, something went wrong. It is not your fault."
    assert "no page for an error on answering.front" in said and MARK not in said


def test_an_error_after_the_view_names_no_path(app, capfd, monkeypatch):
    set_up_logs()
    monkeypatch.setattr(app.session_interface, "_seal", lambda content: {}[MARK])
    answer = app.test_client().get(f"/?{MARK}")
    said = capfd.readouterr().err
    assert answer.status_code == 500 and MARK not in answer.text
    assert "unforeseen error after answering.front" in said and MARK not in said


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_a_respondent_at_work_leaves_nothing_in_a_log_that_is_turned_up(app, capfd, level):
    """Even where somebody has turned on every line that our own code writes."""
    set_up_logs(level)
    client = app.test_client()
    token = client.get("/").get_data(as_text=True).split('csrf_token" value="')[1].split('"')[0]
    client.environ_base.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=MARK)
    assert client.post("/start", data={"csrf_token": token, "words": MARK}).location == "/not-open"
    client.post("/start", data={"csrf_token": "wrong", "words": MARK})
    client.get(f"/{MARK}")
    logging.getLogger("heard").error("a line that proves it: %s", "written")
    said = capfd.readouterr().err
    set_up_logs()
    assert "written" in said
    assert MARK not in said and ADDRESS not in said and token not in said


FAILS = """
def app(environ, start_response):
    if environ["PATH_INFO"] == "/ready":
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    raise RuntimeError(environ["PATH_INFO"] + environ["HTTP_X_MARK"])
"""


@pytest.fixture
def gunicorn(tmp_path):
    """The real server with the real settings, and an app that fails past all our handlers."""
    (tmp_path / "fails.py").write_text(FAILS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "config/server.py"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--pythonpath", str(tmp_path), "fails:app"], cwd=ROOT, stdout=log, stderr=log,
            env={"PATH": "/usr/bin:/bin", "HEARD_BIND": f"127.0.0.1:{port}", "HEARD_WORKERS": "1"},
        )  # fmt: skip
    yield port, tmp_path / "log"
    process.terminate()
    process.wait(120)


def ask(port, lines):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer


def wait_for(port):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            return ask(port, ["GET /ready HTTP/1.1", "Host: x"])
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start")


def test_the_real_server_tells_its_log_no_url_header_or_address(gunicorn):
    port, log = gunicorn
    assert wait_for(port).startswith(b"HTTP/1.1 200")
    failed = ask(port, [f"GET /{MARK} HTTP/1.1", "Host: x", f"X-Mark: {MARK}"])
    assert failed.startswith(b"HTTP/1.1 500") and MARK.encode() not in failed
    malformed = ask(port, [f"GET /{MARK} {MARK} HTTP/9.9", "Host: x"])
    assert malformed.startswith(b"HTTP/1.1 4")
    too_long = ask(port, ["GET /" + MARK * 300 + " HTTP/1.1", "Host: x"])
    assert too_long.startswith(b"HTTP/1.1 4")
    said = log.read_text()
    assert "Error handling request" in said and "RuntimeError at " in said
    assert MARK not in said and "127.0.0.1" not in said
    assert ":" not in said.split(" ")[0], "a day, and no finer time"
