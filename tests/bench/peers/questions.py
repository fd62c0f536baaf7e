"""The task of the engine benchmark: six choice questions, and replies that answer them.

Every peer gets the same questions, the same matcher and the same composer, so what differs between the peers is only
how each library keeps a conversation's place and calls the code of its user.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLOSING = "Thank you, that was the last question. A person of our team reads your answers now."


@dataclass(frozen=True)
class Choice:
    """One answer a question offers: its id is stored, its label shown, its synonyms also understood."""

    id: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question with its choices, and an index from every lower-cased way to reply to the id of the choice."""

    id: str
    prompt: str
    choices: tuple[Choice, ...]
    index: Mapping[str, str]

    def match(self, reply: str) -> str | None:
        """Return the id of the choice that `reply` names by number, label or synonym, or None."""
        return self.index.get(reply.strip().lower())

    def text(self) -> str:
        """Compose the question as it is sent: the prompt, then one numbered line for each choice."""
        lines = [self.prompt]
        lines += [f"{number}. {choice.label}" for number, choice in enumerate(self.choices, 1)]
        return "\n".join(lines)


@dataclass(frozen=True)
class Script:
    """One merchant's six replies, in the order of the questions, and the answers they come to."""

    replies: tuple[str, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Transcript:
    """What one conversation left behind: the answers by question id, and every text it would have sent, in order."""

    answers: dict[str, str]
    texts: list[str]


def _question(name: str, prompt: str, *choices: Choice) -> Question:
    """Make a question and index its choices; two choices that share a word would be a mistake here."""
    index: dict[str, str] = {}
    for number, choice in enumerate(choices, 1):
        for word in (str(number), choice.label.lower(), *choice.synonyms):
            if index.setdefault(word, choice.id) != choice.id:
                message = f"{name}: {word!r} names two choices"
                raise ValueError(message)
    return Question(name, prompt, choices, index)


_YES = Choice("yes", "Yes", ("y", "yep", "sure"))
_NO = Choice("no", "No", ("n", "nope", "not at all"))
_UNSURE = Choice("unsure", "I don't know", ("unsure", "no idea", "?"))

QUESTIONS = (
    _question(
        "platform",
        "Which platform does your webshop run on?",
        Choice("magento2", "Magento 2", ("adobe commerce", "magento")),
        Choice("woocommerce", "WooCommerce", ("woo", "wordpress")),
        Choice("shopware6", "Shopware 6", ("shopware", "sw6")),
        Choice("prestashop", "PrestaShop", ("presta",)),
        Choice("other", "Something else", ("other", "custom")),
    ),
    _question(
        "environment",
        "Where does the issue happen?",
        Choice("live", "On the live shop", ("live", "production")),
        Choice("staging", "On a staging or test shop", ("staging", "test")),
        Choice("both", "On both", ("both", "everywhere")),
        _UNSURE,
    ),
    _question("plugin_core", "Does the issue happen in the core of the plugin?", _YES, _NO, _UNSURE),
    _question("payment_core", "Does it happen in the core of a payment method?", _YES, _NO, _UNSURE),
    _question(
        "recent_update",
        "Was anything updated recently?",
        Choice("plugin", "The plugin", ("plugin", "module")),
        Choice("system", "The shop system", ("system", "platform", "shop")),
        Choice("server", "The server", ("server", "php", "hosting")),
        Choice("nothing", "Nothing", ("no", "none")),
        _UNSURE,
    ),
    _question(
        "reproducible",
        "Can you make the issue happen again yourself?",
        Choice("always", "Yes, every time", ("yes", "always")),
        Choice("sometimes", "Now and then", ("sometimes", "random")),
        Choice("never", "No", ("never", "not myself")),
        _UNSURE,
    ),
)

QUESTION_BY_ID: Mapping[str, Question] = {question.id: question for question in QUESTIONS}


def _script(replies: tuple[str, ...], *answers: str) -> Script:
    """Put the expected choice ids under the ids of the questions they answer."""
    return Script(replies, {question.id: answer for question, answer in zip(QUESTIONS, answers, strict=True)})


SCRIPTS = (
    _script(
        ("2", "On the live shop", "yep", "2", "PHP", "always"),
        "woocommerce", "live", "yes", "no", "server", "always",
    ),
    _script(
        ("Adobe Commerce", "2", "No", "?", "5", "Now and then"),
        "magento2", "staging", "no", "unsure", "unsure", "sometimes",
    ),
    _script(
        ("Something else", "everywhere", "3", "Yes", " Nothing ", "3"),
        "other", "both", "unsure", "yes", "nothing", "never",
    ),
    _script(
        ("sw6", "No idea", "1", "nope", "The plugin", "I don't know"),
        "shopware6", "unsure", "yes", "no", "plugin", "unsure",
    ),
)  # fmt: skip


def scripts(count: int) -> Iterator[Script]:
    """Yield `count` scripts, always in the same order."""
    return islice(cycle(SCRIPTS), count)
