"""A process of the reference's kind: python-socketio with its Redis manager, and one page that nobody sits at.

Reads commands from standard input, a line each: `name json`. Says on standard output what its page is sent
(`packet ...`), what its own calls are answered (`answer ...`), and that a page is cut off (`disconnect ...`).
"""
import asyncio
import json
import sys

import socketio

manager = socketio.AsyncRedisManager(sys.argv[1])
server = socketio.AsyncServer(async_mode="asgi", client_manager=manager)
manager.set_server(server)


def say(what, value):
    print(what, value, flush=True)


async def main():
    page = await manager.connect("eio", "/")

    async def plain(_eio_sid, packet):
        say("packet", packet.data)

    async def awaited(_eio_sid, packet):
        say("packet", json.dumps(packet.data))
        await manager.trigger_callback(page, packet.id, ["yes", {"n": 1}])

    async def cut_off(sid, namespace=None, ignore_queue=False):
        say("disconnect", sid)

    server._send_eio_packet, server._send_packet, server.disconnect = plain, awaited, cut_off
    manager.initialize()
    await asyncio.sleep(0.5)  # until it listens
    say("page", page)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().strip():
        name, _, arguments = line.partition(" ")
        arguments = json.loads(arguments)
        if name == "call":
            say("answer", json.dumps(await server.call("ask", arguments["data"], to=arguments["to"], timeout=5)))
        else:
            await getattr(manager, name)(**arguments)


asyncio.run(main())
