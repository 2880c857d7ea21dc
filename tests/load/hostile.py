#!/usr/bin/env python3
"""What hostile requests cost the server, and everybody else; standard library only.

    hostile.py --keelson BINARY [--only NAME]

Each attack meets a fresh server with a fresh database (SQLite) and two accounts. Memory is the highest resident set while
it runs and two seconds after; the bystander reads their list of chats again and again, alone first, then beside the attack.
"""
import argparse, concurrent.futures, http.client, json, os, shutil, socket, subprocess, sys, tempfile, threading, time

from bench import OPENER, PASSWORD, Peak, Server, free_port, resident_mb, say

MB = 1024 * 1024
ZEROS = "0," * MB


def zeros(size):
    return (ZEROS * (size // len(ZEROS) + 1))[:size // 2 * 2] + "0"


class Scene:
    """A server, an attacker and a bystander."""

    def __init__(self, server):
        self.server = server
        sign_up = {"name": "Ada", "email": "ada@example.test", "password": PASSWORD}
        self.admin = server.call("POST", "/api/v1/auths/signup", sign_up)["token"]
        self.attacker, self.bystander = (self.account(name) for name in ("mal", "eve"))
        for token in (self.attacker, self.bystander):
            server.call("POST", "/api/v1/chats/new", {"chat": {"title": "A chat"}}, token)

    def account(self, name):
        form = {"name": name, "email": f"{name}@example.test", "password": PASSWORD, "role": "user"}
        return self.server.call("POST", "/api/v1/auths/add", form, self.admin)["token"]

    def send(self, method, path, body=None, token=None, read=True):
        """One request on a connection of its own; answers the status, or 0 when the server closed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if not read:
                return connection
            answer.read()
            return answer.status
        except OSError:
            return 0
        finally:
            if read:
                connection.close()

    def at_once(self, count, work):
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return sorted(set(pool.map(lambda nth: work(nth), range(count))))


def sign_in_zeros(scene):
    body = '{"email":[' + zeros(20 * MB) + "]}"
    return scene.at_once(4, lambda _: scene.send("POST", "/api/v1/auths/signin", body))


def import_zeros(scene):
    body = '{"chats":[' + zeros(3 * MB) + "]}"
    return scene.at_once(4, lambda _: scene.send("POST", "/api/v1/chats/import", body, scene.attacker))


def long_name(scene):
    body = json.dumps({"name": "x" * 20 * MB, "profile_image_url": "/user.png"})
    return scene.at_once(2, lambda _: scene.send("POST", "/api/v1/auths/update/profile", body, scene.attacker))


def dense_settings(scene):
    body = '{"ui":{"x":[' + zeros(5 * MB) + "]}}"
    return scene.at_once(4, lambda _: scene.send("POST", "/api/v1/users/user/settings/update", body, scene.attacker))


def big_settings(scene):
    body = json.dumps({"ui": {f"field {nth}": "a text of some length" for nth in range(100_000)}})
    return scene.at_once(4, lambda _: scene.send("POST", "/api/v1/users/user/settings/update", body, scene.attacker))


def sign_in_flood(scene):
    def sign_in(nth):
        return scene.send("POST", "/api/v1/auths/signin", json.dumps({"email": f"a{nth}@example.test", "password": "x"}))
    return scene.at_once(200, sign_in)


def slow_search(scene):
    for _ in range(3):
        message = {"id": "a", "role": "user", "content": "a" * 8 * MB}
        chat = {"chat": {"title": "a", "history": {"messages": {"a": message}}}}
        scene.send("POST", "/api/v1/chats/new", json.dumps(chat), scene.attacker)
    path = "/api/v1/chats/search?text=" + "a" * 480 + "b"
    return scene.at_once(24, lambda _: scene.send("GET", path, None, scene.attacker))


def unread_chats(scene):
    chat = {"chat": {"title": "a", "x": "x" * 20 * MB}}
    made = scene.server.call("POST", "/api/v1/chats/new", chat, scene.attacker)
    path = f"/api/v1/chats/{made['id']}"
    open_ones = [scene.send("GET", path, None, scene.attacker, read=False) for _ in range(40)]
    time.sleep(3)
    for connection in open_ones:
        if connection:
            connection.close()
    return [len(open_ones)]


ATTACKS = {
    "sign-in with 20 MB of zeros, 4 at once": sign_in_zeros,
    "import of 3 MB of zeros, 4 at once": import_zeros,
    "a name of 20 MB, 2 at once": long_name,
    "settings of 5 MB of zeros, 4 at once": dense_settings,
    "settings of 4 MB in 100,000 fields, 4 at once": big_settings,
    "200 sign-ins at once": sign_in_flood,
    "24 searches for a long text in 24 MB": slow_search,
    "40 requests for a chat of 20 MB that nobody reads": unread_chats,
}


def bystander(scene, seconds, over):
    """The 99th percentile of a list's time in milliseconds, until `over` is set or for so long."""
    times, until = [], time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", scene.server.port, timeout=120)
    while time.monotonic() < until or (over and not over.is_set()):
        begun = time.monotonic()
        connection.request("GET", "/api/v1/chats/?page=1", None, {"authorization": f"Bearer {scene.bystander}"})
        answer = connection.getresponse()
        answer.read()
        times.append((time.monotonic() - begun) * 1000 if answer.status == 200 else 120_000)
        time.sleep(0.005)
    connection.close()
    return sorted(times)[int(len(times) * 0.99)]


def measure(binary, name, attack):
    folder = tempfile.mkdtemp(prefix="keelson-hostile-")
    env = {"DATA_DIR": folder, "WEBUI_SECRET_KEY": "hostile-secret", "ENABLE_OLLAMA_API": "False", "NO_PROXY": "127.0.0.1"}
    server = Server("keelson", f"{binary} serve", env, "/ready", folder)
    try:
        server.start()
        scene = Scene(server)
        before = bystander(scene, 2, None)
        idle = resident_mb(server.pid)
        over = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(1) as pool, Peak(server.pid) as peak:
            beside = pool.submit(bystander, scene, 1, over)
            statuses = attack(scene)
            over.set()
            during = beside.result()
            time.sleep(2)
        print(f"| {name} | {', '.join(map(str, statuses))} | {idle:.0f} MB | {max(peak.highest, idle):.0f} MB "
              f"| {before:.1f} ms | {during:.1f} ms |", flush=True)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keelson", required=True)
    parser.add_argument("--only", default="", help="a part of an attack's name")
    args = parser.parse_args()
    print("| attack | answers | memory before | memory at most | bystander's p99 before | beside it |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for name, attack in ATTACKS.items():
        if args.only in name:
            measure(args.keelson, name, attack)


if __name__ == "__main__":
    main()
