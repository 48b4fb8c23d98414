"""Staff in a real browser: an invitation, an app, a passkey, recovery codes, and what axe finds."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import axe_playwright_python
import pyotp
import pytest
from desk_site import MORNING, desk_app, set_clock

from surveys.staff.accounts import add_account, all_accounts
from surveys.staff.invited import invite

pytestmark = [pytest.mark.browser, pytest.mark.journey]

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "four words of my own"
PICTURES = os.environ.get("STAFF_PICTURES")  # a folder, to look at every page


@pytest.fixture
def desk(tmp_path, serve):
    """A real site's desk, not a demonstration, at an address of its own."""
    app = desk_app(tmp_path)
    address = serve(app).replace("127.0.0.1", "localhost")
    app.extensions["heard"] = replace(app.extensions["heard"], demo=False, address=address)
    app.address = address
    yield app
    app.extensions["heard"].engine.dispose()


@pytest.fixture
def site(desk):
    return desk.extensions["heard"]


@pytest.fixture
def look(desk):
    """Judge the page by axe, on a desk and on a phone, light and dark."""
    seen = set()

    def judge(page, name):
        assert page.title().strip()
        for size, colours in (((1280, 900), "light"), ((390, 844), "dark")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.emulate_media(color_scheme=colours)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate(
                "async tags => await axe.run(document, {runOnly: {type: 'tag', values: tags}})",
                AXE_TAGS,
            )
            undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
            faults = [
                (one["id"], node["html"][:120])
                for one in (*found["violations"], *undecided)
                for node in one["nodes"]
            ]
            assert faults == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
            if PICTURES:
                path = Path(PICTURES) / f"{name}-{size[0]}.png"
                page.screenshot(path=path, full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
        seen.add(name)

    judge.seen = seen
    return judge


@pytest.fixture
def passkeys():
    """Give a page an authenticator of its own, that has checked its owner."""

    def attach(page, **more):
        client = page.context.new_cdp_session(page)
        client.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = client.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})
        client.authenticator = made["authenticatorId"]
        return client

    return attach


def log_in(page, desk, name, password=PASSWORD):
    page.goto(f"{desk.address}/staff/log-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page):
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/staff/log-in")


def secret_on(page):
    page.get_by_text("I cannot scan it").click()
    return page.locator("code.letters").inner_text().replace(" ", "")


def code_of(secret, **later):
    return pyotp.TOTP(secret).at(MORNING + timedelta(**later))


def heading(page):
    return page.locator("h1").inner_text()


def test_from_invitation_to_app_to_recovery_code(desk, site, visitor, look):
    page = visitor((1280, 900))
    _, code = invite(site.engine, site.pepper, "Sam Okafor", ["coordinator"], MORNING.date())
    page.goto(f"{desk.address}/staff/invitation#{code}")
    assert page.get_by_label("Code of your invitation").input_value() == code
    assert code not in page.url, "the code leaves the address bar at once"
    look(page, "invitation")
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Keep this password").click()
    look(page, "invitation-wrong")
    for label in ("New password", "The same password again"):
        page.get_by_label(label).fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()

    assert page.url.endswith("/staff/sign-in")
    assert "Nothing else opens until then" in page.locator("main").inner_text()
    look(page, "one-more-step")
    page.goto(f"{desk.address}/coordinator/")
    assert page.url.endswith("/staff/sign-in"), "nothing else opens"
    page.get_by_role("link", name="Set up an app").click()
    look(page, "app")
    secret = secret_on(page)
    page.get_by_label("Six digits from your app").fill("000000")
    page.get_by_role("button", name="Keep this app").click()
    assert "does not fit" in page.locator("main").inner_text()
    look(page, "app-wrong")
    page.get_by_label("Six digits from your app").fill(code_of(secret))
    page.get_by_role("button", name="Keep this app").click()
    assert heading(page) == "Your recovery codes"
    codes = page.locator("ol.codes code").all_inner_texts()
    assert len(set(codes)) == 10
    look(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    look(page, "own-sign-in")
    page.goto(f"{desk.address}/coordinator/")
    assert page.url.endswith("/coordinator/")
    log_out(page)

    set_clock(desk, minutes=2)
    log_in(page, desk, "Sam Okafor")
    assert heading(page) == "Second step"
    look(page, "second-step")
    page.get_by_label("Six digits from your app").fill(code_of(secret))
    page.get_by_role("button", name="Log in", exact=True).click()
    assert "does not fit" in page.locator("main").inner_text(), "that code was used, and is old"
    page.get_by_label("Six digits from your app").fill(code_of(secret, minutes=2))
    page.get_by_role("button", name="Log in", exact=True).click()
    assert heading(page) == "Hello, Sam Okafor"
    look(page, "home")
    log_out(page)

    log_in(page, desk, "Sam Okafor")
    page.get_by_text("Lost your phone or key?").click()
    page.get_by_label("Recovery code").fill(codes[3].upper().replace("-", " "))
    page.get_by_role("button", name="Use this code").click()
    assert heading(page) == "Hello, Sam Okafor"
    page.goto(f"{desk.address}/staff/sign-in")
    assert "9 codes left" in page.locator("main").inner_text()


def test_passkey_is_made_signs_in_by_itself_and_is_removed(desk, site, visitor, look, passkeys):
    add_account(site.engine, "Ana Lima", PASSWORD, ["inspector"])
    page = visitor((1280, 900))
    passkeys(page)
    log_in(page, desk, "Ana Lima")
    page.get_by_role("link", name="Add a passkey").click()
    look(page, "passkey")
    page.get_by_label("Name of the passkey").fill("work laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_selector("ol.codes")
    page.get_by_role("link", name="I have kept them").click()
    assert "work laptop" in page.locator("main").inner_text()
    look(page, "own-passkey")
    log_out(page)

    look(page, "log-in")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/staff/")
    assert heading(page) == "Hello, Ana Lima"
    log_out(page)

    log_in(page, desk, "Ana Lima")
    assert page.get_by_label("Six digits").count() == 0, "there is no app to ask"
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/staff/")
    page.goto(f"{desk.address}/staff/sign-in")
    page.get_by_role("link", name="Remove work laptop").click()
    look(page, "remove-the-last")
    assert page.get_by_role("button", name="Remove work laptop").count() == 0
    assert "only second factor" in page.locator("main").inner_text()


def test_passkey_that_does_not_check_its_owner_is_not_asked(desk, site, visitor, passkeys):
    add_account(site.engine, "Ana Lima", PASSWORD, ["inspector"])
    page = visitor((1280, 900))
    passkeys(page, isUserVerified=False)
    log_in(page, desk, "Ana Lima")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("left on a desk")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("No passkey was used.").wait_for()
    assert page.url.endswith("/staff/sign-in/passkey")


def test_second_passkey_and_removing_the_first(desk, site, visitor, look, passkeys):
    add_account(site.engine, "Ana Lima", PASSWORD, ["inspector"])
    page = visitor((1280, 900))
    authenticator = passkeys(page)
    log_in(page, desk, "Ana Lima")
    for number, name in enumerate(("laptop", "phone")):
        if number:  # another device, which does not know the first passkey
            authenticator.send(
                "WebAuthn.removeVirtualAuthenticator",
                {"authenticatorId": authenticator.authenticator},
            )
            authenticator = passkeys(page)
        page.goto(f"{desk.address}/staff/sign-in/passkey")
        page.get_by_label("Name of the passkey").fill(name)
        page.get_by_role("button", name="Make the passkey").click()
        page.wait_for_selector("ol.codes, #passkeys")
        page.goto(f"{desk.address}/staff/sign-in")
    page.get_by_role("link", name="Remove laptop").click()
    look(page, "remove")
    page.get_by_role("button", name="Remove laptop").click()
    page.wait_for_url("**/staff/sign-in")
    assert page.get_by_role("link", name="Remove phone").count() == 1
    assert page.get_by_role("link", name="Remove laptop").count() == 0


def test_invitation_that_has_ended_says_so(desk, site, visitor, look):
    yesterday = MORNING.date() - timedelta(days=1)
    _, code = invite(site.engine, site.pepper, "Sam Okafor", ["coordinator"], yesterday)
    page = visitor((1280, 900))
    page.goto(f"{desk.address}/staff/invitation#{code}")
    for label in ("New password", "The same password again"):
        page.get_by_label(label).fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    assert "This invitation has ended. Ask for a new one." in page.locator("main").inner_text()
    look(page, "invitation-ended")
    assert not all_accounts(site.engine)[0].has_password


def test_administrator_invites_and_closes(desk, site, visitor, look):
    add_account(site.engine, "Ada Admin", PASSWORD, ["administrator"])
    add_account(site.engine, "Ina Inspector", PASSWORD, ["inspector"])
    page = visitor((1280, 900))
    log_in(page, desk, "Ada Admin")
    page.get_by_role("link", name="Set up an app").click()
    secret = secret_on(page)
    page.get_by_label("Six digits from your app").fill(code_of(secret))
    page.get_by_role("button", name="Keep this app").click()

    set_clock(desk, minutes=6)
    page.goto(f"{desk.address}/staff/people")
    assert heading(page) == "Is it still you?"
    look(page, "confirm")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Go on").click()
    look(page, "confirm-wrong")
    page.get_by_label("Or six digits from your app").fill(code_of(secret, minutes=6))
    page.get_by_role("button", name="Go on").click()
    assert heading(page) == "People"
    look(page, "people")

    page.get_by_label("Name", exact=True).fill("Sam Okafor")
    page.get_by_label("Analyst: opens and publishes answers").check()
    page.get_by_label("Coordinator: runs the survey and sends the codes").check()
    page.get_by_role("button", name="Make an invitation").click()
    assert "so they must not open answers" in page.locator(".error-summary").inner_text()
    look(page, "people-clash")
    page.get_by_label("Coordinator: runs the survey and sends the codes").uncheck()
    page.get_by_role("button", name="Make an invitation").click()
    assert heading(page) == "Invitation for Sam Okafor"
    look(page, "invited")
    page.get_by_role("link", name="I have passed it on").click()

    page.get_by_role("link", name="Close the account of Ina Inspector").click()
    look(page, "close")
    page.get_by_role("button", name="Close the account").click()
    assert "not the name" in page.locator(".error-summary").inner_text()
    page.get_by_label("Type the name").fill("Ina Inspector")
    page.get_by_role("button", name="Close the account").click()
    assert heading(page) == "People"
    assert not next(a for a in all_accounts(site.engine) if a.name.startswith("Ina")).active
    page.get_by_role("link", name="Invite Sam Okafor again").click()
    look(page, "again")
    page.goto(f"{desk.address}/staff/sign-in/codes")
    look(page, "new-codes")
    page.goto(f"{desk.address}/staff/sign-in/password")
    page.get_by_role("button", name="Keep this password").click()
    look(page, "new-password-wrong")


def test_everything_but_passkeys_works_without_scripts(desk, site, visitor, look):
    add_account(site.engine, "Sam Okafor", PASSWORD, ["coordinator"])
    page = visitor((1280, 900), java_script_enabled=False)
    log_in(page, desk, "Sam Okafor")
    page.get_by_role("link", name="Add a passkey").click()
    assert page.get_by_role("button", name="Make the passkey").count() == 0
    assert "Use an app on your phone instead" in page.locator("main").inner_text()
    page.goto(f"{desk.address}/staff/sign-in/app")
    secret = secret_on(page)
    page.get_by_label("Six digits from your app").fill(code_of(secret))
    page.get_by_role("button", name="Keep this app").click()
    assert heading(page) == "Your recovery codes"
