"""Preparing a tablet: who may, what the pack holds, what is written down; and the page's own parts."""

import json
import re

import html5lib
import pytest
from answering_site import tiny_questionnaire
from kiosk_site import NAME, KioskSite
from tablet_script import need_assets

from config.headers import CONTENT_SECURITY_POLICY, headers_for
from questionnaires.model import Option, Page, Question, Section, Survey
from surveys.audit.log import check
from surveys.invitations.register import invited_by_audience
from surveys.kiosk.delivering import sealed_length
from surveys.kiosk.places import MOST_PLACES
from surveys.vault.envelope import HEADER_LENGTH
from surveys.vault.public_keys import keys_path
from surveys.vault.waves import WaveStatus, set_status


@pytest.fixture
def kiosk(tmp_path):
    made = KioskSite(tmp_path / "site", languages=("en", "ar"), demo=True)
    yield made
    made.site.engine.dispose()


def parsed(text):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def fragment(text):
    """A piece of a page; strict, so that a tag left open is a failure."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(text)


# --- preparing


def test_only_a_coordinator_prepares(kiosk):
    assert kiosk.client().get("/kiosk/prepare").status_code == 303
    assert kiosk.ask_pack(kiosk.client()).status_code in (302, 303, 400)
    assert kiosk.states() == {}


def test_the_form_needs_its_token(kiosk):
    assert kiosk.ask_pack(csrf_token="").status_code == 400
    assert kiosk.states() == {}


def test_a_pack_brings_places_that_count_as_nobody(kiosk):
    places = kiosk.pack(places="12")["places"]
    assert len(set(places)) == 12 and all(re.fullmatch("[0-9a-f]{32}", one) for one in places)
    assert kiosk.states() == {"E": 12}
    assert sum(invited_by_audience(kiosk.site.engine, kiosk.wave.id).values()) == 0


def test_tokens_are_stored_nowhere(kiosk):
    pack = kiosk.pack()
    stored = b"".join(file.read_bytes() for file in kiosk.folder.rglob("*") if file.is_file())
    for token in pack["places"]:
        assert bytes.fromhex(token) not in stored and token.encode() not in stored


def test_whoever_prepared_is_logged_out_on_the_tablet(kiosk):
    client = kiosk.coordinator()
    assert kiosk.ask_pack(client).status_code == 200
    assert client.get("/kiosk/prepare").status_code == 303


def test_preparing_is_written_down_without_a_token(kiosk):
    pack = kiosk.pack(places="4")
    log = kiosk.folder / "audit.jsonl"
    (line,) = log.read_text().splitlines()
    entry = json.loads(line)
    assert (entry["who"], entry["what"]) == (NAME, "prepare_offline_tablet")
    assert entry["about"] == {"survey": "Tiny", "places": "4"} and check(log) == ()
    assert not any(token in line for token in pack["places"])


@pytest.mark.parametrize("typed", ["0", "-1", "", "ten", str(MOST_PLACES + 1), "99999999", "٣"])
def test_a_number_of_places_that_makes_no_sense_is_refused(kiosk, typed):
    answer = kiosk.ask_pack(places=typed)
    assert answer.status_code == 422 and str(MOST_PLACES) in answer.json["sentence"]
    assert kiosk.states() == {}


@pytest.mark.parametrize("changes", [{"version": []}, {"version": ["adult"]}, {"wave": "00" * 16}])
def test_what_cannot_be_prepared_is_refused_in_words(kiosk, changes):
    answer = kiosk.ask_pack(**changes)
    assert answer.status_code == 422 and answer.json["sentence"].endswith(".")
    assert kiosk.states() == {}


def test_a_wave_without_keys_is_refused(kiosk):
    keys_path(kiosk.site.public_keys, kiosk.wave.id).unlink()
    answer = kiosk.ask_pack()
    assert answer.status_code == 422 and "keys" in answer.json["sentence"]
    assert kiosk.states() == {}


def test_a_closed_wave_is_not_offered(kiosk):
    set_status(kiosk.site.engine, kiosk.wave.id, WaveStatus.CLOSED)
    assert kiosk.ask_pack().status_code == 422
    assert "no survey for a shared tablet" in kiosk.coordinator().get("/kiosk/prepare").text


def test_a_version_that_cannot_be_shown_is_named_and_refused(tmp_path):
    options = tuple(Option(code=code, label=code) for code in "abc")
    ranking = Question(
        id="order", type="ranking", text="Order?", short="What matters", options=options, places=2
    )
    able, unable = tiny_questionnaire(), tiny_questionnaire(audience="11-15", reading="11-15")
    section = Section(id="s", title="S", pages=(Page(id="order", question=ranking),))
    unable = unable.model_copy(update={"sections": (section,)})
    survey = Survey(id="tiny", title="Tiny", respondents="children", questionnaires=(able, unable))
    kiosk = KioskSite(tmp_path / "site", survey, demo=True)
    assert (
        "The question “What matters” is of a kind" in kiosk.coordinator().get("/kiosk/prepare").text
    )
    assert kiosk.ask_pack(version=["11-15"]).status_code == 422
    assert [one["id"] for one in kiosk.pack()["versions"]] == ["tiny-8-10"]
    kiosk.site.engine.dispose()


def test_versions_for_people_with_a_device_of_their_own_are_not_offered(tmp_path):
    young = tiny_questionnaire(audience="16-17", look="young", reading="16+")
    survey = Survey(id="tiny", title="Tiny", respondents="young", questionnaires=(young,))
    kiosk = KioskSite(tmp_path / "site", survey, demo=True)
    assert kiosk.ask_pack().status_code == 422
    kiosk.site.engine.dispose()


# --- the pack


def test_the_pack_has_the_public_halves_and_nothing_private(kiosk):
    pack = kiosk.pack()
    text = json.dumps(pack)
    assert pack["wave"]["keys"]["mix"][0]["key"] == kiosk.mix.public.raw.hex()
    for secret in (kiosk.mix.seed, kiosk.analyst.seed, kiosk.site.storage_key, kiosk.site.pepper):
        assert secret.hex() not in text
    assert kiosk.wave.id.hex() not in text


def test_the_length_told_by_the_pack_is_the_length_delivered(kiosk):
    length = sealed_length(kiosk.keys, kiosk.wave.padded_length)
    assert length == len(kiosk.seal()) > 2 * HEADER_LENGTH


def test_every_piece_of_the_pack_is_whole_html_without_scripts(kiosk):
    for said in kiosk.pack()["languages"].values():
        pieces = list(said["screens"].values())
        for version in said["versions"].values():
            pieces += [version["welcome"], *(page["html"] for page in version["pages"].values())]
        for piece in pieces:
            tree = fragment(piece)
            assert not tree.findall(".//script") and " style=" not in piece
            assert not [
                e
                for e in tree.iter()
                if any(str(a).startswith("on") for a in getattr(e, "attrib", {}))
            ]
            for form in tree.findall(".//form"):
                assert form.attrib["method"] == "dialog" and "action" not in form.attrib
                assert form.attrib["autocomplete"] == "off"


def test_a_question_has_one_heading_in_every_language(kiosk):
    languages = kiosk.pack()["languages"]
    assert set(languages) == {"en", "ar"} and languages["ar"]["direction"] == "rtl"
    for said in languages.values():
        for version in said["versions"].values():
            for page in version["pages"].values():
                assert len(fragment(page["html"]).findall(".//h1")) == 1


def test_english_is_always_taken_along(kiosk):
    assert set(kiosk.pack(language=["ar"])["languages"]) == {"en", "ar"}
    assert set(kiosk.pack(language=["xx"])["languages"]) == {"en"}


# --- the page and its parts


def test_the_page_is_the_same_for_everybody(kiosk):
    anybody, coordinator = kiosk.client().get("/kiosk/"), kiosk.coordinator().get("/kiosk/")
    assert anybody.text == coordinator.text and "csrf" not in anybody.text
    assert len(parsed(anybody.text).findall(".//h1")) == 1


def test_only_these_pages_may_have_a_worker_and_a_manifest(kiosk):
    policy = kiosk.client().get("/kiosk/").headers["Content-Security-Policy"]
    assert policy == f"{CONTENT_SECURITY_POLICY}; worker-src 'self'; manifest-src 'self'"
    for address in ("/kiosk/worker.js", "/kiosk/manifest.webmanifest"):
        assert kiosk.client().get(address).headers["Content-Security-Policy"] == policy
    for others in (kiosk.client().get("/").headers, headers_for("/kiosks")):
        assert "worker-src" not in others["Content-Security-Policy"]
        assert "manifest-src" not in others["Content-Security-Policy"]


def test_the_worker_keeps_parts_that_exist(kiosk):
    need_assets()
    script = kiosk.client().get("/kiosk/worker.js")
    assert script.mimetype == "text/javascript"
    shell = json.loads(re.match(r"const SHELL = (.*);\n", script.text)[1])
    assert "/kiosk/" in shell["parts"] and "/static/vendor/kiosk.js" in shell["parts"]
    for part in shell["parts"]:
        with kiosk.client().get(part) as answer:
            assert answer.status_code == 200, part
    page = kiosk.client().get("/kiosk/").text
    for linked in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert linked in shell["parts"] or linked == "/kiosk/prepare", linked


def test_the_worker_changes_when_the_page_does(kiosk):
    from surveys.kiosk.shell import worker_script

    assert worker_script("one page") == worker_script("one page") != worker_script("another")


def test_the_manifest_keeps_to_these_pages(kiosk):
    manifest = kiosk.client().get("/kiosk/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json["scope"] == manifest.json["start_url"] == "/kiosk/"


def test_without_the_assets_both_pages_say_so(kiosk, monkeypatch, tmp_path):
    monkeypatch.setattr("surveys.kiosk.shell.BUNDLE", tmp_path / "none.js")
    assert "not set up on this server" in kiosk.client().get("/kiosk/").text
    assert "make assets" in kiosk.coordinator().get("/kiosk/prepare").text
    assert "kiosk.js" not in kiosk.client().get("/kiosk/").text
