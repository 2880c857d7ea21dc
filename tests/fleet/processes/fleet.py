#!/usr/bin/env python3
"""Many instances that act as one: real processes on the loopback, driven as people drive them.

    fleet.py --keelson BIN --load BIN [JOURNEY…]     journeys: see journeys.py

Prints what was seen, a line each, and closes with "N passed, N failed".
"""
import argparse, asyncio, sys, time, traceback

import aiohttp

from journeys import ALL
from people import OPEN_PAGES
from servers import House, MODES


async def travel(name, args):
    """Runs one journey in a house of its own; how many of its lines are right and wrong."""
    right = wrong = 0
    house = House(args)
    begun = time.monotonic()
    print(f"== {name}" + (f" ({args.redis})" if name == "redis-faults" else ""), flush=True)
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False) as http:
            async for what, value, fits in ALL[name](house, http, args):
                right, wrong = right + bool(fits), wrong + (not fits)
                print(f"   {'ok ' if fits else 'NOT'} {what}: {value}", flush=True)
    except Exception:
        wrong += 1
        args.keep = True
        traceback.print_exc(file=sys.stdout)
        print(f"   NOT the journey broke off; logs: {house.scratch}", flush=True)
    finally:
        await asyncio.gather(*(person.close_page() for person in OPEN_PAGES), return_exceptions=True)
        OPEN_PAGES.clear()
        house.close()
    print(f"   {time.monotonic() - begun:.0f} s", flush=True)
    return right, wrong


async def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keelson", required=True, help="the binary")
    parser.add_argument("--load", required=True, help="keelson-load, whose provider answers")
    parser.add_argument("--reference", help="the reference's program, for the mixed fleet")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--modes", default=",".join(MODES), help="Redis modes of redis-faults")
    parser.add_argument("--keep", action="store_true", help="keep data and logs")
    parser.add_argument("journeys", nargs="*", help=", ".join(ALL))
    args = parser.parse_args()
    right = wrong = 0
    for name in args.journeys or ALL:
        for args.redis in args.modes.split(",") if name == "redis-faults" else ["standalone"]:
            more = await travel(name, args)
            right, wrong = right + more[0], wrong + more[1]
    print(f"{right} passed, {wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
