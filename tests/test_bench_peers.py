"""The peers of the engine benchmark do the work they are measured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.peers import PEERS, Peer, conversation_handler, sismic_, statemachine, transitions_
from tests.bench.peers.questions import CLOSING, QUESTIONS, SCRIPTS, Script, Transcript, scripts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Converse = Callable[[Sequence[str]], Transcript]

CONVERSE = [
    pytest.param(module.converse, id=module.__name__.rpartition(".")[2])
    for module in (conversation_handler, statemachine, transitions_, sismic_)
]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_each_walk_answers_every_question_of_every_conversation(peer: Peer) -> None:
    """A peer can be walked again, and counts six turns for each conversation."""
    assert [peer.walk(5), peer.walk(2)] == [30, 12]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.replies[0])
@pytest.mark.parametrize("converse", CONVERSE)
def test_each_peer_stores_the_expected_answers_and_asks_every_question(converse: Converse, script: Script) -> None:
    """Numbers, labels and synonyms come to the same answers in every library, and the same texts are composed."""
    transcript = converse(script.replies)
    assert transcript.answers == script.answers
    assert transcript.texts == [*(question.text() for question in QUESTIONS), CLOSING]


@pytest.mark.parametrize("converse", CONVERSE)
def test_each_peer_asks_again_when_a_reply_names_no_choice(converse: Converse) -> None:
    """A reply that matches nothing stores nothing and has the same question asked again, at any question."""
    script = SCRIPTS[0]
    transcript = converse([reply for wanted in script.replies for reply in ("a penguin", wanted)])
    assert transcript.answers == script.answers
    assert transcript.texts == [*(text for question in QUESTIONS for text in [question.text()] * 2), CLOSING]


def test_a_question_is_composed_with_numbered_choices() -> None:
    """The text that peers compose is the prompt and one numbered line for each choice."""
    assert QUESTIONS[2].text() == "Does the issue happen in the core of the plugin?\n1. Yes\n2. No\n3. I don't know"


def test_the_task_is_what_the_benchmark_says_it_is() -> None:
    """Six questions of three to five choices each, and scripts that come round in the same order."""
    assert len(QUESTIONS) == 6
    assert all(3 <= len(question.choices) <= 5 for question in QUESTIONS)
    assert list(scripts(len(SCRIPTS) + 1)) == [*SCRIPTS, SCRIPTS[0]]
