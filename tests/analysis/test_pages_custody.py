"""That one person held both keys is said on every page of results and in every export."""

import csv
import io
import json

import pytest

from analysis.exports import release_csv, theme_csv
from analysis.summary import summary_to_bytes
from tests.analysis.results_site import results_site
from tests.analysis.sample_summary import sample_summary

ONE = sample_summary(single_custodian=True)
TWO = sample_summary(single_custodian=False)
WORDS = "Single-custodian mode: one person held both keys of this wave."
HOME = "/results/care4me/1"
PAGES = [
    "/results/",
    f"{HOME}/",
    f"{HOME}/about",
    *(f"{HOME}/{theme.id}" for theme in ONE.themes),
    *(f"{HOME}/question/{item.question}" for item in ONE.items),
]


@pytest.fixture(scope="module", params=[ONE, TWO], ids=["one", "two"])
def shown(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("summaries")
    return request.param, results_site(folder, request.param).test_client()


@pytest.mark.parametrize("page", sorted(set(PAGES)))
def test_every_page_says_who_held_the_keys(shown, page):
    summary, client = shown
    text = client.get(page).get_data(as_text=True)
    assert "<h1" in text and (WORDS in text) is summary.single_custodian


@pytest.mark.parametrize("summary", [ONE, TWO], ids=["one", "two"])
def test_every_export_says_who_held_the_keys(summary):
    exports = [release_csv(summary), *(theme_csv(summary, theme) for theme in summary.themes)]
    for text in exports:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        noted = [row["label"] for row in rows if row["code"] == "single_custodian"]
        assert len(noted) == summary.single_custodian
        assert all(label.startswith(WORDS) for label in noted)
    assert json.loads(summary_to_bytes(summary))["single_custodian"] is summary.single_custodian
