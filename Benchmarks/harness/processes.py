"""Runs the programs of a measured connection, and reads their processor time and memory from the kernel. Linux only."""

import os
import pathlib
import re
import subprocess
import time

from .building import CACHE, PEERS

#: The routes for measurements of live sessions.
NO_ROUTES = "version: 1\nroutes: []\n"
SIX_ROUTES = """\
version: 1
handlers:
  words: { type: transcript, output: words.jsonl }
  figures: { type: metrics }
routes:
  - { name: limits, match: { type: rate_limits.updated }, stop: true }
  - { name: words, to: words }
  - { name: figures, to: figures }
  - { name: refunds, match: { type: router.utterance.heard, text: [ { phrase: "refund*" } ] }, to: words }
  - { name: failures, match: { type: response.done, response: { status: [ failed, incomplete ] } }, to: words }
  - { name: calls, match: { type: router.function_call.done, name: [ { prefix: get_ } ] }, to: words }
"""


def compile_peers(*names):
    """Compiles peers that are written in C."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in names:
        flags = ["-O2", "-Wall", "-Wextra", "-Werror"]
        subprocess.run(["cc", *flags, "-o", CACHE / name, PEERS / f"{name}.c"], check=True)


class Process:
    """A running program whose processor time and memory are measured."""

    def __init__(self, command, folder, stdin=subprocess.DEVNULL, **environment):
        self.command = list(map(str, command))
        self.log = pathlib.Path(folder, f"{pathlib.Path(self.command[0]).name}.log")
        self.errors = open(self.log, "w+")
        environment = {"PATH": os.environ["PATH"], "OPENAI_API_KEY": "none", **environment}
        self.process = subprocess.Popen(
            self.command, cwd=folder, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )

    def line(self):
        line = self.process.stdout.readline().strip()
        if not line:
            self.fail("printed nothing")
        return line

    def write(self, line):
        """Writes a line to the standard input."""
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def logged(self, pattern):
        """Waits for a pattern in the standard error and returns the text of its group. Fails after 10 s."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            found = re.search(pattern, self.log.read_text())
            if found:
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.fail(f"does not log {pattern}")

    def processor_time(self):
        """Returns the processor time so far, in seconds."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def peak_memory(self):
        """Returns the peak memory so far, in bytes."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

    def end(self, status_at_end=0):
        """Waits until the program ends. Returns its processor time in seconds and the rest of its output."""
        rest = self.process.stdout.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode != status_at_end:
            self.fail(f"ended with {self.process.returncode}")
        self.errors.close()
        return usage.ru_utime + usage.ru_stime, rest

    def fail(self, what):
        self.errors.seek(0)
        raise ValueError(f"{' '.join(self.command)} {what}: {self.errors.read().strip()}")

    def kill(self):
        if self.process.returncode is None:
            self.process.kill()
