"""What a respondent fetches: the first page with all it links to, and the next page."""

import json
import re
import tempfile
from pathlib import Path

from app import create_app
from benchmarks.stand import build
from surveys.rehearsal.browser import forms_in

LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def main() -> None:
    """Print bytes before compression."""
    with tempfile.TemporaryDirectory() as folder:
        stand = build(Path(folder), "care4me", 1)
        client = create_app().test_client()
        first = client.get("/").get_data(as_text=True)
        form = next(form for form in forms_in(first) if "words" in form.texts)
        client.post("/start", data={**form.hidden, "words": stand.links[0]})
        welcome = client.get("/answer/welcome").get_data(as_text=True)
        form = next(form for form in forms_in(welcome) if form.action == "/answer/welcome")
        client.post("/answer/welcome", data=form.hidden)
        pages = [client.get(f"/answer/{step}").get_data(as_text=True) for step in range(1, 2)]
        seen = {url: len(client.get(url).data) for url in LINKED.findall(first + pages[0])}
    print(
        json.dumps(
            {
                "counts": "bytes before compression; fonts are the device's own",
                "first_page_with_everything": len(first.encode()) + sum(seen.values()),
                "next_page": len(pages[0].encode()),
            }
        )
    )


if __name__ == "__main__":
    main()
