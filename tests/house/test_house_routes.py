"""Every route says who may use it, nobody else gets in, and no GET writes."""

import pytest
from sqlalchemy import event

from surveys.audiences import Audience

STAFF = {
    Audience.COORDINATOR,
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
        "audience": "child",
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


def test_no_get_writes(app, signed_in):
    writes = []

    def watch(connection, cursor, statement, *rest):
        if (
            not statement.lstrip()
            .upper()
            .startswith(("SELECT", "BEGIN", "PRAGMA", "COMMIT", "ROLLBACK"))
        ):
            writes.append(statement)

    event.listen(app.extensions["heard"].engine, "before_cursor_execute", watch)
    client = signed_in(*(role.value for role in STAFF))
    for rule in rules(app):
        if "GET" in rule.methods:
            client.get(app.url_map.bind("localhost").build(rule.endpoint, fill(rule)))
    assert writes == []


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


def test_a_form_from_another_site_is_refused(app):
    client = app.test_client()
    assert client.post("/start", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/start", headers={"Origin": "https://elsewhere.example"}).status_code == 403
