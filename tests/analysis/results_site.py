"""A site with the results pages alone, over releases that a test publisher signed.

Admission is app.py's part and has its own tests; here everybody is let in.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from flask import Flask
from flask_babel import Babel

from analysis.pages import blueprint
from analysis.signing import public_key, sign_summary
from analysis.summary import Summary, summary_to_bytes
from config.headers import add_headers

ROOT = Path(__file__).parents[2]
PRIVATE = bytes(range(32))


def sign_into(folder: Path, summary: Summary, private: bytes = PRIVATE) -> Path:
    """Write a release as publishing does; the path of its Summary."""
    data = summary_to_bytes(summary)
    path = folder / f"{summary.survey}-{summary.wave}-{summary.release}.json"
    path.write_bytes(data)
    path.with_suffix(".sig").write_bytes(sign_summary(data, private))
    return path


def results_site(folder: Path, *summaries: Summary) -> Flask:
    """The app, its summaries folder filled."""
    (folder / "publisher.pub").write_text(public_key(PRIVATE).hex() + "\n", "ascii")
    for summary in summaries:
        sign_into(folder, summary)
    app = Flask("results", root_path=str(ROOT), template_folder="surveys/templates")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    site = SimpleNamespace(
        summaries=folder, demo=True, authority="Exampleshire County Council", surveys={}
    )
    app.extensions["heard"] = site
    app.register_blueprint(blueprint)
    add_headers(app, https=False)
    app.context_processor(
        lambda: {
            "site": site,
            "staff_roles": (),
            "staff_navigation": (),
            "page_language": "en",
            "page_direction": "ltr",
        }
    )
    return app
