"""Floor 2: the words every side shares: events, effects, people, capabilities of a channel."""
