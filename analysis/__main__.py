"""``python -m analysis``: publish, plan, verify, make-publisher. Run by the analyst, off the web.

In: a site's folder, or a database and a folder of Summaries. Out: files and a few lines of text.
Settings, policies and frameworks are read here and handed on as values.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from sqlalchemy import Engine

from analysis.freezing import ReleaseDiffers
from analysis.noting import note_act
from analysis.plan import EVERYONE, Plan, PlanError, plan_tables
from analysis.policy import DisclosurePolicy, PolicyError, load_policies
from analysis.protection import ProtectionReport
from analysis.publish import Published, RowsUnfit, publish
from analysis.publisher import (
    PUBLIC_FILE,
    Publisher,
    PublisherUnfit,
    make_publisher,
    read_public_key,
    read_publisher,
)
from analysis.release_files import ReleaseExists, signature_path
from analysis.rounding import ProtectionFailed
from analysis.signing import SignatureDoesNotHold, verify_summary
from analysis.summary import summary_from_bytes
from analysis.waves_to_publish import CannotPublish, find_wave, wave_to_publish
from config.settings import UnsafeSettings, read_settings
from questionnaires.faults import QuestionnaireError
from questionnaires.loading import load_surveys
from questionnaires.model import Survey
from surveys.database import open_engine
from surveys.inspections.frameworks import FrameworkError, load_frameworks
from surveys.keys.ceremony_asking import passphrase_files_option
from surveys.keys.ceremony_asking import private_keys as keys_in
from surveys.vault.key_files import KeyFileDamaged, WrongPassphrase
from surveys.vault.manifest import Manifest, ManifestRefused
from surveys.vault.manifest_signing import verified_manifest
from surveys.vault.opening import PrivateKey
from surveys.vault.public_keys import KeysUnfit, load_wave_keys
from surveys.vault.store import count_responses, envelopes_of, manifest_of
from surveys.vault.waves import Wave, WaveStatus, set_status

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "config" / "disclosure.yaml"
FRAMEWORKS = ROOT / "config" / "frameworks"
QUESTIONNAIRES = ROOT / "questionnaires"
KEY_NAME, PASSPHRASE_NAME = "publisher.key", "publisher.passphrase"

REFUSALS = (
    CannotPublish, FrameworkError, KeyFileDamaged, KeysUnfit, ManifestRefused, PlanError,
    PolicyError, ProtectionFailed, PublisherUnfit, QuestionnaireError, ReleaseDiffers,
    ReleaseExists, *RowsUnfit, SignatureDoesNotHold, UnsafeSettings, WrongPassphrase,
)  # fmt: skip

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


class _Refusing(click.Group):
    """Says in one line why something was refused, and leaves the trace to faults."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal is a message and exit code 1."""
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Refusing)
def main() -> None:
    """Open, tabulate, protect and publish a wave."""


@main.command("publish")
@click.argument("wave")
@click.option("--key-file", "key_files", type=_FILE, multiple=True, required=True)
@passphrase_files_option
@click.option("--publisher-key", type=_FILE)
@click.option("--publisher-passphrase-file", type=_FILE)
@click.option("--publisher-folder", type=_FOLDER, help="Has both, or gets them if there are none.")
@click.option("--database", help="URL; default: the site's own.")
@click.option("--summaries", type=_FOLDER, help="Default: the site's own.")
@click.option("--public-keys", type=_FOLDER, help="Your own copy; default: the site's.")
@click.option("--policy", "policy_name", default="children-default", show_default=True)
@click.option("--leave-out-unfit", is_flag=True, help="Go on without responses that do not fit.")
def publish_command(
    wave: str,
    *,
    key_files: tuple[Path, ...],
    passphrase_files: tuple[Path, ...],
    publisher_key: Path | None,
    publisher_passphrase_file: Path | None,
    publisher_folder: Path | None,
    database: str | None,
    summaries: Path | None,
    public_keys: Path | None,
    policy_name: str,
    leave_out_unfit: bool,
) -> None:
    """Publish the next release of WAVE: SURVEY/NUMBER, or the beginning of its id.

    Needs the analyst's key file; where the keys were changed meanwhile, every analyst's since.
    """
    engine = open_engine(database or read_settings().database_url)
    folder = summaries or read_settings().summaries
    publisher = _publisher(publisher_key, publisher_passphrase_file, publisher_folder, folder)
    private_keys = keys_in(key_files, passphrase_files)
    try:
        found = find_wave(engine, wave)
        published = _publish(
            engine,
            found,
            public_keys=public_keys or folder.parent / "public_keys",
            private_keys=private_keys,
            policy=_policy(policy_name),
            publisher=publisher,
            summaries=folder,
            leave_out_unfit=leave_out_unfit,
        )
    except RowsUnfit as error:
        raise click.ClickException(_refusal(error, leave_out_unfit)) from error
    finally:
        engine.dispose()
    note_act(folder.parent, "published", is_site=summaries is None, file=published.path.name)
    click.echo(f"{published.path.name}: {_in_words(published.report)}")
    if leave_out_unfit:
        click.echo(f"{published.left_out} responses left out as unfit.")


@main.command("plan")
@click.argument("survey")
@click.option("--framework", default=None, help="Its themes; default: the latest.")
@click.option("--policy", "policy_name", default="children-default", show_default=True)
def plan_command(survey: str, framework: str | None, policy_name: str) -> None:
    """Print the tables that a release of SURVEY will have, and the hash of the plan."""
    frameworks = load_frameworks(FRAMEWORKS)
    chosen = frameworks.get(framework or list(frameworks)[-1])
    if chosen is None:
        raise CannotPublish(f"There is no framework {framework}.")
    themes = [theme.id for theme in chosen.themes]
    plan = plan_tables(_survey(survey), themes, _policy(policy_name))
    for line in _lines(plan):
        click.echo(line)


@main.command("verify")
@click.argument("summary", type=_FILE)
@click.option("--publisher", type=_FOLDER, help=f"Folder of {PUBLIC_FILE}; default: the same.")
def verify_command(summary: Path, publisher: Path | None) -> None:
    """Check the signature of a SUMMARY file and print its fingerprint."""
    document = summary.read_bytes()
    try:
        signature = signature_path(summary).read_bytes()
    except FileNotFoundError:
        raise SignatureDoesNotHold(f"{signature_path(summary).name} is missing.") from None
    verify_summary(document, signature, read_public_key(publisher or summary.parent))
    found = summary_from_bytes(document)
    click.echo(
        f"{found.survey_title}, wave {found.wave}, release {found.release}: signature holds."
    )
    click.echo(f"SHA-256 {hashlib.sha256(document).hexdigest()}")


@main.command("make-publisher")
@click.option("--key-file", type=click.Path(path_type=Path), required=True)
@click.option("--summaries", type=_FOLDER, help="Default: the site's own.")
def make_publisher_command(key_file: Path, summaries: Path | None) -> None:
    """Make the site's publisher and print the passphrase, this once."""
    folder = summaries or read_settings().summaries
    try:
        passphrase = make_publisher(key_file, folder)
    except FileExistsError as error:
        raise click.ClickException(str(error)) from error
    note_act(folder.parent, "publisher_made", is_site=summaries is None)
    click.echo(f"passphrase  {passphrase}")
    click.echo("Write it down now; it is not kept anywhere. Take the key file off this computer.")


def _publish(
    engine: Engine,
    wave: Wave,
    *,
    public_keys: Path,
    private_keys: list[PrivateKey],
    policy: DisclosurePolicy,
    publisher: Publisher,
    summaries: Path,
    leave_out_unfit: bool,
) -> Published:
    """Publish, with a bar for the opening, and note that the wave has been published."""
    surveys, frameworks = load_surveys(QUESTIONNAIRES), load_frameworks(FRAMEWORKS)
    ready = wave_to_publish(engine, wave, surveys, frameworks, summaries.parent)
    manifest = _manifest(engine, wave, public_keys)
    length = count_responses(engine, wave.id)
    label = f"Opening {ready.survey.title}"
    with click.progressbar(envelopes_of(engine, wave.id), length=length, label=label) as envelopes:
        published = publish(
            envelopes,
            private_keys,
            manifest=manifest,
            wave=wave,
            survey=ready.survey,
            occasion=ready.occasion,
            policy=policy,
            publisher=publisher,
            summaries=summaries,
            leave_out_unfit=leave_out_unfit,
        )
    if wave.status is WaveStatus.RELEASED:
        set_status(engine, wave.id, WaveStatus.PUBLISHED)
    return published


def _manifest(engine: Engine, wave: Wave, public_keys: Path) -> Manifest:
    """What the custodian released, verified, with its fingerprint on the screen."""
    signed = manifest_of(engine, wave.id)
    manifest = verified_manifest(signed, load_wave_keys(public_keys, wave.id).signers, wave)
    if signed is not None:
        click.echo(f"Manifest {signed.fingerprint.hex()}: compare it with the custodian's.")
    return manifest


def _publisher(
    key_file: Path | None, passphrase_file: Path | None, folder: Path | None, summaries: Path
) -> Publisher:
    """The publisher in the files given; in a folder, made at its first use by this site.

    Without a file for its passphrase, that is asked for.
    """
    if folder is not None:
        key_file, passphrase_file = folder / KEY_NAME, folder / PASSPHRASE_NAME
        if not key_file.exists() and not (summaries / PUBLIC_FILE).exists():
            passphrase_file.touch(mode=0o600, exist_ok=False)
            passphrase_file.write_text(make_publisher(key_file, summaries), encoding="ascii")
    if key_file is None:
        raise click.UsageError("Give --publisher-key, or a folder of it and its passphrase.")
    if passphrase_file is None:
        phrase = click.prompt(f"Passphrase of {key_file.name}", hide_input=True, err=True)
    else:
        phrase = passphrase_file.read_text(encoding="utf-8")
    return read_publisher(key_file, phrase, summaries)


def _policy(name: str) -> DisclosurePolicy:
    policies = load_policies(POLICIES)
    if name not in policies:
        raise PolicyError(f"There is no policy {name}. There are: {', '.join(policies)}.")
    return policies[name]


def _survey(name: str) -> Survey:
    surveys = load_surveys(QUESTIONNAIRES)
    if name not in surveys:
        raise CannotPublish(f"There is no survey {name}. There are: {', '.join(surveys)}.")
    return surveys[name]


def _lines(plan: Plan) -> list[str]:
    by_item: dict[str, list[str]] = {}
    for table in plan.tables:
        by_item.setdefault(table.item, []).append(table.group)
    width = max(map(len, by_item))
    listed = [
        f"{item:{width}}  {', '.join('everyone' if g == EVERYONE else g for g in groups)}"
        for item, groups in by_item.items()
    ]
    return [*listed, f"{len(plan.tables)} tables. Plan {plan.hash}"]


def _refusal(error: Exception, left_out: bool) -> str:
    fault = str(error).capitalize()
    if left_out:
        return f"{fault}. Probably this is not the wave's key."
    return (
        f"{fault}. If it is so with all of them, this is probably not the wave's key. A few unfit "
        "ones may come from an offline tablet: --leave-out-unfit publishes without them and says "
        "how many there were. Nothing has been published."
    )


def _in_words(report: ProtectionReport) -> str:
    return (
        f"{report.tables} tables of {report.questions} questions; {report.rows_withheld} rows "
        f"withheld, {report.rows_netted} in nets, {len(report.beyond)} counts rounded further, "
        f"{report.ties_dropped} not made the same as elsewhere."
    )


if __name__ == "__main__":
    main()
