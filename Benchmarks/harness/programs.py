"""Whole programs over a session file: time, memory, and the transcript that they leave."""

import hashlib
import json
import os
import shutil
import subprocess
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
            with open(os.devnull, "r+b") as nothing:
                process = subprocess.Popen(self.command, cwd=folder, stdin=nothing, stdout=nothing, stderr=subprocess.PIPE)
                errors = process.stderr.read()
                _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise ValueError(f"{self.key} failed: {errors.decode().strip()}")
            return {
                "seconds": seconds,
                "processor": usage.ru_utime + usage.ru_stime,
                "memory": usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024),
                "found": _transcript(os.path.join(folder, "transcript.jsonl")),
            }


def _transcript(path):
    """Who said what, in whatever order: the router keeps that of the conversation, the script that of the file."""
    said = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            utterance = json.loads(line)
            said.append(f"{utterance['item_id']} {utterance['role']} {utterance['text']}")
    digest = hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()
    return {"count": len(said), "digest": digest[:12]}
