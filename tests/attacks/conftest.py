"""Folders and games for the attacks."""

import shutil

import pytest
from attack_game import quick_folder


@pytest.fixture
def quick(tmp_path):
    """A folder where syncing costs nothing, removed afterwards."""
    folder = quick_folder(tmp_path)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
