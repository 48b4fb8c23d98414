"""Which languages a survey is offered in: complete, approved, and in the very texts approved."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from answering_respondent import Respondent
from answering_site import AnsweringSite
from desk_site import small_survey
from hypothesis import given
from hypothesis import strategies as st
from invented_languages import (
    AROUND,
    DRAFT,
    WELSH,
    compile_language,
    header,
    write_language,
    write_raw,
    write_template,
)

from surveys.database import metadata, open_engine
from surveys.speaking.approvals import (
    Approval,
    Kind,
    add_approval,
    all_approvals,
    withdraw_approvals,
)
from surveys.speaking.catalogues import (
    Catalogue,
    CatalogueDamaged,
    Catalogues,
    Lack,
    Status,
    Text,
    Translation,
    read_catalogues,
)
from surveys.speaking.gathering import gather, with_status
from surveys.speaking.offer import GOOD_FOR_SECONDS, Offer, marked, marked_in_any
from surveys.speaking.texts import fingerprint, missing, sheet_code, texts_of

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
DAY = date(2026, 11, 20)
SURVEYS = {"care4me": small_survey()}


@pytest.fixture
def folder(tmp_path):
    write_template(tmp_path)
    return tmp_path


@pytest.fixture
def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/heard.sqlite3")
    metadata.create_all(made)
    yield made
    made.dispose()


def offer_from(folder, approvals=(), *, everything=False, **more):
    return Offer(SURVEYS, read_catalogues(folder), lambda: approvals, everything=everything, **more)


def approval(offer, kind=Kind.CHECKED, *, code="cy", **more):
    texts = offer.wording("care4me", code).fingerprint
    values = {"person": "Elin", "reason": "", "approved_on": DAY, "texts": texts, **more}
    return Approval("care4me", code, kind, **values)


# What a catalogue must say


def test_a_language_with_every_text_is_complete(folder):
    write_language(folder, "cy", WELSH)
    assert offer_from(folder).wording("care4me", "cy").complete


@pytest.mark.parametrize("text", WELSH)
def test_a_language_without_one_text_of_survey_or_pages_is_not_complete(folder, text):
    write_language(folder, "cy", {id: said for id, said in WELSH.items() if id != text})
    offer = offer_from(folder, everything=True)
    [lacking] = offer.wording("care4me", "cy").missing
    assert (lacking.text.id, lacking.lack) == (text, Lack.EMPTY)
    assert offer["care4me"] == ("en",)
    assert offer.complete("care4me") == ("en",)


@pytest.mark.parametrize(
    ("extra", "lack"),
    [
        ('msgid "%(a)s left"\nmsgstr ""\n', Lack.EMPTY),
        ('#, fuzzy\nmsgid "%(a)s left"\nmsgstr "%(a)s ar ôl"\n', Lack.UNSURE),
        ('msgid "%(a)s left"\nmsgstr "ar ôl"\n', Lack.PLACES),
        ('msgid "%(a)s left"\nmsgstr "%(b)s ar ôl"\n', Lack.PLACES),
        ('msgid "%(a)s left"\nmsgstr "%(a)s ar ôl"\n', None),
        ("", Lack.EMPTY),
    ],
)
def test_a_text_that_a_page_cannot_show_is_missing(folder, extra, lack):
    write_template(folder, {"%(a)s left": "surveys/answering/forms.py"})
    write_language(folder, "cy", WELSH, extra=extra)
    found = offer_from(folder).wording("care4me", "cy").missing
    assert [each.lack for each in found] == ([lack] if lack else [])


@pytest.mark.parametrize(
    ("english", "said", "lack"),
    [
        ("Stop", "Stop 100%", Lack.SIGNS),
        ("Stop", "% stop", Lack.SIGNS),
        ("%(a)s left", "%(a)s ar ôl, 5%", Lack.SIGNS),
        ("%(a)s left", "%(a) ar ôl", Lack.PLACES),
        ("%(a)s left", "100%% %(a)s ar ôl", None),
        ("A 100% wish", "Dymuniad 100%", None),
        ("Stop", "<img src=x>Stop", Lack.SIGNS),
        ("Stop", "Stop < stop", Lack.SIGNS),
        ("Stop", "&lt;Stop", Lack.SIGNS),
        ("Stop & go", "Stop & mynd", None),
        ("Stop <b>now</b>", "Stop <b>nawr</b>", None),
        ("Stop <b>now</b>", "Stop <script>nawr</script>", Lack.SIGNS),
    ],
)
def test_a_text_with_signs_that_the_english_has_not_is_missing(folder, english, said, lack):
    write_template(folder, {english: "surveys/answering/forms.py"})
    write_language(folder, "cy", {**WELSH, english: said})
    offer = offer_from(folder, everything=True)
    assert [each.lack for each in offer.wording("care4me", "cy").missing] == (
        [lack] if lack else []
    )
    assert ("cy" in offer["care4me"]) == (lack is None)


@pytest.mark.parametrize(
    ("forms", "lack"),
    [
        (("un", "%(num)d arall"), None),
        (("%(num)d", "%(num)d arall"), None),
        (("un", "%(n)d arall"), Lack.PLACES),
        (("un", ""), Lack.EMPTY),
    ],
)
def test_a_text_with_plurals_needs_all_its_forms(folder, forms, lack):
    plural = 'msgid "One"\nmsgid_plural "%(num)d others"\n'
    asked = f'#: surveys/answering/forms.py:1\n{plural}msgstr[0] ""\nmsgstr[1] ""\n'
    write_template(folder, {}, blocks=[asked.replace('"One"', '"One more"')])
    said = "".join(f'msgstr[{place}] "{form}"\n' for place, form in enumerate(forms))
    write_language(folder, "cy", WELSH, extra=plural.replace('"One"', '"One more"') + said)
    found = offer_from(folder).wording("care4me", "cy").missing
    assert [each.lack for each in found] == ([lack] if lack else [])


def test_texts_of_pages_that_no_respondent_meets_are_not_needed(folder):
    write_template(folder, {**AROUND, "Board": "surveys/templates/console/board.html"})
    write_language(folder, "cy", WELSH)
    assert offer_from(folder).wording("care4me", "cy").complete


def test_a_catalogue_that_was_never_compiled_is_not_offered(folder):
    write_language(folder, "cy", WELSH, compiled=False)
    offer = offer_from(folder, everything=True)
    assert {each.lack for each in offer.wording("care4me", "cy").missing} == {Lack.UNCOMPILED}
    assert offer["care4me"] == ("en",)


def test_a_text_changed_after_compiling_is_missing_until_it_is_compiled(folder):
    path = write_language(folder, "cy", WELSH)
    path.write_text(path.read_text("utf-8").replace("Helo.", "Shwmae."), "utf-8")
    assert [each.text.id for each in offer_from(folder).wording("care4me", "cy").missing] == [
        "Hello."
    ]
    compile_language(path)
    assert offer_from(folder).wording("care4me", "cy").complete


def test_a_survey_says_where_each_text_stands_and_each_once():
    texts = texts_of(SURVEYS["care4me"], (Text("Yes", "question"), Text("Next", "question")))
    assert [(text.id, text.where) for text in texts] == [
        ("Care4Me", "8-10"),
        ("Hello.", "8-10"),
        ("One", "8-10"),
        ("Are you safe?", "8-10, safe"),
        ("Yes", "8-10, safe"),
        ("No", "8-10, safe"),
        ("Next", "question"),
    ]


# Files that cannot be used

HEADER_LINES = header("cy").count("\n")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('msgid "a"\nmsgstr "b\n', 2, "quotation marks"),
        ('msgid "a"\nmsgstr "b" c\n', 2, "quotation marks"),
        ('msgid "a "b""\nmsgstr "c"\n', 1, "quotation marks"),
        ('<<<<<<< mine\nmsgid "a"\nmsgstr "b"\n', 1, "quotation marks"),
        ('msgid "a"\nmsgtsr "b"\n', 2, "quotation marks"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "c"\n', 4, "not whole"),
        ('msgid "a"\nmsgid "c"\nmsgstr "b"\n', 1, "not whole"),
        ('msgid "a"\nmsgid_plural "as"\nmsgstr[9] "b"\n', 1, "not whole"),
        (b'msgid "a"\nmsgstr "\xff"\n', 2, "UTF-8"),
    ],
    ids=[
        "no closing mark", "words behind", "bare mark", "merge conflict", "misspelt",
        "cut off", "no translation line", "too many forms", "not UTF-8",
    ],
)  # fmt: skip
def test_a_damaged_catalogue_is_refused_by_file_and_line(folder, text, line, words):
    start = header("cy") + "\n"
    whole = start.encode() + (text if isinstance(text, bytes) else text.encode())
    path = write_raw(folder, "cy", whole)
    with pytest.raises(CatalogueDamaged) as refused:
        read_catalogues(folder)
    assert str(refused.value).startswith(f"{path}, line {HEADER_LINES + 1 + line}: ")
    assert words in str(refused.value)


def test_a_string_before_any_message_is_refused(folder):
    path = write_raw(folder, "cy", '"stray"\n' + header("cy"))
    with pytest.raises(CatalogueDamaged, match=f"{path}, line 1"):
        read_catalogues(folder)


@pytest.mark.parametrize("status", ["finished", "", "not checked"])
def test_a_status_that_says_neither_draft_nor_checked_is_refused(folder, status):
    path = write_language(folder, "cy", WELSH, status=status)
    with pytest.raises(CatalogueDamaged) as refused:
        read_catalogues(folder)
    assert f"{path}, line {HEADER_LINES}: X-Status" in str(refused.value)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (DRAFT, Status.DRAFT),
        ("Checked by a speaker", Status.CHECKED),
        (None, Status.DRAFT),
    ],
)
def test_a_catalogue_says_what_it_is_and_is_a_draft_when_it_does_not(folder, said, status):
    write_language(folder, "cy", WELSH, status=said)
    assert read_catalogues(folder).languages["cy"].status is status


def test_a_claim_in_the_file_offers_nothing(folder):
    write_language(folder, "cy", WELSH, status="checked")
    offer = offer_from(folder)
    assert offer["care4me"] == ("en",)


def test_a_damaged_compiled_file_is_refused_by_name(folder):
    path = write_language(folder, "cy", WELSH).with_suffix(".mo")
    path.write_bytes(b"\xde\x12\x04\x95 cut off")
    with pytest.raises(CatalogueDamaged, match=f"{path} is damaged.*make translations"):
        read_catalogues(folder)


def test_a_missing_list_of_texts_is_refused_by_name(folder):
    (folder / "messages.pot").unlink()
    write_language(folder, "cy", WELSH)
    with pytest.raises(CatalogueDamaged, match=r"messages\.pot is missing.*make messages"):
        read_catalogues(folder)


def test_a_folder_of_no_known_language_is_refused(folder):
    write_language(folder, "xx", WELSH)
    with pytest.raises(CatalogueDamaged, match="no name for “xx”"):
        read_catalogues(folder)


def test_no_catalogues_at_all_are_english_alone(tmp_path):
    offer = offer_from(tmp_path, everything=True)
    assert dict(offer) == {"care4me": ("en",)}


def test_a_site_with_a_damaged_catalogue_does_not_start_and_says_where(
    site_home, folder, monkeypatch, capsys
):
    import app

    path = write_raw(folder, "cy", header("cy") + '\nmsgid "a"\nmsgstr "b\n')
    monkeypatch.setenv("HEARD_HOME", str(site_home))
    monkeypatch.setattr(app, "read_catalogues", lambda _: read_catalogues(folder))
    with pytest.raises(SystemExit) as ended:
        app.create_app()
    said = capsys.readouterr().err
    assert ended.value.code == app.GUNICORN_STOPS
    assert f"Heard does not start:\n{path}, line {HEADER_LINES + 3}: " in said
    assert "Traceback" not in said


# The fingerprint


def catalogue_of(pairs):
    said = {id: Translation((words,), None) for id, words in pairs.items()}
    return Catalogue("cy", Status.DRAFT, said)


def test_fingerprint_is_sha_256_over_the_sorted_pairs():
    catalogue = catalogue_of({"Yes": "Ydw", "Are you safe?": "Wyt ti’n ddiogel?", "No": "Na"})
    texts = (Text("Yes", "8-10"), Text("Are you safe?", "8-10"))
    written = r'[[["Are you safe?",""],["Wyt ti\u2019n ddiogel?"]],[["Yes",""],["Ydw"]]]'
    assert fingerprint(catalogue, texts) == hashlib.sha256(written.encode()).digest()
    assert sheet_code(bytes.fromhex("3f9a71c2" + "00" * 28)) == "3f9a71c2"


words = st.text(min_size=1, max_size=20)


@given(st.dictionaries(words, words, min_size=1), words, st.randoms())
def test_fingerprint_changes_with_any_word_and_with_nothing_else(pairs, other, chance):
    texts = [Text(id, "somewhere") for id in pairs]
    before = fingerprint(catalogue_of(pairs), texts)
    chance.shuffle(texts)
    moved = [replace(text, where="elsewhere") for text in texts]
    assert fingerprint(catalogue_of({**pairs, "more" * 9: "x"}), moved) == before
    changed = {**pairs, texts[0].id: other}
    same = pairs[texts[0].id] == other
    assert (fingerprint(catalogue_of(changed), texts) == before) == same


def test_texts_that_are_not_there_are_missing_in_the_order_met():
    texts = [Text("b", "two"), Text("a", "one")]
    assert [each.text.id for each in missing(catalogue_of({}), texts)] == ["b", "a"]


# The rule

CHECKED, ACCEPTED = Kind.CHECKED, Kind.ACCEPTED


@pytest.mark.parametrize(
    ("kinds", "live", "demonstration"),
    [
        ((), {"en": False}, {"en": False, "cy": True}),
        ((CHECKED,), {"en": False, "cy": False}, {"en": False, "cy": False}),
        ((ACCEPTED,), {"en": False, "cy": True}, {"en": False, "cy": True}),
        ((ACCEPTED, CHECKED), {"en": False, "cy": False}, {"en": False, "cy": False}),
    ],
    ids=["draft", "checked", "accepted", "both"],
)
def test_what_is_offered_and_what_is_marked(folder, kinds, live, demonstration):
    write_language(folder, "cy", WELSH)
    approvals = [approval(offer_from(folder), kind) for kind in kinds]
    assert marked(offer_from(folder, approvals), "care4me") == live
    assert marked(offer_from(folder, approvals, everything=True), "care4me") == demonstration


@pytest.mark.parametrize("kind", Kind)
def test_an_approval_counts_for_its_own_texts_language_and_survey_alone(folder, kind):
    write_language(folder, "cy", WELSH)
    write_language(folder, "pl", WELSH)
    own = approval(offer_from(folder), kind)
    for other in (
        replace(own, texts=bytes(32)),
        replace(own, survey="aftercare"),
        replace(own, withdrawn=True),
    ):
        assert offer_from(folder, [other])["care4me"] == ("en",)
    assert offer_from(folder, [own])["care4me"] == ("en", "cy")


def test_an_approved_language_that_is_not_complete_is_never_offered(folder):
    write_language(folder, "cy", {**WELSH, "Yes": ""})
    for everything in (False, True):
        offer = offer_from(folder, everything=everything)
        found = offer_from(folder, [approval(offer)], everything=everything)
        assert found["care4me"] == ("en",)


def test_a_changed_translation_voids_the_approval(folder):
    write_language(folder, "cy", WELSH)
    before = approval(offer_from(folder))
    write_language(folder, "cy", {**WELSH, "Yes": "Ie"})
    standing = offer_from(folder, [before]).standing("care4me", "cy")
    assert (standing.checks, standing.void) == ((), (before,))
    assert offer_from(folder, [before])["care4me"] == ("en",)


def test_a_changed_page_around_the_survey_voids_the_approval(folder):
    write_language(folder, "cy", {**WELSH, "Skip": "Hepgor"})
    before = approval(offer_from(folder))
    write_template(folder, {**AROUND, "Skip": "surveys/answering/forms.py"})
    offer = offer_from(folder, [before])
    assert offer.wording("care4me", "cy").complete
    assert offer["care4me"] == ("en",)


def test_previews_get_every_complete_language(folder):
    write_language(folder, "cy", WELSH)
    write_language(folder, "pl", {"Yes": "Tak"})
    assert offer_from(folder).complete("care4me") == ("en", "cy")


def test_a_survey_that_is_not_there_is_offered_in_nothing(folder):
    offer = offer_from(folder)
    assert "nothing" not in offer and offer.get("nothing") is None
    assert marked(offer, "nothing") == {}


def test_before_anybody_says_who_they_are_a_draft_for_one_survey_is_marked(folder):
    write_language(folder, "cy", WELSH)
    surveys = {**SURVEYS, "other": SURVEYS["care4me"].model_copy(update={"id": "other"})}
    catalogues = read_catalogues(folder)
    own = approval(offer_from(folder))
    live = Offer(surveys, catalogues, lambda: [own], everything=False)
    assert marked_in_any(live) == {"en": False, "cy": False}
    demonstration = Offer(surveys, catalogues, lambda: [own], everything=True)
    assert marked_in_any(demonstration) == {"en": False, "cy": True}


def test_the_register_is_read_once_a_minute_and_when_told(folder):
    write_language(folder, "cy", WELSH)
    reads, now = [], [100.0]

    def register():
        reads.append(now[0])
        return []

    offer = Offer(
        SURVEYS, read_catalogues(folder), register, everything=False, clock=lambda: now[0]
    )
    for seconds in (0.0, 1.0, GOOD_FOR_SECONDS - 1.001):
        now[0] = 100.0 + seconds
        assert offer["care4me"] == ("en",)
    assert reads == [100.0]
    now[0] = 100.0 + GOOD_FOR_SECONDS
    assert offer["care4me"] == ("en",)
    offer.look_again()
    assert offer["care4me"] == ("en",)
    assert reads == [100.0, 160.0, 160.0]


# The register


def test_the_register_keeps_what_was_entered(engine):
    entered = Approval("care4me", "cy", Kind.CHECKED, "Elin", "read twice", DAY, bytes(range(32)))
    add_approval(engine, entered)
    assert all_approvals(engine) == (entered,)


def test_withdrawing_takes_one_language_of_one_survey_and_deletes_nothing(engine):
    own = Approval("care4me", "cy", Kind.CHECKED, "Elin", "", DAY, bytes(32))
    others = (replace(own, survey="aftercare"), replace(own, language="pl"))
    for each in (own, replace(own, kind=Kind.ACCEPTED, reason="for a child"), *others):
        add_approval(engine, each)
    assert withdraw_approvals(engine, "care4me", "cy") == 2
    assert withdraw_approvals(engine, "care4me", "cy") == 0
    found = all_approvals(engine)
    assert len(found) == 4
    assert {each for each in found if not each.withdrawn} == set(others)


def test_the_newest_migration_goes_down_and_up_again(tmp_path):
    from surveys.migrations.running import downgrade, upgrade

    made = open_engine(f"sqlite:///{tmp_path}/migrated.sqlite3")
    upgrade(made)
    add_approval(made, Approval("care4me", "cy", Kind.CHECKED, "Elin", "", DAY, bytes(32)))
    downgrade(made, "0002")
    with made.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    assert "wave" in tables and "language_approval" not in tables
    upgrade(made)
    assert all_approvals(made) == ()
    made.dispose()


# What a respondent meets


@pytest.fixture
def live(tmp_path):
    """A live site with one survey in Arabic, whose register the test holds."""
    answering = AnsweringSite(tmp_path / "site")
    around = Catalogues({"ar": _arabic(answering.survey)}, ())
    register = []
    offer = Offer({"tiny": answering.survey}, around, lambda: list(register), everything=False)
    answering.app.extensions["heard"] = replace(answering.site, languages=offer)
    answering.register, answering.offer = register, offer
    yield answering
    answering.site.engine.dispose()


def _arabic(survey):
    said = {text.id: Translation(("نعم",), None) for text in texts_of(survey, ())}
    return Catalogue("ar", Status.DRAFT, said)


def approve(live, kind=Kind.CHECKED):
    texts = live.offer.wording("tiny", "ar").fingerprint
    live.register.append(Approval("tiny", "ar", kind, "Amal", "agreed", DAY, texts))


def offered_to(person):
    return [
        (button.attrib["value"], "(" in "".join(button.itertext()))
        for button in person.document.findall(".//button[@name='language']")
    ]


def language_of(person):
    return person.document.attrib["lang"]


def begun(live):
    person = Respondent(live)
    person.enter()
    person.agree()
    return person


@pytest.mark.parametrize(
    ("kinds", "offered"),
    [
        ([], []),
        ([Kind.ACCEPTED], [("en", False), ("ar", True)]),
        ([Kind.CHECKED], [("en", False), ("ar", False)]),
    ],
    ids=["draft", "accepted", "checked"],
)
def test_respondents_are_offered_what_was_approved_and_told_of_drafts(live, kinds, offered):
    for kind in kinds:
        approve(live, kind)
    person = begun(live)
    person.get("/answer/2")
    assert offered_to(person) == offered


def test_an_approval_counts_at_the_next_sitting_though_the_worker_read_before(live):
    front = Respondent(live)
    front.get("/")
    assert offered_to(front) == []
    approve(live)
    person = begun(live)
    person.get("/answer/2")
    assert offered_to(person) == [("en", False), ("ar", False)]


def test_a_language_withdrawn_while_somebody_answers_in_it_stays_until_they_have_finished(live):
    approve(live, Kind.ACCEPTED)
    person = begun(live)
    person.get("/answer/2")
    person.press("language", answer="yes", language="ar")
    live.register.clear()
    live.offer.look_again()
    person.get("/answer/3")
    assert language_of(person) == "ar"
    assert offered_to(person) == [("en", False), ("ar", True)]
    person.press("language", answer="no", language="en")
    assert (language_of(person), person.checked) == ("en", ["no"])
    person.press("language", answer="no", language="ar")  # and back, as before
    assert (language_of(person), person.checked) == ("ar", ["no"])
    assert set(live.draft(person.invitation)) == {"safe", "moved"}


def test_a_sitting_keeps_the_mark_it_began_with(live):
    approve(live, Kind.ACCEPTED)
    person = begun(live)
    approve(live, Kind.CHECKED)
    live.offer.look_again()
    person.get("/answer/2")
    assert offered_to(person) == [("en", False), ("ar", True)]


def test_the_next_sitting_after_a_withdrawal_is_in_english_with_every_answer(live):
    approve(live)
    person = begun(live)
    person.get("/answer/2")
    person.press("language", answer="yes", language="ar")
    live.register.clear()
    person.enter()  # the same words again: a sitting of its own
    assert person.address == "/answer/welcome"
    assert (language_of(person), offered_to(person)) == ("en", [])
    assert set(live.draft(person.invitation)) == {"safe"}


@pytest.mark.parametrize("language", ["xx", "cy", "", "ar\x00", "en_GB", "../ar"])
def test_a_language_that_is_not_offered_changes_nothing_and_loses_nothing(live, language):
    person = begun(live)
    person.get("/answer/2")
    person.press("language", answer="yes", language=language)
    assert language_of(person) == "en"
    assert set(live.draft(person.invitation)) == {"safe"}


def test_the_thanks_page_stays_in_the_language_of_the_sitting(live):
    approve(live)
    person = begun(live)
    person.get("/answer/2")
    person.press("language", answer="yes", language="ar")
    live.register.clear()
    live.offer.look_again()
    person.post("/answer/send")
    assert person.address == "/answer/thanks"
    assert language_of(person) == "ar"


def test_the_cookie_of_a_sitting_with_every_language_stays_small(live):
    from surveys.languages import NAMES

    catalogues = {code: replace(_arabic(live.survey), code=code) for code in NAMES if code != "en"}
    offer = Offer({"tiny": live.survey}, Catalogues(catalogues, ()), list, everything=True)
    live.app.extensions["heard"] = replace(live.site, languages=offer)
    person = begun(live)
    person.get("/answer/2")
    assert len(offered_to(person)) == len(NAMES)
    assert len(person.client.get_cookie("heard").value) < 2000


# What is shipped


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parts[-3])
def test_a_shipped_catalogue_says_that_it_is_a_draft(path):
    """Nobody can have checked it for any council: no catalogue claims more than the register."""
    written = path.read_text("utf-8").partition("\n\n")[0]
    assert f'"X-Status: {DRAFT}\\n"' in written


def test_shipped_catalogues_can_be_read_and_a_live_site_offers_english_alone(site_home):
    from app import create_app
    from config.settings import read_settings

    settings = read_settings(site_home)
    live = create_app(replace(settings, demo=False)).extensions["heard"]
    assert {code for codes in live.languages.values() for code in codes} == {"en"}
    assert set(live.languages) == set(live.surveys)
    live.engine.dispose()


def test_a_catalogue_is_read_anew_only_when_it_was_written_anew(folder, monkeypatch):
    from surveys.speaking import catalogues

    reads, read_po = [], catalogues.read_po
    monkeypatch.setattr(
        catalogues, "read_po", lambda *given, **named: reads.append(1) or read_po(*given, **named)
    )
    path = write_language(folder, "cy", WELSH)
    first = read_catalogues(folder)
    assert read_catalogues(folder) == first
    assert len(reads) == 2  # the list of texts, and Welsh
    path.write_text(path.read_text("utf-8") + "\n# a note\n", "utf-8")
    read_catalogues(folder)
    assert len(reads) == 3


# Gathering texts anew


def test_gathering_takes_in_new_texts_and_keeps_what_a_catalogue_says_of_itself(folder):
    write_language(folder, "cy", WELSH, status="checked by nobody of ours")
    write_language(folder, "pl", {"Next": "Dalej"}, status=None)
    write_template(folder, {**AROUND, "Skip": "surveys/answering/forms.py"})
    assert gather(folder) == ["cy", "pl"]
    welsh, polish = (
        (folder / code / "LC_MESSAGES/messages.po").read_text("utf-8") for code in ("cy", "pl")
    )
    assert '"X-Status: checked by nobody of ours\\n"' in welsh
    assert f'"X-Status: {DRAFT}\\n"' in polish
    assert 'msgid "Skip"\nmsgstr ""' in welsh and 'msgid "Next"\nmsgstr "Nesaf"' in welsh
    assert '#~ msgstr "Ydw"' in welsh  # no longer asked for, kept aside
    assert sorted(path.name for path in (folder / "cy/LC_MESSAGES").iterdir()) == [
        "messages.mo",
        "messages.po",
    ]


def test_gathering_twice_changes_nothing_more(folder):
    path = write_language(folder, "cy", WELSH)
    gather(folder)
    once = path.read_text("utf-8")
    gather(folder)
    assert path.read_text("utf-8") == once


def test_a_line_that_stands_there_already_is_not_put_in_twice():
    text = header("cy")
    assert with_status(text) == text
    assert with_status(header("cy", None)).count("X-Status") == 1
