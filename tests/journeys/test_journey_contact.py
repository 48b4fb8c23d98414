"""From a child who needs to talk to the note on what was done, in a real browser on both sides."""

import re
import sys
from pathlib import Path

import axe_playwright_python
import pytest
from answering_site import AnsweringSite, tiny_survey

sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "contact"))
sys.path.insert(0, str(Path(__file__).parents[1] / "surveys" / "kiosk"))
from contact_keys import DEPUTY, KEYS, LEAD, opened
from tablet_script import need_assets

from surveys.contact.keys import SafeguardingKeys, write_keys
from surveys.contact.message import Part, header_for
from surveys.contact.requests import State, all_requests, sealed_request
from surveys.kiosk.assets import INBOX, INBOX_BUNDLE, bundle
from surveys.vault.envelope import Purpose
from surveys.vault.key_files import Stretching, write_key_file
from surveys.vault.opening import new_private_key, open_envelope

pytestmark = [pytest.mark.browser, pytest.mark.journey]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run({runOnly: {type: 'tag', values: tags}}).then(found => found.violations)"
COLOURS = {
    "child": ("cream", "blue", "peach", "dark"),
    "young": ("light", "cream", "dark"),
    "desk": ("light", "cream", "dark"),
}
WIDTHS = (390, 820, 1280)
PASSPHRASE = "acorn badge candle dawn eagle fern"


@pytest.fixture(scope="module")
def built():
    need_assets()
    bundle(INBOX, INBOX_BUNDLE)


@pytest.fixture
def site(app, serve, built):
    made = app.extensions["heard"]
    write_keys(made.public_keys, KEYS)
    return made, serve(app)


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "safeguarding-lead.key"
    write_key_file(path, LEAD, bytes(16), PASSPHRASE, Stretching(8192, 1, 1))
    return path


def ask(page, address):
    page.goto(f"{address}/")
    page.get_by_role("link", name="I need to talk").click()
    page.get_by_label("What can we call you?").fill("Zebedee")
    page.get_by_label("How and when is it safe to reach you?").fill("At school\nat lunch")
    page.get_by_label("What do you want us to know?").fill("<b>It is about home.</b>")
    page.get_by_role("button", name="Send this message").click()
    page.get_by_role("heading", name="Thank you!").wait_for()


def log_in(page, signed_in, address):
    """In this browser, as another tab does it: a session of its own, and nothing of the old one."""
    cookie = signed_in("safeguarding").get_cookie("heard").value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "heard", "value": cookie, "url": address}])


def signed_in_page(visitor, signed_in, address, **options):
    page = visitor((1280, 900), **options)
    log_in(page, signed_in, address)
    page.sent = []
    page.on("request", lambda request: page.sent.append((request.url, request.post_data or "")))
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.goto(f"{address}/safeguarding/")
    return page


def use_key(page, path, passphrase=PASSPHRASE):
    page.get_by_label("Key file").set_input_files(path)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Use this key").click()


def test_the_whole_way(site, visitor, signed_in, key_file):
    made, address = site
    ask(visitor((820, 1180)), address)
    page = signed_in_page(visitor, signed_in, address)
    assert page.get_by_role("button", name="Open", disabled=True).count() == 1
    use_key(page, key_file, "acorn badge")
    page.get_by_text("This passphrase does not open the file.").wait_for()
    use_key(page, key_file)
    page.get_by_text("Your key is ready.").wait_for()
    page.get_by_role("button", name=re.compile("^Open ")).click()
    card = page.locator(".message")
    card.get_by_text("Zebedee").wait_for()
    assert card.locator("[data-words=reach]").inner_text() == "At school\nat lunch"
    assert card.locator("[data-words=words]").inner_text() == "<b>It is about home.</b>"
    card.get_by_text("Record what was done").click()
    card.get_by_label("What was done, in a few words").fill("Rang the duty team.")
    card.get_by_role("button", name="Lock it and mark as done").click()
    card.locator(".message__state", has_text="Done").wait_for()
    (one,) = all_requests(made.engine)
    assert one.state is State.DONE
    note = sealed_request(made.engine, one.id).note
    assert open_envelope(note, DEPUTY, header_for(one.id, Part.NOTE)).content == (
        b"Rang the duty team."
    )
    assert not [line for line in page.complaints if "Content Security" in line or "rror:" in line]
    nothing_left_the_page(page, address)
    nothing_is_kept(page)


def test_a_note_that_the_site_cannot_keep_stays_on_the_page_with_a_sentence(
    site, visitor, signed_in, key_file
):
    made, address = site
    ask(visitor((820, 1180)), address)
    page = signed_in_page(visitor, signed_in, address)
    use_key(page, key_file)
    page.get_by_text("Your key is ready.").wait_for()
    page.get_by_text("Record what was done").click()
    words = page.get_by_label("What was done, in a few words")
    words.fill("Rang the duty team.")
    public = made.public_keys / "safeguarding.json"
    whole = public.read_bytes()
    public.write_text("{}")
    page.get_by_role("button", name="Lock it and mark as done").click()
    page.get_by_text("so your note was not kept. It stays here").wait_for()
    assert words.input_value() == "Rang the duty team."
    assert [one.state for one in all_requests(made.engine)] == [State.WAITING]
    public.write_bytes(whole)
    page.get_by_role("button", name="Lock it and mark as done").click()
    page.locator(".message__state", has_text="Done").wait_for()
    assert [one.state for one in all_requests(made.engine)] == [State.DONE]


def nothing_left_the_page(page, address):
    assert {url.split("/")[2] for url, _ in page.sent} == {address.split("/")[2]}
    told = " ".join(url + body for url, body in page.sent)
    for word in ("acorn", "badge", "Zebedee", "duty", LEAD.seed.hex(), "locked"):
        assert word not in told, word


def nothing_is_kept(page):
    stores = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]"
    assert page.evaluate(stores) == [0, 0, 0, 0]
    page.get_by_role("button", name="Forget the key and close all messages").click()
    assert "Zebedee" not in page.content() and "Rang" not in page.content()
    page.reload()
    assert page.locator(".message__open").is_disabled()
    page.get_by_label("Key file").wait_for()
    assert page.get_by_label("Passphrase").input_value() == ""


def unlock(page, path):
    use_key(page, path)
    page.get_by_text("Your key is ready.").wait_for()


def press_open(page):
    page.get_by_role("button", name=re.compile("^Open ")).click()


def words_of(page):
    """What stands open, by its part."""
    parts = page.locator(".message__opened:visible .message__part:visible [data-words]").all()
    return {part.get_attribute("data-words"): part.inner_text() for part in parts}


ASKED = {
    "name": "Zebedee",
    "reach": "At school\nat lunch",
    "words": "<b>It is about home.</b>",
}


def record(page, note):
    page.get_by_text("Record what was done").click()
    page.get_by_label("What was done, in a few words").fill(note)
    page.get_by_role("button", name="Lock it and mark as done").click()


def test_taking_on_and_then_opening_what_was_done(site, visitor, signed_in, key_file):
    """Open, take on, record, in the order of the guide: the key is asked for once."""
    made, address = site
    ask(visitor((390, 844)), address)
    page = signed_in_page(visitor, signed_in, address)
    unlock(page, key_file)
    press_open(page)
    page.get_by_text("Zebedee").wait_for()
    page.get_by_role("button", name=re.compile("^I take this on")).click()
    page.locator(".message__state:focus", has_text="Taken on by Sam safeguarding on ").wait_for()
    assert [one.state for one in all_requests(made.engine)] == [State.SEEN]
    headings = page.locator("section h2").all_inner_texts()
    assert headings == ["Waiting: 0", "Taken on: 1", "Done: 0"]
    assert page.get_by_text("Nothing here.").filter(visible=True).count() == 2
    assert page.get_by_role("button", name=re.compile("^I take this on")).count() == 0
    assert words_of(page) == ASKED
    record(page, "Rang the duty team.")
    page.get_by_role("heading", name="Done: 1").wait_for()
    assert words_of(page) == ASKED | {"note": "Rang the duty team."}
    page.reload()
    assert words_of(page) == {}
    unlock(page, key_file)
    press_open(page)
    page.locator(".message__opened:focus").wait_for()
    assert words_of(page) == ASKED | {"note": "Rang the duty team."}
    assert [line for line in page.complaints if "Content Security" in line] == []


def test_without_scripts_a_message_is_taken_on_all_the_same(site, visitor, signed_in):
    made, address = site
    ask(visitor((390, 844)), address)
    page = signed_in_page(visitor, signed_in, address, java_script_enabled=False)
    page.get_by_role("button", name=re.compile("^I take this on")).click()
    page.get_by_role("heading", name="Taken on: 1").wait_for()
    assert [one.state for one in all_requests(made.engine)] == [State.SEEN]


def test_logging_in_again_in_another_tab_loses_nothing(site, visitor, signed_in, key_file):
    made, address = site
    ask(visitor((390, 844)), address)
    page = signed_in_page(visitor, signed_in, address)
    unlock(page, key_file)
    page.route("**/safeguarding/**", lambda route: route.fulfill(status=502, body="<p>502</p>"))
    press_open(page)
    page.locator("#trouble:focus", has_text="the server did not answer as it should").wait_for()
    page.unroute_all()
    page.context.clear_cookies()
    record(page, "Rang the duty team.")
    logged_out = page.locator("#trouble:focus", has_text="You are no longer logged in")
    logged_out.wait_for()
    page.get_by_role("button", name=re.compile("^I take this on")).click()
    logged_out.wait_for()
    press_open(page)
    logged_out.wait_for()
    assert [one.state for one in all_requests(made.engine)] == [State.WAITING]
    log_in(page, signed_in, address)
    press_open(page)
    page.get_by_text("Zebedee").wait_for()
    assert page.locator("#trouble").is_hidden()
    page.get_by_role("button", name="Lock it and mark as done").click()
    page.get_by_role("heading", name="Done: 1").wait_for()
    assert words_of(page) == ASKED | {"note": "Rang the duty team."}


def test_after_the_keys_were_replaced_each_key_shows_what_it_opens(
    site, visitor, signed_in, key_file, tmp_path
):
    """The message is for the old keys and the note on it for the new ones."""
    made, address = site
    newer = [new_private_key(Purpose.CONTACT) for _ in range(2)]
    newer_file = tmp_path / "newer.key"
    write_key_file(newer_file, newer[0], bytes(16), PASSPHRASE, Stretching(8192, 1, 1))
    ask(visitor((390, 844)), address)
    page = signed_in_page(visitor, signed_in, address)
    newer_keys = SafeguardingKeys(*(key.public for key in newer))
    write_keys(made.public_keys, newer_keys, replace=True)
    record(page, "Rang the duty team.")
    page.locator("#trouble:focus", has_text="The keys were replaced while this page").wait_for()
    note = page.get_by_label("What was done, in a few words").input_value()
    assert note == "Rang the duty team."
    page.reload()
    record(page, note)
    page.get_by_role("heading", name="Done: 1").wait_for()
    shown = {}
    for path in (key_file, newer_file):
        unlock(page, path)
        press_open(page)
        page.locator(".message__opened:focus").wait_for()
        shown[path.name] = (words_of(page), page.locator(".message__partly").inner_text())
        page.get_by_role("button", name="Forget the key and close all messages").click()
    assert [words for words, _ in shown.values()] == [ASKED, {"note": "Rang the duty team."}]
    assert [said.split(":")[0] for _, said in shown.values()] == [
        "The note on what was done does not open with this key. It was locked after the keys were "
        "replaced, or was damaged",
        "Only the note on what was done opens with this key. The message came in before the keys "
        "were replaced, or was damaged",
    ]


def test_a_key_for_something_else_is_named(site, visitor, signed_in, tmp_path):
    other = tmp_path / "analyst.key"
    write_key_file(
        other, new_private_key(Purpose.RESPONSE), bytes(16), PASSPHRASE, Stretching(8192, 1, 1)
    )
    page = signed_in_page(visitor, signed_in, site[1])
    use_key(page, other)
    page.get_by_text("This is not a key file for messages").wait_for()
    page.get_by_label("Key file").set_input_files(__file__)
    page.get_by_role("button", name="Use this key").click()
    page.get_by_text("This is not a key file for messages").wait_for()


def test_words_are_closed_after_ten_minutes_without_a_press(site, visitor, signed_in, key_file):
    ask(visitor((820, 1180)), site[1])
    client = signed_in("safeguarding")
    page = visitor((1280, 900))
    page.context.add_cookies(
        [{"name": "heard", "value": client.get_cookie("heard").value, "url": site[1]}]
    )
    page.clock.install()
    page.goto(f"{site[1]}/safeguarding/")
    use_key(page, key_file)
    page.get_by_text("Your key is ready.").wait_for()
    page.get_by_role("button", name=re.compile("^Open ")).click()
    page.get_by_text("Zebedee").wait_for()
    page.clock.run_for(9 * 60 * 1000)
    assert page.get_by_text("Zebedee").count() == 1
    page.clock.run_for(2 * 60 * 1000)
    assert "Zebedee" not in page.content()
    assert page.locator(".message__open").is_disabled()


def test_a_passphrase_that_opened_nothing_is_forgotten_too(site, visitor, signed_in, key_file):
    client = signed_in("safeguarding")
    page = visitor((1280, 900))
    page.context.add_cookies(
        [{"name": "heard", "value": client.get_cookie("heard").value, "url": site[1]}]
    )
    page.clock.install()
    page.goto(f"{site[1]}/safeguarding/")
    use_key(page, key_file, "acorn badge")
    page.get_by_text("This passphrase does not open the file.").wait_for()
    chosen = "document.getElementById('key-file').files.length"
    page.clock.run_for(9 * 60 * 1000)
    assert page.get_by_label("Passphrase").input_value() == "acorn badge"
    assert page.evaluate(chosen) == 1
    page.clock.run_for(2 * 60 * 1000)
    assert page.get_by_label("Passphrase").input_value() == ""
    assert page.evaluate(chosen) == 0


@pytest.fixture(params=["child", "young", "desk"])
def looked(request, tmp_path, serve):
    reading = {"child": "8-10", "young": "16+", "desk": "adult"}[request.param]
    made = AnsweringSite(
        tmp_path / "look", tiny_survey(look=request.param, reading=reading, audience="8-10")
    )
    write_keys(made.site.public_keys, KEYS)
    made.look, made.address = request.param, serve(made.app)
    yield made
    made.site.engine.dispose()


def judge(page, where):
    page.evaluate(AXE)
    found = page.evaluate(RUN, TAGS)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], where
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{where}: wider than the screen"


def test_each_look_colour_and_width_is_accessible(looked, visitor):
    page = visitor((820, 1180), bypass_csp=True)
    page.goto(f"{looked.address}/#{looked.invite().link}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")
    page.locator(".consent button:visible").first.click()
    page.wait_for_url("**/answer/1")
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_url("**/answer/2")
    page.locator(".option").first.click()
    page.get_by_role("button", name="I need to talk").click()
    page.wait_for_url("**/talk")
    for colour in COLOURS[looked.look]:
        page.get_by_text("Look", exact=True).click()
        page.locator(f"button[name=colours][value={colour}]").click()
        page.locator(f"html[data-colours={colour}]").wait_for()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            judge(page, f"{colour} {width}")
        page.get_by_role("button", name="Send this message").click()
        page.locator("#notice").wait_for()
        judge(page, f"{colour}, to be mended")
    page.get_by_label("What can we call you?").fill("Zebedee")
    page.get_by_label("How and when is it safe to reach you?").fill("At school")
    page.get_by_role("button", name="Send this message").click()
    page.get_by_role("heading", name=re.compile("^Thank you")).wait_for()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        judge(page, f"thanks {width}")
    page.get_by_role("link", name="Back to my questions").click()
    page.wait_for_url("**/answer/2")
    assert page.locator("input:checked").count() == 1
    assert [one.name for one in opened(looked.site.engine)] == ["Zebedee"]


def test_the_inbox_is_accessible(site, visitor, signed_in, key_file):
    ask(visitor((820, 1180)), site[1])
    client = signed_in("safeguarding")
    for width in WIDTHS:
        page = visitor((width, 900), bypass_csp=True)
        page.context.add_cookies(
            [{"name": "heard", "value": client.get_cookie("heard").value, "url": site[1]}]
        )
        page.goto(f"{site[1]}/safeguarding/")
        judge(page, f"closed {width}")
        use_key(page, key_file)
        page.get_by_text("Your key is ready.").wait_for()
        page.get_by_role("button", name=re.compile("^Open ")).click()
        page.get_by_text("Zebedee").wait_for()
        page.get_by_text("Record what was done").click()
        judge(page, f"open {width}")


def test_it_works_by_keyboard_and_without_scripts(looked, visitor):
    page = visitor((820, 1180), java_script_enabled=False)
    page.goto(f"{looked.address}/talk")
    page.get_by_label("What can we call you?").fill("Zebedee")
    page.get_by_label("How and when is it safe to reach you?").fill("At school")
    page.get_by_label("What do you want us to know?").fill("x")
    page.get_by_role("button", name="Send this message").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=re.compile("^Thank you")).wait_for()
    assert len(all_requests(looked.site.engine)) == 1


def test_with_scripts_too_one_press_keeps_one(looked, visitor):
    page = visitor((820, 1180))
    page.goto(f"{looked.address}/talk")
    page.get_by_label("What can we call you?").fill("Zebedee")
    page.get_by_label("How and when is it safe to reach you?").fill("At school")
    page.get_by_role("button", name="Send this message").dblclick()
    page.get_by_role("heading", name=re.compile("^Thank you")).wait_for()
    assert len(all_requests(looked.site.engine)) == 1


def test_words_stay_when_the_network_goes(looked, visitor):
    page = visitor((820, 1180))
    page.goto(f"{looked.address}/talk")
    page.get_by_label("What can we call you?").fill("Zebedee")
    page.get_by_label("How and when is it safe to reach you?").fill("At school")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send this message").click()
    page.get_by_text("What you wrote is still on this page.").wait_for()
    assert page.get_by_label("What can we call you?").input_value() == "Zebedee"
    page.context.set_offline(False)
    page.get_by_role("button", name="Send this message").click()
    page.get_by_role("heading", name=re.compile("^Thank you")).wait_for()
    assert len(all_requests(looked.site.engine)) == 1
