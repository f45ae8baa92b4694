"""Whole programs over a session file: time, memory, and the transcript that they leave."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from .building import ROOT, scratch_folder


class ProgramContestant:
    """A program in a folder of its own that reads a corpus and writes transcript.jsonl."""

    def __init__(self, key, command, name):
        self.key = key
        self.name = name
        self.command = command

    def sample(self):
        with scratch_folder() as folder:
            shutil.copy(ROOT / "routes.yml", folder)
            os.symlink(ROOT / "Examples", os.path.join(folder, "Examples"))
            begin = time.monotonic()
            with open(os.devnull, "r+b") as nothing, tempfile.TemporaryFile() as errors:
                process = subprocess.Popen(self.command, cwd=folder, stdin=nothing, stdout=nothing, stderr=errors)
                status, usage, memory = _wait(process.pid)
                seconds = time.monotonic() - begin
                process.returncode = os.waitstatus_to_exitcode(status)
                if process.returncode:
                    errors.seek(0)
                    raise ValueError(f"{self.key} failed: {errors.read().decode().strip()}")
            return {
                "seconds": seconds,
                "processor": usage.ru_utime + usage.ru_stime,
                "memory": memory,
                "found": _transcript(os.path.join(folder, "transcript.jsonl")),
            }


def _wait(pid):
    """Waits for a child; gives its status, its times and its peak memory in bytes.

    Linux says of a child's peak at the end also what this program had when it started it, so it is asked while it runs.
    """
    memory = 0
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return status, usage, memory or usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)
        try:
            lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
            memory = max([memory, *(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))])
        except OSError:
            pass
        time.sleep(0.005)


def _transcript(path):
    """Who said what, in whatever order: the router keeps that of the conversation, the script that of the file."""
    said = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            utterance = json.loads(line)
            said.append(f"{utterance['item_id']} {utterance['role']} {utterance['text']}")
    digest = hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()
    return {"count": len(said), "digest": digest[:12]}
