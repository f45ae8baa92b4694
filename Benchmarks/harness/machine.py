"""Describes the machine of a measurement."""

import os
import pathlib
import platform
import subprocess


def description():
    return [f"CPU       {_processor()}, {os.cpu_count()} cores", f"system    {_system()}", f"compiler  {compiler()}"]


def _processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return _first_line(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.processor() or platform.machine()


def _system():
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.platform()
    return f"{name}, {platform.machine()}"


def compiler():
    return _first_line(["swift", "--version"]) or "no swift"


def _first_line(command):
    try:
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    return output.splitlines()[0] if output else ""
