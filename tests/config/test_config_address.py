"""The site's own address: with HTTPS, without a path, or none."""

import pytest

from config.settings import UnsafeSettings, read_settings


def with_line(site_home, line):
    path = site_home / "site.toml"
    path.write_text(f"{line}\n{path.read_text()}")
    return read_settings(site_home)


def test_none_is_given_at_first_and_the_file_says_how(site_home):
    assert read_settings(site_home).address == ""
    assert '# address = "https://' in (site_home / "site.toml").read_text()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://heard.example.gov.uk", "https://heard.example.gov.uk"),
        ("https://heard.example.gov.uk/", "https://heard.example.gov.uk"),
        ("https://heard.example.gov.uk:8443", "https://heard.example.gov.uk:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_address_is_read_without_its_last_stroke(site_home, written, read):
    assert with_line(site_home, f'address = "{written}"').address == read


@pytest.mark.parametrize(
    "written",
    [
        "http://heard.example.gov.uk", "heard.example.gov.uk", "https://heard.example.gov.uk/site",
        "https://user@heard.example.gov.uk", "https://", "javascript:alert(1)",
        "http://localhost.evil.example",
    ],
)  # fmt: skip
def test_anything_else_is_refused(site_home, written):
    with pytest.raises(UnsafeSettings, match="address is the site's own"):
        with_line(site_home, f'address = "{written}"')


def test_the_site_is_told(site_home):
    from app import open_site

    site = open_site(with_line(site_home, 'address = "https://heard.example.gov.uk"'))
    assert site.address == "https://heard.example.gov.uk"
    site.engine.dispose()
