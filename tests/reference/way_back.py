#!/usr/bin/env python3
"""Shows the way back: the reference opens what Keelson made or changed, and the other way round; standard library only.

    way_back.py --keelson BINARY --reference OPEN_WEBUI [--shared FOLDER] [--only WORD] [--keep]

Each journey is one database, opened by one server after another. What the first wrote (accounts, chats, folders, tags,
groups, models, settings) is noted, and every later server must show the same, accept the passwords, and take a change
of its own. Then the answers of both servers on the same rows are compared. On SQLite and on a PostgreSQL that this
script starts itself.
"""
import argparse, contextlib, json, os, pathlib, shutil, socket, sqlite3, subprocess, sys, tempfile, time
import urllib.error, urllib.request, uuid

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PEOPLE = {name: f"{name}-password-1" for name in ("ada", "ben", "cleo")}
NOWHERE = "http://127.0.0.1:9/v1"
ENVIRONMENT = {
    "ENV": "prod", "WEBUI_SECRET_KEY": "peer-secret", "OFFLINE_MODE": "True", "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False", "SCARF_NO_ANALYTICS": "true", "DO_NOT_TRACK": "true",
    "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", "ENABLE_OLLAMA_API": "False",
    "OPENAI_API_BASE_URLS": NOWHERE, "OPENAI_API_KEYS": "sk-none", "RAG_EMBEDDING_ENGINE": "openai",
    "RAG_EMBEDDING_MODEL": "none", "RAG_OPENAI_API_BASE_URL": NOWHERE, "RAG_OPENAI_API_KEY": "none",
    "AUDIO_STT_ENGINE": "openai", "AUDIO_TTS_ENGINE": "openai", "KEELSON_DEMO_MODEL": "false",
}
# What each server is asked about the same rows, as the admin and as the others.
PATHS = [
    "/api/v1/auths/", "/api/v1/users/user/settings", "/api/v1/users/user/info", "/api/v1/users/permissions",
    "/api/v1/chats/?page=1", "/api/v1/chats/pinned", "/api/v1/chats/archived", "/api/v1/chats/all/tags",
    "/api/v1/folders/", "/api/v1/models/list", "/api/v1/models", "/api/v1/prompts/", "/api/v1/prompts/list",
    "/api/v1/tools/", "/api/v1/functions/", "/api/v1/knowledge/", "/api/v1/notes/", "/api/v1/channels/",
    "/api/v1/groups/", "/api/v1/memories/", "/api/v1/files/",
]
ADMIN_PATHS = [
    "/api/v1/users/", "/api/v1/users/all", "/api/v1/auths/admin/config", "/api/v1/configs/banners",
    "/api/v1/configs/models", "/api/v1/configs/connections", "/openai/config", "/api/v1/users/default/permissions",
]
# What differs by nature: moments, tokens and what only one of them counts.
FLEETING = {"last_active_at", "token", "expires_at", "last_used_at", "profile_image_url", "is_active", "time_ago"}


def say(text):
    print(text, flush=True)


class Wrong(Exception):
    pass


def need(truth, text):
    if not truth:
        raise Wrong(text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One of the two, on a data folder and a database."""

    def __init__(self, name, command, home, database):
        self.name, self.home = name, home
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = home / f"{name}-{time.monotonic_ns()}.log"
        data = home / "data"
        data.mkdir(exist_ok=True)
        environment = {**ENVIRONMENT, "PATH": os.environ["PATH"], "HOME": str(home), "HOST": "127.0.0.1",
                       "PORT": str(self.port), "DATA_DIR": str(data), "STATIC_DIR": str(home / "static")}
        if database:
            environment["DATABASE_URL"] = database
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([*command, "serve", *(["--host", "127.0.0.1", "--port", str(self.port)]
                                                                  if name == "reference" else [])],
                                            env=environment, cwd=home, stdout=log, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL)

    def __enter__(self):
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            need(self.process.poll() is None, f"{self.name} ended with {self.process.poll()}:\n{self.tail()}")
            with contextlib.suppress(OSError):
                with OPENER.open(self.base + "/health", timeout=5) as answer:
                    if answer.status == 200 and json.load(answer)["status"] is True:
                        return self
            time.sleep(0.1)
        self.__exit__()
        raise Wrong(f"{self.name} is not healthy after 600 s:\n{self.tail()}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])

    def complaints(self):
        """What the log says of the database: the reference goes on after a failed migration, and only logs it."""
        words = ("Error running migrations", "Failed to initialize the database", "ProgrammingError", "IntegrityError",
                 "OperationalError", "DataError", "ValidationError", "Can't locate revision", " ERROR ")
        lines = self.log.read_text(errors="replace").splitlines()
        # Nobody listens at NOWHERE, and models are not there: that is not the database's fault.
        known = ("Connection error", "127.0.0.1:9", "Cannot connect to host")
        return [line for line in lines if any(word in line for word in words) and not any(k in line for k in known)]

    def ask(self, method, path, token=None, body=None):
        headers = {"accept": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            headers["content-type"], data = "application/json", json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with OPENER.open(request, timeout=60) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        with contextlib.suppress(ValueError):
            text = json.loads(text)
        return status, text

    def call(self, method, path, token=None, body=None):
        status, answer = self.ask(method, path, token, body)
        need(status == 200, f"{self.name}: {method} {path}: {status} {str(answer)[:600]}")
        return answer

    def sign_in(self, name):
        body = {"email": f"{name}@example.test", "password": PEOPLE[name]}
        return self.call("POST", "/api/v1/auths/signin", body=body)["token"]


# ------------------------------------------------------------------ what is written
def conversation(title):
    question, answer = str(uuid.uuid4()), str(uuid.uuid4())
    now = int(time.time())
    messages = {
        question: {"id": question, "parentId": None, "childrenIds": [answer], "role": "user", "models": ["none"],
                   "content": f"{title}: \u00fcber 5 \u20ac, \U0001f680, \"quoted\" \\ and\nlines", "timestamp": now},
        answer: {"id": answer, "parentId": question, "childrenIds": [], "role": "assistant", "model": "none",
                 "content": "An answer.", "done": True, "timestamp": now, "usage": {"total_tokens": 7, "rate": 1.5}},
    }
    return {"title": title, "models": ["none"], "params": {}, "files": [], "tags": [], "timestamp": now * 1000,
            "history": {"messages": messages, "currentId": answer}, "messages": list(messages.values())}


def new_chat(server, ledger, token, owner, title):
    # Lists are in the order of whole seconds: two rows of one second have none.
    time.sleep(1.1)
    made = server.call("POST", "/api/v1/chats/new", token, {"chat": conversation(title)})
    ledger["chats"][made["id"]] = owner
    return made["id"]


def accounts(server):
    """The three people on an empty database; the admin's token."""
    body = {"name": "Ada", "email": "ada@example.test", "password": PEOPLE["ada"]}
    admin = server.call("POST", "/api/v1/auths/signup", body=body)["token"]
    for name in ("ben", "cleo"):
        time.sleep(1.1)
        server.call("POST", "/api/v1/auths/add", admin, {"name": name.title(), "email": f"{name}@example.test",
                                                         "password": PEOPLE[name], "role": "user"})
    return admin


def fill(server, ledger):
    """Something of everything, on whatever is there; repeated on every server, under names of its own."""
    mark = f"{server.name} {uuid.uuid4().hex[:6]}"
    admin, ben = server.sign_in("ada"), server.sign_in("ben")
    config = server.call("GET", "/api/v1/auths/admin/config", admin)
    config.update(ENABLE_API_KEYS=True, DEFAULT_USER_ROLE="user", JWT_EXPIRES_IN="3w", ENABLE_CHANNELS=True,
                  RESPONSE_WATERMARK=f"written by {mark}")
    server.call("POST", "/api/v1/auths/admin/config", admin, config)
    banner = {"id": mark, "type": "info", "title": "", "content": f"{mark} was here", "dismissible": True,
              "timestamp": int(time.time())}
    server.call("POST", "/api/v1/configs/banners", admin, {"banners": [banner]})
    server.call("POST", "/api/v1/users/user/settings/update", ben, {"ui": {"theme": "dark", "mark": mark}})
    plain = new_chat(server, ledger, ben, "ben", f"Plain, by {mark}")
    server.call("POST", f"/api/v1/chats/{plain}", ben, {"chat": {"title": f"Renamed by {mark}", "note": [1, 2.5, None]}})
    pinned = new_chat(server, ledger, ben, "ben", f"Pinned, by {mark}")
    server.call("POST", f"/api/v1/chats/{pinned}/pin", ben)
    tagged = new_chat(server, ledger, ben, "ben", f"Tagged, by {mark}")
    server.call("POST", f"/api/v1/chats/{tagged}/tags", ben, {"name": f"Tag of {server.name}"})
    shared = new_chat(server, ledger, admin, "ada", f"Shared, by {mark}")
    server.call("POST", f"/api/v1/chats/{shared}/share", admin)
    archived = new_chat(server, ledger, admin, "ada", f"Archived, by {mark}")
    server.call("POST", f"/api/v1/chats/{archived}/archive", admin)
    outer = server.call("POST", "/api/v1/folders/", ben, {"name": f"Folder of {mark}"})
    time.sleep(1.1)
    inner = server.call("POST", "/api/v1/folders/", ben, {"name": f"Inside {mark}"})
    server.call("POST", f"/api/v1/folders/{inner['id']}/update/parent", ben, {"parent_id": outer["id"]})
    kept = new_chat(server, ledger, ben, "ben", f"In a folder, by {mark}")
    server.call("POST", f"/api/v1/chats/{kept}/folder", ben, {"folder_id": inner["id"]})
    server.call("POST", f"/api/v1/folders/{outer['id']}/update/expanded", ben, {"is_expanded": True})
    model = f"model-{uuid.uuid4().hex[:8]}"
    server.call("POST", "/api/v1/models/create", admin, {
        "id": model, "base_model_id": "none", "name": f"Model of {mark}", "params": {"temperature": 0.5},
        "meta": {"description": "Ours", "profile_image_url": "/static/favicon.png", "capabilities": {"vision": False}},
        "access_control": None, "is_active": True})
    group = server.call("POST", "/api/v1/groups/create", admin, {"name": f"Group of {mark}", "description": "d"})
    people = {user["email"]: user["id"] for user in server.call("GET", "/api/v1/users/all", admin)["users"]}
    server.call("POST", f"/api/v1/groups/id/{group['id']}/users/add", admin, {"user_ids": [people["ben@example.test"]]})
    new_chat(server, ledger, server.sign_in("cleo"), "cleo", f"Cleo's, by {mark}")
    ledger["marks"].append(mark)


# ------------------------------------------------------------------ what must be there
def pure(value):
    if isinstance(value, dict):
        return {key: pure(item) for key, item in value.items() if key not in FLEETING}
    if isinstance(value, list):
        return [pure(item) for item in value]
    return value


def picture(server, ledger):
    """What a server answers about the same rows."""
    seen = {}
    for name in PEOPLE:
        token = server.sign_in(name)
        for path in PATHS + (ADMIN_PATHS if name == "ada" else []):
            seen[f"{name} {path}"] = server.ask("GET", path, token)
        for chat, owner in ledger["chats"].items():
            if owner == name:
                answer = server.call("GET", f"/api/v1/chats/{chat}", token)
                need(answer["id"] == chat and isinstance(answer["chat"], dict), f"{server.name}: chat {chat}: {answer}")
                seen[f"{name} chat {chat}"] = 200, answer
    return {key: (status, pure(ordered(key, answer))) for key, (status, answer) in seen.items()}


def ordered(key, answer):
    """Rows that nothing puts in order are put in the order of their ids: some lists of the reference show them as they
    lie, and rows of one second stand in any order."""
    rows = answer.get("items", answer.get("users")) if isinstance(answer, dict) else answer
    if isinstance(rows, list) and all(isinstance(row, dict) and "id" in row for row in rows):
        if key.endswith(("/api/v1/folders/", "/api/v1/models/list", "/api/v1/users/all")):
            rows.sort(key=lambda row: row["id"])
        for end in range(len(rows), 0, -1):
            for at in range(1, end):
                one, other = rows[at - 1], rows[at]
                tied = any(one.get(time, 0) == other.get(time, 1) for time in ("created_at", "updated_at"))
                if tied and one["id"] > other["id"]:
                    rows[at - 1], rows[at] = other, one
    return answer


def differences(path, one, other, found):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            differences(f"{path}.{key}", one.get(key, "(none)"), other.get(key, "(none)"), found)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for nth, pair in enumerate(zip(one, other)):
            differences(f"{path}[{nth}]", *pair, found)
    elif one != other or type(one) is not type(other):
        found.append(f"{path}: {str(one)[:160]!r} there, {str(other)[:160]!r} here")


def note_chats(server, ledger):
    """The chats that are there already, each with its owner."""
    for name in PEOPLE:
        for chat in server.call("GET", "/api/v1/chats/all", server.sign_in(name)):
            ledger["chats"][chat["id"]] = name


def visit(server, ledger, before):
    """One server's turn: all that was there is there, and it takes something new. Answers its picture at the end."""
    version = server.call("GET", "/api/version")["version"]
    need(version == "0.6.43", f"{server.name} is {version}")
    if before is not None:
        # The first list of tools, functions and the like may come late: what is asked is the database's content.
        now, found = picture(server, ledger), []
        for key, (status, answer) in before.items():
            then = (now[key][0], now[key][1])
            differences(f"{key} status", status, then[0], found)
            if status == 200:
                differences(key, answer, then[1], found)
        for line in found:
            say(f"      differs: {line}")
        ledger["differences"] += [f"{server.name}: {line}" for line in found]
        mark = ledger["marks"][-1] if ledger["marks"] else None
        if mark:
            config = server.call("GET", "/api/v1/auths/admin/config", server.sign_in("ada"))
            need(config["RESPONSE_WATERMARK"] == f"written by {mark}" and config["JWT_EXPIRES_IN"] == "3w",
                 f"{server.name} does not hold the settings: {config}")
    fill(server, ledger)
    after = picture(server, ledger)
    bad = server.complaints()
    need(not bad, f"{server.name} complains:\n" + "\n".join(bad[:10]))
    return after


# ------------------------------------------------------------------ databases
class Postgres:
    """A server of its own on a free loopback port."""

    def __init__(self, home):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        need(found, "PostgreSQL is not installed")
        self.bin, self.home, self.port = found[-1].parent, home, free_port()
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []

    def __enter__(self):
        os.chmod(self.home, 0o777)
        data = self.home / "pg"
        subprocess.run([*self.user, self.bin / "initdb", "-A", "trust", "-U", "owui", "--no-sync", "-D", data],
                       stdout=subprocess.DEVNULL, check=True)
        self.process = subprocess.Popen(
            [*self.user, self.bin / "postgres", "-D", data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
             "-c", "unix_socket_directories=", "-c", "fsync=off"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            if self.sql("postgres", "SELECT 1"):
                return self
            time.sleep(0.1)
        raise Wrong("PostgreSQL does not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def psql(self, database, *arguments):
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "owui", "-q", "-d", database, *arguments]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def sql(self, database, statement):
        return self.psql(database, "-v", "ON_ERROR_STOP=1", "-c", statement)

    def fresh(self, name, dump=None):
        need(self.sql("postgres", f"CREATE DATABASE {name}"), f"no database {name}")
        if dump:
            need(self.psql(name, "-f", str(dump)), f"{dump} cannot be read")
        return f"postgresql://owui@127.0.0.1:{self.port}/{name}"


def whole(file):
    with contextlib.closing(sqlite3.connect(file)) as database:
        (answer,) = database.execute("PRAGMA integrity_check").fetchone()
    need(answer == "ok", f"{file}: {answer}")


# ------------------------------------------------------------------ journeys
def journey(name, commands, order, home, database, given):
    """One database through the hands of several servers."""
    ledger = {"chats": {}, "marks": [], "differences": []}
    say(f"== {name}: {' -> '.join(order)}")
    seen = None
    for turn, who in enumerate(order):
        begun = time.monotonic()
        with Server(who, commands[who], home, database) as server:
            if turn == 0:
                note_chats(server, ledger) if given else accounts(server)
            seen = visit(server, ledger, seen)
        say(f"   {who}: {len(ledger['chats'])} chats open, {len(PEOPLE)} people signed in, settings hold, a new chat and "
            f"more was written ({time.monotonic() - begun:.0f} s)")
    if not database:
        whole(home / "data" / "webui.db")
    return ledger["differences"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keelson", required=True)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--shared", default=str(pathlib.Path(__file__).parents[3] / "shared"))
    parser.add_argument("--only", default="", help="journeys whose name holds this word")
    parser.add_argument("--keep", action="store_true", help="keep folders and logs")
    asked = parser.parse_args()
    commands = {"keelson": [os.path.abspath(asked.keelson)], "reference": [os.path.abspath(asked.reference)]}
    fixtures = pathlib.Path(asked.shared) / "fixtures"
    work = pathlib.Path(tempfile.mkdtemp(prefix="keelson-way-back-"))
    os.chmod(work, 0o755)
    there, back = ["keelson", "reference", "keelson"], ["reference", "keelson", "reference"]
    passed = failed = 0
    try:
        home = work / "postgres"
        home.mkdir()
        with Postgres(home) as postgres:
            for backend in ("sqlite", "postgresql"):
                for kind, order in (("fresh", there), ("adopted", there), ("made by the reference", back)):
                    name = f"{backend}, {kind}"
                    if asked.only not in name:
                        continue
                    home = work / name.replace(", ", "-").replace(" ", "-")
                    (home / "data").mkdir(parents=True)
                    given = {"sqlite": fixtures / "webui-0.6.43.db", "postgresql": fixtures / "webui-0.6.43.pg.sql"}[backend]
                    adopted = kind == "adopted"
                    if adopted and not given.is_file():
                        say(f"== {name}: no fixtures in {fixtures}, left out")
                        continue
                    database = None
                    if backend == "postgresql":
                        database = postgres.fresh(f"way_{kind.split()[0]}", given if adopted else None)
                    elif adopted:
                        shutil.copy(given, home / "data" / "webui.db")
                    try:
                        found = journey(name, commands, order, home, database, adopted)
                        need(not found, f"{len(found)} answers differ")
                        passed += 1
                    except Wrong as wrong:
                        say(f"   FAILED: {wrong}")
                        failed += 1
    finally:
        if asked.keep:
            say(f"kept: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
