"""Floor 8: the channels merchants write from, one folder each: what comes in, what goes out, the app between them."""
