"""Floor 4: the bot's turn: session, turn, steps, answers, repair patterns, limits."""
