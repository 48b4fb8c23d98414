"""Every table of the site, defined by being imported, for migrations to be compared with."""

from surveys.console import progress
from surveys.contact import requests
from surveys.inspections import cohorts, record
from surveys.invitations import register
from surveys.retention import record as erasures
from surveys.speaking import approvals
from surveys.staff import accounts, authenticator, invited, passkeys, recovery
from surveys.vault import slots, store, waves

OWNERS = (
    accounts,
    approvals,
    cohorts,
    erasures,
    progress,
    record,
    register,
    requests,
    slots,
    store,
    waves,
)
FACTORS = (authenticator, invited, passkeys, recovery)
