"""A case read aloud: one sentence an event, in Norwegian, with nothing personal in it."""

import re

from domain.doctor.facts.facts import FACT_CLASSES
from domain.values.words import grouped
from projections.doctors.case_history import CaseHistory, Entry, history_of
from tests.benchmarks.stories import new_doctors, told
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Told, full_time, track

SECRETS = (
    "Nordbyen",
    "Sentrum",
    "helsemessige",
    "Ingrid",
    "Nordlandssykehuset",
    "Vikar AS",
    "parental",
    "foreldre",
    "sykdom",
    "feil registrert",
    "gjaldt en annen",
)


def entries(at: House, hpr: str = "9000001") -> list[Entry]:
    at.levels([CaseHistory])
    with at.reads() as connection:
        return history_of(connection, hpr, limit=1_000).items


def sentences(at: House, story: Told) -> list[str]:
    at.imports(story.facts)
    return [entry.sentence for entry in entries(at)]


def test_the_history_of_a_doctor_reads_as_the_case_was_told(at: House) -> None:
    story = (
        track("2024-10-01")
        .position("p1", workplace="Nordbyen legesenter", employment="salaried")
        .agreement("a1", last_day="2027-09-30", percent=100, elements=["supervision", "productivity"])
        .changed("p1", "2025-03-01", percent="33.33", category="gp_locum")
        .changed("p1", "2025-04-01", workplace="Sentrum legesenter")
        .leave("l1", "2025-05-01", kind="parental")
        .add("leave_ended", leave="l1", last_day="2025-08-31")
        .hospital("s1", "2025-09-01", "2025-12-31")
        .add("supervisor_assigned", supervisor="1234567", municipality=BODO, name="Ingrid Åsen", first_day="2025-09-01")
        .add("supervisor_replaced", supervisor="1234567", replaced_by="7654321", first_day="2025-10-01")
        .add("guidance_recorded", municipality=BODO, month="2025-11", hours="4.5")
        .add("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=12000)
        .amended("a1", "2026-01-15", "2026-02-01", percent=50, last_day="2028-09-30")
        .add("track_interrupted", interruption="i1", first_day="2026-03-01")
        .add("track_resumed", interruption="i1", on="2026-04-01")
        .switched("p1", "2026-04-15", BEIARN)
        .add("agreement_ended", agreement="a1", last_day="2026-04-15", reason="flyttet")
        .add("track_completed", on="2026-05-31")
    )
    assert sentences(at, story) == [
        "Spesialiseringsløpet begynner 1. oktober 2024 etter ny ordning.",
        "Legen har stilling som fastlege (ansatt med lønn) i Bodø på 100 % fra 1. oktober 2024.",
        (
            "ALIS-avtalen med Bodø er signert 1. oktober 2024; den gjelder fra 1. oktober 2024 til og med"
            " 30. september 2027, prosenten er 100 % og elementene er veiledning og produktivitetselement."
        ),
        (
            "Stillingen i Bodø endres fra 1. mars 2025: stillingsprosenten blir 33,33 % og stillingstypen blir"
            " fastlegevikar."
        ),
        "Stillingen i Bodø endres fra 1. april 2025: arbeidsstedet eller tittelen blir en annen.",
        "Legen har permisjon eller annet fravær på 100 % fra 1. mai 2025.",
        "Permisjonen eller fraværet fra 1. mai 2025 slutter med 31. august 2025 som siste dag.",
        (
            "Legen har institusjonstjeneste utenfor den kommunale tjenesten fra 1. september 2025 til og med"
            " 31. desember 2025."
        ),
        "Legen har veileder med HPR-nummer 1234567 i Bodø fra 1. september 2025.",
        "Veileder med HPR-nummer 1234567 avløses av veileder med HPR-nummer 7654321 fra 1. oktober 2025.",
        "4,5 timer veiledning er ført for november 2025 i Bodø.",
        f"Bodø har ført {grouped(12_000)} kroner til veiledning i tilskuddsperioden 2026.",
        (
            "ALIS-avtalen med Bodø endres fra 1. februar 2026 (signert 15. januar 2026): prosenten er 50 % og"
            " siste dag blir 30. september 2028."
        ),
        "Spesialiseringsløpet er avbrutt fra 1. mars 2026.",
        "Spesialiseringsløpet tas opp igjen 1. april 2026 etter avbruddet fra 1. mars 2026.",
        (
            "Legen bytter stilling: 15. april 2026 er siste dag i Bodø, og legen har stilling som fastlege i Beiarn på"
            " 100 % fra 16. april 2026."
        ),
        "ALIS-avtalen med Bodø avsluttes med 15. april 2026 som siste dag.",
        "Spesialiseringsløpet er fullført med 31. mai 2026 som siste dag.",
    ]


def test_corrections_and_withdrawals_are_said_plainly(at: House) -> None:
    story = full_time().corrected("2", percent=80).corrected("2", workplace="Nordbyen legekontor").withdrawn("3")
    assert sentences(at, story)[3:] == [
        (
            "Rettet: Der det sto «Legen har stilling som fastlege i Bodø på 100 % fra 1. oktober 2024», skal det stå"
            " «Legen har stilling som fastlege i Bodø på 80 % fra 1. oktober 2024»."
        ),
        "Rettet; teksten er den samme: «Legen har stilling som fastlege i Bodø på 80 % fra 1. oktober 2024».",
        (
            "Trukket tilbake: «ALIS-avtalen med Bodø er signert 1. oktober 2024; den gjelder fra 1. oktober 2024»"
            " gjelder ikke."
        ),
    ]
    assert [entry.standing for entry in entries(at)] == [
        "stands",
        "corrected",
        "withdrawn",
        "stands",
        "stands",
        "stands",
    ]


def test_an_entry_tells_the_day_the_moment_known_the_moment_stored_and_by_whom(at: House) -> None:
    at.imports(full_time().ended("p1", "2026-05-31").facts)
    last = entries(at)[-1]
    assert str(last.day) == "2026-05-31"
    assert last.known_at < last.stored_at
    assert (last.recorded_by, last.municipalities, last.type) == (f"kommune:{BODO}", [BODO], "position_ended")


def test_nothing_personal_stands_in_the_history(at: House) -> None:
    for hpr in new_doctors(20):
        at.imports(told(hpr, 40))
    at.levels([CaseHistory])
    text = " ".join(str(row) for row in at.rows(CaseHistory))
    assert not [secret for secret in SECRETS if secret in text]


def test_a_notice_is_told_with_its_day_and_without_its_text(at: House) -> None:
    story = full_time().add("notice_given", on="2026-01-15", text="Jeg sluttet i januar.")
    story = story.add("notice_given", text="Ring meg.")
    assert sentences(at, story)[-2:] == [
        "Legen har gitt en melding som gjelder 15. januar 2026.",
        "Legen har gitt en melding.",
    ]


def test_every_kind_of_event_has_a_sentence_that_begins_and_ends_as_one(at: House) -> None:
    for hpr in new_doctors(60):
        at.imports(told(hpr, 40))
    story = track("2024-10-01", scheme="old").add("track_converted", on="2025-01-01").position("p1").agreement("a1")
    story = story.ended("p1", "2026-01-31").add("agreement_ended", agreement="a1", last_day="2026-01-31")
    story = story.add("supervisor_assigned", supervisor="1234567", first_day="2025-01-01", approved=False)
    story = story.add(
        "guidance_held", session="v1", municipality="1804", on="2025-03-03", hours=1, supervisor="1234567"
    )
    story = story.add("guidance_confirmed", session="v1", by="doctor").add("doctor_named", name="Kari Vik")
    story = story.add("group_guidance_attended", group="g1", municipality="1804", first_day="2025-02-01")
    story = story.add("supervisor_ended", supervisor="1234567", last_day="2025-12-31")
    story = story.add("notice_given", on="2026-01-15", text="Jeg sluttet i januar.")
    at.imports(story.add("track_discontinued", on="2026-01-31").facts)
    at.imports([fact | {"hpr": "9000002"} for fact in full_time().add("track_completed", on="2026-01-31").facts])
    at.levels([CaseHistory])
    rows = at.rows(CaseHistory)
    assert {row[3] for row in rows} == {str(cls.model_fields["type"].default) for cls in FACT_CLASSES}
    for row in rows:
        assert re.fullmatch(r"[A-ZÆØÅ0-9].*\.", row[-1]), row[-1]
        assert not re.search(r"None|kommune \d|  |[a-z]_[a-z]| ,", row[-1]), row[-1]


def test_a_long_history_is_read_in_slices_without_gap_or_repeat(at: House) -> None:
    [hpr] = new_doctors(1)
    at.imports(told(hpr, 25))
    whole = entries(at, hpr)
    found: list[Entry] = []
    after = None
    with at.reads() as connection:
        while True:
            part = history_of(connection, hpr, after, limit=7)
            found += part.items
            after = part.after
            if after is None:
                break
    assert found == whole
