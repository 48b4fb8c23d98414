"""``python -m questionnaires check``: the authors' commands, without a site."""

from questionnaires.commands import questionnaires

if __name__ == "__main__":
    questionnaires()
