"""Floor 9: conversation scripts: what they may say, playing them, comparing, coverage, and a pytest plugin."""

from __future__ import annotations

from typing import Final

SUFFIX: Final = ".flowtest.yaml"
"""What the name of a script file ends with."""
