"""Nothing that ran has left a database in the project's own folder."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SQLITE = b"SQLite format 3\0"


def databases_in(folder):
    """Files that are SQLite databases, and logs and journals of such."""
    files = [path for path in folder.iterdir() if path.is_file()]
    return sorted(
        path.name
        for path in files
        if path.name.endswith(("-wal", "-shm", "-journal")) or _begins_like_one(path)
    )


def _begins_like_one(path):
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def test_no_database_lies_beside_the_code():
    """One called "None" did: a URL was made of the path of a database that had none."""
    assert databases_in(ROOT) == []


def test_a_database_would_be_found_whatever_it_is_called(tmp_path):
    from surveys.database import metadata, open_engine

    (tmp_path / "notes.txt").write_text("SQLite")
    engine = open_engine(f"sqlite:///{tmp_path}/{None}")
    metadata.create_all(engine)
    engine.dispose()
    assert databases_in(tmp_path) == ["None"]
