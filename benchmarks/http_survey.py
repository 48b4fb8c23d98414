"""Respondents over HTTP: 2 workers, 8 at a time, no think time, one durable write per answer.

Counts pages served to respondents and thank-you pages, from the first GET of the start page.
"""

import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.stand import build
from surveys.rehearsal import respondents
from surveys.rehearsal.browser import Browser
from surveys.rehearsal.opinions import questions_of
from surveys.rehearsal.server import serving

SURVEY, PEOPLE = "safeguarding_partners", 80
STEADY = respondents.Habits(leaves_unfinished=0, skips=0.02, sends_twice=0)


def main() -> None:
    """Print pages and completions a second, and the latency of a page."""
    with tempfile.TemporaryDirectory() as folder:
        stand = build(Path(folder), SURVEY, PEOPLE + 16)
        questions = questions_of(stand.site.surveys[SURVEY])
        with serving() as address:
            _answer(address, stand.links[PEOPLE:], questions)
            times = _time_every_exchange()
            began = time.perf_counter()
            outcome = _answer(address, stand.links[:PEOPLE], questions)
            seconds = time.perf_counter() - began
    print(json.dumps(_figures(times, outcome["sent"], seconds)))


def _answer(address: str, links: list[str], questions: respondents.Questions) -> Counter[str]:
    return respondents.answer_all(
        address, links, ["A few words."], questions, seed=1, habits=STEADY, at_once=8
    )


def _time_every_exchange() -> list[float]:
    times: list[float] = []
    plain = Browser._exchange

    def timed(self: Browser, method: str, url: str, body: str | None) -> tuple[int, str, str]:
        began = time.perf_counter()
        answer = plain(self, method, url, body)
        times.append(time.perf_counter() - began)
        return answer

    Browser._exchange = timed  # type: ignore[method-assign]  # only while measuring
    return times


def _figures(times: list[float], completions: int, seconds: float) -> dict[str, object]:
    return {
        "counts": f"{SURVEY}, one question a page, 2 workers, 8 respondents at a time; "
        "the respondents' own parsing runs on the same machine",
        "completions": completions,
        "completions_per_second": round(completions / seconds, 2),
        "exchanges_per_second": round(len(times) / seconds, 1),
        "exchange_ms_p50": round(statistics.median(times) * 1000, 1),
        "exchange_ms_p95": round(statistics.quantiles(times, n=20)[18] * 1000, 1),
    }


if __name__ == "__main__":
    main()
