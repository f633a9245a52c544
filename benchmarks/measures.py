"""Turn what is measured into rows of a table: one function for each benchmark."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks import files, growth, memory, peers, plot, robustness, rule_part, rules_zen, scoring_methods, start, whatif, whole
from benchmarks.profiles import load, made
from benchmarks.table import Row, at_least, at_most
from benchmarks.timing import shortest, with_children
from engine.batch import CHUNK
from engine.parallel import processors

MATRICES = 100_000
MOST_MEMORY = 700  # megabytes


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. `rows`: organisations in memory. `lines`: in a CSV file. `large`: ten times as many lines too. `picture`: drawn as well."""

    rows: int = 1_048_576
    lines: int = 1_000_000
    large: bool = False
    picture: bool = False


def the_whole(size: Size) -> list[Row]:
    plan, rows, workers = load(), size.rows, processors()
    columns = made(plan, rows)
    best = shortest(lambda: whole.decide_all(plan, columns, rows), 5)
    both = shortest(lambda: whole.decide_all(plan, columns, rows), 3, with_children)
    alone = shortest(lambda: whole.decide_all(plan, columns, rows, workers=1), 3, time.process_time)
    single = whole.fixed_seconds(plan, columns)
    what = f"whole decision, {rows:,} organisations x {len(plan.structures)} structures, {workers} processes"
    return [
        Row(what, f"{rows / best:,.0f}/s", ">= 1,000,000/s", rows / best >= 1_000_000),
        Row(f"... per second of processor time, {workers} processes", f"{rows / both:,.0f}/s"),
        Row("... per second of processor time, one process", f"{rows / alone:,.0f}/s"),
        Row("one organisation alone, processor time", f"{single * 1e3:.1f} ms"),
        Row(f"... which every chunk of {CHUNK:,} pays once: share of its time", f"{single / (alone / max(1, rows / CHUNK)):.0%}"),
    ]


def by_hand(size: Size) -> list[Row]:
    plan = load()
    part = rule_part.compare(plan, made(plan, size.rows), size.rows)
    return [
        Row(f"{part.rules} activation rules, {size.rows:,} organisations, one thread: Susun", f"{part.susun:,.0f}/s"),
        Row("... NumPy written by hand", f"{part.by_hand:,.0f}/s"),
        at_most("... time of Susun to NumPy by hand, each in its best batch size", part.by_hand / part.susun, 1.5),
        Row(f"... the same, both in chunks of {CHUNK:,}", f"{part.in_chunks:.2f} times"),
    ]


def against_peers(size: Size) -> list[Row]:
    plan = load()
    columns = made(plan, size.rows)
    found = peers.compare(plan, columns, size.rows)
    alone = size.rows / shortest(lambda: whole.decide_all(plan, columns, size.rows, workers=1), 2, time.process_time)
    rows = [Row(f"{found.rules} activation rules, per second of processor time: Susun, {size.rows:,} organisations", f"{found.susun:,.0f}/s")]
    for name, (rate, count) in found.peers.items():
        rows.append(Row(f"{name}, {count:,} of them", f"{rate:,.0f}/s"))
        what = f"... Susun to {name}"
        rows.append(Row(what, f"{found.times(name):,.0f} times") if name == rules_zen.Expression.name else at_least(what, found.times(name), 300))
    rows.append(Row("whole decision by Susun: rules, staffing, scoring, ranking", f"{alone:,.0f}/s"))
    for kind in (rules_zen.Rules, rules_zen.AsInTheGuide):
        rows.append(at_least(f"... to the rules alone by {kind.name}", alone / found.peers[kind.name][0], 100))
    return rows


def scoring(_: Size) -> list[Row]:
    """Scoring methods on a stack of matrices against libraries that score one at a time."""
    share = scoring_methods.einsum_ratio(MATRICES)
    found = [at_most(f"weighted sum of {MATRICES:,} matrices, 10 x 8: time to that of a plain einsum", share, 1.5)]
    for item in scoring_methods.compare(MATRICES):
        times = ", ".join(f"{times:,.0f} times ({name})" for name, times in item.times.items())
        what = f"... {item.name}: {item.susun * 1e6:.2f} us a matrix, {item.with_ranks * 1e6:.2f} with ranks; faster than a peer"
        found.append(Row(what, times, ">= 100 times", min(item.times.values()) >= 100))
    return found


def robust(_: Size) -> list[Row]:
    """Sampling weights for many organisations."""
    plan, asked = load(), robustness.ORGANISATIONS
    some = made(plan, asked)
    found = []
    for what, work in (
        ("smallest change of weights, first ranks", lambda: robustness.labelled(plan, some, asked)),
        ("all ranks of the winner's tier", lambda: robustness.ranked(plan, some, asked)),
        ("all ranks of all eligible structures", lambda: robustness.ranked(plan, some, asked, eligible=True)),
    ):
        took = shortest(work, 2)
        found.append(Row(f"SMAA, {robustness.SAMPLES:,} samples x {asked:,} organisations, decided, {what}", f"{took:.1f} s", "< 15 s", took < 15))
    return found


def starting(_: Size) -> list[Row]:
    imports, loading = start.load_seconds()
    helping = start.help_seconds()
    return [
        Row("load the model, in a new process", f"{loading:.2f} s", "<= 0.5 s", loading <= 0.5),
        Row("... and the imports that it needs", f"{imports:.2f} s"),
        Row("`susun --help`, whole process", f"{helping:.2f} s", "<= 0.2 s", helping <= 0.2),
    ]


def what_if(_: Size) -> list[Row]:
    """The smallest changes for one organisation."""
    asked = whatif.measure()
    worst, count = max(asked.seconds), len(asked.seconds)
    return [
        Row(f"`whatif`, all inputs, {count} organisations and targets: median", f"{asked.median:.2f} s", "<= 0.5 s", asked.median <= 0.5),
        Row("... worst", f"{worst:.2f} s", "<= 0.5 s", worst <= 0.5),
        Row("... with pairs, one of them", f"{asked.pairs:.2f} s"),
    ]


def csv_to_csv(size: Size) -> list[Row]:
    found = files.compare(size.lines)
    given, answered = (f"{count / 1e6:,.0f} MB" for count in (found.bytes_in, found.bytes_out))
    return [
        Row(f"`susun evaluate IN.csv -o OUT.csv`, {size.lines:,} organisations, {given} in and {answered} out, whole process", f"{found.susun:.1f} s"),
        Row("... pyarrow merely reads the same input", f"{found.read:.2f} s"),
        Row(f"... and writes the same table ({found.bytes_copy / found.bytes_out:.1%} of the bytes)", f"{found.write:.2f} s"),
        at_most("... time of Susun to reading and writing by pyarrow", found.times, 2.5),
    ]


def held(size: Size) -> list[Row]:
    if not memory.measurable():
        return [Row("memory", "not measured: this system has no /proc/PID/smaps_rollup")]
    before, most = start.whole_peak(size.rows)
    found = [Row(f"memory while deciding {size.rows:,} in memory: most, and before it began", f"{most:,.0f} MB, {before:,.0f} MB")]
    with files.folder(size.lines * (10 if size.large else 1)) as here:
        source = files.organisations(size.lines, here / "in.csv")
        few = memory.peak([*files.SUSUN, "evaluate", str(source), "-o", str(here / "out.csv")], files.ROOT)
        (here / "out.csv").unlink()
        found.append(_held(f"CSV to CSV, {size.lines:,} organisations", few))
        if size.large:
            many = memory.peak([*files.SUSUN, "evaluate", str(files.repeated(source, 10, here / "many.csv")), "-o", "-"], files.ROOT)
            found += [
                _held(f"CSV to CSV on standard output, {10 * size.lines:,} organisations", many),
                at_most("... to the tenth of it", many.tree / few.tree, 1.3),
            ]
    return found


def _held(what: str, peak: memory.Peak) -> Row:
    return Row(f"{what}: most of all processes, largest one", f"{peak.tree:,.0f} MB, {peak.one:,.0f} MB", f"<= {MOST_MEMORY} MB", peak.tree <= MOST_MEMORY)


def growing(size: Size) -> list[Row]:
    plan = load()
    sizes = [*(count for count in growth.SIZES if count < size.lines), size.lines, *([10 * size.lines] if size.large else [])]
    found = [growth.rows_in_memory(plan, sizes), growth.rows_in_files(sizes), *growth.rules(plan, growth.RULES)]
    if size.picture:
        plot.write(found)
    rows = []
    for curve in found:
        what = f"{curve.what}: {min(curve.sizes):,} to {max(curve.sizes):,} {curve.unit}s"
        rows.append(Row(what, f"{curve.start:.2f} s + {curve.slope * 1e6:.2f} us for each"))
        rows.append(Row("... farthest from that line", f"{curve.bend:.0%}", f"<= {growth.SLACK:.0%}", curve.bend <= growth.SLACK))
    return rows
