"""Translations: there for every text that has words, and the same as their source in all that is not words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.flow.checks.skeletons import have_skeleton
from bot.flow.checks.view import Finding
from bot.flow.extract import needs_translation
from bot.flow.problems import quoted
from bot.text.nodes import CodeBlock, Link, List, Moment, Paragraph, Quote
from bot.text.nodes import Text as Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.flow.checks.skeletons import Skeleton
    from bot.flow.checks.view import View, World
    from bot.flow.reader import Path
    from bot.flow.texts import Text, Wording
    from bot.text.nodes import Block, Inline

_SHOWN: Final = 3
"""Differences that a message names at most."""


class _Markup(NamedTuple):
    """What a translation must keep: addresses and code as they are, and the kinds of its blocks."""

    links: Counter[str]
    code: Counter[str]
    blocks: Counter[str]
    bold: bool


def texts(view: View, world: World) -> Iterator[Finding]:
    """Every text has a translation in every language, and each says the same with other words."""
    for text, path in view.texts.items():
        if world.worded(text) is not None:
            continue
        bones, every = world.skeleton(text.source), list(world.written(text))
        if _built_alike([written for _, written in every], bones):
            continue
        for language, written in every:
            if _built_alike([written], bones):
                continue
            found = world.translation(text, language)
            if found is None:
                yield from _missing(text, path, language, world)
            elif isinstance(found, ValueError):
                message = f"the translation{_line(text, language, world)} in `{language}` cannot be used: {found}"
                yield Finding("bad-translation", path, message)
            else:
                yield from differences(text.wording, found, path, f"`{language}`{_line(text, language, world)}")


def _built_alike(translations: Sequence[str | None], bones: Skeleton | None) -> bool:
    """Whether all are there and differ from their source in words alone, so that nobody has to parse them."""
    there = [each for each in translations if each is not None]
    return bones is not None and len(there) == len(translations) and have_skeleton(there, bones)


def _missing(text: Text, path: Path, language: str, world: World) -> Iterator[Finding]:
    if not needs_translation(text):
        return
    entry = world.catalogs.entries(language).get((text.context, text.source))
    if entry is not None and entry.fuzzy and entry.translation:
        message = f"the translation in `{language}` is marked as fuzzy (line {entry.line}) and is not used"
        yield Finding("fuzzy-translation", path, message, "look it through and take the mark away", "warning")
    elif "-" not in language or world.translation(text, language.partition("-")[0]) is None:
        message = f"this text has no translation in `{language}`"
        yield Finding("missing-translation", path, message, f"its msgctxt is {text.context}")


def _line(text: Text, language: str, world: World) -> str:
    entry = world.catalogs.entries(language).get((text.context, text.source))
    return f" (line {entry.line} of the catalog)" if entry else ""


def differences(source: Wording, translation: Wording, path: Path, where: str) -> Iterator[Finding]:
    """What of `source` a translation has lost or added, other than words."""
    places = [Counter(each.source for each in wording.expressions) for wording in (source, translation)]
    if places[0] != places[1]:
        message = f"{where} does not show the same values: {_difference(*places)}"
        yield Finding("placeholder-mismatch", path, message, "copy each {{ … }} as it is")
    ours, theirs = _markup(source.document), _markup(translation.document)
    for name, before, after in (("links", ours.links, theirs.links), ("`code`", ours.code, theirs.code)):
        if before != after:
            message = f"{where} does not have the same {name}: {_difference(before, after)}"
            yield Finding("markup-mismatch", path, message, "addresses and code are copied as they are")
    if ours.blocks != theirs.blocks:
        message = f"{where} is built differently: {_difference(ours.blocks, theirs.blocks)}"
        yield Finding("markup-mismatch", path, message, "keep lists, quotations and code blocks", "warning")
    if ours.bold != theirs.bold:
        message = f"{where} has {'nothing' if ours.bold else 'something'} in bold, unlike the source"
        yield Finding("markup-mismatch", path, message, "keep what is emphasised", "warning")


def _difference(before: Counter[str], after: Counter[str]) -> str:
    lost, added = list((before - after).elements()), list((after - before).elements())
    parts = [
        f"{', '.join(map(quoted, each[:_SHOWN]))} {what}"
        for each, what in ((lost, "is missing"), (added, "is not in the source"))
        if each
    ]
    return "; ".join(parts)


def _markup(document: Iterable[Block]) -> _Markup:
    links, code, blocks = Counter[str](), Counter[str](), Counter[str]()
    bold = False
    for block in document:
        kind, count, parts = _parts(block)
        if kind:
            blocks[kind] += count
        for node in (each for part in parts for each in part):
            if isinstance(node, Link):
                links[node.url] += 1
            for run in node.children if isinstance(node, Link) else () if isinstance(node, Moment) else (node,):
                bold = bold or run.bold
                if isinstance(run, Run) and run.code:
                    code[run.value] += 1
    return _Markup(links, code, blocks, bold)


def _parts(block: Block) -> tuple[str, int, tuple[tuple[Inline, ...], ...]]:
    """What a block is ("" for a paragraph), how often, and the inline nodes of its parts."""
    if isinstance(block, Paragraph):
        return "", 1, (block.children,)
    if isinstance(block, List):
        return "item of a list", len(block.items), block.items
    if isinstance(block, Quote):
        return "quotation", 1, block.paragraphs
    if isinstance(block, CodeBlock):
        return "code block", 1, (block.children,)
    return "dividing line", 1, ()
