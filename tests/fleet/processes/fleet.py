#!/usr/bin/env python3
"""Several instances as real processes on the loopback, used over HTTP and Socket.IO.

    fleet.py --keelson BIN --load BIN [SCENARIO…]     scenarios: see scenarios.py

Prints each result on a line, and at the end "N passed, N failed".
"""
import argparse, asyncio, sys, time, traceback

import aiohttp

from scenarios import SCENARIOS
from users import CONNECTED
from servers import Deployment, MODES


async def run_scenario(name, args):
    """Runs one scenario in its own deployment; returns how many of its results passed and failed."""
    passed = failed = 0
    deployment = Deployment(args)
    started = time.monotonic()
    print(f"== {name}" + (f" ({args.redis})" if name == "redis-faults" else ""), flush=True)
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False) as http:
            async for what, value, is_ok in SCENARIOS[name](deployment, http, args):
                passed, failed = passed + bool(is_ok), failed + (not is_ok)
                print(f"   {'ok ' if is_ok else 'NOT'} {what}: {value}", flush=True)
    except Exception:
        failed += 1
        args.keep = True
        traceback.print_exc(file=sys.stdout)
        print(f"   NOT the scenario aborted; logs: {deployment.scratch}", flush=True)
    finally:
        await asyncio.gather(*(user.disconnect() for user in CONNECTED), return_exceptions=True)
        CONNECTED.clear()
        deployment.close()
    print(f"   {time.monotonic() - started:.0f} s", flush=True)
    return passed, failed


async def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keelson", required=True, help="the binary")
    parser.add_argument("--load", required=True, help="keelson-load, whose provider answers")
    parser.add_argument("--reference", help="the reference's program, for the mixed scenario")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--modes", default=",".join(MODES), help="Redis modes of redis-faults")
    parser.add_argument("--keep", action="store_true", help="keep data and logs")
    parser.add_argument("scenarios", nargs="*", help=", ".join(SCENARIOS))
    args = parser.parse_args()
    passed = failed = 0
    for name in args.scenarios or SCENARIOS:
        for args.redis in args.modes.split(",") if name == "redis-faults" else ["standalone"]:
            results = await run_scenario(name, args)
            passed, failed = passed + results[0], failed + results[1]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
