"""People who use a fleet: over HTTP, and with the stock Socket.IO protocol."""
import asyncio, itertools, time, uuid

import aiohttp
import socketio

PASSWORD = "a-lighthouse-at-night"
_number = itertools.count()

# Whoever opened a page, so that a journey that breaks off leaves none behind.
OPEN_PAGES = set()


class Wrong(Exception):
    """An answer that should have been another."""


class Person:
    """Somebody with a token, who talks to any instance."""

    def __init__(self, http, email, token=None):
        self.http, self.email, self.token, self.id = http, email, token, None
        self.socket = self.sid = None
        self.events, self.heard = [], asyncio.Event()

    async def call(self, method, url, body=None, expect=200, timeout=15):
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.request(method, url, json=body, headers=headers, timeout=aiohttp.ClientTimeout(total=timeout)) as answer:
            text = await answer.text()
            if expect and answer.status != expect:
                raise Wrong(f"{method} {url}: {answer.status} {text[:200]}")
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

    async def open_page(self, base, reconnection=False):
        await self.close_page()
        OPEN_PAGES.add(self)
        """Connects as the front end does: websocket only, token in `auth`, then user-join."""
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
        self.heard.set()

    async def close_page(self):
        if self.socket:
            await self.socket.disconnect()
            self.socket = None

    async def hears(self, fits, seconds=10):
        """The first event from now on, or already there, that fits."""
        end, seen = time.monotonic() + seconds, 0
        while True:
            for moment in self.events[seen:]:
                if fits(moment[1], moment[2]):
                    return moment
            seen = len(self.events)
            self.heard.clear()
            try:
                await asyncio.wait_for(self.heard.wait(), end - time.monotonic())
            except (asyncio.TimeoutError, ValueError):
                raise Wrong(f"{self.email} heard nothing that fits within {seconds} s") from None

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
        """Starts an answer for this person's page; answers the task's id."""
        prompt = f"tokens={tokens} rate={rate}"
        body = {"model": "load", "stream": True, "session_id": self.sid, "chat_id": chat["chat"], "id": chat["message"],
                "messages": [{"role": "user", "content": prompt}],
                "parent_message": {"id": chat["parent"], "role": "user", "content": prompt}}
        return (await self.call("POST", f"{base}/api/chat/completions", body))["task_id"]

    async def stored(self, base, chat):
        """What the chat holds of the answer."""
        found = await self.call("GET", f"{base}/api/v1/chats/{chat['chat']}")
        return found["chat"]["history"]["messages"][chat["message"]].get("content", "")


def of_chat(chat, kind=None):
    """Fits the events of a chat, of one type."""
    def fits(event, data):
        return event == "events" and data["chat_id"] == chat["chat"] and (kind is None or data["data"]["type"] == kind)
    return fits


def shown(person, chat):
    """The answer's text as a page that follows the events shows it."""
    text = ""
    for _, event, data in person.events:
        if event == "events" and data["chat_id"] == chat["chat"] and data["data"]["type"] == "chat:completion":
            payload = data["data"]["data"]
            if payload.get("content"):
                text = payload["content"]
            for choice in payload.get("choices") or []:
                text += (choice.get("delta") or {}).get("content") or ""
    return text


def is_done(person, chat):
    return any(event == "events" and data["chat_id"] == chat["chat"] and data["data"]["type"] == "chat:completion"
               and data["data"]["data"].get("done") for _, event, data in person.events)


async def crowd(http, base, count, role="user"):
    """An administrator and so many others; nobody is signed in by password twice."""
    admin = Person(http, "ada@example.test")
    answer = await admin.call("POST", f"{base}/api/v1/auths/signup", {"name": "Ada", "email": admin.email, "password": PASSWORD})
    admin.token, admin.id = answer["token"], answer["id"]
    people = await more(http, base, admin, count, role)
    return admin, people


async def more(http, base, admin, count, role="user"):
    turn = asyncio.Semaphore(4)

    async def one():
        email = f"hand{next(_number)}@example.test"
        async with turn:
            made = await admin.call("POST", f"{base}/api/v1/auths/add", {"name": email, "email": email, "password": PASSWORD, "role": role}, timeout=60)
        person = Person(http, email, made["token"])
        person.id = made["id"]
        return person

    return list(await asyncio.gather(*(one() for _ in range(count))))


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
