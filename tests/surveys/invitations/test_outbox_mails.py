"""One mail: what it says, that it says so twice, and that nothing of it tells on anybody."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailed_site import ADDRESS, SENDER, mailed_site, one_app  # noqa: F401

from surveys.invitations.codes import LINK_LENGTH
from surveys.invitations.outbox.contacts import Contact
from surveys.invitations.outbox.keys import address_hash, hash_in_token, mark_of
from surveys.invitations.outbox.mails import MadeMail, writer_for
from surveys.invitations.outbox.queue import MailKind, QueuedMail
from surveys.mail.sending import MailSettings

TO = "person@example.org"
LINK = "ab" * 13
OF_CARE = re.compile(r"\b(care|looked after|foster|adopt|leaver|social work|aftercare)", re.I)


class Text(HTMLParser):
    """The words of a page and the addresses in it."""

    def __init__(self, page):
        super().__init__()
        self.words, self.addresses, self.tags = [], [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.addresses += [value for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data):
        self.words += data.split()


@pytest.fixture
def make(app, tmp_path_factory):
    def made(kind=MailKind.INVITATION, survey="staff", language="en", audience=None):
        mailed = mailed_site(app, tmp_path_factory.mktemp("seed"), links=1, survey=survey)
        site = replace(mailed.site, mail=MailSettings("mail.example", SENDER))
        writer = writer_for(site, mailed.wave, mailed.keys)
        contact = Contact(bytes([1] * 16), "ref", TO, "", language)
        queued = QueuedMail(bytes([1] * 16), mailed.wave.id, contact.invitation_id, kind)
        with app.test_request_context():
            return mailed, writer.write(queued, contact, audience or "adult", LINK)

    return made


def plain_of(made):
    return parsed(made).get_body(("plain",)).get_content().replace("\r\n", "\n")


def parsed(made):
    return message_from_bytes(made.content, policy=policy.default)


def test_an_invitation_word_for_word(make):
    _, made = make()
    mail = parsed(made)
    token = re.search(rf"{ADDRESS}/no-more-mail/([\w-]+)\?language=en", made.content.decode())[1]
    assert mail["Subject"] == "A few questions for you"
    assert mail["From"] == f"Exampleshire County Council <{SENDER}>"
    assert mail["To"] == TO
    assert (
        plain_of(made)
        == f"""\
Hello. We would like to hear your view.

You are invited to answer some questions. You can skip any of them.

Answering takes about 6 minutes.

You choose whether you answer. It is fine not to.

Open the questions:
{ADDRESS}/#{LINK}

You can answer until Thursday 26 November, 23:59.

The link is yours alone. Please do not pass it on.

You can stop and carry on later with the same link.

Your name and your e-mail address are not kept with your answers.

Exampleshire County Council sent you this.

Do you want no more of these e-mails?
{ADDRESS}/no-more-mail/{token}?language=en
"""
    )


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize(
    ("survey", "audience"), [("staff", None), ("aftercare", "16+"), ("parents", None)]
)
def test_no_mail_speaks_of_care_where_others_may_look(make, kind, survey, audience):
    _, made = make(kind, survey, audience=audience)
    mail = parsed(made)
    seen = [
        mail["Subject"],
        mail["From"].addresses[0].display_name,
        mail.get_body(("plain",)).get_content(),
    ]
    assert not OF_CARE.search(" ".join(seen).replace("heard", "")), seen


def test_only_the_last_reminder_says_so_and_reminders_say_that_nobody_knows(make):
    said = {kind: parsed(make(kind)[1]).get_body(("plain",)).get_content() for kind in MailKind}
    for kind, words in said.items():
        assert ("We are not shown who has" in words) == (kind is not MailKind.INVITATION)
        assert ("This is the last reminder." in words) == (kind is MailKind.REMINDER_2)


def test_both_halves_say_the_same_and_nothing_is_fetched(make):
    _, made = make()
    mail = parsed(made)
    page = Text(mail.get_body(("html",)).get_content())
    plain = mail.get_body(("plain",)).get_content()
    assert not page.tags & {"img", "style", "script", "link", "iframe", "font", "object", "svg"}
    assert page.addresses == [
        f"{ADDRESS}/#{LINK}",
        *re.findall(rf"{ADDRESS}/no-more-mail/\S+", plain),
    ]
    assert all(address.startswith(f"{ADDRESS}/") for address in page.addresses)
    spoken = re.sub(r"https://\S+", "", plain).replace("questions:", "questions").split()
    own = " ".join(page.words).removeprefix(str(mail["Subject"])).split()
    assert own == [*spoken, "Stop", "these", "e-mails"]


def test_headers_of_stopping_are_whole_and_lead_to_the_address(make):
    mailed, made = make()
    head = made.content.partition(b"\r\n\r\n")[0].decode()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    web, by_mail = re.search(
        r"List-Unsubscribe: <https://\S+/no-more-mail/(\S+)\?language=en>,\r\n"
        r" <mailto:heard@example.gov.uk\?subject=stop%20(\S+)>\r\n", head,
    ).groups()  # fmt: skip
    assert web == by_mail
    assert hash_in_token(mailed.keys, web) == address_hash(mailed.keys, TO)
    assert LINK not in head and TO not in web


def test_a_mail_is_known_by_its_mark_however_often_it_is_made(make):
    mailed, made = make()
    mark = mark_of(mailed.keys, bytes([1] * 16))
    assert made.mark == mark and f"Message-ID: <{mark}@example.gov.uk>\r\n".encode() in made.content
    assert parsed(made)["Auto-Submitted"] == "auto-generated"


def test_nothing_of_the_person_but_the_address_and_nothing_of_the_machine(make):
    _, made = make()
    text = made.content.decode("ascii")  # so that no server on the way has to change it
    assert text.count(TO) == 1 and "ref" not in re.sub("href", "", text.split("\r\n\r\n", 1)[1])
    assert bytes([1] * 16).hex() not in text and len(LINK) == LINK_LENGTH
    assert max(map(len, text.split("\r\n"))) <= 998 and "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("language", ["ar", "cy", "ckb"])
def test_a_language_without_all_of_the_words_gets_english_as_a_whole(make, language, monkeypatch):
    from surveys.invitations.outbox import words

    real = words._said
    monkeypatch.setattr(words, "_said", lambda code: real(code) | ({"last": real("en")["last"]}))
    _, made = make(language=language)
    assert made.language == "en" and parsed(made)["Content-Language"] == "en"


def test_another_language_is_used_as_a_whole_and_mirrored(make, monkeypatch):
    from surveys.invitations.outbox import words

    real = words._said
    monkeypatch.setattr(
        words, "_said",
        lambda code: {name: text if code == "en" else f"نص {text}" for name, text in real("en").items()},
    )  # fmt: skip
    _, made = make(language="ar")
    mail = parsed(made)
    assert made.language == mail["Content-Language"] == "ar"
    assert mail["Subject"] == "نص A few questions for you"
    assert '<html lang="ar" dir="rtl">' in mail.get_body(("html",)).get_content()
    assert "?language=ar" in made.content.decode("ascii")
    assert all(part["Content-Transfer-Encoding"] != "8bit" for part in mail.walk())


@pytest.mark.parametrize(
    ("content", "stuffed"),
    [(b"a\r\n", b"a\r\n"), (b".\r\n", b"..\r\n"), (b"a\r\n.b\r\n..c\r\n", b"a\r\n..b\r\n...c\r\n"),
     (b"a.b\r\n", b"a.b\r\n")],
)  # fmt: skip
def test_a_line_of_one_dot_ends_no_mail(content, stuffed):
    assert MadeMail("", "", "", content, "en").stuffed == stuffed


@given(lines=st.lists(st.binary(max_size=5).filter(lambda line: not set(line) & {10, 13})))
def test_stuffing_is_undone_by_every_server(lines):
    content = b"".join(line + b"\r\n" for line in lines)
    stuffed = MadeMail("", "", "", content, "en").stuffed
    back = [line[1:] if line.startswith(b".") else line for line in stuffed.split(b"\r\n")]
    assert b"\r\n".join(back) == content and b"\r\n.\r\n" not in b"\r\n" + stuffed
