"""The official openai package for Python against a gateway: openai_client.py BASE_URL TOKEN CASE. Exit 0 when the case holds."""

import json
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import openai

BASE_URL, TOKEN, NAME = sys.argv[1:4]
TOOLS = [{"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {}}}}]


def client(key=TOKEN):
    return openai.OpenAI(base_url=BASE_URL, api_key=key, max_retries=0, timeout=60)


def ask(content, **more):
    return {"model": "openclaw", "messages": [{"role": "user", "content": content}], **more}


def equal(seen, wanted):
    assert seen == wanted, f"{seen!r} instead of {wanted!r}"


def answer():
    reply = client().chat.completions.create(**ask("hi"))
    equal(reply.object, "chat.completion")
    equal(reply.choices[0].message.content, "Echo: hi")
    equal(reply.choices[0].finish_reason, "stop")
    equal((reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens), (11, 2, 13))


def stream():
    texts, reasons, usages = [], [], []
    for chunk in client().chat.completions.create(**ask("hi", stream=True, stream_options={"include_usage": True})):
        for choice in chunk.choices:
            texts.append(choice.delta.content or "")
            reasons += [choice.finish_reason] if choice.finish_reason else []
        usages += [chunk.usage.total_tokens] if chunk.usage else []
    equal("".join(texts), "Echo: hi")
    equal(reasons, ["stop"])
    equal(usages, [13])


def abort():
    with client().chat.completions.create(**ask("HANG", stream=True)) as reply:
        for chunk in reply:
            if chunk.choices and chunk.choices[0].delta.content:
                break


def broken():
    texts = []
    try:
        for chunk in client().chat.completions.create(**ask("BREAK", stream=True)):
            texts += [choice.delta.content or "" for choice in chunk.choices]
    except openai.APIError as error:
        assert error.body and error.body["message"], f"no message: {error.body}"
    else:
        raise AssertionError("a broken answer passes for a whole one")
    equal("".join(texts), "Once upon a time")


def tool():
    question = ask("TOOL", tools=TOOLS)
    choice = client().chat.completions.create(**question).choices[0]
    equal(choice.finish_reason, "tool_calls")
    call = choice.message.tool_calls[0]
    equal(call.function.name, "add")
    equal(json.loads(call.function.arguments), {"a": 1, "b": 2})
    question["messages"] += [choice.message, {"role": "tool", "tool_call_id": call.id, "content": "3"}]
    equal(client().chat.completions.create(**question).choices[0].message.content, "The tool says 3")


def parsed():
    from pydantic import BaseModel

    class Sum(BaseModel):
        said: str

    reply = client().chat.completions.parse(**ask("JSON"), response_format=Sum)
    equal(reply.choices[0].message.parsed, Sum(said="three"))


def retry():
    patient = openai.OpenAI(base_url=BASE_URL, api_key=TOKEN, max_retries=2, timeout=60)
    equal(patient.chat.completions.create(**ask("LIMIT python, retried")).choices[0].message.content, "Echo: LIMIT python, retried")


def loading():
    try:
        client().chat.completions.create(**ask("LOAD python once"))
    except openai.InternalServerError as error:
        equal(error.status_code, 503)
    else:
        raise AssertionError("a model that loads has answered")
    patient = openai.OpenAI(base_url=BASE_URL, api_key=TOKEN, max_retries=2, timeout=60)
    equal(patient.chat.completions.create(**ask("LOAD python twice")).choices[0].message.content, "Echo: LOAD python twice")


def limit():
    try:
        client().chat.completions.create(**ask("LIMIT python"))
    except openai.RateLimitError as error:
        equal(error.response.headers["retry-after"], "1")
    else:
        raise AssertionError("not limited")


def models():
    equal([model.id for model in client().models.list()], ["openclaw", "openclaw/default", "openclaw/main"])
    equal(client().models.retrieve("openclaw/main").object, "model")
    try:
        client().models.retrieve("gpt-4o")
    except openai.NotFoundError as error:
        equal(error.code, "model_not_found")
    else:
        raise AssertionError("a model that is not there")


def shapes():
    """Every answer against the package's own types, which refuse what lacks a member."""
    from openai.types import Model
    from openai.types.chat import ChatCompletion, ChatCompletionChunk
    from openai.types.shared import ErrorObject
    from pydantic import ValidationError

    def sent(path, **body):
        request = urllib.request.Request(BASE_URL + path, json.dumps(body).encode() if body else None)
        request.add_header("Authorization", "Bearer " + TOKEN)
        request.add_header("Content-Type", "application/json")
        try:
            return urllib.request.urlopen(request, timeout=60).read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def refuses_what_lacks(member, answer):
        lacking = json.loads(answer)
        del lacking[member]
        try:
            ChatCompletion.model_validate(lacking)
        except ValidationError:
            return
        raise AssertionError(f"the types would not notice a missing {member}")

    for question in (ask("hi"), ask("TOOL", tools=TOOLS), ask("hi", user="me")):
        answer = sent("/chat/completions", **question)
        ChatCompletion.model_validate_json(answer)
        for member in ("id", "object", "created", "model", "choices"):
            refuses_what_lacks(member, answer)
        text = sent("/chat/completions", **question, stream=True, stream_options={"include_usage": True})
        events = [line.removeprefix("data: ") for line in text.splitlines() if line]
        equal(events.pop(), "[DONE]")
        for event in events:
            ChatCompletionChunk.model_validate_json(event)
    for model in json.loads(sent("/models"))["data"]:
        Model.model_validate(model)
    Model.model_validate_json(sent("/models/openclaw%2Fmain"))
    for answer in (
        sent("/chat/completions", model="openclaw/nobody", messages=[{"role": "user", "content": "hi"}]),
        sent("/chat/completions", model="openclaw"),
        sent("/chat/completions", **ask("FAIL")),
        sent("/models/gpt-4o"),
        sent("/nothing"),
    ):
        ErrorObject.model_validate(json.loads(answer)["error"])


def fifty():
    shared = client()

    def say(number):
        return shared.chat.completions.create(**ask(f"number {number}")).choices[0].message.content

    with ThreadPoolExecutor(50) as threads:
        equal(list(threads.map(say, range(50))), [f"Echo: number {number}" for number in range(50)])


def errors():
    def refused(kind, status, key=TOKEN, **request):
        try:
            client(key).chat.completions.create(**request)
        except kind as error:
            equal(error.status_code, status)
            assert error.body and error.body["message"], f"no message: {error.body}"
        else:
            raise AssertionError(f"no {kind.__name__}")

    refused(openai.AuthenticationError, 401, key="not-the-token", **ask("hi"))
    refused(openai.NotFoundError, 404, **{**ask("hi"), "model": "openclaw/nobody"})
    refused(openai.BadRequestError, 400, model="openclaw", messages="hi")
    refused(openai.InternalServerError, 502, **ask("FAIL"))
    refused(openai.InternalServerError, 502, **ask("FAIL", stream=True))


CASES = (answer, stream, abort, broken, tool, parsed, fifty, errors, retry, loading, limit, models, shapes)
{case.__name__: case for case in CASES}[NAME]()
print(f"ok {NAME}")
