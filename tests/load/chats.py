"""Times the actions of one user on a big chat and on many chats, over HTTP, on SQLite and PostgreSQL.

    python3 tests/load/chats.py --keelson target/release/keelson [--megabytes 36] [--chats 100000] [--postgres]

The rows are written by SQL before the server is asked; each action is timed `--rounds` times, p50 and the longest are
printed in milliseconds. With --postgres a server is started and stopped that needs Debian's package `postgresql`.
"""
import argparse, glob, json, os, pathlib, shutil, signal, socket, sqlite3, statistics, subprocess, sys, tempfile, time
import urllib.error, urllib.request


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A keelson over a data folder, and one signed-in user."""

    def __init__(self, binary, data, url=None):
        self.port = free_port()
        env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DATA_DIR": str(data), "PORT": str(self.port),
               "HOST": "127.0.0.1", "ENABLE_OLLAMA_API": "False", "OPENAI_API_BASE_URLS": "", "WEBUI_SECRET_KEY": "k" * 32}
        if url:
            env["DATABASE_URL"] = url
        self.process = subprocess.Popen([binary, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.token = None
        for _ in range(600):
            try:
                self.ask("GET", "/health")
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the server does not answer")

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        request.add_header("content-type", "application/json")
        if self.token:
            request.add_header("authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read() or b"null")

    def sign_up(self):
        account = self.ask("POST", "/api/v1/auths/signup", {"name": "Ada", "email": "ada@example.test", "password": "a-password-1"})
        self.token = account["token"]
        return account["id"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.path = folder / "webui.db"
        self.url = None

    def fill(self, rows):
        with sqlite3.connect(self.path, timeout=60) as connection:
            connection.executemany(
                "INSERT INTO chat (id, user_id, title, archived, created_at, updated_at, chat, pinned, meta) "
                "VALUES (?, ?, ?, 0, ?, ?, ?, ?, '{}')", rows)

    def stop(self):
        pass


class Postgres:
    name = "PostgreSQL"

    def __init__(self, folder):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not programs:
            sys.exit("PostgreSQL is needed: apt-get install postgresql")
        self.programs, self.data, self.port = programs[-1], folder / "postgres", free_port()
        self.data.mkdir()
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            os.chmod(folder, 0o755)
            shutil.chown(self.data, self.user)
        self.run("initdb", "--auth=trust", "--username=postgres", "-D", str(self.data))
        self.server = subprocess.Popen(
            self.command("postgres", "-D", str(self.data), "-p", str(self.port), "-k", str(self.data), "-c", "max_wal_size=4GB"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.data, start_new_session=True)
        for _ in range(200):
            if subprocess.run(self.command("pg_isready", "-h", "127.0.0.1", "-p", str(self.port)), stdout=subprocess.DEVNULL).returncode == 0:
                break
            time.sleep(0.05)
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def command(self, program, *arguments):
        as_user = ["runuser", "-u", self.user, "--"] if self.user else []
        return [*as_user, f"{self.programs}/{program}", *arguments]

    def run(self, program, *arguments, text=None):
        subprocess.run(self.command(program, *arguments), check=True, input=text, text=True, stdout=subprocess.DEVNULL, cwd="/")

    def fill(self, rows):
        def lines():
            for id, user, title, created, updated, chat, pinned in rows:
                chat = chat.replace("\\", "\\\\")
                yield f"{id}\t{user}\t{title}\tf\t{created}\t{updated}\t{chat}\t{'t' if pinned else 'f'}\t{{}}\n"
        self.run("psql", "-q", self.url, "-c", "COPY chat (id, user_id, title, archived, created_at, updated_at, chat, pinned, meta) FROM STDIN",
                 text="".join(lines()))
        self.run("psql", "-q", self.url, "-c", "VACUUM ANALYZE chat")

    def stop(self):
        os.killpg(self.server.pid, signal.SIGINT)
        self.server.wait()


def small_chat(place):
    message = {"id": "m", "role": "user", "content": f"question {place} about harbours and tides"}
    return json.dumps({"title": f"chat {place}", "history": {"currentId": "m", "messages": {"m": message}}})


def big_chat(megabytes):
    size, count = 64 * 1024, megabytes * 16
    messages = {f"m{n}": {"id": f"m{n}", "role": "user" if n % 2 else "assistant", "content": f"{n} " + "lorem ipsum " * (size // 12)}
                for n in range(count)}
    return json.dumps({"title": "big", "history": {"currentId": f"m{count - 1}", "messages": messages}})


def measure(server, rounds):
    """Yields what is done, and the milliseconds of each round."""
    big = "/api/v1/chats/big"
    toggled = lambda path: lambda n: server.ask("POST", path)
    actions = [
        ("page 1", lambda n: server.ask("GET", "/api/v1/chats/?page=1")),
        ("page 1,000", lambda n: server.ask("GET", "/api/v1/chats/?page=1000")),
        ("pinned chats", lambda n: server.ask("GET", "/api/v1/chats/pinned")),
        ("search, a rare word", lambda n: server.ask("GET", f"/api/v1/chats/search?text=chat%209{n:04}")),
        ("big chat: is it pinned", lambda n: server.ask("GET", f"{big}/pinned")),
        ("big chat: pin", toggled(f"{big}/pin")),
        ("big chat: archive", toggled(f"{big}/archive")),
        ("big chat: tag", lambda n: server.ask("POST", f"{big}/tags", {"name": f"tag {n}"})),
        ("big chat: event", lambda n: server.ask("POST", f"{big}/messages/m1/event", {"type": "status", "data": {"description": str(n)}})),
        ("big chat: edit a message", lambda n: server.ask("POST", f"{big}/messages/m1", {"content": f"edit {n}"})),
        ("big chat: open", lambda n: server.ask("GET", big)),
    ]
    for name, action in actions:
        took = []
        for n in range(rounds):
            began = time.perf_counter()
            try:
                action(n)
            except urllib.error.HTTPError as error:
                sys.exit(f"{name}: {error.code} {error.read()[:300]}")
            took.append((time.perf_counter() - began) * 1000)
        yield name, took
    yield "page 1 while an answer runs in the big chat", list(during_an_answer(server))


def during_an_answer(server):
    """How long the list takes while an answer is written into the big chat."""
    question = {"model": "keelson-demo", "stream": True, "messages": [{"role": "user", "content": "Tell me about tides."}],
                "session_id": "s", "chat_id": "big", "id": "answer"}
    server.ask("POST", "/api/chat/completions", question)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        began = time.perf_counter()
        server.ask("GET", "/api/v1/chats/?page=1")
        yield (time.perf_counter() - began) * 1000
        time.sleep(0.02)


def run(database, binary, folder, options):
    server = Server(binary, folder, database.url)
    user = server.sign_up()
    database.fill([(f"c{n}", user, f"chat {n}", n, n, small_chat(n), n % 5000 == 0) for n in range(options.chats)])
    database.fill([("big", user, "big", 1, 1, big_chat(options.megabytes), False)])
    server.stop()
    server = Server(binary, folder, database.url)
    server.token = server.ask("POST", "/api/v1/auths/signin", {"email": "ada@example.test", "password": "a-password-1"})["token"]
    try:
        return {name: (statistics.median(took), max(took)) for name, took in measure(server, options.rounds)}
    finally:
        server.stop()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--keelson", required=True)
    arguments.add_argument("--megabytes", type=int, default=36)
    arguments.add_argument("--chats", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=10)
    arguments.add_argument("--postgres", action="store_true")
    options = arguments.parse_args()
    print(f"{options.chats:,} chats, one of {options.megabytes} MB; p50 (longest) of {options.rounds} in ms")
    for kind in [Sqlite] + ([Postgres] if options.postgres else []):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            database = kind(folder)
            try:
                figures = run(database, options.keelson, folder, options)
            finally:
                database.stop()
        print(f"\n| {database.name} | p50 | longest |\n| --- | ---: | ---: |")
        for name, (median, longest) in figures.items():
            print(f"| {name} | {median:,.1f} | {longest:,.1f} |")


if __name__ == "__main__":
    main()
