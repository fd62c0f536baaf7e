"""Stand-ins for Slack and Telegram: servers on loopback that the unmodified client libraries talk to.

They are strict (structure, limits and permissions of every call are checked), they keep state, they misbehave on
demand, and they record every exchange. Both are used in one style, so that a scenario can run on either:

    async with TelegramStandIn() as telegram:
        ana = telegram.user("Ana", language="es")
        await ana.send("hello")
        reply = await ana.next_message()
        await ana.press(reply, "WooCommerce")

`python -m tests.platforms` starts both for people, with a page that shows the chats.
"""
