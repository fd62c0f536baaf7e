"""Emoji that people react with: their short names, as Slack has them, and which a channel can show.

An emoji is its characters, without what chooses its colours, or, where it has none here, its short name in colons.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.chat.people import SLACK, TELEGRAM

if TYPE_CHECKING:
    from collections.abc import Mapping

_TELEGRAM: Final = (
    "👍 +1  👎 -1  ❤ heart  🔥 fire  🥰 smiling_face_with_3_hearts  👏 clap  😁 grin  🤔 thinking_face  "
    "🤯 exploding_head  😱 scream  🤬 face_with_symbols_on_mouth  😢 cry  🎉 tada  🤩 star-struck  🤮 face_vomiting  "
    "💩 hankey  🙏 pray  👌 ok_hand  🕊 dove_of_peace  🤡 clown_face  🥱 yawning_face  🥴 woozy_face  😍 heart_eyes  "
    "🐳 whale  ❤\u200d🔥 heart_on_fire  🌚 new_moon_with_face  🌭 hotdog  💯 100  🤣 rolling_on_the_floor_laughing  "
    "⚡ zap  🍌 banana  🏆 trophy  💔 broken_heart  🤨 face_with_raised_eyebrow  😐 neutral_face  🍓 strawberry  "
    "🍾 champagne  💋 kiss  🖕 middle_finger  😈 smiling_imp  😴 sleeping  😭 sob  🤓 nerd_face  👻 ghost  "
    "👨\u200d💻 male-technologist  👀 eyes  🎃 jack_o_lantern  🙈 see_no_evil  😇 innocent  😨 fearful  🤝 handshake  "
    "✍ writing_hand  🤗 hugging_face  🫡 saluting_face  🎅 santa  🎄 christmas_tree  ☃ snowman  💅 nail_care  "
    "🤪 zany_face  🗿 moyai  🆒 cool  💘 cupid  🙉 hear_no_evil  🦄 unicorn_face  😘 kissing_heart  💊 pill  "
    "🙊 speak_no_evil  😎 sunglasses  👾 space_invader  "
    "🤷\u200d♂ man-shrugging  🤷 shrug  🤷\u200d♀ woman-shrugging  😡 rage"
)
"""Those that a bot may react with, of the Bot API's ReactionTypeEmoji."""
_OTHERS: Final = (
    "✅ white_check_mark  ✔ heavy_check_mark  ❌ x  ➕ heavy_plus_sign  😀 grinning  😄 smile  😊 blush  😂 joy  "
    "🙂 slightly_smiling_face  😅 sweat_smile  🙌 raised_hands  💪 muscle  🚀 rocket  "
    "👋 wave  ⏳ hourglass_flowing_sand"
)


def _read(table: str) -> dict[str, str]:
    pairs = (each.split(" ") for each in table.split("  "))
    return {emoji: name for emoji, name in pairs}  # noqa: C416  (pairs that are lists)


_ALLOWED: Final = frozenset(_read(_TELEGRAM))
_NAMES: Final[Mapping[str, str]] = MappingProxyType(_read(f"{_TELEGRAM}  {_OTHERS}"))
_EMOJI: Final[Mapping[str, str]] = MappingProxyType({name: emoji for emoji, name in _NAMES.items()})
_COLOURS: Final = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
_NAME: Final = re.compile(r":([\w+'-]{1,100}):")


def plain(emoji: str) -> str:
    """An emoji without what chooses its colours."""
    return _COLOURS.sub("", emoji)


def of_name(name: str) -> str:
    """The emoji with that short name, the name in colons if it is not known."""
    bare = name.partition("::")[0]  # behind it stands the colour of skin
    return _EMOJI.get(bare, f":{bare}:")


def name_of(emoji: str) -> str:
    """Its short name; "" if it has none here."""
    found = _NAME.fullmatch(emoji)
    return found[1] if found else _NAMES.get(plain(emoji), "")


def shows(channel: str, emoji: str) -> bool:
    """Whether a bot can react with it there."""
    if channel == TELEGRAM.name:
        return plain(emoji) in _ALLOWED
    return channel == SLACK.name and bool(name_of(emoji))
