"""In a real browser: Listen plays the page in order, can be stopped, and never chooses anything."""

import time
from functools import cache
from pathlib import Path

import pytest
from answering_respondent import Respondent
from answering_site import ROOT, tiny_survey

from surveys.answering.support import load_support_lines
from surveys.sound.clips import clip_name
from surveys.sound.fixed_words import FixedWords
from surveys.sound.spoken import reading_of
from surveys.sound.tongues import Tongue

pytestmark = pytest.mark.browser

SAFE_PAGE = [
    "Where you live", "Do you feel safe?", "Is something worrying you? Press Help at any time.",
    "Yes", "No", "or", "I'm not sure", "Next", "Skip this one", "I need to talk",
]  # fmt: skip
CHOSEN = "() => document.querySelectorAll('input:checked').length"
READ = "() => window.wasRead"


@pytest.fixture(scope="module")
def built(kept_site, serve, tone):
    """Build and serve a site with a clip for each of its texts, but for those left out."""

    def make(without, seconds, look):
        survey = tiny_survey(look=look)
        (version,) = survey.questionnaires
        lines = load_support_lines(ROOT / "config" / "support_lines.yaml")
        reading = reading_of("tiny", version, Tongue("en"), FixedWords(), lines)
        names = {one.name: one.text for one in reading.texts if one.text not in without}
        site = kept_site(survey, clips={"en": {name: f"en/{name}.mp3" for name in names}})
        sound, folder = tone(seconds), site.audio / "en"
        folder.mkdir()
        for name in names:
            (folder / f"{name}.mp3").write_bytes(sound)
        site.address, site.names = serve(site.app), names
        return site

    return make


@pytest.fixture(scope="module")
def listening(built):
    """Such a site; tests that ask for the same share it, each with an invitation of its own."""
    known = cache(built)
    return lambda without=(), seconds=0.08, look="child": known(without, seconds, look)


@pytest.fixture(scope="module")
def silent(kept_site, serve):
    """A site without a clip."""
    site = kept_site()
    site.address = serve(site.app)
    return site


def begin(page, site):
    watch(page)
    page.goto(f"{site.address}/#{site.invite().link}")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/answer/welcome")


def watch(page):
    page.clips = []
    page.complaints = []
    page.on("request", lambda request: keep_clip(page, request))
    page.on("console", lambda message: page.complaints.append(message.text))


def keep_clip(page, request):
    if "/static/audio/" in request.url:
        page.clips.append(request.url.rsplit("/", 1)[1].removesuffix(".mp3"))


def to_step(page, site, step):
    """At a page of questions, with the cookie of somebody who has come in and agreed."""
    watch(page)
    person = Respondent(site)
    person.enter()
    person.agree()
    cookie = person.client.get_cookie("heard")
    page.context.add_cookies([{"name": "heard", "value": cookie.value, "url": site.address}])
    page.goto(f"{site.address}/answer/{step}")


def press(page, label="Listen"):
    page.locator("#listen", has_text=label).click()


def until(page, label):
    page.locator("#listen", has_text=label).wait_for()


def until_read(page, count):
    for _ in range(200):
        if len(page.evaluate(READ)) >= count:
            return
        time.sleep(0.02)
    pytest.fail(f"{page.evaluate(READ)}: fewer than {count} were read")


def test_question_then_answers_are_read_in_turn_and_outlined(stage, listening):
    site = listening()

    def scene(page):
        to_step(page, site, 2)
        assert page.locator("#listen").is_visible()
        assert page.clips == [], "nothing is fetched before the press"
        below = page.locator("h1").bounding_box()["y"]
        assert below < page.locator("#listen").bounding_box()["y"]
        press(page)
        until(page, "Stop")
        until_read(page, 4)
        outlined = page.locator(".being-read")
        assert outlined.count() == 1
        style = "one => [getComputedStyle(one).outlineStyle, one.className]"
        assert outlined.evaluate(style)[0] == "dashed"
        until(page, "Listen")
        assert page.evaluate(READ) == SAFE_PAGE
        assert page.locator(".being-read").count() == 0
        assert [site.names[name] for name in dict.fromkeys(page.clips)] == SAFE_PAGE
        assert page.evaluate(CHOSEN) == 0
        assert page.url.endswith("/answer/2")
        assert not [line for line in page.complaints if "Content Security" in line]
        return page.evaluate("() => document.activeElement.id")

    assert stage(scene) == "listen", "the focus stays where it was"


def test_what_is_chosen_stays_chosen_and_nothing_is_sent(stage, listening):
    site = listening()

    def scene(page):
        to_step(page, site, 2)
        page.locator(".option").nth(1).click()
        sent = []
        page.on("request", lambda request: sent.append(request.method))
        press(page)
        until_read(page, 1)
        until(page, "Listen")
        assert page.locator("input:checked").get_attribute("value") == "no"
        assert set(sent) == {"GET"}

    stage(scene)


def stopped(page):
    """No more is read from now on."""
    until(page, "Listen")
    read = page.evaluate(READ)
    time.sleep(0.5)
    assert page.evaluate(READ) == read
    assert page.locator(".being-read").count() == 0
    return read


@pytest.mark.parametrize("how", ["press", "escape", "hide"])
def test_it_can_be_stopped_and_begun_again(stage, listening, how):
    site = listening(seconds=0.4)

    def scene(page):
        to_step(page, site, 2)
        press(page)
        until_read(page, 2)
        if how == "press":
            press(page, "Stop")
        elif how == "escape":
            page.keyboard.press("Escape")
        else:  # another window is in front
            page.evaluate("""() => {
              Object.defineProperty(document, "hidden", { value: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }""")
        read = stopped(page)
        assert len(read) < len(SAFE_PAGE)
        if how == "hide":
            return
        press(page)
        until_read(page, len(read) + 2)
        assert page.evaluate(READ)[len(read) : len(read) + 2] == SAFE_PAGE[:2]

    stage(scene)


def test_going_on_to_the_next_page_stops_it(stage, listening):
    site = listening(seconds=1)

    def scene(page):
        to_step(page, site, 2)
        press(page)
        until_read(page, 1)
        page.get_by_role("button", name="Skip this one").click()
        page.wait_for_url("**/answer/3")
        assert page.evaluate(READ) == []
        until(page, "Listen")

    stage(scene)


def test_by_keyboard_it_plays_and_does_not_go_on(stage, listening):
    site = listening()

    def scene(page):
        to_step(page, site, 2)
        page.locator("#listen").focus()
        page.keyboard.press("Enter")
        until_read(page, 1)
        page.keyboard.press("Space")
        stopped(page)
        assert page.url.endswith("/answer/2")
        page.locator(".option input").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/answer/3")

    stage(scene)


@pytest.mark.parametrize("missing", ["Do you feel safe?", "I'm not sure", "or"])
def test_hidden_when_one_clip_is_missing(stage, listening, missing):
    site = listening(without=(missing,))

    def scene(page):
        to_step(page, site, 2)
        assert page.locator("#listen").is_hidden()
        page.goto(f"{site.address}/answer/1")
        assert page.locator("#listen").is_visible()
        assert page.clips == []

    stage(scene)


def test_hidden_without_scripts_and_without_any_clip(stage, listening, silent):
    site = listening()

    def without_scripts(page):
        page.goto(f"{site.address}/help")
        assert page.locator("#listen").is_hidden()

    def without_clips(page):
        page.goto(f"{silent.address}/help")
        assert page.locator("#listen").is_hidden()

    stage(without_scripts, java_script_enabled=False)
    stage(without_clips)


def test_nothing_picked_is_heard_before_the_question(stage, listening):
    site = listening()

    def scene(page):
        to_step(page, site, 2)
        page.get_by_role("button", name="Next", exact=True).click()
        page.locator("#notice").wait_for()
        press(page)
        until_read(page, 4)
        press(page, "Stop")
        notice = ["Nothing picked yet.", "Pick one, or press Skip."]
        assert page.evaluate(READ)[1:4] == [*notice, "Do you feel safe?"]

    stage(scene)


def test_welcome_help_and_thanks_are_read_to_the_end(stage, listening):
    site = listening(seconds=0.05)

    def hear(page, first, last):
        page.evaluate("() => { window.wasRead = []; }")
        press(page)
        until_read(page, 1)
        until(page, "Listen")
        read = page.evaluate(READ)
        assert (read[0], read[-1]) == (first, last)
        return read

    def scene(page):
        begin(page, site)
        read = hear(page, "Tiny", "How your answers are kept safe")
        assert "The questions do not ask for your name." in read and "No thanks" in read
        page.goto(f"{site.address}/help")
        read = hear(page, "I want to talk to someone", "Back to my questions")
        assert {"Childline", "0800 1111", "It is not there"} & set(read) == {
            "Childline",
            "0800 1111",
        }
        to_step(page, site, 1)
        page.goto(f"{site.address}/answer/check")
        page.get_by_role("button", name="Send").first.click()
        page.wait_for_url("**/thanks")
        hear(page, "Thank you!", read_last(page))

    def read_last(page):
        return page.locator(".lines .line").last.locator("p").last.inner_text()

    stage(scene)


def test_a_clip_that_cannot_be_fetched_is_told_kindly(stage, built):
    site = built((), 0.08, "child")
    (site.audio / "en" / f"{clip_name('Yes')}.mp3").write_bytes(b"not audio")

    def scene(page):
        to_step(page, site, 2)
        press(page)
        page.locator("#listen-note", has_text="The sound is not there just now.").wait_for()
        assert stopped(page) == SAFE_PAGE[:4]
        assert page.evaluate(CHOSEN) == 0

    stage(scene)


def test_clips_are_kept_and_not_asked_for_again_until_the_tablet_is_given_back(stage, built):
    site = built((), 0.05, "child")
    asked = []
    site.app.after_request_funcs.setdefault(None, []).append(
        lambda response: asked.append(path_asked()) or response
    )

    def path_asked():
        from flask import request

        return request.path

    def hear(page):
        before = len([path for path in asked if path.startswith("/static/audio/")])
        page.evaluate("() => { window.wasRead = []; }")
        press(page)
        until_read(page, len(SAFE_PAGE))
        until(page, "Listen")
        return len([path for path in asked if path.startswith("/static/audio/")]) - before

    def scene(page):
        to_step(page, site, 2)
        first = hear(page)
        page.goto(f"{site.address}/answer/2")
        again = hear(page)
        page.goto(f"{site.address}/answer/check")
        page.get_by_role("button", name="Send").first.click()
        page.wait_for_url("**/thanks")
        page.get_by_role("button", name="Give the tablet back").click()
        page.wait_for_url(f"{site.address}/")
        page.goto("about:blank")
        to_step(page, site, 2)
        return first, again, hear(page)

    first, again, afterwards = stage(scene)
    assert first >= len(SAFE_PAGE)
    assert again == 0
    assert afterwards >= len(SAFE_PAGE), "nothing of the last child's clips was left"


VOICES = """
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [
    { name: "far", lang: "en-GB", localService: false },
    { name: "french", lang: "fr-FR", localService: true },
    LOCAL
  ],
  addEventListener: () => {},
  cancel: () => {},
  speak: (said) => {
    window.spoken.push([said.voice.name, said.text, said.lang]);
    setTimeout(() => said.onend(), 20);
  },
} });
"""
NEAR = '{ name: "us", lang: "en_US", localService: true }, { name: "near", lang: "en-GB", localService: true },'


def test_without_clips_a_voice_of_this_device_reads(stage, silent):
    def scene(page):
        to_step(page, silent, 2)
        press(page)
        until_read(page, 1)
        until(page, "Listen")
        spoken = page.evaluate("() => window.spoken")
        assert [text for _, text, _ in spoken] == SAFE_PAGE
        assert {(name, lang) for name, _, lang in spoken} == {("near", "en-GB")}
        page.goto(f"{silent.address}/help")
        press(page)
        until(page, "Listen")
        assert "0 8 0 0 1 1 1 1" in [text for _, text, _ in page.evaluate("() => window.spoken")]
        assert page.clips == []

    stage(scene, script=VOICES.replace("LOCAL", NEAR))


@pytest.mark.parametrize(
    "voice",
    ["", '{ name: "maybe", lang: "en-GB" },', '{ name: "w", lang: "cy-GB", localService: true },'],
)
def test_a_voice_of_another_place_or_language_is_never_used(stage, silent, voice):
    def scene(page):
        to_step(page, silent, 2)
        assert page.locator("#listen").is_hidden()
        assert page.evaluate("() => window.spoken") == []

    stage(scene, script=VOICES.replace("LOCAL", voice))


@pytest.mark.parametrize(
    ("motion", "look", "behaviour"),
    [("no-preference", "on", "smooth"), ("reduce", "on", "auto"), ("no-preference", "off", "auto")],
)
def test_the_page_moves_softly_only_where_things_may_move(
    stage, listening, motion, look, behaviour
):
    site = listening()

    def scene(page):
        to_step(page, site, 2)
        page.evaluate(f"""() => {{
          document.documentElement.dataset.motion = "{look}";
          window.moved = [];
          Element.prototype.scrollIntoView = (how) => window.moved.push(how.behavior);
        }}""")
        press(page)
        until_read(page, 3)
        assert set(page.evaluate("() => window.moved")) == {behaviour}

    stage(scene, reduced_motion=motion)


@pytest.mark.parametrize("look", ["child", "young"])
def test_the_button_is_large_enough_and_fits_a_small_screen(stage, listening, look):
    site = listening(look=look)

    def scene(page):
        to_step(page, site, 2)
        box = page.locator("#listen").bounding_box()
        assert min(box["width"], box["height"]) >= {"child": 60, "young": 48}[look] - 0.5
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    stage(scene, viewport={"width": 320, "height": 640})


AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "wcag2aaa"]


@pytest.mark.parametrize(
    ("look", "colours"), [("child", "cream"), ("child", "dark"), ("young", "light")]
)
def test_axe_finds_nothing_while_a_page_is_read(stage, listening, look, colours):
    import axe_playwright_python

    site = listening(seconds=20, look=look)
    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")

    def scene(page):
        begin(page, site)
        page.locator("summary.tool").click()
        page.locator(f".panel button[value={colours}]").click()
        page.locator(f"html[data-colours={colours}]").wait_for()
        page.locator(".consent button").first.click()
        page.wait_for_url("**/answer/1")
        page.goto(f"{site.address}/answer/2")
        press(page)
        until_read(page, 1)
        # through the debugger, because the page's policy forbids eval
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
        found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", AXE)
        unsure = [rule for rule in found["incomplete"] if rule["id"].startswith("color-contrast")]
        return [(rule["id"], rule["nodes"][0]["target"]) for rule in found["violations"] + unsure]

    assert stage(scene) == []
