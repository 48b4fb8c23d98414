"""What leaves the site or changes who may enter is asked for once more: release, export, keys, accounts."""

import re

CONFIRMED = {
    "results.release_csv", "results.theme_csv", "results.release_document",
    "results.release_signature",
    "staff.people", "staff.invite_person", "staff.ask_again", "staff.invite_person_again",
    "staff.ask_close", "staff.close_person",
    "staff.set_up_app", "staff.keep_app", "staff.ask_remove_app", "staff.remove_app",
    "staff.name_passkey", "staff.keep_passkey", "staff.ask_remove_passkey",
    "staff.remove_own_passkey", "staff.ask_new_codes", "staff.make_codes",
    "staff.choose_password", "staff.keep_password",
}  # fmt: skip
SETS_UP = {
    "staff.own_sign_in", "staff.set_up_app", "staff.keep_app", "staff.name_passkey",
    "staff.keep_passkey", "staff.ask_confirm", "staff.check_confirm",
}  # fmt: skip
FILE = re.compile(r"\.(csv|xlsx|json|sig|pdf|zip|html)$")


def marked(app, mark):
    return {name for name, view in app.view_functions.items() if getattr(view, mark, False)}


def test_views_that_are_confirmed_are_these(app):
    """Whoever adds an export, a release or a page of keys adds it here."""
    assert marked(app, "needs_confirming") >= CONFIRMED


def test_every_file_that_the_desk_hands_out_is_confirmed(app):
    files = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if FILE.search(str(rule)) and "public" not in app.view_functions[rule.endpoint].audiences
    }
    assert len(files) >= 4
    assert files <= marked(app, "needs_confirming")


def test_before_a_second_factor_only_these_open(app):
    assert marked(app, "sets_up") == SETS_UP


def test_a_confirmed_view_is_never_public(app):
    for name in marked(app, "needs_confirming") | marked(app, "sets_up"):
        assert "public" not in app.view_functions[name].audiences, name
