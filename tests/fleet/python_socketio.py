"""A process as the reference runs it: python-socketio with its Redis manager, and one connected socket.

Reads commands from standard input, a line each: `name json`. Writes to standard output what the socket is sent
(`packet ...`), the replies to its own calls (`answer ...`), and that a socket is disconnected (`disconnect ...`).
"""
import asyncio
import json
import sys

import socketio

manager = socketio.AsyncRedisManager(sys.argv[1])
server = socketio.AsyncServer(async_mode="asgi", client_manager=manager)
manager.set_server(server)


def report(what, value):
    print(what, value, flush=True)


async def main():
    socket = await manager.connect("eio", "/")

    async def send_packet(_eio_sid, packet):
        report("packet", packet.data)

    async def send_packet_with_ack(_eio_sid, packet):
        report("packet", json.dumps(packet.data))
        await manager.trigger_callback(socket, packet.id, ["yes", {"n": 1}])

    async def disconnect(sid, namespace=None, ignore_queue=False):
        report("disconnect", sid)

    server._send_eio_packet, server._send_packet, server.disconnect = (
        send_packet, send_packet_with_ack, disconnect)
    manager.initialize()
    await asyncio.sleep(0.5)  # until it is subscribed
    report("socket", socket)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().strip():
        name, _, arguments = line.partition(" ")
        arguments = json.loads(arguments)
        if name == "call":
            report("answer", json.dumps(await server.call("ask", arguments["data"], to=arguments["to"], timeout=5)))
        else:
            await getattr(manager, name)(**arguments)


asyncio.run(main())
