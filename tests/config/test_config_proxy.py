"""Where Heard listens: it warns at the start when a proxy elsewhere would make all visitors one."""

import pytest
from gunicorn.config import Config

from config import server


@pytest.mark.parametrize(
    ("place", "warns"),
    [
        ("127.0.0.1:8000", False),
        ("127.0.0.1", False),
        ("[::1]:8000", False),
        ("localhost:8000", False),
        ("unix:/run/heard/heard.sock", False),
        ("fd://3", False),
        ("0.0.0.0:8000", True),
        ("[::]:8000", True),
        (":8000", True),
        ("10.0.0.7:8000", True),
        ("heard.example.gov.uk:8000", True),
    ],
)
def test_listening_beyond_this_machine_is_warned_of(place, warns):
    words = server.warning_of(place)
    assert bool(words) is warns
    if warns:
        assert place in words and "proxy on another machine" in words


def test_warning_is_printed_once_at_the_start_and_gunicorn_knows_the_hook(monkeypatch, capsys):
    monkeypatch.setattr(server, "bind", "0.0.0.0:8000")
    settings = Config()
    settings.set("on_starting", server.on_starting)
    settings.on_starting(None)
    assert capsys.readouterr().err.count("Heard listens beyond this machine (0.0.0.0:8000)") == 1
    monkeypatch.setattr(server, "bind", "127.0.0.1:8000")
    settings.on_starting(None)
    assert capsys.readouterr() == ("", "")
