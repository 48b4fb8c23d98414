"""An inspector reads the results in a browser: charts drawn, policy kept, nothing fetched elsewhere."""

from urllib.parse import urlsplit

import pytest

from tests.analysis.results_site import results_site
from tests.analysis.sample_summary import sample_summary

pytestmark = [pytest.mark.browser, pytest.mark.journey]

HOME = "/results/care4me/1"
CHARTED = [f"{HOME}/L6", f"{HOME}/question/safe_home", f"{HOME}/question/missed_why"]
PAGES = ["/results/", f"{HOME}/", f"{HOME}/about", *CHARTED]
SIZES = {"desk": (1280, 900), "tablet": (820, 1180), "phone": (390, 844)}
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory, serve):
    return serve(results_site(tmp_path_factory.mktemp("summaries"), sample_summary()))


@pytest.fixture
def visit(browser, address):
    """Opens a page at a size; at the end nothing may have broken the policy or left the host."""
    contexts, pages, hosts, errors = [], [], set(), []

    def open_page(path, size=(1280, 900), **options):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        assert page.goto(address + path).status == 200
        if options.get("java_script_enabled", True):
            pages.append(page)
            for chart in page.locator(".chart").all():
                chart.locator("svg.main-svg[aria-hidden]").first.wait_for(state="attached")
        return page

    yield open_page
    violations = [page.evaluate("window.violations") for page in pages]
    for context in contexts:
        context.close()
    assert violations == [[] for _ in pages]
    assert errors == []
    assert hosts <= {urlsplit(address).netloc}


def width_of(page):
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("path", CHARTED)
def test_charts_are_drawn_at_every_size(visit, path, size):
    page = visit(path, size)
    charts = page.locator(".chart")
    assert charts.count() >= 1
    for chart in charts.all():
        assert chart.locator("svg .bars path").count() >= 2
        drawn, room = chart.locator("svg.main-svg").first.bounding_box(), chart.bounding_box()
        assert drawn["width"] <= room["width"] + 1
        assert drawn["height"] <= room["height"] + 1
        assert room["height"] > 100
    assert page.locator(".modebar").count() == 0
    assert width_of(page) <= size[0]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_at_four_times_the_size(visit, path):
    assert width_of(visit(path, (320, 256))) <= 320


def labels_and_ends(page):
    """Text of the chart that lies outside it, or on other text."""
    return page.evaluate(
        """() => {
          const chart = document.querySelector(".chart");
          const room = chart.getBoundingClientRect();
          const boxes = Array.from(chart.querySelectorAll("svg text"))
            .filter((text) => text.textContent.trim())
            .map((text) => [text.textContent, text.getBoundingClientRect()]);
          const faults = [];
          boxes.forEach(([words, box], index) => {
            if (box.left < room.left - 1 || box.right > room.right + 1) {
              faults.push("outside: " + words);
            }
            boxes.slice(index + 1).forEach(([other, next]) => {
              const across = Math.min(box.right, next.right) - Math.max(box.left, next.left);
              const down = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
              if (across > 2 && down > 3) {
                faults.push("on each other: " + words + " | " + other);
              }
            });
          });
          return faults;
        }"""
    )


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("path", CHARTED)
def test_no_label_is_cut_or_covered(visit, path, size):
    assert labels_and_ends(visit(path, size)) == []


def test_a_chart_is_drawn_anew_when_the_tablet_is_turned(visit):
    page = visit(f"{HOME}/L6", (1180, 820))
    assert page.locator(".chart .ytick").count() == 6
    page.set_viewport_size({"width": 820, "height": 1180})
    page.locator(".chart .ytick").first.wait_for(state="detached")
    assert page.locator(".chart svg .bars path").count() >= 10
    for _ in range(20):  # the chart follows its room a moment later
        if width_of(page) > 820:
            page.wait_for_timeout(100)
    assert width_of(page) <= 820


def test_the_table_opens_by_keyboard(visit):
    page = visit(f"{HOME}/L6")
    summary = page.locator(".table-of-chart > summary")
    assert not page.locator(".table-of-chart table").first.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".table-of-chart table").first.is_visible()


@pytest.mark.parametrize("path", CHARTED)
def test_without_scripts_bars_and_tables_are_there(visit, path):
    page = visit(path, java_script_enabled=False)
    assert page.locator(".strip").first.is_visible()
    assert page.locator(".table-of-chart table").first.is_visible()
    assert not page.locator(".chart").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((found) => { found.open = true; })")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    rules = {"color-contrast-enhanced": {"enabled": True}}
    options = {"runOnly": {"type": "tag", "values": tags}, "rules": rules}
    found = Axe().run(page, {"exclude": [[".chart svg"]]}, options).response
    told = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found["violations"]]
    assert told == []
    unsure = [i["nodes"][0]["html"][:120] for i in found["incomplete"] if "contrast" in i["id"]]
    assert unsure == []


def test_on_paper_the_tables_are_open_and_the_charts_are_kept(visit):
    page = visit(f"{HOME}/L6", (700, 990))
    page.emulate_media(media="print")
    assert page.locator(".table-of-chart table").first.is_visible()
    assert page.locator(".chart svg .bars path").first.is_visible()
    printed = page.pdf(format="A4", tagged=True)
    assert printed.startswith(b"%PDF")
    assert b"StructTreeRoot" in printed


def test_an_inspector_finds_the_way_from_the_overview_to_a_group(visit):
    page = visit("/results/")
    page.get_by_role("link", name="Care4Me, wave 1").click()
    page.get_by_role("link", name="Safeguarding", exact=False).first.click()
    page.get_by_role("link", name="Knows how to make a complaint").first.click()
    page.get_by_text("Where they live", exact=True).click()
    assert page.get_by_role("rowheader", name="With foster carers").is_visible()
    page.get_by_role("link", name="About these numbers").click()
    assert page.get_by_text("Nothing is shown of fewer than 10 people.").is_visible()
