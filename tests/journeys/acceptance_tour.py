"""Opens every page of a Walk once in a browser, and measures all that the criteria ask of a page.

In: a browser, a Walk and its address. Out: faults by criterion, each with the page it was found on.
"""

import re
from collections import defaultdict
from pathlib import Path

import axe_playwright_python

HERE = Path(__file__).parent
MEASURES = (HERE / "acceptance_measures.js").read_text(encoding="utf-8")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """tags => axe.run({exclude: [[".chart svg"]]}, {
  resultTypes: ["violations", "incomplete"],
  runOnly: {type: "tag", values: tags},
})"""

PAGES_A_WINDOW = 25
TABLET, PHONE, DESK = (820, 1180), (390, 844), (1280, 800)
FOUR_TIMES, TWICE = (320, 256), (640, 512)  # 1280 by 1024 at 400 % and 200 %
LEAST = {
    "child": {"target": 60, "answer": 104, "gap": 8},
    "young": {"target": 48, "answer": 48, "gap": 8},
    "desk": {"target": 44, "answer": 44, "gap": 8},
    "staff": {"target": 44, "answer": 44, "gap": 8},
}


def language_of(met):
    """The language that a page should be in: that of the session, with few exceptions."""
    if met.endpoint == "paper.form":
        return met.path.rsplit("/", 1)[1]  # printed in the language that its address names
    if met.endpoint == "kiosk.tablet":
        return "en"  # for the helper; what a child meets comes with the pack
    if met.endpoint.startswith("preview.") and met.look != "staff":
        return re.search(r'<html lang="([\w-]+)"', met.html).group(1)  # whichever was chosen there
    return met.language


class Tour:
    """Every page, visited. ``faults`` has a list for each criterion; empty is good."""

    def __init__(self, browser, walk, address):
        self.faults = defaultdict(list)
        self.visited = 0
        self._walk, self._address = walk, address
        self._hosts = set()
        self._context = browser.new_context()
        self._context.add_init_script(MEASURES)
        self._page, self._judged = None, set()
        for number, met in enumerate(walk.pages):
            if number % PAGES_A_WINDOW == 0:
                self._open_window()
            self._met = met
            self._visit(met)
        self.foreign = self._hosts - {address.split("/")[2]}
        self.cookies = self._context.cookies()
        self._context.close()

    def _open_window(self):
        """A new one from time to time: what has shown hundreds of pages grows slow."""
        if self._page:
            self._page.close()
        self._page = self._context.new_page()
        self._page.on("console", self._hear)
        self._page.on("pageerror", lambda error: self._say("errors", str(error)))
        self._page.on("request", lambda request: self._hosts.add(request.url.split("/")[2]))

    def _hear(self, message):
        if message.type == "error" and "/trouble/" not in self._page.url:
            self._say("errors", message.text)

    def _say(self, criterion, *found):
        self.faults[criterion] += [f"{self._met.name}: {fault}" for fault in found]

    def _visit(self, met):
        base = DESK if met.look in ("desk", "staff") else TABLET
        self._open(met, base)
        self.visited += 1
        self._say("zoom", *self._measure("zoomable"))
        self._say("direction", *self._measure("mirrored", language_of(met)))
        self._say("motion", *self._measure("moving"))
        self._axe(met)
        self._say("contrast", *self._measure("contrasts", self._colours(met)))
        self._in_the_dark(met)
        sizes = [(base, "normal"), (FOUR_TIMES, "biggest"), (TWICE, "biggest")]
        if met.language == "en":
            sizes += [(PHONE, "biggest"), (FOUR_TIMES, "normal")]
        for size, words in sizes:
            self._sized(met, size, words)

    def _open(self, met, size):
        self._resize(size)
        self._page.goto(f"{self._address}{self._walk.address(met)}")
        for chart in self._page.locator(".chart").all():
            chart.locator("svg.main-svg[aria-hidden]").first.wait_for(state="attached")

    def _sized(self, met, size, words):
        if "data-fig=" in met.html:
            self._open(met, size)  # a chart is drawn for the window that it opens in
        self._resize(size)
        if met.look != "staff":
            self._page.evaluate("size => { document.documentElement.dataset.size = size }", words)
        where = f"at {size[0]}, {words}:"
        self._say("reflow", *(f"{where} {fault}" for fault in self._measure("cut")))
        found = self._measure("pressed", LEAST[met.look])
        self._say("targets", *(f"{where} {fault}" for fault in found))
        if words == "normal" and met.language == "en":
            self._say("spacing", *(f"{where} {fault}" for fault in self._measure("spaced")))

    def _axe(self, met):
        """On the first page of each set of parts in each language: others are made of the same.

        What differs between them is colours and sizes, which are measured on every page.
        """
        parts = tuple(sorted(set(re.findall(r'class="([a-z -]+)"', met.html))))
        kind = met.language, met.endpoint, parts
        if kind not in self._judged:
            self._judged.add(kind)
            self._say("axe", *self._axe_faults())

    def _axe_faults(self):
        # through the debugger, because the page's policy forbids eval
        session = self._context.new_cdp_session(self._page)
        session.send("Runtime.evaluate", {"expression": AXE})
        session.detach()
        found = self._page.evaluate(RUN, TAGS)
        unsure = [rule for rule in found["incomplete"] if rule["id"].startswith("color-contrast")]
        for rule in [*found["violations"], *unsure]:
            yield f"{rule['id']} {rule['nodes'][0]['html'][:160]}"

    def _colours(self, met):
        from surveys.answering.look import COLOURS

        return list(COLOURS.get(met.look, (None,)))

    def _in_the_dark(self, met):
        """On a device that is dark: of those who have not chosen, and at the desk."""
        if met.look in ("staff", "young"):
            self._page.emulate_media(color_scheme="dark")
            self._say(
                "contrast", *self._measure("contrasts", ["auto" if met.look == "young" else None])
            )
            self._page.emulate_media(color_scheme="light")

    def _measure(self, name, *values):
        return self._page.evaluate(
            "([name, values]) => acceptance[name](...values)", [name, values]
        )

    def _resize(self, size):
        self._page.set_viewport_size({"width": size[0], "height": size[1]})
