"""Contacts and queue go with the register of invitations; who wants no mail is kept a while longer."""

from datetime import date, timedelta

import mailed_site  # noqa: F401 - puts the folders of the other rooms on the path
import pytest
from kept_site import CLOSES, kept_site

from surveys.database import writing
from surveys.invitations.outbox.contacts import Contact, contact_table, put_contacts
from surveys.invitations.outbox.keys import address_hash, outbox_keys
from surveys.invitations.outbox.opt_outs import is_out, keep_out
from surveys.invitations.outbox.queue import MailKind, add_mails, mail_table
from surveys.invitations.register import invitations_of
from surveys.retention.record import Kind, erasure_of
from surveys.retention.rules import RetentionRules, retention_from
from surveys.retention.running import run_retention, would_erase

DUE = date(2026, 11, 27)  # the fifth working day after the close


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request, tmp_path):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    made = kept_site(tmp_path / "site", url)
    keys = outbox_keys(made.site.storage_key)
    ids = [one.id for one in invitations_of(made.engine, made.wave.id)]
    with writing(made.engine).begin() as connection:
        contacts = [Contact(one, "ref", "person@example.org", "", "en") for one in ids[:12]]
        put_contacts(connection, keys, made.wave.id, contacts)
        add_mails(connection, made.wave.id, MailKind.INVITATION, ids[:12])
        put_contacts(connection, keys, bytes(16), [Contact(bytes(16), "r", "a@b.uk", "", "en")])
    keep_out(made.engine, address_hash(keys, "person@example.org"), CLOSES, 12)
    yield made
    made.engine.dispose()


def rows(kept, table):
    with kept.engine.connect() as connection:
        return connection.execute(table.select()).all()


def test_they_go_on_the_fifth_working_day_and_the_certificate_counts_them(kept):
    run_retention(kept.now_is(DUE - timedelta(days=1)), DUE - timedelta(days=1))
    assert len(rows(kept, contact_table)) == 13 and len(rows(kept, mail_table)) == 12
    said = " ".join(would_erase(kept.now_is(DUE), DUE).lines)
    assert "addresses for mail at least 10, mails in the outbox at least 10" in said
    run_retention(kept.now_is(DUE), DUE)
    assert [row.wave_id for row in rows(kept, contact_table)] == [bytes(16)]
    assert rows(kept, mail_table) == []
    counts = erasure_of(kept.engine, kept.wave.id, Kind.CONTACTS).counts
    assert counts["addresses for mail"] == counts["mails in the outbox"] == "at least 10"
    (certificate,) = (kept.home / "certificates").glob(f"*contacts-{kept.wave.id.hex()[:8]}.txt")
    assert "addresses for mail: at least 10" in certificate.read_text()
    keys = outbox_keys(kept.site.storage_key)
    assert is_out(kept.engine, address_hash(keys, "person@example.org"))


def test_who_wants_no_mail_is_forgotten_when_the_rule_says(kept):
    hashed = address_hash(outbox_keys(kept.site.storage_key), "person@example.org")
    for day, left in ((date(2027, 11, 30), True), (date(2027, 12, 1), False)):
        run_retention(kept.now_is(day), day)
        assert is_out(kept.engine, hashed) is left


def test_the_rule_is_a_number_of_months():
    assert RetentionRules().opt_outs_months == 60
    assert retention_from({"opt_outs_months": 6}).opt_outs_months == 6
    for wrong in (0, 121, "6"):
        with pytest.raises(ValueError):  # noqa: PT011
            retention_from({"opt_outs_months": wrong})
