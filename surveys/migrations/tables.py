"""Every table of the site, defined by being imported, for migrations to be compared with."""

from surveys.console import progress
from surveys.inspections import cohorts, record
from surveys.invitations import register
from surveys.speaking import approvals
from surveys.staff import accounts
from surveys.vault import slots, store, waves

OWNERS = (accounts, approvals, cohorts, progress, record, register, slots, store, waves)
