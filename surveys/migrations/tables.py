"""Every table of the site, defined by being imported, for migrations to be compared with."""

from surveys.console import progress
from surveys.contact import requests
from surveys.inspections import cohorts, questions, record
from surveys.invitations import register, withdrawn
from surveys.invitations.outbox import contacts, opt_outs, queue
from surveys.retention import record as erasures
from surveys.speaking import approvals
from surveys.staff import accounts, authenticator, invited, passkeys, recovery
from surveys.vault import slots, store, waves

OWNERS = (
    accounts,
    approvals,
    cohorts,
    contacts,
    erasures,
    opt_outs,
    progress,
    questions,
    queue,
    record,
    register,
    requests,
    slots,
    store,
    waves,
    withdrawn,
)
FACTORS = (authenticator, invited, passkeys, recovery)
