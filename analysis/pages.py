"""The results pages. In: a request of somebody admitted. Out: pages, CSV and the signed release.

The same pages for inspectors, analysts and coordinators. They read verified summaries only.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template, request

from analysis import exports, findings, heat_maps, plotly_bundle, report
from analysis.chart_style import DRAW
from analysis.releases import Refused, Release, newest_release, newest_releases
from analysis.summary import Summary, Theme
from analysis.themes import concept_named, concepts_of
from surveys.audiences import Audience, confirmed, noted, open_to
from surveys.site import current_site

blueprint = Blueprint("results", __name__, template_folder="templates")

TELLERS = {"report": report, "heat_maps": heat_maps, "findings": findings}
"""What the templates ask for figures in words; each is a function of the summary alone."""

READERS = (Audience.INSPECTOR, Audience.ANALYST, Audience.COORDINATOR)


@blueprint.get("/results/")
@open_to(*READERS)
@noted("results_viewed")
def overview() -> str:
    """Every wave that has been published: response first, then what was found."""
    found = newest_releases(current_site().summaries)
    return render_template(
        "results/overview.html",
        waves=[release.summary for release in found if isinstance(release, Release)],
        refused=[release for release in found if isinstance(release, Refused)],
        titles={survey.id: survey.title for survey in current_site().surveys.values()},
        **TELLERS,
    )


@blueprint.get("/results/<survey>/<int:wave>/")
@open_to(*READERS)
@noted("results_viewed")
def wave(survey: str, wave: int) -> str:
    """One wave: coverage, headlines, themes."""
    summary = _release(survey, wave).summary
    return render_template("results/wave.html", summary=summary, **TELLERS)


@blueprint.get("/results/<survey>/<int:wave>/about")
@open_to(*READERS)
@noted("results_viewed")
def about(survey: str, wave: int) -> str:
    """How the numbers were made, and how to check that nobody changed them."""
    release = _release(survey, wave)
    return render_template(
        "results/about.html",
        summary=release.summary,
        release=release,
        **TELLERS,
        symbols=exports.symbols_explained(release.summary.policy),
    )


@blueprint.get("/results/<survey>/<int:wave>/<theme>")
@open_to(*READERS)
@noted("results_viewed")
def theme(survey: str, wave: int, theme: str) -> str:
    """One theme of the framework: its questions in one chart, then by age."""
    summary = _release(survey, wave).summary
    position, found = _theme(summary, theme)
    return render_template(
        "results/theme.html",
        summary=summary,
        theme=found,
        concepts=concepts_of(summary, found),
        figure=findings.theme_figure(summary, found),
        before=summary.themes[position - 1] if position else None,
        after=summary.themes[position + 1] if position + 1 < len(summary.themes) else None,
        **TELLERS,
        **_chart_parts(),
    )


@blueprint.get("/results/<survey>/<int:wave>/question/<question>")
@open_to(*READERS)
@noted("results_viewed")
def question(survey: str, wave: int, question: str) -> str:
    """One question: its wordings, its answers by age, and by every planned group."""
    summary = _release(survey, wave).summary
    concept = concept_named(summary, question) or abort(404)
    return render_template(
        "results/question.html",
        summary=summary,
        concept=concept,
        figures=[
            figure
            for figure in (
                findings.age_figure(summary, concept),
                *findings.plain_figures(summary, concept),
            )
            if figure
        ],
        themes=[theme for theme in summary.themes if theme.id in concept.items[0].themes],
        **TELLERS,
        **_chart_parts(),
    )


@blueprint.get("/results/<survey>/<int:wave>/all.csv")
@open_to(*READERS)
@confirmed
@noted("results_exported")
def release_csv(survey: str, wave: int) -> Response:
    """Every number of a release."""
    summary = _release(survey, wave).summary
    return _csv(exports.release_csv(summary), f"{survey}-{wave}-{summary.release}")


@blueprint.get("/results/<survey>/<int:wave>/<theme>.csv")
@open_to(*READERS)
@confirmed
@noted("results_exported")
def theme_csv(survey: str, wave: int, theme: str) -> Response:
    """Every number of a theme."""
    summary = _release(survey, wave).summary
    _, found = _theme(summary, theme)
    return _csv(exports.theme_csv(summary, found), f"{survey}-{wave}-{summary.release}-{theme}")


@blueprint.get("/results/<survey>/<int:wave>/release.json")
@open_to(*READERS)
@confirmed
@noted("results_exported")
def release_document(survey: str, wave: int) -> Response:
    """The signed bytes themselves, for whoever wants to check the fingerprint."""
    release = _release(survey, wave)
    return _download(release.document, "application/json", f"{_name(release)}.json")


@blueprint.get("/results/<survey>/<int:wave>/release.sig")
@open_to(*READERS)
@confirmed
@noted("results_exported")
def release_signature(survey: str, wave: int) -> Response:
    """The publisher's signature of those bytes."""
    release = _release(survey, wave)
    return _download(release.signature, "application/octet-stream", f"{_name(release)}.sig")


@blueprint.get("/vendor/plotly.min.js")
@open_to(Audience.PUBLIC)
def plotly_js() -> Response:
    """The chart library. Its address carries its version, so it may be kept for good."""
    packed = "gzip" in request.accept_encodings
    body = plotly_bundle.bundle_gzipped() if packed else plotly_bundle.bundle()
    response = current_app.response_class(body, mimetype="text/javascript")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _release(survey: str, wave: int) -> Release:
    """The verified newest release, or a page that says why there is none."""
    found = newest_release(current_site().summaries, survey, wave)
    if found is None:
        abort(404)
    if isinstance(found, Refused):
        page = render_template("results/refused.html", refused=found)
        abort(current_app.make_response((page, 409)))
    return found


def _theme(summary: Summary, theme_id: str) -> tuple[int, Theme]:
    for position, theme in enumerate(summary.themes):
        if theme.id == theme_id:
            return position, theme
    abort(404)


def _chart_parts() -> dict[str, object]:
    """What a page with charts carries: how to draw them, and what keeps the policy clean."""
    return {
        "draw": DRAW,
        "map_sheet_id": plotly_bundle.MAP_SHEET_ID,
        "plotly_version": plotly_bundle.VERSION,
    }


def _csv(text: str, name: str) -> Response:
    return _download(text.encode(), "text/csv", f"{name}.csv")


def _download(body: bytes, mimetype: str, name: str) -> Response:
    response = current_app.response_class(body, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _name(release: Release) -> str:
    summary = release.summary
    return f"{summary.survey}-{summary.wave}-{summary.release}"
