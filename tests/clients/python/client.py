"""Signs up and in, lists models, creates a chat and reads it back, streams a completion: all through the generated client.

Argument: the server's address. Its first account must not exist yet.
"""

import json
import sys
from http import HTTPStatus
from typing import TypeVar

from keelson_client import AuthenticatedClient, Client
from keelson_client.api.auths import auths_sign_in, auths_sign_up
from keelson_client.api.chats import chats_create, chats_get
from keelson_client.api.completions import completions_create
from keelson_client.api.models import models_list
from keelson_client.models import ChatCompletionForm, ChatContent, ChatForm, ChatResponse, HTTPError, ModelList, SessionUserResponse, SigninForm, SignupForm
from keelson_client.types import Response

EMAIL, PASSWORD = "python@example.com", "a long password"
T = TypeVar("T")
M = TypeVar("M")


def parsed(kind: type[M], answer: Response[T]) -> M:
    """The answer as `kind`, which is the one that its status 200 declares."""
    assert answer.status_code == HTTPStatus.OK, f"{answer.status_code}: {answer.content!r}"
    assert isinstance(answer.parsed, kind), f"{kind.__name__} expected: {answer.content!r}"
    return answer.parsed


def stream(client: AuthenticatedClient, model: str) -> list[str]:
    """The events of a streamed completion. The generated function reads whole bodies, so that only its request is used."""
    body = ChatCompletionForm.from_dict({"model": model, "stream": True, "messages": [{"role": "user", "content": "Hello"}]})
    request = completions_create._get_kwargs(body=body)
    with client.get_httpx_client().stream(**request) as answer:
        assert answer.status_code == HTTPStatus.OK, answer.read()
        return [line.removeprefix("data: ") for line in answer.iter_lines() if line.startswith("data: ")]


def main(base_url: str) -> None:
    nobody = Client(base_url)
    parsed(SessionUserResponse, auths_sign_up.sync_detailed(client=nobody, body=SignupForm(name="Python", email=EMAIL, password=PASSWORD)))
    session = parsed(SessionUserResponse, auths_sign_in.sync_detailed(client=nobody, body=SigninForm(email=EMAIL, password=PASSWORD)))
    assert session.email == EMAIL
    refused = auths_sign_in.sync_detailed(client=nobody, body=SigninForm(email=EMAIL, password="another"))
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert isinstance(refused.parsed, HTTPError) and refused.parsed.detail, "an error says what is wrong"

    client = AuthenticatedClient(base_url, token=session.token)
    models = parsed(ModelList, models_list.sync_detailed(client=client)).data
    assert models, "the demo model is offered"

    content = ChatContent.from_dict({"title": "From Python", "models": [models[0].id]})
    written = parsed(ChatResponse, chats_create.sync_detailed(client=client, body=ChatForm(chat=content)))
    read = parsed(ChatResponse, chats_get.sync_detailed(written.id, client=client))
    assert (read.id, read.title) == (written.id, "From Python")
    assert read.chat["models"] == [models[0].id]

    *events, end = stream(client, models[0].id)
    answer = "".join(json.loads(event)["choices"][0]["delta"].get("content") or "" for event in events)
    assert end == "[DONE]" and len(events) > 1 and answer, "an answer in several events"
    print(f"python client: {len(models)} models, chat {read.id}, {len(events)} events, {len(answer)} characters")


main(*sys.argv[1:])
