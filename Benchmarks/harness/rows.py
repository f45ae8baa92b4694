"""The rows of the table: the programs, their corpora, and the aims."""

import dataclasses
import hashlib
import pathlib
import shutil

import corpora

from .building import CACHE, HERE
from .programs import ProgramContestant
from .samples import AllocationContestant, Contestant

NAMES = [
    "decode-a", "decode-b", "match", "rules", "match-cost", "allocations", "typed", "base64", "run", "memory",
]  # fmt: skip


@dataclasses.dataclass
class Row:
    """A comparison of programs."""

    name: str
    title: str
    #: "faster" (our speed divided by theirs, at least `bar`), "cost" (our time divided by theirs, at most `bar`),
    #: "allocations" or "memory".
    kind: str
    bar: float
    #: Our program, the one that it is compared with, and others that are only reported.
    contestants: list
    #: Whether all contestants do the same work and must have the same findings.
    is_same_work: bool = True
    #: The program for comparison, if it is not installed.
    missing: str = ""


def needs_router(names):
    return not names or "run" in names or "memory" in names


def own_rules(programs, options):
    events = pathlib.Path(options.events) if options.events else corpus("B", options.size // 2)
    command = programs.command("benchmark", "match", events, options.rules)
    return Row("rules", options.rules, "faster", 0, [Contestant(f"match {options.rules}", command)])


def make(programs, size, names):
    """Returns the rows with these names; all rows if there are no names."""
    maker = _Maker(programs, size)
    return [maker.rows[name]() for name in NAMES if not names or name in names]


class _Maker:
    def __init__(self, programs, size):
        self.programs = programs
        self.size = size
        self.rows = {
            "decode-a": lambda: self.decode("decode-a", "A", 1.0),
            "decode-b": lambda: self.decode("decode-b", "B", 0.8),
            "match": self.match,
            "rules": self.rule_count,
            "match-cost": self.match_cost,
            "allocations": self.allocations,
            "typed": lambda: self.foundation("typed", "B", "events into typed payloads", "JSONDecoder", 10),
            "base64": lambda: self.foundation("base64", "A", "audio out of base64", "Foundation", 1.2),
            "run": self.run,
            "memory": self.memory,
        }

    def file(self, kind):
        return corpus(kind, self.size if kind == "A" else self.size // 2)

    def ours(self, task, kind, *more):
        words = [task, kind, *(pathlib.Path(word).stem for word in more)]
        return Contestant(" ".join(words), self.programs.command("benchmark", task, self.file(kind), *more), "ours")

    def peer(self, name, kind, *more, label=None):
        command = self.programs.command(name, self.file(kind), *more)
        return [Contestant(" ".join([name, kind, *more]), command, label or name)] if command else []

    def row(self, name, title, kind, bar, ours, peers, missing, **more):
        missing = "" if peers else missing
        return Row(name, title, kind, bar, [ours, *peers], missing=missing, **more)

    def decode(self, name, kind, bar):
        row = self.row(
            name, f"three fields of every event, corpus {kind}", "faster", bar, self.ours("decode", kind),
            self.peer("simdjson", kind, label="simdjson on-demand"), "simdjson",
        )  # fmt: skip
        row.contestants += self.peer("orjson", kind) + self.peer("node", kind, label="Node, from bytes")
        return row

    def match(self):
        return self.row(
            "match", "bytes to matched rules, 1,000 rules, corpus B", "faster", 9, self.ours("match", "B", rules(1000)),
            self.peer("node", "B", "bare", label="Node JSON.parse alone"), "node", is_same_work=False,
        )  # fmt: skip

    def rule_count(self):
        many, few = (self.ours("match", "B", rules(count)) for count in (10_000, 100))
        few.name = "100 rules"
        return Row("rules", "10,000 rules against 100", "cost", 1.2, [many, few], is_same_work=False)

    def match_cost(self):
        decode = self.ours("decode", "B")
        decode.name = "decode alone"
        contestants = [self.ours("match", "B", rules(10)), decode]
        return Row("match-cost", "decode and match 10 rules against decode", "cost", 1.3, contestants, is_same_work=False)

    def allocations(self):
        contestant = AllocationContestant("allocations", self.programs.command("allocations"), "ours")
        return Row("allocations", "heap allocations per event", "allocations", 0.05, [contestant], is_same_work=False)

    def foundation(self, name, kind, title, label, bar):
        theirs = self.ours(f"{name}-foundation", kind)
        theirs.name = label
        return Row(name, title, "faster", bar, [self.ours(name, kind), theirs])

    def router(self, size, key):
        command = self.programs.command("router", "run", _joined(size))
        return ProgramContestant(key, command, "ours")

    def run(self):
        command = self.programs.command("node transcribe", _joined(self.size), "transcript.jsonl")
        peers = [ProgramContestant("node transcribe", command, "Node script")] if command else []
        size = f"{self.size} MB of A and {self.size // 2} MB of B"
        return self.row("run", f"realtime-router run, {size}", "faster", 4, self.router(self.size, "run"), peers, "node")

    def memory(self):
        contestants = [self.router(self.size, "run"), self.router(self.size // 4, "run, a quarter")]
        return Row("memory", "peak memory of that run", "memory", 64, contestants, is_same_work=False)


def _version():
    """Returns a hash of the generators' sources, so that a corpus from an older generator is not used."""
    sources = sorted((HERE / "corpora").glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]


def _made(name, make):
    """Returns the path of a generated file. Generates the file if it does not exist."""
    path = CACHE / f"{_version()}-{name}"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        make(unfinished)
        unfinished.rename(path)
    return path


def corpus(kind, megabytes):
    """Returns the path of a generated corpus of events."""
    return _made(f"{kind}-{megabytes}.jsonl", lambda path: corpora.write_events(path, kind, megabytes))


def rules(count):
    """Returns the path of a file with generated rules."""
    return _made(f"rules-{count}.json", lambda path: corpora.write_rules(path, count))


def _joined(megabytes):
    """Returns the path of a file with corpus A followed by corpus B."""

    def join(path):
        parts = [corpus("A", megabytes), corpus("B", megabytes // 2)]
        with open(path, "wb") as output:
            for part in parts:
                with open(part, "rb") as source:
                    shutil.copyfileobj(source, output, 1 << 20)

    return _made(f"AB-{megabytes}.jsonl", join)
