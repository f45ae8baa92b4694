"""Prints the results as a table."""


def table(rows, samples, programs, options):
    print(f"corpora   A {options.size} MB (audio), B {options.size // 2} MB (control events); {options.rounds} rounds, medians")
    print()
    lines = [("row", "work", "ours", "against", "", "ratio", "bar", "")]
    lines += [line for row in rows for line in _lines(row, samples)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    if any(row.kind == "allocations" for row in rows):
        print("\nallocations are calls of malloc, calloc, realloc and memalign from all threads")
    for name, command in programs.missing.items():
        print(f"\n{name} is missing: {command}")


def own_rules(samples):
    for key, taken in samples.samples.items():
        sample, seconds = taken[0], sorted(sample["seconds"] for sample in taken)[len(taken) // 2]
        print(f"{key}: {sample['count'] / seconds:,.0f} events/s, {sample['bytes'] / seconds / 1e6:,.0f} MB/s")
        for name, count in sample["found"].items():
            print(f"  {name}: {count:,}")


def _lines(row, samples):
    if row.is_same_work:
        _check(row, samples)
    if row.kind == "allocations":
        return _allocations(row, samples)
    if row.kind == "memory":
        return _memory(row, samples)
    ours, *peers = row.contestants
    if row.missing:
        return [(row.name, row.title, _speed(ours, samples), f"{row.missing} is missing", "", "", _bar(row), "")]
    lines = []
    for index, peer in enumerate(peers):
        ratio = samples.ratio(peer, ours) if row.kind == "faster" else samples.ratio(ours, peer)
        verdict = _verdict(row, ratio) if index == 0 else ""
        first = (row.name, row.title, _speed(ours, samples)) if index == 0 else ("", "", "")
        bar = _bar(row) if index == 0 else ""
        lines.append((*first, peer.name, _speed(peer, samples), f"{ratio:.2f} x", bar, verdict))
    return lines


def _check(row, samples):
    """Fails if the programs of a row have different findings, because then one of them skipped work."""
    found = {contestant.name: samples.found(contestant) for contestant in row.contestants}
    if len({str(sorted(values.items())) for values in found.values()}) > 1:
        raise ValueError(f"{row.name}: the findings differ: {found}")


def _allocations(row, samples):
    """Events without a route must not allocate. A transcript delta may, because its utterance's text grows now and then."""
    lines = []
    types = samples.first(row.contestants[0])["types"]
    for index, (type, count) in enumerate(types.items()):
        bar = row.bar if type.endswith("transcript.delta") else 0
        is_met = round(count, 2) <= 0 if bar == 0 else count < bar
        name, title = (row.name, row.title) if index == 0 else ("", "")
        lines.append((name, title, f"{max(count, 0):.2f}", type, "", "", f"< {bar}" if bar else "0", "met" if is_met else "missed"))
    return lines


def _memory(row, samples):
    whole, part = (samples.of(contestant, "memory") / 1e6 for contestant in row.contestants)
    verdict = "met" if whole <= row.bar else "missed"
    against = "a quarter of the corpus"
    return [(row.name, row.title, f"{whole:.0f} MB", against, f"{part:.0f} MB", f"{whole / part:.2f} x", f"<= {row.bar} MB", verdict)]


def _verdict(row, ratio):
    is_met = ratio >= row.bar if row.kind == "faster" else ratio <= row.bar
    return "met" if is_met else "missed"


def _bar(row):
    return f"{'>=' if row.kind == 'faster' else '<='} {row.bar} x"


def _speed(contestant, samples):
    sample, seconds = samples.first(contestant), samples.of(contestant)
    if "bytes" not in sample:
        return f"{seconds:.2f} s"
    return f"{sample['bytes'] / seconds / 1e6:,.0f} MB/s, {sample['count'] / seconds / 1e6:.2f} M/s"
