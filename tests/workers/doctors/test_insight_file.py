"""`alis insight` as the operator runs it."""

import io
import json
import zipfile
from pathlib import Path

from tests.desk import desk
from tests.scenario import full_time
from tests.workers.test_cli import alis, refused


def test_all_that_is_stored_about_a_doctor_is_written_to_one_new_file_for_its_owner_alone(
    database_url: str, tmp_path: Path
) -> None:
    with desk(database_url) as at:
        at.publishes()
        at.records_all(full_time().leave("l1", "2025-10-05", "2025-10-20", "sick"))
    file = tmp_path / "innsyn.zip"
    ended = alis("insight", "9000001", file, ALIS_DATABASE_URL=database_url)
    assert ended.json == {"hpr": "9000001", "file": str(file), "bytes": file.stat().st_size}
    assert "gi den bare til legen selv" in ended.err
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        assert archive.namelist() == ["innsyn.html", "innsyn.json"]
        assert json.loads(archive.read("innsyn.json"))["hpr"] == "9000001"
    assert "det ligger en fil der fra før" in refused("insight", "9000001", file, ALIS_DATABASE_URL=database_url)
    other = tmp_path / "annen.zip"
    assert "9999999" in refused("insight", "9999999", other, ALIS_DATABASE_URL=database_url)
    assert not other.exists()
    with desk(database_url) as at:
        logged = at.asks("SELECT operation, outcome, channel, doctors FROM access_log ORDER BY position")
    assert {(each["operation"], each["channel"]) for each in logged} == {("insight.read", "terminal")}
    assert [(each["outcome"], each["doctors"]) for each in logged] == [
        ("answered", ["9000001"]),
        ("answered", ["9000001"]),
        ("not_found", ["9999999"]),
    ]
