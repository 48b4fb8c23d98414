"""The site starts safely or not at all, and says in words what to change."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import SECRET_NAMES, UnsafeSettings, create_site, read_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "site"
    create_site(folder, 'The "Royal" County', demo=True, https=False)
    return folder


def test_a_new_site_has_fresh_secrets_that_nobody_else_reads(home, tmp_path):
    other = tmp_path / "other"
    create_site(other, "Other")
    settings = read_settings(home)
    assert settings.authority == 'The "Royal" County'
    assert len({getattr(settings, name) for name in SECRET_NAMES}) == len(SECRET_NAMES)
    assert settings.storage_key != read_settings(other).storage_key
    assert "storage_key" not in repr(settings)
    for name in SECRET_NAMES:
        assert (home / "secrets" / name).stat().st_mode & 0o077 == 0


def test_a_site_is_never_made_over_another(home):
    with pytest.raises(FileExistsError):
        create_site(home, "Again")


def write(path, text):
    path.write_text(text)
    path.chmod(0o600)


def spoil_toml(home):
    (home / "site.toml").write_text("authority = ")


def without_https(home):
    (home / "site.toml").write_text('authority = "A"\nhttps = false\n')


def without_name(home):
    (home / "site.toml").write_text("demo = true\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda home: (home / "site.toml").unlink(), "python -m config"),
        (spoil_toml, "not valid TOML"),
        (without_name, "authority"),
        (without_https, "demonstrations only"),
        (lambda home: (home / "secrets" / "pepper").unlink(), "pepper is missing"),
        (lambda home: (home / "secrets" / "pepper").chmod(0o644), "chmod 600"),
        (lambda home: write(home / "secrets" / "pepper", "hello"), "hexadecimal"),
        (lambda home: write(home / "secrets" / "pepper", "00" * 32), "32 random bytes"),
        (lambda home: write(home / "secrets" / "pepper", "ab" * 8), "32 random bytes"),
    ],
)
def test_unsafe_settings_are_refused_in_words(home, spoil, words):
    spoil(home)
    with pytest.raises(UnsafeSettings, match=words):
        read_settings(home)


def test_a_debugger_is_refused(home, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(UnsafeSettings, match="debugger"):
        read_settings(home)


def test_two_secrets_that_are_the_same_are_refused(home):
    write(home / "secrets" / "pepper", (home / "secrets" / "cookie_key").read_text())
    with pytest.raises(UnsafeSettings, match="same"):
        read_settings(home)


@pytest.fixture
def credentials(home, tmp_path, monkeypatch):
    """The secrets as systemd hands them to a service: readable by an access list, so 0440."""
    folder = tmp_path / "credentials"
    (home / "secrets").rename(folder)
    for file in folder.iterdir():
        file.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def test_secrets_come_from_the_credentials_of_a_service(home, credentials):
    assert read_settings(home).pepper.hex() == (credentials / "pepper").read_text()


def test_credentials_that_anybody_may_read_are_refused(home, credentials):
    (credentials / "pepper").chmod(0o444)
    with pytest.raises(UnsafeSettings, match="chmod 600"):
        read_settings(home)


def test_group_rights_are_excused_of_credentials_only(home, credentials, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "")
    monkeypatch.setenv("HEARD_SECRETS", str(credentials))
    with pytest.raises(UnsafeSettings, match="chmod 600"):
        read_settings(home)


def test_credentials_of_something_else_leave_the_secrets_where_they_are(
    home, tmp_path, monkeypatch
):
    (tmp_path / "others").mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "others"))
    assert read_settings(home).pepper.hex() == (home / "secrets" / "pepper").read_text()


@pytest.mark.parametrize(("said", "workers"), [("4", 4), ("0", 1), ("many", 1), ("", 1)])
def test_a_worker_knows_how_many_there_are(home, monkeypatch, said, workers):
    monkeypatch.setenv("HEARD_WORKERS", said)
    assert read_settings(home).workers == workers


def test_flasks_own_debug_switch_is_refused(home):
    done = subprocess.run(
        [Path(sys.executable).parent / "flask", "--app", "app", "--debug", "run"], cwd=ROOT,
        env={"HEARD_HOME": str(home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 4 and "FLASK_DEBUG is set" in done.stderr


def test_the_clock_moves_only_in_demonstrations(home, tmp_path, monkeypatch):
    monkeypatch.setenv("HEARD_TODAY", "2009-11-27")
    assert read_settings(home).now().date().isoformat() == "2009-11-27"
    create_site(tmp_path / "real", "Real")
    with pytest.raises(UnsafeSettings, match="HEARD_TODAY"):
        read_settings(tmp_path / "real")


def start(home):
    return subprocess.run(
        [sys.executable, "-c", "from app import create_app; create_app()"],
        cwd=ROOT,
        env={"HEARD_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


def test_a_process_that_cannot_start_says_why_without_a_trace(home):
    (home / "forgotten.key").write_text('{"format": "heard private key 1"}')
    done = start(home)
    assert done.returncode == 4
    assert "forgotten.key" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_questionnaire_stops_the_start_with_file_line_and_advice(
    home, monkeypatch, capsys
):
    import app
    from questionnaires.loading import load_surveys

    broken = home / "questionnaires"
    folder = broken / "tiny"
    folder.mkdir(parents=True)
    (broken / "scales.yaml").write_text(
        "y:\n  options:\n    - {code: yes, label: Yes}\n    - {code: no, label: No}\n"
    )
    (folder / "survey.yaml").write_text(
        "survey: tiny\ntitle: Tiny\nrespondents: people\nversions: [adult]\n"
    )
    (folder / "adult.yaml").write_text("questionnaire: tiny-adult\naudience: adult\nnonsense: 1\n")
    monkeypatch.setattr(app, "load_surveys", lambda _: load_surveys(broken))
    monkeypatch.setenv("HEARD_HOME", str(home))
    with pytest.raises(SystemExit) as stopped:
        app.create_app()
    said = capsys.readouterr().err
    assert stopped.value.code == app.GUNICORN_STOPS
    assert "adult.yaml:3" in said
    assert "nonsense" in said
