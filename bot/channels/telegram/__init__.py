"""Telegram, on python-telegram-bot's `Bot`: private chats, topics in them, and groups, by webhook or by polling.

Updates are read as raw JSON by our own translation. The library's own poller loses or repeats updates that it cannot
parse; here one that cannot be read is parked and acknowledged.
"""
