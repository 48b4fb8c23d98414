"""A9 and A10: what is chosen can be told without colour, and nothing moves unasked."""

from io import BytesIO

import pytest
from acceptance_site import Stage, answering
from PIL import Image, ImageChops

pytestmark = [pytest.mark.browser, pytest.mark.journey]

LEAST_DIFFERENT = 400  # pixels of an answer whose grey changes visibly when it is chosen
KINDS = {
    "cards": ".cards .option",
    "several": ".tiles .option:has([type=checkbox])",
    "bands": ".bands .option",
    "ladder": ".rungs .option",
    "not sure": ".other-answers .option",
    "pictures": ".tokens .option",
}
# In a style sheet, whatever changes over time stands where it has been asked for.
MOVING = """() => {
  const found = [];
  const look = (rules, allowed) => {
    for (const rule of rules) {
      const media = rule.media?.mediaText || "";
      const within = allowed || media.includes("prefers-reduced-motion: no-preference");
      const moves = rule.style && ["transition", "transitionDuration", "animation", "animationName"]
        .some((name) => rule.style[name] && !/^(none|0s|all 0s)/.test(rule.style[name]));
      const smooth = rule.style?.scrollBehavior === "smooth";
      if ((moves || smooth) && !(within && /data-motion="?on"?/.test(rule.selectorText))) found.push(rule.cssText);
      if (rule.cssRules) look(rule.cssRules, within);
    }
  };
  for (const sheet of document.styleSheets) look(sheet.cssRules, false);
  return found;
}"""


@pytest.fixture(scope="module")
def filled(whole_site):
    return whole_site.person(Stage("", "child", answering("child")))


def grey(locator):
    return Image.open(BytesIO(locator.screenshot())).convert("L")


def different(one, other):
    width, height = min(one.width, other.width), min(one.height, other.height)
    sizes = (0, 0, width, height)
    change = ImageChops.difference(one.crop(sizes), other.crop(sizes))
    return sum(change.point(lambda value: 255 if value > 24 else 0).histogram()[255:])


@pytest.mark.parametrize("colours", ["active", "none"])
@pytest.mark.parametrize("kind", KINDS)
def test_a9_a_chosen_answer_differs_in_grey(whole_site, visitor, filled, kind, colours):
    page = visitor((820, 1180), forced_colors=colours)
    whole_site.take_over(filled, page)
    steps = len(whole_site.surveys["child"].questionnaires[0].pages)
    paths = ["pictures", *range(1, steps + 1)]
    for path in paths:
        page.goto(f"{whole_site.address}/answer/{path}")
        if page.locator(KINDS[kind]).count():
            break
    option = page.locator(KINDS[kind]).last
    page.mouse.move(0, 0)
    before = grey(option)
    option.click()
    page.mouse.move(0, 0)
    page.evaluate("() => document.activeElement.blur()")
    assert different(before, grey(option)) > LEAST_DIFFERENT


@pytest.mark.parametrize("path", ["/answer/2", "/answer/check", "/privacy", "/staff/log-in"])
def test_a10_whatever_moves_was_asked_for(whole_site, visitor, filled, path):
    page = visitor()
    whole_site.take_over(filled, page)
    page.goto(whole_site.address + path)
    assert page.evaluate(MOVING) == []


def test_a10_a_press_moves_nothing_when_motion_is_reduced_or_off(whole_site, visitor, filled):
    for reduced, motion in (("reduce", "on"), ("no-preference", "off")):
        page = visitor(reduced_motion=reduced)
        whole_site.take_over(filled, page)
        page.goto(f"{whole_site.address}/answer/1")
        page.evaluate("motion => { document.documentElement.dataset.motion = motion }", motion)
        card = page.locator(".option .card").last
        card.hover()
        page.mouse.down()
        style = card.evaluate(
            "card => [getComputedStyle(card).transform, getComputedStyle(card).transitionDuration]"
        )
        page.mouse.up()
        assert style == ["none", "0s"]
