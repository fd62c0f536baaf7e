"""Payloads of Slack's read as what somebody did, piece by piece."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack import buttons
from bot.channels.slack.inbound import Begin, Did, Gone, Looking, Moved, Nearing, Opening, read, repeated, unreadable
from bot.chat.addresses import Address
from bot.chat.events import File, Message, Submit, Tap
from tests.channels.slack.payloads import ANA, BOT, CHANNEL, DIRECT, TEAM, changed, event, message, pressed


def did(payload: Any) -> Did:
    """What somebody did."""
    found = read(payload)
    assert isinstance(found, Did)
    return found


def test_a_direct_message_is_for_the_bot_whatever_thread_it_is_in() -> None:
    """One conversation for all direct messages with the app."""
    found = did(message("a &lt; b", thread_ts="3.1"))
    assert found.where == Address("slack", TEAM, DIRECT)
    assert (found.user, found.event, found.origin, found.heard) == (ANA, Message("m:D1:10.1", "a < b"), "10.1", True)


def test_in_a_channel_only_a_mention_begins_and_its_thread_goes_on() -> None:
    """What does not mention the bot is only heard where the thread is known; the mention itself is left out."""
    mention = did(message(f"<@{BOT}> it is broken", CHANNEL))
    assert (mention.where, mention.heard) == (Address("slack", TEAM, CHANNEL, "10.1"), True)
    assert mention.event == Message("m:C1:10.1", "it is broken")
    reply = did(message("WooCommerce", CHANNEL, ts="12.1", thread_ts="10.1"))
    assert (reply.where.thread, reply.heard, reply.threads) == ("10.1", False, ("10.1",))
    assert not did(message("lunch?", CHANNEL)).heard


def test_a_mention_that_is_told_of_twice_is_one() -> None:
    """As message and as mention, and by two workspaces of a shared channel: the same key for the same message."""
    one = did(message(f"<@{BOT}> hi", CHANNEL))
    again = did(message(f"<@{BOT}> hi", CHANNEL, type="app_mention"))
    assert (one.event.key, one.where) == (again.event.key, again.where)


def test_speaking_to_a_colleague_is_known() -> None:
    """Somebody else is mentioned."""
    assert did(message("<@U0KIM> what do you think?", CHANNEL, thread_ts="1.1")).aside
    assert not did(message(f"<@{BOT}> solve", CHANNEL, thread_ts="1.1")).aside


@pytest.mark.parametrize("fields", [{"user": BOT}, {"bot_id": "B"}, {"user": "USLACKBOT"}, {"subtype": "channel_join"}])
def test_what_nobody_said_is_nothing(fields: dict[str, Any]) -> None:
    """Our own words, other bots, Slack itself, and news about the channel."""
    assert read(message("hello", **fields)) is None


def test_a_reply_that_is_shown_in_the_channel_too_is_one_message() -> None:
    """Of a broadcast there is no second event to be told from it: its key is its time."""
    found = did(message("yes", CHANNEL, subtype="thread_broadcast", thread_ts="1.1"))
    assert (found.where.thread, found.event.key) == ("1.1", "m:C1:10.1")


def test_files_are_known_by_their_ids() -> None:
    """Also those of another organisation, of which nothing else is told."""
    files = [
        {"id": "F1", "name": "log.txt", "size": 3, "mimetype": "text/plain"},
        {"id": "F2", "file_access": "check_file_info"},
    ]
    found = did(message("", subtype="file_share", files=files)).event
    assert isinstance(found, Message)
    assert found.files == (File("F1", "log.txt", 3, "text/plain"), File("F2", ""))


def test_a_change_of_words_is_an_edit_and_an_unfurled_link_is_none() -> None:
    """Only what somebody edited; the key holds when."""
    before = {"user": ANA, "text": "Wich?", "ts": "10.1"}
    edited = did(changed(before | {"text": "Which?", "edited": {"user": ANA, "ts": "11.0"}}, before))
    assert isinstance(edited.event, Message)
    assert (edited.event.key, edited.event.edited, edited.origin) == ("e:D1:10.1:11.0", True, "10.1")
    assert read(changed(before | {"attachments": [{}]}, before)) is None


def test_a_deleted_message_is_told_of() -> None:
    """For staff: their copy goes, too."""
    found = did(changed({}, {"user": ANA, "text": "x", "ts": "10.1"}, CHANNEL, "message_deleted"))
    assert (found.event, found.origin) == (Message("d:C1:10.1", "x", edited=True, deleted=True), "10.1")


def test_presses_and_picks_are_the_token() -> None:
    """In a thread of a channel the conversation is the thread's."""
    found = did(pressed(buttons.tap("abc.1.x.y"), CHANNEL, thread="10.1"))
    assert (found.where.thread, found.threads) == ("10.1", ("10.1", "9.1"))
    assert isinstance(found.event, Tap)
    assert found.event.token == "abc.1.x.y"
    picked = did(pressed(buttons.pick("abc.1"), selected_option={"value": "abc.1.x.z"}))
    assert isinstance(picked.event, Tap)
    assert picked.event.token == "abc.1.x.z"
    assert picked.event.key != found.event.key


def test_a_form_is_opened_and_sent() -> None:
    """Its button carries the question, its modal the conversation and the token."""
    opening = read(pressed(buttons.form("abc.1"), text={"type": "plain_text", "text": "Your shop"}))
    assert opening == Opening(Address("slack", TEAM, DIRECT), "1.2.3", "abc.1", "Your shop")
    where = Address("slack", TEAM, DIRECT)
    view = {
        "id": "V1",
        "hash": "7.x",
        "callback_id": buttons.FORM,
        "private_metadata": buttons.metadata(buttons.Origin(str(where), "abc.1.f.s")),
        "state": {"values": {"name": {"value": {"type": "plain_text_input", "value": "Ana"}}}},
    }
    user = {"id": ANA, "team_id": TEAM}
    sent = did({"type": "view_submission", "team": {"id": TEAM}, "user": user, "view": view, "trigger_id": "4.5"})
    assert (sent.where, sent.event) == (where, Submit("v:4.5", "abc.1.f.s", {"name": "Ana"}))


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            {"command": "/triage", "text": "", "team_id": TEAM, "user_id": ANA, "trigger_id": "1.2"},
            Begin(TEAM, ANA, "c:1.2", "/start", commanded=True),
        ),
        (
            {"command": "/triage", "text": "my shop &amp; me", "team_id": TEAM, "user_id": ANA, "trigger_id": "1.2"},
            Begin(TEAM, ANA, "c:1.2", "my shop & me", commanded=True),
        ),
        (
            {
                "type": "shortcut",
                "callback_id": buttons.SHORTCUT,
                "team": {"id": TEAM},
                "user": {"id": ANA},
                "trigger_id": "1",
            },
            Begin(TEAM, ANA, "s:1"),
        ),
        (event(type="app_home_opened", tab="home", user=ANA, view={"hash": "5.x"}), Looking(TEAM, ANA, "5.x")),
        (event(type="app_home_opened", tab="messages", user=ANA), Nearing(TEAM, ANA)),
        (
            event(type="channel_id_changed", old_channel_id="G1", new_channel_id="C2"),
            Moved(Address("slack", TEAM, "G1"), "C2"),
        ),
        (event(type="app_uninstalled") | {"event_time": 7}, Gone((TEAM,), 7999)),
        (event(type="tokens_revoked", tokens={"bot": ["U1"]}) | {"event_time": 7}, Gone((TEAM,), 7999)),
        (event(type="tokens_revoked", tokens={"oauth": ["U1"]}) | {"event_time": 7}, None),
        (event(type="something_new", user=ANA), None),
        ({"type": "view_closed"}, None),
    ],
)
def test_entrances_and_all_that_is_no_message(payload: Any, expected: Any) -> None:
    """Command, shortcut, home tab, uninstalling; what is not known is nothing."""
    assert read(payload) == expected


ORG = {"is_enterprise_install": True, "enterprise": {"id": "E1", "name": "Starship"}, "team": None}


@pytest.mark.parametrize(
    "payload",
    [
        message() | {"authorizations": [{"enterprise_id": "E1", "team_id": TEAM, "is_enterprise_install": True}]},
        message() | {"enterprise_id": "E1", "authorizations": [{"team_id": TEAM, "is_enterprise_install": True}]},
        pressed("start") | ORG,
        {"command": "/triage", "user_id": ANA, "trigger_id": "1", "text": "", "team_id": TEAM}
        | {"is_enterprise_install": "true", "enterprise_id": "E1"},
        {"type": "shortcut", "callback_id": buttons.SHORTCUT, "user": {"id": ANA, "team_id": TEAM}, "trigger_id": "1"}
        | ORG,
    ],
)
def test_an_organisation_is_one_account(payload: Any) -> None:
    """Installed for all of its workspaces, its conversations are the same from whichever of them."""
    found: Any = read(payload)
    assert (found.where.account if isinstance(found, Did) else found.team) == "E1"


@pytest.mark.parametrize(
    ("outer", "teams"),
    [
        ({"team_id": "T1"}, ("T1",)),
        ({"team_id": None, "enterprise_id": "E1"}, ("E1",)),
        ({"team_id": "E1", "enterprise_id": "E1", "authorizations": []}, ("E1",)),
        ({"team_id": "T1", "enterprise_id": "E1"}, ("T1", "E1")),
        ({"team_id": "T1", "authorizations": [{"enterprise_id": "E1", "is_enterprise_install": True}]}, ("E1",)),
        ({"team_id": "T1", "enterprise_id": "E1", "authorizations": [{"team_id": "T1"}]}, ("T1",)),
    ],
)
def test_where_it_is_gone_from(outer: dict[str, Any], teams: tuple[str, ...]) -> None:
    """A workspace, or an organisation, however Slack tells of it; both where it does not say which."""
    payload = {"type": "event_callback", "event": {"type": "app_uninstalled"}, "event_time": 7}
    assert read(payload | outer) == Gone(teams, 7999)


def test_in_a_shared_channel_the_workspace_is_the_one_that_has_the_app() -> None:
    """`team_id` may be the other organisation's there; `authorizations` name ours."""
    payload = message(channel="C1", text=f"<@{BOT}> hello") | {"team_id": "T9OTHER", "is_ext_shared_channel": True}
    found = read(payload)
    assert isinstance(found, Did)
    assert found.where.account == TEAM


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "event", "user", "channel", "text", "ts", "message", "view", "team", "files"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


names = st.sampled_from(["event", "team_id", "user", "actions", "view", "container", "team", "callback_id"])


@given(
    st.sampled_from(["event_callback", "block_actions", "view_submission", "shortcut"]), st.dictionaries(names, json)
)
def test_whatever_comes_is_read_or_parked(kind: str, fields: dict[str, Any]) -> None:
    """A payload of any shape is something, nothing, or named as unreadable: it never ends the process."""
    payload = {"type": kind, **fields}
    try:
        read(payload)
    except (LookupError, TypeError, ValueError, AttributeError):
        address, key, raw = unreadable(payload)
        assert address.startswith("slack:")
        assert len(key) == 64
        assert len(raw) <= 4_096


def test_only_events_come_again() -> None:
    """What is not taken of the others nobody repeats."""
    assert repeated(message())
    assert not repeated(pressed("start"))
