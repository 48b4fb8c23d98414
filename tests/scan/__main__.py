"""``python -m tests.scan``: serve the demonstration, let strangers' scanners at it, say what they say.

In: a demonstration site in $HEARD_HOME, and the tools of install_scanners.sh. Out: every finding on
the screen, those that docs/scan.md explains marked as such; exit code 1 when one is not explained.
Only this machine's own address is ever scanned. At most ten minutes.
"""

import subprocess
import sys
import time
from pathlib import Path

from surveys.rehearsal.server import serving
from tests.scan.findings import (
    EXPLAINED,
    Finding,
    audit_findings,
    bandit_findings,
    sqlmap_findings,
    wapiti_findings,
)
from tests.scan.visitors import Visitor, forms_to_inject, visitors

ROOT = Path(__file__).parents[2]
SCAN = ROOT / "var" / "scan"
TOOLS = SCAN / "tools" / "bin"
CRAWL_SECONDS, MODULE_SECONDS, SQLMAP_SECONDS = 20, 3, 25
# Not here: ssrf, xxe and log4shell wait for a call from a server on the internet; brute_login_form
# and buster try lists for hours; cms, wapp and wp_enum look for other people's programs.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,"
    "redirect,shellshock,sql,timesql,upload,xss"
)


def wapiti(address: str, visitor: Visitor) -> list[Finding]:
    """Crawl as a visitor and attack every form and parameter found."""
    report = SCAN / f"wapiti-{visitor.name.replace(' ', '-')}.json"
    report.unlink(missing_ok=True)
    command = [
        TOOLS / "wapiti", "--url", f"{address}{visitor.start}", "--scope", "domain",
        "--module", MODULES, "--level", "2", "--flush-session", "--no-bugreport",
        "--max-scan-time", str(CRAWL_SECONDS), "--max-attack-time", str(MODULE_SECONDS),
        "--max-parameters", "40", "--header", "Sec-Fetch-Site: same-origin",
        "--exclude", f"{address}/staff/log-out", "--verbose", "0",
        "--store-session", SCAN / "wapiti", "--format", "json", "--output", report, "--detailed-report", "1",
    ]  # fmt: skip
    if visitor.cookie:
        command += ["--header", f"Cookie: {visitor.cookie}"]
    run(command, 3 * (CRAWL_SECONDS + MODULE_SECONDS * len(MODULES.split(","))))
    return wapiti_findings(report, visitor)


def sqlmap(address: str, visitor: Visitor) -> list[Finding]:
    """Try to inject SQL through every field of a form."""
    found = []
    for page, action, fields in forms_to_inject(address, visitor):
        print(f"   sqlmap at {action}: {', '.join(fields)}", flush=True)
        command = [
            "sqlmap", "--batch", "--disable-coloring", "--url", f"{address}{action}",
            "--data", "&".join(f"{name}={value}" for name, value in fields.items()),
            "--csrf-token", "csrf_token", "--csrf-url", f"{address}{page}",
            "--headers", "Sec-Fetch-Site: same-origin", "--skip", "csrf_token",
            "--level", "2", "--risk", "1", "--dbms", "SQLite", "--time-sec", "2",
            "--ignore-code", "400,403,404,422,429,503", "--flush-session",
            "--output-dir", SCAN / "sqlmap",
        ]  # fmt: skip
        if visitor.cookie:
            command += ["--cookie", visitor.cookie]
        said = run(command, SQLMAP_SECONDS)
        found += sqlmap_findings(said, f"{visitor.name} {action}")
    return found


def bandit() -> list[Finding]:
    """Read the code itself."""
    rooms = [ROOT / name for name in ("app.py", "config", "questionnaires", "surveys", "analysis")]
    said = run([TOOLS / "bandit", "--recursive", "--quiet", "--format", "json", *rooms], 120)
    return bandit_findings(said)


def pip_audit() -> tuple[list[Finding], int]:
    """Known flaws of the locked packages, and how many packages could not be looked up."""
    command = [TOOLS / "pip-audit", "-r", "requirements.txt", "--no-deps", "--disable-pip"]
    return audit_findings(run([*command, "--format", "json", "--progress-spinner", "off"], 60))


def run(command: list[object], seconds: int) -> str:
    """What a tool says within its time; a tool that is stopped has said what it has said."""
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, timeout=seconds, capture_output=True,
            text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout + done.stderr
    except subprocess.TimeoutExpired as stopped:
        print(f"   (stopped after {seconds} s)")
        return "".join(part.decode() for part in (stopped.stdout, stopped.stderr) if part)


def tell(title: str, findings: list[Finding]) -> list[Finding]:
    """Print what was found; give back what nothing explains."""
    print(f"   {title}: {len(findings)} finding(s)", flush=True)
    for finding in findings:
        print(f"   - {'explained' if finding.why else 'NOT EXPLAINED'}: {finding.line}")
    return [finding for finding in findings if not finding.why]


def main() -> int:
    """Scan as everybody, then read the code and look the packages up."""
    began, unexplained = time.monotonic(), []
    with serving() as address:
        print(f"Scanning the demonstration at {address}", flush=True)
        for visitor in visitors(address):
            unexplained += tell(f"wapiti as {visitor.name}", wapiti(address, visitor))
            if visitor.pages:
                unexplained += tell(f"sqlmap as {visitor.name}", sqlmap(address, visitor))
    unexplained += tell("bandit", bandit())
    flaws, unasked = pip_audit()
    unexplained += tell("pip-audit", flaws)
    if unasked:
        print(f"   pip-audit: NOT DONE for {unasked} packages: their flaws could not be looked up")
    print(f"{len(EXPLAINED)} explanations are in docs/scan.md.")
    print(f"{len(unexplained)} not explained; {time.monotonic() - began:.0f} seconds.")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
