"""One command through the service, by one writer and by eight, against the same rows by psycopg alone."""

from collections.abc import Callable, Iterator

from tests.benchmarks import raw
from tests.benchmarks.clerk import Clerk
from tests.benchmarks.house import Desk, stories
from tests.benchmarks.measure import Goal, Heading, Line, Speeds, in_turns, ratio
from tests.benchmarks.sizes import DOCTOR_SIZES, WRITERS, Sizes
from tests.benchmarks.stories import Json, new_doctors
from tests.benchmarks.writers import Writers

Batch = list[list[Json]]
PER_SECOND = "commands/s"


def one_writer(desk: Desk, unsealed: Desk, unchained: Desk, sizes: Sizes) -> list[Line | Heading]:
    """Warm and cold, with the cost of chain and encryption."""
    desks = {"warm": desk, "cold": desk, "unsealed": unsealed, "unchained": unchained}
    batches = {name: _batches(each, sizes, sizes.command_doctors) for name, each in desks.items()}
    raw.prepare_tables(desk.url)
    unchained.beside.execute("VACUUM (ANALYZE)")
    before = _counts(desk)
    clerks = {name: Clerk(each) for name, each in desks.items()}
    for name in ("warm", "cold"):  # the baselines begin with rows of a batch before the first round
        clerks[name].take(next(batches[name]))
        clerks[name].record()
    speeds = in_turns(
        {
            "warm": _turn(clerks["warm"], batches["warm"], Clerk.record),
            "cold": _turn(clerks["cold"], batches["cold"], Clerk.record_cold),
            "unsealed": _turn(clerks["unsealed"], batches["unsealed"], Clerk.record),
            "unchained": _turn(clerks["unchained"], batches["unchained"], Clerk.record),
            "raw": lambda: raw.insert(desk.beside, clerks["warm"].rows(), lock=False),
            "raw lock": lambda: raw.insert(desk.beside, clerks["cold"].rows(), lock=True),
        },
        sizes.command_rounds,
    )
    _check(desk, before, sum(clerks[name].recorded for name in ("warm", "cold", "unsealed")))
    return [
        Heading("One command through the service, 1 writer, all metadata, chain and encryption on"),
        ratio("÷ raw INSERT of the same columns", speeds, ("warm", "raw"), PER_SECOND, Goal("≥", 0.6)),
        ratio("÷ raw lock + notify + INSERT", speeds, ("warm", "raw lock"), PER_SECOND),
        ratio("doctor not in memory yet ÷ raw INSERT", speeds, ("cold", "raw"), PER_SECOND),
        ratio("cost of the chain: with ÷ without", speeds, ("warm", "unchained"), PER_SECOND),
        ratio("cost of encryption: with ÷ without", speeds, ("warm", "unsealed"), PER_SECOND),
    ]


def eight_writers(desk: Desk, sizes: Sizes) -> list[Line | Heading]:
    """Eight processes, each with a connection and doctors of its own."""
    batches = _batches(desk, sizes, sizes.writer_doctors * WRITERS)
    raw.prepare_tables(desk.url)
    before = _counts(desk)
    with Writers(desk.url, WRITERS) as writers:
        writers.record(next(batches))
        speeds: Speeds = in_turns(
            {"ours": lambda: writers.record(next(batches)), "raw lock": writers.insert},
            sizes.command_rounds,
        )
        _check(desk, before, writers.recorded)
    return [
        Heading(f"The same with {WRITERS} writers (processes)"),
        ratio("÷ raw lock + notify + INSERT", speeds, ("ours", "raw lock"), PER_SECOND, Goal("≥", 0.7)),
    ]


def _batches(desk: Desk, sizes: Sizes, doctors: int) -> Iterator[Batch]:
    """New doctors for every round, and for two before the first; all but what is to be registered is imported."""
    every = [stories(new_doctors(doctors), DOCTOR_SIZES) for _ in range(sizes.command_rounds + 2)]
    left = sizes.commands_each + 1
    desk.take_in([fact for batch in every for story in batch for fact in story[:-left]])
    return iter([[story[-left:] for story in batch] for batch in every])


def _turn(clerk: Clerk, batches: Iterator[Batch], record: Callable[[Clerk], float]) -> Callable[[], float]:
    def turn() -> float:
        clerk.take(next(batches))
        return record(clerk)

    return turn


def _counts(desk: Desk) -> tuple[int, int]:
    return raw.count(desk.beside, "events"), raw.count(desk.beside, "commands")


def _check(desk: Desk, before: tuple[int, int], recorded: int) -> None:
    """Every command left one event and its first result."""
    assert _counts(desk) == (before[0] + recorded, before[1] + recorded), (before, _counts(desk), recorded)
