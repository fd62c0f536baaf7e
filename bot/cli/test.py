"""`triage test`: plays conversation scripts and tells what went wrong, and what of the flows they never reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli import shipped, streams
from bot.flow.problems import FlowError, format_text, quantity
from bot.scripts import SUFFIX, coverage_report
from bot.scripts.model import read_script
from bot.scripts.suite import Suite, found

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(
    paths: Sequence[Path], flows: Path | None, locales: Path | None, *, update: bool, coverage: bool, page: Path | None
) -> int:
    """Play the scripts below `paths` and print how they went; the exit code."""
    streams.prepare()
    given = [flows] if flows else []
    suite = Suite(
        shipped.sources(given),
        shipped.translations(given, locales),
        update=update,
        counting=coverage or page is not None,
    )
    with streams.until_closed():
        well = _play(suite, paths)
        files = coverage_report.by_file(suite.coverages)
        texts = {shipped.shown(file): Path(file).read_text("utf-8-sig") for file in files}
        files = {shipped.shown(file): points for file, points in files.items()}
        if coverage:
            typer.echo("\n" + coverage_report.as_text(files), nl=False)
        if page is not None:
            _write(page, coverage_report.as_page(files, texts))
    return int(not well)


def _play(suite: Suite, paths: Sequence[Path]) -> bool:
    """Play everything; whether all went well."""
    passed = failed = 0
    scripts = found(paths)
    for path in scripts:
        reports: list[str] = []
        count = 0
        try:
            sheet, problems = read_script(path.read_bytes(), str(path))
            reports += map(format_text, problems if sheet is None else ())
            for outcome in suite.play(sheet, path, str(path)) if sheet is not None else ():
                count += 1
                reports += [f"{outcome.case}\n{outcome.report}"] if outcome.report else []
        except FlowError as error:
            reports.append(str(error))
        except OSError as error:
            reports.append(f"{path}: {error.strerror or 'it cannot be read'}")
        passed += max(count - len(reports), 0)
        failed += len(reports)
        typer.echo(f"{path}: {'failed' if reports else f'{count} passed'}")
        for report in reports:
            typer.echo(f"\n{report}\n")
    if not scripts:
        typer.echo(f"There is no script (*{SUFFIX}) in {', '.join(map(str, paths))}.", err=True)
        return False
    typer.echo(f"{passed} passed, {failed} failed in {quantity(len(scripts), 'script')}.")
    return not failed


def _write(path: Path, text: str) -> None:
    """Write a page; raises typer.BadParameter if it cannot be written."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="--html") from error
    typer.echo(f"The page is {path}.")
