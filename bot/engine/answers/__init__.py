"""Reading typed answers: one module per slot type, each with a pure `read` that returns the value or raises Unreadable."""
