"""Builds the measured programs: ours, and those for comparison that are installed."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
PEERS = HERE / "Peers"
CACHE = HERE / ".build" / "benchmarks"


class BuildFailure(Exception):
    """One of our own programs does not build."""


class Programs:
    """Command lines by program name. For missing programs, the commands that install them."""

    def __init__(self):
        self.commands = {}
        self.missing = {}

    def command(self, name, *arguments):
        """Returns the command line of a program; None if it is missing."""
        return [*self.commands[name], *map(str, arguments)] if name in self.commands else None


def build(needs_router):
    programs = Programs()
    _say("building release programs")
    programs.commands["benchmark"] = [str(build_own("EventBenchmark"))]
    programs.commands["allocations"] = [str(build_own("AllocationCount"))]
    if needs_router:
        subprocess.run([ROOT / "scripts" / "setup"], check=True)
        programs.commands["router"] = [str(_swift_build(ROOT, "realtime-router") / "realtime-router")]
    CACHE.mkdir(parents=True, exist_ok=True)
    _add_simdjson(programs)
    _add_node(programs)
    _add_orjson(programs)
    return programs


def build_own(product, is_portable=False):
    """Builds a program of this package and returns its path. A portable build has no vector instructions."""
    return _swift_build(HERE, product, is_portable) / product


def _swift_build(package, product, is_portable=False):
    """Builds a product of a package and returns the folder of the product."""
    base = ["swift", "build", "-c", "release", "--package-path", str(package)]
    if is_portable:
        base += ["--scratch-path", str(package / ".build-portable")]
        os.environ["REALTIME_ROUTER_PORTABLE"] = "1"
    result = subprocess.run([*base, "--product", product], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise BuildFailure(f"{product} does not build\n{result.stdout}")
    path = subprocess.run([*base, "--show-bin-path"], check=True, capture_output=True, text=True).stdout
    return pathlib.Path(path.strip())


def _add_simdjson(programs):
    """Compiles the peer for this machine, because simdjson's on-demand parser selects its instructions at compile time."""
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    program = CACHE / "simdjson"
    if compiler:
        source = PEERS / "simdjson.cpp"
        flags = ["-O3", "-DNDEBUG", "-march=native", "-std=c++17"]
        result = subprocess.run([compiler, *flags, source, "-o", program, "-lsimdjson"], capture_output=True)
        if result.returncode == 0:
            programs.commands["simdjson"] = [str(program)]
            return
    programs.missing["simdjson"] = "apt-get install g++ libsimdjson-dev"


def _add_node(programs):
    node = shutil.which("node") or shutil.which("nodejs")
    if not node:
        programs.missing["node"] = "apt-get install nodejs"
        return
    programs.commands["node"] = [node, str(PEERS / "decode.mjs")]
    programs.commands["node transcribe"] = [node, str(PEERS / "transcribe.mjs")]


def _add_orjson(programs):
    if importlib.util.find_spec("orjson"):
        programs.commands["orjson"] = [sys.executable, str(PEERS / "decode.py")]
    else:
        programs.missing["orjson"] = f"{sys.executable} -m pip install orjson"


def scratch_folder():
    return tempfile.TemporaryDirectory(prefix="realtime-router-benchmark-")


def _say(text):
    print(f"{text} …", file=sys.stderr, flush=True)
