"""Results and exports leave a line with a name; nothing that a respondent does leaves any."""

import json

import pytest
from results_site import PRIVATE, sign_into
from sample_summary import sample_summary

from analysis.signing import public_key
from surveys.audiences import Audience
from surveys.audit.log import audit_log_of
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

READERS = ("inspector", "analyst", "coordinator")


@pytest.fixture
def published(app):
    site = app.extensions["heard"]
    (site.summaries / "publisher.pub").write_text(public_key(PRIVATE).hex(), "ascii")
    sign_into(site.summaries, sample_summary())
    return site


def lines(site):
    path = audit_log_of(site)
    written = path.read_text().splitlines() if path.exists() else []
    return [(entry["who"], entry["what"], entry["about"]) for entry in map(json.loads, written)]


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("/results/", "results_viewed"),
        ("/results/care4me/1/L6", "results_viewed"),
        ("/results/care4me/1/about", "results_viewed"),
    ],
)
def test_page_of_results_is_written_down_with_the_day_only(
    published, signed_in, role, address, what
):
    client = signed_in(role)
    before = lines(published)
    assert client.get(address).status_code == 200
    assert lines(published)[len(before) :] == [(f"Sam {role}", what, {"page": address})]
    last = json.loads(audit_log_of(published).read_text().splitlines()[-1])
    assert last["day"] == published.now().date().isoformat()


def test_every_way_to_take_results_away_is_marked_as_an_export(app):
    marks = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "noted_as", "")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("results.")
    }
    exported = {name for name, mark in marks.items() if mark == "results_exported"}
    assert exported == {
        f"results.{name}"
        for name in ("release_csv", "theme_csv", "release_document", "release_signature")
    }
    assert [name for name, mark in marks.items() if not mark] == ["results.plotly_js"]


def test_nothing_open_to_respondents_carries_the_mark(app):
    never = {Audience.PUBLIC, Audience.RESPONDENT}
    for view in app.view_functions.values():
        assert not (getattr(view, "noted_as", "") and view.audiences & never)


def test_page_that_was_not_there_or_not_allowed_leaves_no_line(published, signed_in, app):
    before = lines(published)
    assert signed_in("inspector").get("/results/care4me/99/").status_code == 404
    assert signed_in("helper").get("/results/").status_code == 403
    assert app.test_client().get("/results/").status_code == 303
    assert lines(published) == before


def test_page_that_cannot_be_written_down_is_not_served(published, signed_in):
    path = audit_log_of(published)
    path.unlink(missing_ok=True)
    path.mkdir()
    assert signed_in("inspector").get("/results/care4me/1/L6").status_code == 500


@pytest.fixture
def respondent(app, tmp_path):
    """Somebody who answers, with everything that a respondent could reach."""
    site = app.extensions["heard"]
    inspection = open_inspection(
        site.engine, authority=site.authority, framework="2009",
        day_1=day_1_so_that_today_is(5, site.now().date()), title="Inspection", invented=True,
    )  # fmt: skip
    wave = prepare_survey(site, inspection, "care4me")
    create_wave_keys(
        wave.id, tmp_path / "offline", site.public_keys, spares=False,
        stretching=Stretching(8192, 1, 1),
    )  # fmt: skip
    set_status(site.engine, wave.id, WaveStatus.OPEN)
    wanted = [new_invitation(wave.id, "8-10", "link")]
    (code,) = issue(site.engine, wave, wanted, seed=CredentialSeed.generate(), keys=site_keys(site))
    client = app.test_client()
    form = forms_in(client.get("/").get_data(as_text=True))[-1]
    started = client.post("/start", data={**form.hidden, "words": code.link})
    assert started.headers["Location"] == "/answer/welcome"
    with client.session_transaction() as session:
        session["agreed"] = True
    return client, form.hidden


def test_no_route_of_a_respondent_changes_the_log(app, published, respondent):
    client, hidden = respondent
    before, visited = lines(published), 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        reachable = {Audience.PUBLIC, Audience.RESPONDENT}
        if rule.endpoint == "static" or not view.audiences & reachable:
            continue
        for method in rule.methods & {"GET", "POST"}:
            arguments = {"step": 1, "number": 1, "survey": "care4me"}
            filled = {name: arguments.get(name, "x") for name in rule.arguments}
            address = app.url_map.bind("localhost").build(rule.endpoint, filled, method)
            client.open(address, method=method, data=hidden if method == "POST" else None)
            assert lines(published) == before, address
            visited += 1
    assert visited > 30, "hardly anything was visited, so nothing was proved"
