"""Runs whole programs over a session file, and measures their time, memory and transcript."""

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
    """A program that reads a corpus and writes transcript.jsonl. Each run has its own folder."""

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
    """Waits until a child ends. Returns its status, its resource usage and its peak memory in bytes.

    On Linux, the peak that is reported at the end includes this program's memory from before the child was started.
    The peak is therefore read while the child runs.
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
    """Counts the utterances and returns a digest that ignores their order.

    The router writes the order of the conversation, and the Node script writes the order of the file.
    """
    said = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            utterance = json.loads(line)
            said.append(f"{utterance['item_id']} {utterance['role']} {utterance['text']}")
    digest = hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()
    return {"count": len(said), "digest": digest[:12]}
