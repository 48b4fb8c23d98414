"""Writes an import report as plain text: what was found, who is asked, who is not and why.

In: an ImportReport. Out: lines for a terminal or a file. Counts only; no child is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from surveys.inspections.import_report import ImportReport
from surveys.inspections.rules import Outcome, Rule
from surveys.inspections.tally import AUDIENCES, Tally, by_the_letter, tally

_TITLES = {"care4me": "Care4Me", "aftercare": "AfterCare"}
_SHOWN = 10
_WIDE = 80
_STALE_AFTER_DAYS = 31


def eligibility_report(report: ImportReport) -> str:
    """The whole report as text that ends with a line break."""
    body = _refusal(report) if report.refused else _eligibility(report)
    return "\n".join((*_heading(report), *body, *_problems(report), ""))


def _heading(report: ImportReport) -> Iterator[str]:
    yield f"Eligibility on {_words(report.reference_date)}"
    yield f"Return: {', '.join(report.sources)}"
    yield ""
    yield _line("Children in the return", report.children)
    yield _line("  of them with an episode that can be used", report.children_with_episodes)
    yield _line("Episode rows", report.episode_rows)
    newest = report.newest_entry
    if newest and (report.reference_date - newest).days > _STALE_AFTER_DAYS:
        yield f"Warning: the newest entry in the return is of {_words(newest)}."
    for file, years in report.years.items():
        yield f"Codes in {file}: those of the collection {years}."
    yield ""


def _refusal(report: ImportReport) -> Iterator[str]:
    yield "REFUSED. Nothing was imported, because:"
    for refusal in report.refusals:
        yield f"  - {refusal}"
    yield ""


def _eligibility(report: ImportReport) -> Iterator[str]:
    counted = tally(report.decisions, report.children)
    for survey in AUDIENCES:
        yield from _survey(survey, counted)
    yield from _by_rule("Ask a person first", Outcome.ASK, counted)
    yield from _answers(counted)
    yield from _by_rule("Left out, by rule", Outcome.EXCLUDED, counted)
    yield _line("All of these together", sum(counted.by_rule.values()))
    yield _line("Children in the return", counted.children)
    yield "The two agree." if counted.reconciles else "THE TWO DIFFER. Do not use this cohort."
    yield ""
    yield from _letter(report)
    for warned, count in counted.warnings.items():
        yield _line(f"Warning: {warned.value}", count)
    yield ""


def _survey(survey: str, counted: Tally) -> Iterator[str]:
    yield _line(f"{_TITLES[survey]}: to be asked", counted.count(survey, Outcome.ELIGIBLE))
    for audience in AUDIENCES[survey]:
        count = counted.by_audience.get((survey, audience, Outcome.ELIGIBLE), 0)
        yield _line(f"  aged {audience}", count)


def _by_rule(title: str, outcome: Outcome, counted: Tally) -> Iterator[str]:
    rules = [rule for rule in Rule if rule.outcome is outcome and rule in counted.by_rule]
    yield _line(title, sum(counted.by_rule[rule] for rule in rules))
    for rule in rules:
        yield _line(f"  {rule.words}", counted.by_rule[rule])


def _answers(counted: Tally) -> Iterator[str]:
    _, taken, out, waiting, _ = counted.outcomes
    if not taken + out + waiting:
        return
    yield _line("  of these a person decided: to be asked", taken)
    yield _line("  of these a person decided: left out", out)
    yield _line("  of these nobody has decided yet: inspections ask-list", waiting)


def _letter(report: ImportReport) -> Iterator[str]:
    figures = by_the_letter(report.decisions)
    yield "By the letter of the rules, before a person is asked and contradictions are held back:"
    for survey, title in _TITLES.items():
        yield _line(f"  {title}", figures[survey]["total"])


def _problems(report: ImportReport) -> Iterator[str]:
    if not report.problems:
        return
    yield "Problems in the files"
    for (file, kind, column), count in report.counts.items():
        place = f"{file}, {column}" if column else file
        yield _line(f"  {place}: {kind.wrong}", count)
    yield ""
    yield "The first of them"
    for problem in report.first(_SHOWN):
        yield f"  {problem}"


def _line(words: str, count: int) -> str:
    return f"{words:<{_WIDE}} {count:>6,}"


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
