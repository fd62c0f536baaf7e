"""assistant.threads.*: what shows in a thread while the app works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.refusals import Refusal, Violation

if TYPE_CHECKING:
    from tests.platforms.slack.call import Call, Method
    from tests.platforms.wire import Json

MAX_LOADING, MAX_PROMPTS = 10, 4


def set_status(call: Call) -> Json:
    """Until the next message of the app in the thread, or an empty status."""
    call.scope("assistant:write", "chat:write")
    if "status" not in call.arguments:
        raise Violation("invalid_arguments", ["missing required field: status"])
    if len(call.get("loading_messages") or []) > MAX_LOADING:
        raise Violation("invalid_arguments", [f"more than {MAX_LOADING} loading_messages"])
    return _set(call, status=call.get("status") or None)


def set_prompts(call: Call) -> Json:
    """What the person may ask with one press."""
    call.scope("assistant:write")
    prompts: list[Json] = call.need("prompts")
    if len(prompts) > MAX_PROMPTS or any(set(each) != {"title", "message"} for each in prompts):
        raise Violation("invalid_arguments", [f"prompts are up to {MAX_PROMPTS} of title and message"])
    return _set(call, prompts=prompts)


def set_title(call: Call) -> Json:
    """The name of the thread in the app's history."""
    call.scope("assistant:write")
    return _set(call, title=call.need("title"))


def _set(call: Call, **shown: object) -> Json:
    conversation = call.conversation(name="channel_id")
    thread = str(call.get("thread_ts") or "")
    if thread and thread not in conversation.messages:
        raise Refusal("invalid_thread_ts")
    conversation.assistant.setdefault(thread, {}).update(shown)
    call.server.news.tell()
    return {}


METHODS: dict[str, Method] = {
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_prompts,
    "assistant.threads.setTitle": set_title,
}
