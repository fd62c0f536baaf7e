"""Reading typed answers: a module per slot type, with a pure `read` that returns the value or raises Unreadable."""
