"""Users of the instances: over HTTP, and with the stock Socket.IO protocol."""
import asyncio, itertools, time, uuid

import aiohttp
import socketio

PASSWORD = "a-lighthouse-at-night"
_number = itertools.count()

# Who is connected, so that an aborted scenario leaves no connection open.
CONNECTED = set()


class UnexpectedAnswer(Exception):
    """An answer or event that was not as expected."""


class User:
    """A user with a token, of any instance."""

    def __init__(self, http, email, token=None):
        self.http, self.email, self.token, self.id = http, email, token, None
        self.socket = self.sid = None
        self.events, self.has_events = [], asyncio.Event()

    async def call(self, method, url, body=None, expect=200, timeout=15):
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(method, url, json=body, headers=headers, timeout=aiohttp.ClientTimeout(total=timeout)) as answer:
            text = await answer.text()
            if expect and answer.status != expect:
                raise UnexpectedAnswer(f"{method} {url}: {answer.status} {text[:200]}")
            return (await answer.json()) if answer.content_type == "application/json" else text

    async def status(self, method, url, body=None):
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(method, url, json=body, headers=headers, timeout=aiohttp.ClientTimeout(total=15)) as answer:
            await answer.read()
            return answer.status

    async def sign_in(self, base):
        answer = await self.call("POST", f"{base}/api/v1/auths/signin", {"email": self.email, "password": PASSWORD})
        self.token, self.id = answer["token"], answer["id"]
        return self

    async def connect(self, base, reconnection=False):
        """Connects as the front end does: websocket only, token in `auth`, then user-join."""
        await self.disconnect()
        CONNECTED.add(self)
        self.socket = socketio.AsyncClient(reconnection=reconnection, reconnection_delay=0.2, reconnection_delay_max=1)
        self.socket.on("*", self.on_event)

        async def joined():
            self.sid = self.socket.get_sid()
            await self.socket.emit("user-join", {"auth": {"token": self.token}})

        self.socket.on("connect", joined)
        await self.socket.connect(base, socketio_path="/ws/socket.io", transports=["websocket"], auth={"token": self.token}, wait_timeout=10)
        await self.socket.call("user-join", {"auth": {"token": self.token}}, timeout=10)
        self.sid = self.socket.get_sid()

    async def on_event(self, event, *args):
        self.events.append((time.monotonic(), event, args[0] if args else None))
        self.has_events.set()

    async def disconnect(self):
        if self.socket:
            await self.socket.disconnect()
            self.socket = None

    async def wait_for_event(self, matches, seconds=10):
        """The first event that matches, received before or from now on."""
        end, checked = time.monotonic() + seconds, 0
        while True:
            for moment in self.events[checked:]:
                if matches(moment[1], moment[2]):
                    return moment
            checked = len(self.events)
            self.has_events.clear()
            try:
                await asyncio.wait_for(self.has_events.wait(), end - time.monotonic())
            except (asyncio.TimeoutError, ValueError):
                raise UnexpectedAnswer(f"{self.email}: no matching event within {seconds} s") from None

    async def new_chat(self, base, prompt="Go on."):
        parent, message = str(uuid.uuid4()), str(uuid.uuid4())
        question = {"id": parent, "parentId": None, "childrenIds": [message], "role": "user", "content": prompt,
                    "models": ["load"], "timestamp": int(time.time())}
        answer = {"id": message, "parentId": parent, "childrenIds": [], "role": "assistant", "content": "", "model": "load",
                  "timestamp": int(time.time())}
        chat = {"title": "Fleet", "models": ["load"], "messages": [question, answer],
                "history": {"messages": {parent: question, message: answer}, "currentId": message}}
        stored = await self.call("POST", f"{base}/api/v1/chats/new", {"chat": chat})
        return {"chat": stored["id"], "message": message, "parent": parent, "prompt": prompt}

    async def ask(self, base, chat, tokens, rate):
        """Starts an answer for this user's connection; returns the task's id."""
        prompt = f"tokens={tokens} rate={rate}"
        body = {"model": "load", "stream": True, "session_id": self.sid, "chat_id": chat["chat"], "id": chat["message"],
                "messages": [{"role": "user", "content": prompt}],
                "parent_message": {"id": chat["parent"], "role": "user", "content": prompt}}
        return (await self.call("POST", f"{base}/api/chat/completions", body))["task_id"]

    async def stored(self, base, chat):
        """The stored text of the answer."""
        found = await self.call("GET", f"{base}/api/v1/chats/{chat['chat']}")
        return found["chat"]["history"]["messages"][chat["message"]].get("content", "")


def of_chat(chat, kind=None):
    """Matches the events of a chat, of one type if given."""
    def matches(event, data):
        return event == "events" and data["chat_id"] == chat["chat"] and (kind is None or data["data"]["type"] == kind)
    return matches


def displayed_text(user, chat):
    """The answer's text as a client that follows the events displays it."""
    text = ""
    for _, event, data in user.events:
        if event == "events" and data["chat_id"] == chat["chat"] and data["data"]["type"] == "chat:completion":
            payload = data["data"]["data"]
            if payload.get("content"):
                text = payload["content"]
            for choice in payload.get("choices") or []:
                text += (choice.get("delta") or {}).get("content") or ""
    return text


def is_done(user, chat):
    return any(event == "events" and data["chat_id"] == chat["chat"] and data["data"]["type"] == "chat:completion"
               and data["data"]["data"].get("done") for _, event, data in user.events)


async def create_users(http, base, count, role="user"):
    """An administrator and `count` other users, with tokens."""
    admin = User(http, "ada@example.test")
    answer = await admin.call("POST", f"{base}/api/v1/auths/signup", {"name": "Ada", "email": admin.email, "password": PASSWORD})
    admin.token, admin.id = answer["token"], answer["id"]
    users = await add_users(http, base, admin, count, role)
    return admin, users


async def add_users(http, base, admin, count, role="user"):
    limit = asyncio.Semaphore(4)

    async def add_user():
        email = f"user{next(_number)}@example.test"
        async with limit:
            created = await admin.call("POST", f"{base}/api/v1/auths/add", {"name": email, "email": email, "password": PASSWORD, "role": role}, timeout=60)
        user = User(http, email, created["token"])
        user.id = created["id"]
        return user

    return list(await asyncio.gather(*(add_user() for _ in range(count))))


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
