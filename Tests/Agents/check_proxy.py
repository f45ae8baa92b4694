#!/usr/bin/env python3
"""Runs the proxy between clients and servers of others: what passes, what is refused, and what never may.

usage: check_proxy.py ROUTER [CASE…]      for example: check_proxy.py .build/debug/realtime-router

Needs PyPI's `openai`, `openai-agents` and `websockets`, and the program openssl. With Node's `ws` (Debian's node-ws) a client of it comes
over wss://; as root, a full disk is tried too. The cases are in the folder proxy_cases.
"""
import asyncio, sys, time, traceback
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True
from proxy_cases import acting, certificates, clients, ending, ensuring, failing, hostile, labels, limits, passing, refusals, tokens
from proxy_cases.peers import Fault

LONGEST = 50
MODULES = [hostile, tokens, passing, refusals, clients, certificates, acting, ensuring, ending, limits, labels]
CASES = [case for module in MODULES for case in module.CASES]
# These wait for time limits.
WAITING = [case for module in MODULES for case in getattr(module, "WAITING", [])]
# So many run at a time, beside those that wait; those that measure run alone.
WIDTH = 4

async def outcome(case, program):
    """What went wrong in a case, None if nothing did; and how long it took."""
    began = time.monotonic()
    try: fault = await asyncio.wait_for(case(program), LONGEST)
    except Fault as error: fault = str(error)
    except Exception as error: fault = "".join(traceback.format_exception(error)[-4:])
    return fault, time.monotonic() - began

async def run(case, program, gate):
    """Runs a case and prints how it ended; returns whether it went wrong."""
    async with gate: fault, seconds = await outcome(case, program)
    word = "right" if not fault else "skip " if fault.startswith("skipped: ") else "wrong"
    print(f"{word}  {case.__name__.replace('_', ' ')} ({seconds:.1f} s){f': {fault}' if fault else ''}", flush=True)
    return word == "wrong"

async def main():
    if len(sys.argv) < 2: sys.exit(__doc__)
    program, names = sys.argv[1], sys.argv[2:]
    async def run_all(cases, width):
        gate = asyncio.Semaphore(width)
        return sum(await asyncio.gather(*(run(case, program, gate) for case in cases if not names or case.__name__ in names)))
    waiting = asyncio.create_task(run_all(WAITING, len(WAITING)))
    wrong = await run_all(CASES, WIDTH) + await waiting + await run_all(failing.CASES, 1)
    sys.exit(bool(wrong))

asyncio.run(main())
