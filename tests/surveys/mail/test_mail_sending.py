"""Mail goes to a real server on loopback, protected as the settings demand, or is not sent."""

import re
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_server import MailServer, OnlySam, Post, certificate

from surveys.mail.addresses import Notify, is_address, notify_from
from surveys.mail.sending import MailSettings, NotSent, Security, mail_from, send_mail

FROM, TO = "heard@example.gov.uk", "lead@example.gov.uk"
PLAIN = {"host": "127.0.0.1", "sender": FROM, "security": Security.NONE}


def settings(server, **more):
    return MailSettings(**{**PLAIN, "port": server.port, **more})


def test_one_mail_arrives_as_it_was_written():
    with MailServer() as server:
        send_mail(settings(server), [TO, "two@example.gov.uk"], "Subject – ü", "One line.\nTwo.\n")
    ((receivers, _),) = server.post.mails
    (mail,) = server.post.parsed
    assert receivers == [TO, "two@example.gov.uk"]
    assert (mail["From"], mail["To"]) == (FROM, f"{TO}, two@example.gov.uk")
    assert mail["Subject"] == "Subject – ü"
    assert mail.get_content().splitlines() == ["One line.", "Two."]
    assert mail["Auto-Submitted"] == "auto-generated"


def test_nothing_of_this_machine_is_in_the_mail():
    with MailServer() as server:
        send_mail(settings(server), [TO], "Subject", "Words.")
    assert server.post.hellos == ["example.gov.uk"]
    text = server.post.mails[0][1].decode()
    assert socket.gethostname() not in text
    assert re.search(r"Message-ID: <[0-9a-f]{32}@example\.gov\.uk>", text)


def test_starttls_is_used_and_the_certificate_is_looked_at(tmp_path):
    public, context = certificate(tmp_path)
    protected = {"security": Security.STARTTLS, "host": "localhost"}
    with MailServer(tls_context=context) as server:
        send_mail(settings(server, **protected, ca_file=public), [TO], "S", "W")
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            send_mail(settings(server, **protected), [TO], "S", "W")
    assert server.post.was_tls == [True]


def test_a_certificate_of_another_server_is_refused(tmp_path):
    public, context = certificate(tmp_path, "elsewhere.example")
    with MailServer(tls_context=context) as server, pytest.raises(NotSent):
        send_mail(settings(server, security=Security.STARTTLS, ca_file=public), [TO], "S", "W")
    assert server.post.mails == []


def test_a_server_without_starttls_gets_nothing():
    with MailServer() as server, pytest.raises(NotSent, match="SMTPNotSupportedError"):
        send_mail(settings(server, security=Security.STARTTLS), [TO], "S", "W")
    assert server.post.mails == []


def test_tls_from_the_start(tmp_path):
    public, context = certificate(tmp_path)
    with MailServer(ssl_context=context, server_hostname="localhost") as server:
        send_mail(
            settings(server, security=Security.TLS, host="localhost", ca_file=public),
            [TO], "S", "W",
        )  # fmt: skip
    assert len(server.post.mails) == 1


@pytest.mark.parametrize(("password", "arrives"), [("open sesame", True), ("other", False)])
def test_a_user_logs_in_over_starttls(tmp_path, password, arrives):
    public, context = certificate(tmp_path)
    with MailServer(
        tls_context=context, authenticator=OnlySam(), auth_required=True, auth_require_tls=True
    ) as server:
        with_user = settings(
            server, security=Security.STARTTLS, ca_file=public, user="heard", password=password
        )
        if arrives:
            send_mail(with_user, [TO], "S", "W")
        else:
            with pytest.raises(NotSent, match="SMTPAuthenticationError"):
                send_mail(with_user, [TO], "S", "W")
    assert len(server.post.mails) == arrives


def test_an_address_that_is_refused_is_told():
    with MailServer(Post(refuse={TO})) as server:
        with pytest.raises(NotSent):
            send_mail(settings(server), [TO], "S", "W")
        with pytest.raises(NotSent, match="1 of 2"):
            send_mail(settings(server), [TO, "two@example.gov.uk"], "S", "W")


class RudeAtParting(Post):
    """Takes mails, and then answers goodbye with whatever it was made with; None: not at all."""

    def __init__(self, goodbye, **more):
        super().__init__(**more)
        self.goodbye = goodbye

    async def handle_QUIT(self, server, session, envelope):
        if self.goodbye is None:
            server.transport.abort()
        return self.goodbye or "221 Bye"


@pytest.mark.parametrize("goodbye", ["421 too many connections", "500 what?", "nonsense", None])
def test_a_mail_that_was_taken_is_sent_whatever_is_answered_to_goodbye(goodbye):
    with MailServer(RudeAtParting(goodbye)) as server:
        send_mail(settings(server), [TO], "S", "W")
    assert len(server.post.mails) == 1


def test_a_mail_that_was_refused_is_told_whatever_is_answered_to_goodbye():
    refuses = pytest.raises(NotSent, match="SMTPRecipientsRefused")
    with MailServer(RudeAtParting("421 no", refuse={TO})) as server, refuses:
        send_mail(settings(server), [TO], "S", "W")
    assert server.post.mails == []


def test_a_server_that_is_away_is_told_and_not_waited_for():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        port = taken.getsockname()[1]
        with pytest.raises(NotSent, match="ConnectionRefusedError"):
            send_mail(MailSettings(**PLAIN, port=port), [TO], "S", "W")


def test_a_server_that_never_answers_costs_no_more_than_the_patience():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = MailSettings(**PLAIN, port=silent.getsockname()[1], patience=0.3)
        began = time.monotonic()
        with pytest.raises(NotSent):
            send_mail(slow, [TO], "S", "W")
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ([], "S"),
        (["two words@example.gov.uk"], "S"),
        (["a@b.uk\nBcc: c@d.uk"], "S"),
        ([TO], "S\nBcc: c@d.uk"),
        (["Lead <lead@example.gov.uk>"], "S"),
        (["a@b.uk,c@d.uk"], "S"),
    ],
)
def test_no_header_can_be_smuggled_in(to, subject):
    with MailServer() as server, pytest.raises(ValueError):  # noqa: PT011
        send_mail(settings(server), to, subject, "W")
    assert server.post.mails == []


@given(text=st.text(max_size=30))
def test_whatever_counts_as_an_address_is_one_bare_one(text):
    if is_address(text):
        assert text.isascii() and text.count("@") >= 1 and not set(text) & set(" ,;<>\r\n")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"host": "mail.example.gov.uk", "security": "none"}, "very machine"),
        ({"host": "192.0.2.1", "security": "none"}, "very machine"),
        ({"host": "h", "security": "ssl"}, "ssl"),
        ({"host": "h", "sender": "heard"}, "sender"),
        ({"host": "h", "port": 0}, "port"),
        ({"host": "h", "user": "heard"}, "mail_password"),
        ({"host": "h", "hots": "x"}, "hots"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_in_words(table, words):
    with pytest.raises((TypeError, ValueError), match=words):
        mail_from({"sender": FROM, **table})


def test_the_usual_settings_are_protected_and_show_no_password():
    usual = mail_from({"host": "h", "sender": FROM, "user": "u", "password": "open sesame"})
    assert (usual.security, usual.port) == (Security.STARTTLS, 587)
    assert "sesame" not in repr(usual)
    for host in ("localhost", "127.0.0.1", "::1", "127.9.9.9"):
        assert mail_from({"host": host, "sender": FROM, "security": "none"}).host == host


def test_addresses_of_people_are_looked_at():
    found = notify_from({"safeguarding_lead": TO, "audit": ["a@b.uk", "c@d.uk"]})
    assert found == Notify(safeguarding_lead=TO, audit=("a@b.uk", "c@d.uk"))
    for wrong in ({"audit": "a@b.uk"}, {"safeguarding_lead": "x"}, {"safeguarding_lead": 1}):
        with pytest.raises(ValueError):  # noqa: PT011
            notify_from(wrong)
    with pytest.raises(TypeError):
        notify_from({"lead": TO})
