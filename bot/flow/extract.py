"""The Babel extractor of flow files: every text with its stable path as context, and what a translator should know.

`babel.cfg` names it; `make messages` runs it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.flow.leaves import leaves
from bot.flow.model import Collect, Flow, Rule
from bot.flow.program import Program
from bot.flow.reader import read
from bot.flow.texts import Text
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
            flow = Flow.model_validate(tree.data)
        except ValidationError:
            continue
        notes = _notes(Program(flow))
        for text, path in leaves(flow):
            if isinstance(text, Text) and needs_translation(text):
                line, _ = tree.position(path)
                yield line, "pgettext", (text.context, text.source), notes.get(text.context.rpartition(".")[0], [])


def needs_translation(text: Text) -> bool:
    """Whether a text holds words beside its places."""
    return any(map(str.isalpha, plain(text.wording.document)))


def _notes(program: Program) -> dict[str, list[str]]:
    """For each step's path why its question is asked, which tells a translator what it is about."""
    return {
        f"{program.id}.{step.id}": [f"Why it is asked: {step.why.source}"]
        for step in program.steps.values()
        if isinstance(step, (Collect, Rule)) and step.why is not None
    }
