"""Groups, forums and their topics, and what the bot may know and do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram.error import ChatMigrated, Forbidden

from tests.platforms.telegram.refused import refused

if TYPE_CHECKING:
    from telegram import Bot

    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


async def test_a_topic_lives_and_ends(telegram: TelegramStandIn, bot: Bot) -> None:
    """A topic is opened, renamed, written to by both sides, closed, reopened and deleted, and then unknown."""
    sam = telegram.user("Sam")
    forum = telegram.forum("Support", [sam])
    icons = await bot.get_forum_topic_icon_stickers()
    made = await bot.create_forum_topic(forum.id, "#1 lost order", icon_custom_emoji_id=icons[0].custom_emoji_id)
    topic = made.message_thread_id
    await bot.send_message(forum.id, "Ana asks …", message_thread_id=topic)
    shown = await sam.next_message(group=forum, topic=topic)
    assert (shown.text, shown.topic) == ("Ana asks …", topic)
    await sam.send("I take it", group=forum, topic=topic)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert (update.message.message_thread_id, update.message.is_topic_message) == (topic, True)
    # what Telegram itself does to every message of a topic: it "replies" to the message that opened it
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None
    await bot.edit_forum_topic(forum.id, topic, name="#1 solved")
    assert (await forum.topic("#1 solved")).id == topic
    with refused("topic_not_modified"):
        await bot.edit_forum_topic(forum.id, topic, name="#1 solved")
    await bot.close_forum_topic(forum.id, topic)
    with refused("topic_not_modified"):
        await bot.close_forum_topic(forum.id, topic)
    await bot.reopen_forum_topic(forum.id, topic)
    await bot.delete_forum_topic(forum.id, topic)
    for text, number in (("gone", topic), ("General", 1)):
        with refused("Message thread not found"):
            await bot.send_message(forum.id, text, message_thread_id=number)


async def test_people_manage_topics_too(telegram: TelegramStandIn, bot: Bot) -> None:
    """The bot learns of topics that people open, close and reopen, and of deleted ones only when it writes."""
    sam = telegram.user("Sam")
    forum = telegram.forum("Support", [sam])
    topic = forum.open_topic(sam, "ideas")
    forum.close_topic(sam, topic)
    forum.reopen_topic(sam, topic)
    events = [each.message for each in await bot.get_updates()]
    assert events[0] is not None
    assert events[1] is not None
    assert events[2] is not None
    assert events[0].forum_topic_created is not None
    assert (events[1].forum_topic_closed is None, events[2].forum_topic_reopened is None) == (False, False)
    forum.delete_topic(topic)
    with refused("Message thread not found"):
        await bot.send_message(forum.id, "hello?", message_thread_id=topic.id)


async def test_a_member_may_not_manage_topics(telegram: TelegramStandIn, bot: Bot) -> None:
    """A bot that is no administrator opens no topic and writes into no closed one; a group without topics has none."""
    sam = telegram.user("Sam")
    forum = telegram.forum("Support", [sam], bot="member")
    with refused("not enough rights"):
        await bot.create_forum_topic(forum.id, "x")
    topic = forum.open_topic(sam, "ideas")
    forum.close_topic(sam, topic)
    with refused("topic_closed"):
        await bot.send_message(forum.id, "hello?", message_thread_id=topic.id)
    with refused("the chat is not a forum"):
        await bot.create_forum_topic(telegram.group("Plain", [sam]).id, "x")
    forum.set_bot(sam, "administrator")
    with refused("name has 129 characters"):
        await bot.create_forum_topic(forum.id, "x" * 129)


async def test_private_chats_can_have_topics(telegram: TelegramStandIn, bot: Bot) -> None:
    """With topics enabled a private chat has topics, which nobody closes."""
    telegram.private_topics = True
    assert (await bot.get_me()).has_topics_enabled
    ana = telegram.user("Ana")
    await ana.start()
    topic = await bot.create_forum_topic(ana.user.id, "Order 77")
    await bot.send_message(ana.user.id, "Here", message_thread_id=topic.message_thread_id)
    assert (await ana.next_message(topic=topic.message_thread_id)).text == "Here"
    with refused("the chat is not a supergroup"):
        await bot.close_forum_topic(ana.user.id, topic.message_thread_id)


async def test_privacy_mode_hides_what_is_not_meant_for_the_bot(telegram: TelegramStandIn, bot: Bot) -> None:
    """As a member the bot gets commands, mentions and replies only; as an administrator everything."""
    sam = telegram.user("Sam")
    group = telegram.group("Shop", [sam])
    sent = await bot.send_message(group.id, "Hi")
    shown = await sam.next_message(group=group)
    assert shown.id == sent.message_id
    for text in ("lunch?", "/help", "@triage_bot help"):
        await sam.send(text, group=group)
    await sam.send("no", group=group, reply_to=shown)
    texts = [each.message.text for each in await bot.get_updates() if each.message]
    assert texts == ["/help", "@triage_bot help", "no"]
    group.set_bot(sam, "administrator")
    await sam.send("lunch?", group=group)
    updates = await bot.get_updates()
    assert updates[-1].message is not None
    assert updates[-1].message.text == "lunch?"


async def test_a_group_that_grows_gets_another_id(telegram: TelegramStandIn, bot: Bot) -> None:
    """After a migration the old id names the new one, and both groups get a message about it."""
    sam = telegram.user("Sam")
    group = telegram.group("Shop", [sam])
    moved = group.migrate(sam)
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group.id, "Hi")
    assert refused.value.new_chat_id == moved.id
    old, new = [each.message for each in await bot.get_updates()]
    assert old is not None
    assert new is not None
    assert (old.migrate_to_chat_id, new.migrate_from_chat_id) == (moved.id, group.id)
    await bot.send_message(moved.id, "Hi")


async def test_a_bot_that_is_thrown_out_hears_and_says_nothing(telegram: TelegramStandIn, bot: Bot) -> None:
    """Kicked from a group, the bot is refused with the real server's words."""
    sam = telegram.user("Sam")
    group = telegram.group("Shop", [sam])
    group.set_bot(sam, "kicked")
    with refused("Forbidden: bot was kicked from the group chat", Forbidden):
        await bot.send_message(group.id, "Hi")
    await sam.send("/help", group=group)
    assert [each.message for each in await bot.get_updates()] == [None]


async def test_members_are_known(telegram: TelegramStandIn, bot: Bot) -> None:
    """Who is creator, administrator, member, or none of it; how many there are; leaving."""
    sam, tom, ana = telegram.user("Sam"), telegram.user("Tom"), telegram.user("Ana")
    group = telegram.group("Shop", [sam, tom], bot="administrator")
    statuses = [(await bot.get_chat_member(group.id, each.user.id)).status for each in (sam, tom, ana)]
    assert statuses == ["creator", "member", "left"]
    assert len(await bot.get_chat_administrators(group.id)) == 2
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_chat(group.id)).title == "Shop"
    await bot.leave_chat(group.id)
    assert group.chat.members[telegram.world.bot.id] == "left"
