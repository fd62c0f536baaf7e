"""The Babel extractor of flow files: every text with its stable path as context, and what a translator should know.

`babel.cfg` names it; `make messages` runs it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from pydantic_core import ValidationError

from bot.flow.leaves import leaves
from bot.flow.limits import limits_of
from bot.flow.model import Collect, Flow, Rule
from bot.flow.program import Program
from bot.flow.reader import read
from bot.flow.texts import Text
from bot.flow.understanding import understood
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


def extract(
    fileobj: IO[bytes],
    keywords: Mapping[str, Any],  # noqa: ARG001  (Babel's signature)
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield (line, "pgettext", (context, source), comments) for every text of the file.

    A file that is no sound flow file yields nothing: `triage check` says what is wrong with it.
    """
    for tree in read(fileobj.read(), getattr(fileobj, "name", "")).documents:
        try:
            flow = understood(Flow, tree.data)
        except ValidationError:
            continue
        reasons = _reasons(Program(flow))
        for text, path in leaves(flow):
            if isinstance(text, Text) and needs_translation(text):
                line, _ = tree.position(path)
                yield line, "pgettext", (text.context, text.source), [*_notes(text.context, reasons)]


def needs_translation(text: Text) -> bool:
    """Whether a text holds words beside its places."""
    return any(map(str.isalpha, plain(text.wording.document)))


def _notes(context: str, reasons: Mapping[str, str]) -> Iterator[str]:
    """What a translator should know of the text at `context`: why its question is asked, and what channels shorten."""
    if (why := reasons.get(context.rpartition(".")[0])) is not None:
        yield f"Why it is asked: {why}"
    if limits := limits_of(context):
        told = [f"{limit} ({channel.title()})" for channel, limit in sorted(limits.items(), key=lambda each: each[1])]
        yield f"Characters at most: {', '.join(told)}"


def _reasons(program: Program) -> dict[str, str]:
    """For each step's path why its question is asked, which tells a translator what it is about."""
    return {
        f"{program.id}.{step.id}": step.why.source
        for step in program.steps.values()
        if isinstance(step, (Collect, Rule)) and step.why is not None
    }
