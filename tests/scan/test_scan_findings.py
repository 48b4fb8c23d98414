"""What scanners report is read whole, and every explanation stands in the document."""

import json
import re
from pathlib import Path

import pytest

from tests.scan.findings import (
    EXPLAINED,
    Finding,
    audit_findings,
    bandit_findings,
    sqlmap_findings,
    wapiti_findings,
)
from tests.scan.visitors import Visitor

DOCUMENT = (Path(__file__).parents[2] / "docs" / "scan.md").read_text(encoding="utf-8")
RESPONDENT = Visitor("a respondent", "", "/answer/1", "/answer/1", ())
HEADINGS = re.findall(r"^### (.+)$", DOCUMENT, re.M)


def test_every_explanation_has_its_heading_and_every_heading_its_line():
    assert sorted(set(EXPLAINED.values())) == sorted(HEADINGS)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Secure Flag cookie: GET /: Secure flag is not set in the cookie : heard", "Secure flag"),
        ("Secure Flag cookie: GET /: Secure flag is not set in the cookie : other", ""),
        ("HttpOnly Flag cookie: GET /: HttpOnly flag is not set in the cookie : heard", ""),
        ("SQL Injection: POST /start words: SQL Injection", ""),
        ("bandit B603 LOW: surveys/paper/printing.py:1: subprocess call", "Programs"),
        ("bandit B602 HIGH: surveys/paper/printing.py:1: subprocess with shell=True", ""),
        ("bandit B603 LOW: surveys/answering/doors.py:1: subprocess call", ""),
        ("bandit B704 MEDIUM: surveys/contact/page.py:1: Potential XSS", ""),
    ],
)
def test_only_what_is_explained_counts_as_explained(line, why):
    assert Finding(line).why == why


def test_a_report_of_wapiti_is_read_whole(tmp_path):
    entry = {"method": "POST", "path": "/start", "parameter": "words", "info": "found"}
    report = tmp_path / "report.json"
    seen = {"crawled_pages": [{"request": {"url": "http://x/answer/1"}}]}
    kinds = {
        "infos": seen,
        "vulnerabilities": {"A": [entry, entry], "B": []},
        "anomalies": {"C": [entry]},
    }
    report.write_text(json.dumps(kinds))
    lines = [finding.line for finding in wapiti_findings(report, RESPONDENT)]
    assert lines == ["A: POST /start words: found", "C: POST /start words: found"]
    [missing] = wapiti_findings(tmp_path / "none", RESPONDENT)
    assert "no report" in missing.line and not missing.why
    report.write_text(json.dumps({**kinds, "infos": {"crawled_pages": []}}))
    outside = wapiti_findings(report, RESPONDENT)[0]
    assert "never saw /answer/1" in outside.line and not outside.why


def test_words_of_sqlmap_are_read(tmp_path):
    said = (
        "testing 'x'\n[INFO] POST parameter 'words' is vulnerable\n    Type: boolean-based blind\n"
    )
    assert len(sqlmap_findings(said, "/start")) == 2
    assert (
        sqlmap_findings("testing 'x'\nall tested parameters do not appear to be injectable", "")
        == []
    )
    [missing] = sqlmap_findings("[CRITICAL] connection refused", "/start")
    assert "could not try" in missing.line and not missing.why


def test_a_report_of_bandit_is_read():
    result = {
        "test_id": "B602", "issue_severity": "HIGH", "filename": "/x/surveys/paper/printing.py",
        "line_number": 7, "issue_text": "shell",
    }  # fmt: skip
    [found] = bandit_findings("noise\n" + json.dumps({"results": [result]}))
    assert found.line == "bandit B602 HIGH: surveys/paper/printing.py:7: shell"


def test_a_report_of_pip_audit_is_read():
    flaw = {"id": "PYSEC-1", "fix_versions": ["2"]}
    packages = [
        {"name": "a", "version": "1", "vulns": [flaw]},
        {"name": "b", "version": "1", "vulns": []},
        {"name": "c", "skip_reason": "could not be audited"},
    ]
    found, unasked = audit_findings(
        "Found 1\n" + json.dumps({"dependencies": packages, "fixes": []})
    )
    assert [one.line for one in found] == ["pip-audit a 1: PYSEC-1"] and not found[0].why
    assert unasked == 1
    [unreadable], _ = audit_findings("ERROR: no network")
    assert "no network" in unreadable.line and not unreadable.why
