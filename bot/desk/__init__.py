"""The desk: what happens while a person looks after a conversation. Pure, like the engine beside it."""
