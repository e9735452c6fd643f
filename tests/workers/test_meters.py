"""`alis meters`: a doctor's meters on a day."""

from tests.desk import desk
from tests.scenario import full_time
from tests.workers.test_cli import alis


def test_a_doctor_s_meters_are_shown_as_sentences_with_their_sources(database_url: str) -> None:
    with desk(database_url) as at:
        at.publishes()
        at.records_all(full_time())
        told = alis("meters", "9000001", "--day", "2025-09-30", "--format", "table", ALIS_DATABASE_URL=at.url)
        json = alis("meters", "9000001", "--day", "2025-09-30", ALIS_DATABASE_URL=at.url).json
        unknown = alis("meters", "9000009", ALIS_DATABASE_URL=at.url)
    lines = told.out.splitlines()
    assert lines[0] == "Hvor langt legen med HPR-nummer 9000001 er kommet per 30. september 2025, til opplysning"
    practice = "Åpen uselektert allmennpraksis: 12 av 24 måneder på heltid per 30. september 2025, 12 gjenstår"
    assert f"{practice}; nås 30. september 2026 om alt fortsetter som registrert." in lines
    assert sum("fafo-rapport-2023-02.txt, 3.2" in each for each in lines) == 3
    assert [each["used"] for each in json["meters"][:2]] == ["12.000000", "0.000000"]
    assert (unknown.code, unknown.err) == (2, "alis: Ingen lege med HPR-nummer 9000009 er registrert.\n")
