"""Floor 1: rich text as a small AST, the Markdown subset authors write, catalogs, splitting to a limit."""
