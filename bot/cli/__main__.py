"""`python -m bot.cli`: the command line from a source tree that was never installed."""

from bot.cli import main

main()
