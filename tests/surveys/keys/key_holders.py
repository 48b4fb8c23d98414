"""People who hold keys, for the tests: folders of their own, and commands as they would type them."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from click.testing import CliRunner
from vault_wave import STORAGE_KEY

from surveys.keys import ceremony, key_making
from surveys.keys.key_commands import keys
from surveys.vault.key_files import Stretching

QUICK = Stretching(8 * 1024, 1, 1)
DAY = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Europe/London"))
CUSTODIANS = ("Ada Ash", "Ben Birch", "Cleo Cedar")


def site_of(vault, folder, *, single_custodian=True):
    """A site as commands see it, in a folder of its own beside the holders' folders."""
    return SimpleNamespace(
        engine=vault.engine,
        storage_key=STORAGE_KEY,
        authority="Exampleshire County Council",
        single_custodian=single_custodian,
        public_keys=folder / "site" / "public_keys",
        summaries=folder / "site" / "summaries",
        now=lambda: DAY,
    )


def stretch_little(monkeypatch):
    """Keys behind little stretching, so that the tests are quick."""
    real = key_making.key_file_content
    for module in (key_making, ceremony):
        monkeypatch.setattr(module, "key_file_content", lambda *given: real(*given[:3], QUICK))


class Office:
    """A site with its holders: runs commands and keeps the passphrases that were shown."""

    def __init__(self, site, folder):
        self.site, self.folder, self.phrases = site, folder, folder / "phrases"
        self.phrases.mkdir()

    def run(self, *arguments, fails=False, say=""):
        done = CliRunner().invoke(keys, [str(one) for one in arguments], obj=self.site, input=say)
        assert (done.exit_code != 0) == fails, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self._keep_phrases(done.output)
        return done.output

    def _keep_phrases(self, output):
        """The passphrase of each key file that was just made, in a file named after it."""
        lines = output.splitlines()
        for number, line in enumerate(lines):
            if line.startswith("  passphrase  "):
                key_file = Path(lines[number - 1].split(maxsplit=1)[1])
                self.phrase_of(key_file).write_text(line.split(maxsplit=1)[1])

    def phrase_of(self, key_file):
        return self.phrases / f"{key_file.name}.txt"

    def with_keys(self, *key_files):
        """The options that present these key files."""
        options = []
        for path in key_files:
            options += ["--key-file", path, "--passphrase-file", self.phrase_of(path)]
        return options

    def make_custodians(self):
        """Three escrow custodians; their key files in folders of their own."""
        files = []
        for name in CUSTODIANS:
            folder = self.folder / name.split()[0].lower()
            self.run("escrow-custodian", name, "--folder", folder)
            files += folder.glob("*.key")
        return files
