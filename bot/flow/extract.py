"""The Babel extractor of flow files: every text with its stable path as context, and what a translator should know.

`babel.cfg` names it; `make messages` runs it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.flow.model import Collect, Flow, Rule
from bot.flow.program import Program
from bot.flow.reader import read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bot.flow.texts import Text


def extract(
    fileobj: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield (line, "pgettext", (context, source), comments) for every text of the file.

    A file that is no sound flow file yields nothing: `triage check` says what is wrong with it.
    """
    for tree in read(fileobj.read(), getattr(fileobj, "name", "")).documents:
        try:
            program = Program(Flow.model_validate(tree.data))
        except ValidationError:
            continue
        notes = _notes(program)
        line = tree.position(("flow",))[0]
        for text in program.texts:
            if needs_translation(text):
                yield line, "pgettext", (text.context, text.source), notes.get(text.context.rpartition(".")[0], [])[:1]


def needs_translation(text: Text) -> bool:
    """Whether a text holds words beside its places."""
    outside = [part.partition("}}")[2] if number else part for number, part in enumerate(text.source.split("{{"))]
    return any(character.isalpha() for part in outside for character in part)


def _notes(program: Program) -> dict[str, list[str]]:
    """For each step's path why its question is asked, which tells a translator what it is about."""
    return {
        f"{program.id}.{step.id}": [f"Why it is asked: {step.why.source}"]
        for step in program.steps.values()
        if isinstance(step, (Collect, Rule)) and step.why is not None
    }
