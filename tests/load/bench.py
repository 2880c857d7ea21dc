#!/usr/bin/env python3
"""Measures Keelson beside the reference and nginx, in one run on this machine; standard library only.

    bench.py --keelson BINARY --load BINARY [--reference COMMAND] [--nginx BINARY] [--write FILE] [--quick]

Every server gets a fresh data folder, the loopback, and the same provider (`keelson-load upstream`). CPU is user plus
system time of the server's processes, from /proc; memory is their resident sets, summed. wrk measures requests a
second, one warm-up run before. The streams start one after another over RAMP seconds.
"""
import argparse, datetime, json, os, platform, re, shutil, signal, socket, subprocess, sys, tempfile, threading, time
import urllib.request, uuid

STREAMS, TOKENS, RATE, RAMP = 100, 300, 50, 2.0
ROUTES = ["/api/config", "/api/v1/auths/", "/api/v1/chats/?page=1", "/api/models"]
PASSWORD = "a-lighthouse-at-night"
TICKS = os.sysconf("SC_CLK_TCK")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# ------------------------------------------------------------------ processes
def family(pid):
    """A process and all that it started."""
    pids, todo = [], [pid]
    while todo:
        one = todo.pop()
        pids.append(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children") as children:
                    todo += [int(child) for child in children.read().split()]
        except OSError:
            pass
    return pids


def cpu_seconds(pid):
    total = 0
    for one in family(pid):
        try:
            with open(f"/proc/{one}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / TICKS


def resident_mb(pid):
    total = 0
    for one in family(pid):
        try:
            with open(f"/proc/{one}/status") as status:
                found = re.search(r"VmRSS:\s+(\d+) kB", status.read())
            total += int(found.group(1)) if found else 0
        except OSError:
            pass
    return total / 1024


class Peak(threading.Thread):
    """The highest resident memory while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.highest, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.25):
            self.highest = max(self.highest, resident_mb(self.pid))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


class Server:
    def __init__(self, name, command, env, ready, scratch):
        self.name, self.command, self.ready = name, command, ready
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = open(os.path.join(scratch, f"{name}.log"), "ab")
        self.env = {**os.environ, "HOST": "127.0.0.1", "PORT": str(self.port), **env}
        self.process = None

    def start(self):
        """Seconds from the start of the process until it says it is ready."""
        begun = time.monotonic()
        self.process = subprocess.Popen(["/bin/sh", "-c", f"exec {self.command}"], env=self.env, stdout=self.log,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        while True:
            try:
                with OPENER.open(self.base + self.ready, timeout=2) as answer:
                    if answer.status == 200:
                        return time.monotonic() - begun
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() - begun > 180:
                raise SystemExit(f"{self.name} does not start: see {self.log.name}")
            time.sleep(0.002)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    def call(self, method, path, body=None, token=None):
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with OPENER.open(request, timeout=60) as answer:
            return json.loads(answer.read())


# ------------------------------------------------------------------ measures
def people(server, admin, count):
    """So many accounts, each with a chat whose answer is yet to come."""
    made = []
    for nth in range(count):
        who = server.call("POST", "/api/v1/auths/add", {"name": f"Hand {nth}", "email": f"hand{nth}@example.test",
                                                        "password": PASSWORD, "role": "admin"}, admin)
        made.append(ask_in_new_chat(server, who["token"]))
    return made


def ask_in_new_chat(server, token):
    parent, message = str(uuid.uuid4()), str(uuid.uuid4())
    question = {"id": parent, "parentId": None, "childrenIds": [message], "role": "user", "content": "Go on.",
                "models": ["load"], "timestamp": int(time.time())}
    answer = {"id": message, "parentId": parent, "childrenIds": [], "role": "assistant", "content": "",
              "model": "load", "timestamp": int(time.time())}
    chat = {"title": "Load", "models": ["load"], "messages": [question, answer],
            "history": {"messages": {parent: question, message: answer}, "currentId": message}}
    stored = server.call("POST", "/api/v1/chats/new", {"chat": chat}, token)
    return {"token": token, "chat": stored["id"], "message": message, "parent": parent}


def wrk(server, path, token, seconds):
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "-H", f"Authorization: Bearer {token}", server.base + path]
    subprocess.run(command[:3] + ["-d2s"] + command[4:], stdout=subprocess.DEVNULL, check=True)
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    if "Non-2xx" in text:
        raise SystemExit(f"{server.name} {path}: {text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


def streams(server, load, mode, arguments, given=None):
    before = cpu_seconds(server.pid)
    with Peak(server.pid) as peak:
        run = subprocess.run([load, mode, *map(str, arguments)], input=given, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        raise SystemExit(f"{server.name} {mode}: the load client failed")
    result = json.loads(run.stdout)
    result["cpu"] = cpu_seconds(server.pid) - before
    result["rss"] = peak.highest
    result["cpu_us"] = result["cpu"] / max(1, result["tokens"]) * 1e6
    print(f"  {mode}: {json.dumps(result)}", file=sys.stderr)
    return result


def measure(server, load, quick):
    out = {}
    say(f"{server.name}: first start")
    server.start()
    admin = server.call("POST", "/api/v1/auths/signup", {"name": "Ada", "email": "ada@example.test", "password": PASSWORD})["token"]
    for _ in range(3):
        ask_in_new_chat(server, admin)
    server.stop()
    say(f"{server.name}: start to ready with a database")
    starts = []
    for _ in range(1 if quick or "reference" in server.name else 5):
        starts.append(server.start())
        server.stop()
    out["start"] = sorted(starts)[len(starts) // 2]
    server.start()
    time.sleep(5)
    out["idle"] = resident_mb(server.pid)
    admin = server.call("POST", "/api/v1/auths/signin", {"email": "ada@example.test", "password": PASSWORD})["token"]
    server.call("GET", "/api/models", token=admin)
    out["routes"] = {}
    for path in ROUTES:
        out["routes"][path] = wrk(server, path, admin, 3 if quick else 8)
        say(f"{server.name}: {path} {out['routes'][path]:.0f}/s")
    tokens = 60 if quick else TOKENS
    streams(server, load, "direct", [server.port, 4, 20, RATE, 0.1, admin])
    out["direct"] = streams(server, load, "direct", [server.port, STREAMS, tokens, RATE, RAMP, admin])
    say(f"{server.name}: {STREAMS} accounts for socket mode")
    crew = people(server, admin, STREAMS)
    out["socket"] = streams(server, load, "socket", [server.port, tokens, RATE, RAMP], json.dumps(crew))
    server.stop()
    return out


def nginx(binary, load, upstream, scratch, quick):
    """The same streams through a plain reverse proxy: what any relay costs."""
    port = free_port()
    conf = os.path.join(scratch, "nginx.conf")
    with open(conf, "w") as file:
        temp = "".join(f"{kind}_temp_path {scratch}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        file.write(f"""daemon off; worker_processes 1; pid {scratch}/nginx.pid; error_log {scratch}/nginx.log;
events {{ worker_connections 8192; }}
http {{ {temp} access_log off; upstream provider {{ server 127.0.0.1:{upstream}; keepalive 128; }}
  server {{ listen 127.0.0.1:{port}; location = /health {{ return 200; }}
    location / {{ proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }} }} }}
""")
    server = Server("nginx", f"{binary} -c {conf} -p {scratch}", {}, "/health", scratch)
    server.port, server.base = port, f"http://127.0.0.1:{port}"
    server.start()
    streams(server, load, "direct", [port, 4, 20, RATE, 0.1, "none"])
    out = {"direct": streams(server, load, "direct", [port, STREAMS, 60 if quick else TOKENS, RATE, RAMP, "none"])}
    server.stop()
    return out


# ------------------------------------------------------------------ the table
def say(text):
    print(text, file=sys.stderr, flush=True)


def table(keelson, reference, proxy):
    rows = [("what", "Keelson", "reference", "nginx", "budget (DESIGN 5)", "held")]

    def row(what, of, show, budget="", held=None):
        cells = []
        for result in (keelson, reference, proxy):
            try:
                cells.append(show(of(result)))
            except (KeyError, TypeError):
                cells.append("")
        mark = "" if held is None else ("yes" if held else "**no**")
        rows.append((what, *cells, budget, mark))

    row("start to ready, database exists", lambda r: r["start"], lambda s: f"{s * 1000:.0f} ms", "≤ 150 ms", keelson["start"] <= 0.150)
    row("idle memory", lambda r: r["idle"], lambda m: f"{m:.0f} MB", "≤ 40 MB", keelson["idle"] <= 40)
    for path in ROUTES:
        times = keelson["routes"][path] / reference["routes"][path] if reference else None
        row(f"`{path}`, requests a second", lambda r: r["routes"][path], lambda n: f"{n:,.0f}", "≥ 100x the reference",
            times and times >= 100)
    for mode in ("direct", "socket"):
        def get(key):
            return lambda r: r[mode][key]
        title = f"{STREAMS} streams, {mode}: "
        k = keelson[mode]
        row(title + "failed", get("failed"), str, "0", k["failed"] == 0)
        row(title + "CPU", get("cpu"), lambda s: f"{s:.2f} s")
        if mode == "direct":
            times = k["cpu_us"] / proxy[mode]["cpu_us"] if proxy else None
            row(title + "CPU a token", get("cpu_us"), lambda u: f"{u:.1f} µs", "≤ 1.5x nginx's", times and times <= 1.5)
            row(title + "first token, p50", get("p50_ms"), lambda m: f"{m:.2f} ms")
            over = k["p99_ms"] - proxy[mode]["p99_ms"] if proxy else None
            row(title + "first token, p99", get("p99_ms"), lambda m: f"{m:.2f} ms", "≤ nginx's + 2 ms", over is not None and over <= 2)
        else:
            times = reference[mode]["cpu_us"] / k["cpu_us"] if reference else None
            row(title + "CPU a token", get("cpu_us"), lambda u: f"{u:.1f} µs", "≤ 1/30 of the reference", times and times >= 30)
            row(title + "first token, p50", get("p50_ms"), lambda m: f"{m:.2f} ms")
            row(title + "first token, p99", get("p99_ms"), lambda m: f"{m:.2f} ms")
        row(title + "memory at most", get("rss"), lambda m: f"{m:.0f} MB", "≤ 60 MB", k["rss"] <= 60)
        row(title + "bytes received", get("bytes"), lambda b: f"{b / 1e6:.1f} MB")
    lines = ["| " + " | ".join(cells) + " |" for cells in rows]
    lines.insert(1, "| --- | ---: | ---: | ---: | --- | --- |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keelson", required=True)
    parser.add_argument("--load", required=True)
    parser.add_argument("--reference", help="a command that serves the reference; reads HOST, PORT, DATA_DIR")
    parser.add_argument("--nginx")
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="a fifth of the load: for trying the script, not for figures")
    args = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="keelson-bench-")
    say(f"logs and data: {scratch}")
    upstream = free_port()
    provider = subprocess.Popen([args.load, "upstream", str(upstream)], stdin=subprocess.DEVNULL)

    def env(name):
        return {"DATA_DIR": os.path.join(scratch, name), "WEBUI_SECRET_KEY": "bench-secret", "OFFLINE_MODE": "True",
                "HF_HUB_OFFLINE": "1", "ENABLE_OLLAMA_API": "False", "RAG_EMBEDDING_ENGINE": "openai",
                "OPENAI_API_BASE_URLS": f"http://127.0.0.1:{upstream}/v1", "OPENAI_API_KEYS": "sk-load",
                "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    try:
        for name in ("keelson", "reference"):
            os.makedirs(os.path.join(scratch, name))
        proxy = nginx(args.nginx, args.load, upstream, scratch, args.quick) if args.nginx else None
        keelson = measure(Server("keelson", f"{args.keelson} serve", env("keelson"), "/ready", scratch), args.load, args.quick)
        reference = None
        if args.reference:
            reference = measure(Server("reference", args.reference, env("reference"), "/health", scratch), args.load, args.quick)
    finally:
        provider.terminate()
    text = table(keelson, reference, proxy)
    print(text)
    if args.write:
        with open("/proc/cpuinfo") as info:
            model = re.search(r"model name\s*: (.*)", info.read())
        with open(args.write, "w") as file:
            file.write(f"""# Figures

One run of `make bench` on {datetime.date.today()}: {os.cpu_count()} cores ({model.group(1) if model else platform.machine()}), everything on
this machine: servers, provider and clients share its cores. {STREAMS} streams of {TOKENS} tokens at {RATE} a second, started over {RAMP:g} s; wrk
with one thread and 32 connections, {8} s warm; the reference is Open WebUI 0.6.43 with one worker, both on SQLite.
First token: from sending the request to the first token's arrival, the provider's own answer being immediate.

{text}
""")
        say(f"written: {args.write}")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
