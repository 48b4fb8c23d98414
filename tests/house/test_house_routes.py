"""Every route says who may use it, nobody else gets in, and no GET writes."""

import pytest
from results_site import PRIVATE, sign_into
from sample_summary import sample_summary
from sqlalchemy import event

from analysis.signing import public_key
from surveys.audiences import Audience
from surveys.inspections.preparing import prepare_survey
from surveys.inspections.record import open_inspection
from surveys.invitations.codes import CredentialSeed
from surveys.invitations.commands import site_keys
from surveys.invitations.issuing import issue
from surveys.invitations.register import new_invitation
from surveys.keys.key_making import create_wave_keys
from surveys.rehearsal.browser import forms_in
from surveys.rehearsal.stage import day_1_so_that_today_is
from surveys.vault.key_files import Stretching
from surveys.vault.waves import WaveStatus, set_status

STAFF = {
    Audience.HELPER,
    Audience.DATA_ENTRY,
    Audience.COORDINATOR,
    Audience.CUSTODIAN,
    Audience.SAFEGUARDING,
    Audience.ANALYST,
    Audience.INSPECTOR,
    Audience.ADMINISTRATOR,
}


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def fill(rule):
    examples = {
        "step": 1,
        "wave": 1,
        "number": 1,
        "survey": "care4me",
        "theme": "L6",
        "question": "x",
        "release": 1,
        "audience": "8-10",
        "version": "8-10",
        "language": "en",
        "name": "fun_things",
    }
    return {name: examples.get(name, "x") for name in rule.arguments}


def test_every_route_states_its_audience(app):
    silent = [
        rule.endpoint
        for rule in rules(app)
        if not getattr(app.view_functions[rule.endpoint], "audiences", None)
    ]
    assert silent == []


def test_a_stranger_gets_into_public_routes_only(app):
    for rule in rules(app):
        if "GET" not in rule.methods:
            continue
        audiences = app.view_functions[rule.endpoint].audiences
        url = app.url_map.bind("localhost").build(rule.endpoint, fill(rule))
        answer = app.test_client().get(url)
        if Audience.PUBLIC not in audiences:
            assert answer.status_code in (303, 403), rule


@pytest.fixture
def lived_in(app, signed_in, tmp_path):
    """A site with an inspection, an open wave, a published Summary, and people at its pages."""
    site = app.extensions["heard"]
    today = site.now().date()
    inspection = open_inspection(
        site.engine,
        authority=site.authority,
        framework="2009",
        day_1=day_1_so_that_today_is(5, today),
        title="Inspection",
        invented=True,
    )
    wave = prepare_survey(site, inspection, "care4me")
    create_wave_keys(
        wave.id,
        tmp_path / "offline",
        site.public_keys,
        spares=False,
        stretching=Stretching(8192, 1, 1),
    )
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    wanted = [new_invitation(wave.id, "8-10", "link")]
    (code,) = issue(site.engine, wave, wanted, seed=CredentialSeed.generate(), keys=site_keys(site))
    (site.summaries / "publisher.pub").write_text(public_key(PRIVATE).hex(), "ascii")
    sign_into(site.summaries, sample_summary())
    respondent = app.test_client()
    form = forms_in(respondent.get("/").get_data(as_text=True))[-1]
    started = respondent.post("/start", data={**form.hidden, "words": code.link})
    assert started.headers["Location"] == "/answer/welcome"
    with respondent.session_transaction() as session:
        session["agreed"] = True
    staff = signed_in(*(role.value for role in STAFF))
    addresses = [
        app.url_map.bind("localhost").build(
            rule.endpoint, {**fill(rule), **_known(rule, inspection)}
        )
        for rule in rules(app)
        if "GET" in rule.methods
    ]
    return site, (staff, respondent), addresses


def _known(rule, inspection):
    return {"inspection_id": inspection.id.hex()} if "inspection_id" in rule.arguments else {}


def test_no_get_writes(lived_in):
    site, clients, addresses = lived_in
    writes, shown = [], set()

    def watch(connection, cursor, statement, *rest):
        first = statement.split(maxsplit=1)[0].upper()
        if first not in ("SELECT", "BEGIN", "PRAGMA", "COMMIT", "ROLLBACK"):
            writes.append(statement)

    event.listen(site.engine, "before_cursor_execute", watch)
    for client in clients:
        for address in addresses:
            if client.get(address).status_code == 200:
                shown.add(address)
    assert writes == []
    for room in (
        "/answer/1", "/answer/check", "/coordinator/", "/staff/", "/results/care4me/1/L6",
        "/tablet/", "/paper/", "/paper/entry/", "/preview/", "/kiosk/", "/coordinator/languages/",
    ):  # fmt: skip
        assert room in shown, f"{room} was never shown, so nothing was proved of it"


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_role_opens_only_what_names_it(app, signed_in, role):
    client = signed_in(role.value)
    for rule in rules(app):
        audiences = app.view_functions[rule.endpoint].audiences
        if (
            "GET" not in rule.methods
            or Audience.PUBLIC in audiences
            or Audience.RESPONDENT in audiences
        ):
            continue
        answer = client.get(app.url_map.bind("localhost").build(rule.endpoint, fill(rule)))
        assert (answer.status_code == 403) == (role not in audiences), rule


def test_a_cookie_copied_before_log_out_opens_nothing_of_the_desk(app, signed_in):
    from surveys.staff.accounts import all_accounts, end_sessions

    client = signed_in(*(role.value for role in STAFF))
    cookie = client.get_cookie("heard").value
    (account,) = all_accounts(app.extensions["heard"].engine)
    end_sessions(app.extensions["heard"].engine, account.id, account.session_number)
    for rule in rules(app):
        if "GET" in rule.methods and app.view_functions[rule.endpoint].audiences & STAFF:
            client.set_cookie("heard", cookie)
            answer = client.get(app.url_map.bind("localhost").build(rule.endpoint, fill(rule)))
            assert (answer.status_code, answer.location) == (303, "/staff/log-in"), rule


def test_no_answer_repeats_the_host_that_a_request_claims(app, signed_in):
    client = signed_in(*(role.value for role in STAFF))
    for rule in rules(app):
        url = app.url_map.bind("localhost").build(rule.endpoint, fill(rule))
        for other in (url.rstrip("/"), f"{url}/", f"/{url}", url.replace("/", "//")):
            answer = client.get(other, headers={"Host": "evil.example"})
            assert "evil.example" not in f"{answer.headers}{answer.text}", other


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "]", "https://", ""])
def test_a_form_of_no_origin_that_a_browser_would_name_is_refused(app, origin):
    assert app.test_client().post("/start", headers={"Origin": origin}).status_code == 403


def test_a_form_from_another_site_is_refused(app):
    client = app.test_client()
    assert client.post("/start", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/start", headers={"Origin": "https://elsewhere.example"}).status_code == 403
