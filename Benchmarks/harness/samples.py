"""Runs all programs in turn, in several rounds, so that other load on the machine affects all of them alike."""

import collections
import json
import statistics
import subprocess
import sys


class Session:
    """Measures rows. A program that is in several rows runs once per round."""

    def __init__(self, rounds):
        self.rounds = rounds

    def measure(self, rows):
        contestants = {contestant.key: contestant for row in rows for contestant in row.contestants}
        samples = collections.defaultdict(list)
        for round in range(self.rounds):
            for key, contestant in contestants.items():
                _show(f"round {round + 1} of {self.rounds}: {key}")
                samples[key].append(contestant.sample())
        _show("")
        return Samples(samples)


def _show(progress):
    if sys.stderr.isatty():
        print(f"\r\x1b[K{progress}", end="", file=sys.stderr, flush=True)


class Samples:
    """Samples by program and round."""

    def __init__(self, samples):
        self.samples = samples

    def of(self, contestant, field="seconds"):
        """Returns the median of a field."""
        return statistics.median(sample[field] for sample in self.samples[contestant.key])

    def ratio(self, slow, fast, field="seconds"):
        """Returns how many times longer one program takes than another: the median of the ratios of all rounds."""
        pairs = zip(self.samples[slow.key], self.samples[fast.key])
        return statistics.median(left[field] / right[field] for left, right in pairs)

    def found(self, contestant):
        """Returns the findings of a program. Fails if they differ between rounds."""
        found = [sample["found"] for sample in self.samples[contestant.key]]
        if any(other != found[0] for other in found):
            raise ValueError(f"{contestant.key} has different findings in another round")
        return found[0]

    def first(self, contestant):
        return self.samples[contestant.key][0]


class Contestant:
    """A measured program that prints its figures as a JSON line."""

    def __init__(self, key, command, name=None):
        self.key = key
        self.name = name or key
        self.command = command

    def sample(self):
        result = subprocess.run(self.command, capture_output=True, text=True)
        if result.returncode:
            raise ValueError(f"{self.key} failed: {result.stderr.strip()}")
        sample = json.loads(result.stdout)
        sample["found"] = {"count": sample["count"], **sample["found"]}
        return sample


class AllocationContestant(Contestant):
    """A program that prints its allocations per event, one JSON line per event type. They are the same in every round."""

    def sample(self):
        result = subprocess.run(self.command, capture_output=True, text=True)
        if result.returncode:
            raise ValueError(f"{self.key} failed: {result.stderr.strip()}")
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        return {"seconds": 0.0, "types": {line["type"]: line["perEvent"] for line in lines}}
