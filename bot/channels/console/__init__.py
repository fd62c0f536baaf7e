"""The console: a real conversation in a terminal, with no token and no network.

What a merchant can write, beside answers and the commands every channel has (`/help` lists them):

- the number of an option that is shown with one. Options shown with a dash are words to type: at their question a
  number is an answer of its own.
- `/file PATH… [-- WORDS]` gives files, as shell words. Their bytes are not read.
- `/change N` presses the button shown as `[Change: /change N]` beside an answer. A terminal cannot alter what it has
  printed, so such a button stays where it is; a question keeps its number when it is asked again.

At a terminal, Ctrl-D leaves, and so does Ctrl-C pressed twice. When the input is a file or a pipe, each line is a
message and is repeated behind `> `, so that the output reads as a transcript.
"""
