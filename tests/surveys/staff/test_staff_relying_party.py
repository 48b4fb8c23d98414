"""To whom passkeys answer: the address of site.toml, whatever host a request claims."""

from dataclasses import replace

import pytest

from surveys.staff.relying_party import RelyingParty, relying_party


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000", "heard.example.gov.uk"])
def test_a_real_site_has_its_own_address_alone(site, host):
    real = replace(site, demo=False, address="https://heard.example.gov.uk")
    assert relying_party(real, host) == RelyingParty(
        "heard.example.gov.uk", "https://heard.example.gov.uk"
    )


def test_port_belongs_to_the_origin_and_not_to_the_name(site):
    real = replace(site, demo=False, address="https://heard.example.gov.uk:8443")
    assert relying_party(real, "x") == RelyingParty(
        "heard.example.gov.uk", "https://heard.example.gov.uk:8443"
    )


@pytest.mark.parametrize("host", ["localhost:8000", "heard.example.gov.uk"])
def test_a_real_site_without_an_address_has_no_passkeys(site, host):
    assert relying_party(replace(site, demo=False, address=""), host) is None


@pytest.mark.parametrize(
    ("host", "party"),
    [
        ("localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("localhost", RelyingParty("localhost", "http://localhost")),
        ("127.0.0.1:8000", None),
        ("localhost.evil.example", None),
        ("evil.example", None),
    ],
)
def test_a_demonstration_has_them_on_localhost(site, host, party):
    assert relying_party(replace(site, address=""), host) == party
