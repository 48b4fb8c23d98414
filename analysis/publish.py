"""Publishing a release: the only place where rows are touched.

In: the sealed responses of one wave, the analyst's key and the publisher's. Out: one signed
Summary on the disk. Rows live in this process's memory and nowhere else; whatever fails on the
way leaves no file behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pandas import DataFrame

from analysis.coverage import coverage_rows
from analysis.frames import ResponseDoesNotFit, build_frame
from analysis.freezing import refuse_changes
from analysis.leaving_out import LeftOut
from analysis.opening import RollCall, UnreadableResponse, open_responses
from analysis.plan import Plan, plan_tables
from analysis.policy import DisclosurePolicy
from analysis.protection import ProtectionReport, protect
from analysis.publisher import Publisher
from analysis.release_files import (
    next_number,
    numbers_of,
    release_path,
    signature_path,
    write_release,
)
from analysis.release_items import summary_items
from analysis.signing import verify_summary
from analysis.summary import Policy, Summary, Theme, summary_from_bytes, summary_to_bytes
from analysis.tables import tabulate
from analysis.targets import Targets
from questionnaires.model import Survey
from questionnaires.responses import Response
from surveys.vault.manifest import Manifest
from surveys.vault.opening import PrivateKey
from surveys.vault.waves import Wave

RowsUnfit = (UnreadableResponse, ResponseDoesNotFit)
"""What is raised when the responses themselves are at fault."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a Summary says about the inspection that a wave belongs to."""

    authority: str
    inspection: str
    framework: str
    framework_title: str
    day_1: str
    themes: tuple[Theme, ...]
    invited: Mapping[str, int]
    invented: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A release on the disk, what protection did to it, and how many responses it is without."""

    path: Path
    summary: Summary
    report: ProtectionReport
    left_out: int = 0


def publish(
    envelopes: Iterable[bytes],
    private_key: PrivateKey | Sequence[PrivateKey],
    *,
    manifest: Manifest,
    wave: Wave,
    survey: Survey,
    occasion: Occasion,
    policy: DisclosurePolicy,
    publisher: Publisher,
    summaries: Path,
    leave_out_unfit: bool = False,
) -> Published:
    """Open, tabulate, protect, sign and write the next release of a wave.

    The envelopes must be those of the verified ``manifest``, all of them and no others: raises
    ManifestRefused. Responses that cannot be read or do not fit are refused, or left out and
    counted; never all of them. Raises UnreadableResponse, ResponseDoesNotFit, ProtectionFailed,
    ReleaseDiffers or ReleaseExists. Whatever is raised, nothing was written.
    """
    plan = plan_tables(survey, [theme.id for theme in occasion.themes], policy)
    left_out = LeftOut() if leave_out_unfit else None
    roll = RollCall(manifest)
    responses = open_responses(roll.through(envelopes), private_key, wave.header, left_out)
    key, release = publisher.release_key(wave.id), next_number(summaries, survey.id, wave.number)
    made = _Making(survey, plan, policy, key, left_out)
    summary, report = made.summary(responses, wave, occasion, release)
    roll.finish()
    for earlier in _earlier(summaries, summary, publisher.public):
        refuse_changes(earlier, summary)
    document = summary_to_bytes(summary)
    path = release_path(summaries, survey.id, wave.number, release)
    write_release(path, document, publisher.sign(document))
    return Published(path, summary, report, left_out.count if left_out else 0)


@dataclass(frozen=True, slots=True)
class _Making:
    """From responses to a Summary, all in memory."""

    survey: Survey
    plan: Plan
    policy: DisclosurePolicy
    key: bytes
    left_out: LeftOut | None

    def summary(
        self, responses: Iterable[Response], wave: Wave, occasion: Occasion, release: int
    ) -> tuple[Summary, ProtectionReport]:
        """The Summary of a release, and the report of its protection."""
        tables = tabulate(self._frame(responses), self.plan)
        protected = protect(tables, self.plan, self.policy, self.key)
        targets = Targets(self.key, self.plan.survey, self.policy)
        summary = Summary(
            release=release,
            survey=self.survey.id,
            survey_title=self.survey.title,
            respondents=self.survey.respondents,
            audiences=dict(self.plan.audiences),
            wave=wave.number,
            authority=occasion.authority,
            inspection=occasion.inspection,
            framework=occasion.framework,
            framework_title=occasion.framework_title,
            day_1=occasion.day_1,
            opened_on=wave.opens_on.isoformat(),
            closed_on=wave.closes_on.isoformat(),
            themes=occasion.themes,
            policy=_stated(self.policy),
            single_custodian=wave.single_custodian,
            invented_data=occasion.invented,
            coverage=coverage_rows(protected.tables, occasion.invited, self.plan, targets),
            items=summary_items(self.plan, protected.tables),
        )
        return summary, protected.report

    def _frame(self, responses: Iterable[Response]) -> DataFrame:
        frame = build_frame(responses, self.survey, self.left_out)
        if frame.empty and self.left_out and self.left_out.count:
            raise UnreadableResponse("not one response can be read and fits the survey")
        return frame


def _stated(policy: DisclosurePolicy) -> Policy:
    """The rules as readers are told them."""
    return Policy(
        name=policy.name,
        minimum_publishable_base=policy.minimum_publishable_base,
        minimum_group_base_for_full_scale=policy.small_group_base_below,
        minimum_category_count=policy.minimum_category_count,
        rounding_base=policy.rounding_base,
    )


def _earlier(summaries: Path, new: Summary, public: bytes) -> Iterable[Summary]:
    """The earlier releases of the same wave. Raises SignatureDoesNotHold for a foreign one."""
    for number in numbers_of(summaries, new.survey, new.wave):
        path = release_path(summaries, new.survey, new.wave, number)
        if path.exists():
            signature = signature_path(path).read_bytes()
            earlier = summary_from_bytes(verify_summary(path.read_bytes(), signature, public))
            # another inspection may have had a wave of the same survey and number
            if (earlier.inspection, earlier.opened_on) == (new.inspection, new.opened_on):
                yield earlier
