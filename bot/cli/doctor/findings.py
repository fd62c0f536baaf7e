"""What a check finds out, and how it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Finding(NamedTuple):
    """What a check found, in `words`: well, odd (it works, but look at it), or wrong; then `fix` says what to do."""

    words: str
    state: Literal["ok", "odd", "wrong"] = "ok"
    fix: str = ""


def odd(words: str, fix: str) -> Finding:
    """Something to look at."""
    return Finding(words, "odd", fix)


def wrong(words: str, fix: str) -> Finding:
    """Something to mend before going live."""
    return Finding(words, "wrong", fix)


def section(title: str, findings: Sequence[Finding]) -> str:
    """The findings of one subject, with the fixes below them."""
    lines = [title]
    for each in findings:
        first, *rest = each.words.splitlines() or [""]
        lines += [f"  {each.state:5}  {first}", *(f"         {line}" for line in rest)]
        lines += [f"         → {line}" for line in each.fix.splitlines()]
    return "\n".join(lines)


def verdict(findings: Sequence[Finding]) -> str:
    """The last line."""
    faults = sum(each.state == "wrong" for each in findings)
    oddities = sum(each.state == "odd" for each in findings)
    looked = f"; {oddities} to look at" if oddities else ""
    if not faults:
        return f"Fit to go live{looked}."
    return f"Not fit to go live: {faults} {'thing is' if faults == 1 else 'things are'} wrong{looked}."
