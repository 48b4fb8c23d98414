"""``python -m analysis``: publish, plan, verify, make-publisher. Run by the analyst, off the web.

In: a site's folder, or a database and a folder of Summaries. Out: files and a few lines of text.
Settings and policies are read here and handed on as values.
"""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Engine

from analysis.opening import UnreadableResponse
from analysis.plan import EVERYONE, PlanError, plan_tables
from analysis.policy import DisclosurePolicy, PolicyError, load_policies
from analysis.publisher import Publisher, PublisherUnfit, make_publisher, read_publisher
from analysis.publisher import read_public_key as publisher_key_of
from analysis.signing import SignatureDoesNotHold, verify_summary
from analysis.summary import Theme, summary_from_bytes
from questionnaires.faults import QuestionnaireError
from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import load_survey
from questionnaires.model import Survey
from surveys.inspections.frameworks import Framework, FrameworkError, load_frameworks
from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase, read_key_file
from surveys.vault.waves import Wave, WaveStatus, all_waves, set_status
