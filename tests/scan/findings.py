"""What scanners report, as one line each, and which lines docs/scan.md explains.

In: a report of wapiti or bandit, the words of sqlmap. Out: Findings.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.scan.visitors import Visitor

# What a finding's line says, and the heading in docs/scan.md under which it is explained.
EXPLAINED: dict[str, str] = {
    r"^Secure Flag cookie: GET /\S*: Secure flag is not set in the cookie : heard$": "Secure flag",
    r"^LDAP Injection: ": "LDAP",
    r"bandit B(404|603|606) LOW: surveys/(backup|kiosk|paper|rehearsal|sound|vault)/": "Programs",
    r"bandit B704 MEDIUM: surveys/(answering/(doors|symbols)|paper/printing|sound/hearing)": "Markup",
    r"bandit B105 LOW: .*'(PGPASSWORD|new_app_secret)'": "Names",
}


@dataclass(frozen=True)
class Finding:
    """One line of a report."""

    line: str

    @property
    def why(self) -> str:
        """The heading that explains it; nothing when none does."""
        fits = (why for words, why in EXPLAINED.items() if re.search(words, self.line))
        return next(fits, "")


def wapiti_findings(report: Path, visitor: Visitor) -> list[Finding]:
    """Everything in a report of wapiti's; that there is none, or that it never got in, as well."""
    if not report.is_file():
        return [Finding(f"wapiti as {visitor.name} wrote no report")]
    document = json.loads(report.read_text(encoding="utf-8"))
    seen = [json.dumps(page["request"]) for page in document["infos"]["crawled_pages"]]
    found = []
    if not any(visitor.inside in request for request in seen):
        found.append(Finding(f"wapiti as {visitor.name} never saw {visitor.inside}: {len(seen)}"))
    for kind in ("vulnerabilities", "anomalies"):
        for category, entries in document[kind].items():
            for entry in entries:
                at = f"{entry['method']} {entry['path']} {entry['parameter'] or ''}".strip()
                found.append(Finding(f"{category}: {at}: {entry['info']}"))
    return list(dict.fromkeys(found))


def sqlmap_findings(said: str, where: str) -> list[Finding]:
    """Lines of sqlmap's that claim an injection; and where it could not try."""
    claims = re.findall(r"^.*(?:is vulnerable|appears to be .*injectable|Type: ).*$", said, re.M)
    tried = "testing" in said
    missing = [] if tried else [f"sqlmap could not try {where}: {said.strip()[-200:]}"]
    return [Finding(f"SQL injection: {where}: {claim.strip()}") for claim in claims] + [
        Finding(line) for line in missing
    ]


def audit_findings(said: str) -> tuple[list[Finding], int]:
    """Every known flaw of a package, and how many packages pip-audit could not look up."""
    if '"dependencies"' not in said:
        return [Finding(f"pip-audit said nothing that can be read: {said.strip()[-200:]}")], 0
    document, _ = json.JSONDecoder().raw_decode(said[said.index('{"dependencies"') :])
    packages = document["dependencies"]
    flaws = [
        Finding(f"pip-audit {one['name']} {one['version']}: {flaw['id']}")
        for one in packages
        for flaw in one.get("vulns", ())
    ]
    return flaws, sum("skip_reason" in one for one in packages)


def bandit_findings(said: str) -> list[Finding]:
    """Everything of low severity or more."""
    document = json.loads(said[said.index("{") : said.rindex("}") + 1])
    return [
        Finding(
            f"bandit {one['test_id']} {one['issue_severity']}: "
            f"{'/'.join(Path(one['filename']).parts[-3:])}:{one['line_number']}: {one['issue_text']}"
        )
        for one in document["results"]
    ]
