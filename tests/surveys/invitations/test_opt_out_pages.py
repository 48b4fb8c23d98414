"""One press stops the mail, without a code; looking at the page does not; nobody learns anything."""

from datetime import date

import pytest
from mailed_site import MailServer, mailed_site, one_app  # noqa: F401

from surveys.database import writing
from surveys.invitations.outbox.keys import address_hash, stop_token
from surveys.invitations.outbox.opt_outs import forget_old, is_out, keep_out
from surveys.rehearsal.browser import forms_in

TO = "person@example.org"


@pytest.fixture
def mailed(app, tmp_path):
    made = mailed_site(app, tmp_path, links=2)
    made.imported(("1", TO), ("2", "other@example.org"))
    return made


def token_of(mailed):
    return stop_token(mailed.keys, TO, bytes(16))


def is_stopped(mailed, address=TO):
    return is_out(mailed.engine, address_hash(mailed.keys, address))


def test_opening_the_link_changes_nothing_and_the_button_stops(mailed, client):
    path = f"/no-more-mail/{token_of(mailed)}?language=en"
    page = client.get(path)
    assert page.status_code == 200 and not is_stopped(mailed)
    form = forms_in(page.text)[-1]
    done = client.post(form.action, data=form.hidden)
    assert done.status_code == 200 and "The e-mails have stopped" in done.text
    assert is_stopped(mailed) and not is_stopped(mailed, "other@example.org")
    with MailServer() as server:
        mailed.mailing_to(server).run()
        assert [one for one, _ in server.post.mails] == [["other@example.org"]]


def test_a_mail_programs_own_button_posts_without_cookie_or_form(mailed, app):
    answer = app.test_client(use_cookies=False).post(
        f"/no-more-mail/{token_of(mailed)}", data={"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200 and not answer.headers.get("Location")
    assert is_stopped(mailed)


def test_another_websites_form_stops_nobody(mailed, client):
    path = f"/no-more-mail/{token_of(mailed)}"
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not is_stopped(mailed)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_is_the_same_for_every_address_invitation_and_time(mailed, app, method):
    pages = set()
    tokens = [stop_token(mailed.keys, one, bytes([n])) for n, one in enumerate((TO, "x@y.uk", TO))]
    for token in tokens:
        answer = getattr(app.test_client(), method)(f"/no-more-mail/{token}")
        text = answer.text.replace(token, "TOKEN")
        for form in forms_in(answer.text):
            text = text.replace(form.hidden["csrf_token"], "CSRF")
        pages.add((answer.status_code, text))
    assert len(pages) == 1 and TO not in str(pages)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_cut_is_told_so_and_stops_nobody(mailed, app, method):
    for broken in (token_of(mailed)[:-1], "A" * 54, "x"):
        answer = getattr(app.test_client(), method)(f"/no-more-mail/{broken}")
        assert answer.status_code == 404 and "have not been stopped" in answer.text
    assert not is_stopped(mailed)


def test_it_still_works_when_contacts_and_invitations_are_erased(mailed, client):
    from surveys.invitations.outbox.contacts import erase_contacts
    from surveys.invitations.register import erase_invitations

    token = token_of(mailed)
    with writing(mailed.engine).begin() as connection:
        erase_contacts(connection, mailed.wave.id)
        erase_invitations(connection, mailed.wave.id)
    client.post(f"/no-more-mail/{token}")
    assert is_stopped(mailed)


@pytest.mark.parametrize("language", ["en", "ar", "xx", ""])
def test_a_language_without_the_words_gets_english(mailed, client, language, monkeypatch):
    from surveys.invitations.outbox import pages

    monkeypatch.setattr(pages, "_is_whole", lambda code: code == "en")
    page = client.get(f"/no-more-mail/{token_of(mailed)}?language={language}").text
    assert "Stop these e-mails?" in page and '<div class="narrow" lang="en" dir="ltr">' in page


def test_a_language_with_the_words_is_mirrored(mailed, client, monkeypatch):
    from surveys.invitations.outbox import pages

    monkeypatch.setattr(pages, "_is_whole", lambda code: True)
    page = client.get("/no-more-mail/x?language=ar").text
    assert '<div class="narrow" lang="ar" dir="rtl">' in page


@pytest.mark.parametrize(
    ("months", "there", "gone"),
    [(1, date(2027, 1, 31), date(2027, 2, 1)), (60, date(2031, 12, 31), date(2032, 1, 1))],
)
def test_it_is_kept_for_whole_months_and_no_day_is_written(mailed, months, there, gone):
    hashed = address_hash(mailed.keys, TO)
    keep_out(
        mailed.engine, hashed, date(2026, 12, 30) if months == 1 else date(2026, 12, 1), months
    )
    for day, left in ((there, True), (gone, False)):
        with writing(mailed.engine).begin() as connection:
            forget_old(connection, day)
        assert is_out(mailed.engine, hashed) is left


def test_one_person_is_stopped_today_and_mailed_again_when_they_ask(mailed):
    wave = mailed.wave.id.hex()
    done = mailed.flask("stop", "--wave", wave, "--reference", "1")
    assert done.exit_code == 0 and TO not in done.output and is_stopped(mailed)
    assert mailed.flask("stop", "--undo", input=f"{TO}\n").exit_code == 0
    assert not is_stopped(mailed)
    assert mailed.flask("stop", input=f" {TO.upper()}\n").exit_code == 0
    assert is_stopped(mailed)
    assert mailed.flask("stop", "--wave", wave, "--reference", "9").exit_code == 1
    assert mailed.flask("stop", input="nobody\n").exit_code == 1
    assert TO.encode() not in mailed.everything_on_disk()
