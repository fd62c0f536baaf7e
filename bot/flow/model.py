"""The flow language as a model: what a YAML file may say, key by key.

Reading a flow validates it against these classes, all problems at once. A validated model is also what the engine runs:
texts and expressions in it are parsed, so nothing of the source is interpreted twice.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.flow.texts import Text
from bot.flow.values import Bound, Condition, Flag, Id, Seconds, Synonyms, Texts, Value, many

MAX_TEXT: Final = 640
"""Code points of a stored text answer, unless its slot says otherwise."""


class Model(BaseModel):
    """Strict and closed: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Slot(Model):
    """A typed answer of the conversation."""

    type: Literal["choice", "choices", "yes_no", "text", "number", "date", "url", "email", "version", "files"]
    label: Text | None = None
    """What the merchant's summary calls it."""
    staff_label: Text | None = None
    """What the staff's card calls it; without one the answer is not on the card."""
    sensitive: Flag = False
    """Never in summaries, logs or metrics."""
    pattern: str | None = None
    """A regular expression that the whole answer must match (text, number, url, email, version)."""
    max_chars: Annotated[int, Field(strict=True, ge=1, le=4000)] = MAX_TEXT
    min: Bound | None = None
    """The least number that is an answer."""
    max: Bound | None = None
    ask_again: Flag = False
    """Ask even if the answer is already known."""
    also: Literal["text"] | None = None
    """Free text is an answer too (choice, date, files)."""

    @model_validator(mode="after")
    def _checked(self) -> Slot:
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except (re.error, OverflowError, RecursionError) as error:
                raise PydanticCustomError(
                    "bad-pattern", "{reason}", {"reason": f"the pattern cannot be read: {error}"}
                ) from error
        if self.also and self.type not in {"choice", "date", "files"}:
            raise PydanticCustomError("bad-slot", "`also: text` goes with the types choice, date and files")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("bad-slot", "no number is an answer: `min` is greater than `max`")
        return self


class Trigger(Model):
    """What starts a flow: a command, or words that are the whole message."""

    command: Id | None = None
    words: Text | None = None
    """Comma-separated; translated."""

    @model_validator(mode="after")
    def _checked(self) -> Trigger:
        if self.command is None and self.words is None:
            raise PydanticCustomError("missing-key", "a trigger has a `command` or `words`")
        return self


class Branch(Model):
    """One arm of a `next:` list."""

    if_: Condition = Field(alias="if")
    then: Id


class Else(Model):
    """The closing arm of a `next:` list."""

    else_: Id = Field(alias="else")


def _arm(value: Any) -> str:
    return "else" if isinstance(value, Else) or (isinstance(value, dict) and "else" in value) else "if"


Arms = list[Annotated[Annotated[Branch, Tag("if")] | Annotated[Else, Tag("else")], Discriminator(_arm)]]


def _next(value: Any) -> str:
    return "arms" if isinstance(value, list) else "step"


Next = Annotated[Annotated[Id, Tag("step")] | Annotated[Arms, Tag("arms")], Discriminator(_next)]


class Choice(Model):
    """One choice of a question. `id` is the answer that is stored, whatever the language."""

    id: Id
    label: Text
    synonyms: Synonyms | None = None
    """Other names of it, as a list; translated as one comma-separated text."""
    next: Id | None = None


class Rejection(Model):
    """Refuses a well-formed answer that makes no sense here; `value` is the candidate."""

    if_: Condition = Field(alias="if")
    say: Text


class Timeout(Model):
    """What happens when the merchant stays silent: a step of this flow, or `nudge`."""

    after: Seconds
    then: Id


class Lint(Model):
    """Silences codes on one step, with a reason."""

    allow: Annotated[tuple[str, ...], BeforeValidator(many)]
    why: Annotated[str, StringConstraints(min_length=10)]


class StepBase(Model):
    """What every step may have."""

    id: Id
    when: Condition | None = None
    next: Next | None = None
    lint: Lint | None = None


class Question(Model):
    """What a `collect` step and a field of a form have in common."""

    collect: Id
    prompt: Text
    hint: Text | None = None
    """An example of a good answer, shown below the prompt."""
    why: Text | None = None
    """Plain-language explanation, shown on /why and by the help."""
    choices: tuple[Choice, ...] = ()
    unsure: Flag = False
    """Offer "I don't know" as an answer (stored as `unsure`)."""
    optional: Flag = False
    """Offer to skip (stored as none)."""
    rejections: tuple[Rejection, ...] = ()
    reprompt: Texts | None = None
    """Replies to a message that was not recognised: 1st, 2nd, …; the last one repeats."""
    invalid: Texts | None = None
    """Replies to an answer of the wrong form, likewise."""


class Say(StepBase):
    """Sends a text; does not wait."""

    say: Text


class Collect(StepBase, Question):
    """Asks for one slot and waits."""

    max_attempts: Annotated[int, Field(strict=True, ge=1, le=20)] = 3
    on_max_attempts: Id | None = None
    timeout: Timeout | None = None
    interruptions: Flag | tuple[Id, ...] = True
    """Whether other flows' triggers (or only those of the named flows) may interrupt here."""
    barrier: Flag = False
    """Once answered, neither this answer nor an earlier one can be taken back."""
    corrections: Flag = False
    """Offer every earlier answer for a change (in a question about a summary)."""


class Form(StepBase):
    """Several questions that belong together: one modal where the channel has them, one after another elsewhere."""

    form: Id
    title: Text
    submit: Text
    fields: Annotated[tuple[Question, ...], Field(min_length=1, max_length=20)]


class Decline(Model):
    """The other button of a rule."""

    label: Text
    next: Id | None = None


class Rule(StepBase):
    """Shows a rule, waits for its acknowledgement and records it: who, when, which wording, which language."""

    rule: Id
    text: Text
    accept: Text
    decline: Decline | None = None
    why: Text | None = None
    staff_label: Text | None = None
    """What the staff's card calls it."""


class Set(StepBase):
    """Assigns slots."""

    set: Annotated[dict[Id, Value], Field(min_length=1)]


class Call(StepBase):
    """Runs another flow and returns. `with` gives its slots their values, `into` takes slots back (here: there)."""

    call: Id
    with_: dict[Id, Value] = Field(default_factory=dict, alias="with")
    into: dict[Id, Id] = Field(default_factory=dict)


class Goto(StepBase):
    """Goes over to another flow and does not return."""

    goto: Id
    with_: dict[Id, Value] = Field(default_factory=dict, alias="with")


class Action(StepBase):
    """A named hook, performed outside the engine once per key; `into` takes values of its result (slot: key)."""

    action: Id
    with_: dict[Id, Value] = Field(default_factory=dict, alias="with")
    into: dict[Id, Id] = Field(default_factory=dict)
    timeout: Seconds = 30
    on_error: Id | None = None


class Case(Model):
    """What a hand-off opens."""

    queue: Id = "support"
    priority: Value = "normal"
    summary: tuple[Id, ...] | None = None
    """The slots on the card in their order; all with a `staff_label` when left out."""


class Handoff(StepBase):
    """Calls a person and opens a case."""

    handoff: Case


class End(StepBase):
    """Ends the flow with an outcome."""

    end: Id


KINDS: Final[dict[str, type[StepBase]]] = {
    "say": Say,
    "collect": Collect,
    "form": Form,
    "rule": Rule,
    "set": Set,
    "call": Call,
    "goto": Goto,
    "action": Action,
    "handoff": Handoff,
    "end": End,
}


def _kind(value: Any) -> str | None:
    if isinstance(value, StepBase):
        return type(value).__name__.lower()
    found = [kind for kind in KINDS if kind in value] if isinstance(value, dict) else []
    return found[0] if len(found) == 1 else None


Step = Annotated[
    Annotated[Say, Tag("say")]
    | Annotated[Collect, Tag("collect")]
    | Annotated[Form, Tag("form")]
    | Annotated[Rule, Tag("rule")]
    | Annotated[Set, Tag("set")]
    | Annotated[Call, Tag("call")]
    | Annotated[Goto, Tag("goto")]
    | Annotated[Action, Tag("action")]
    | Annotated[Handoff, Tag("handoff")]
    | Annotated[End, Tag("end")],
    Discriminator(
        _kind,
        custom_error_type="step-kind",
        custom_error_message="a step has exactly one of the keys " + ", ".join(KINDS),
    ),
]


class Migration(Model):
    """How sessions of version `from` move to this one; unnamed steps and slots keep their names."""

    from_: Annotated[int, Field(strict=True)] = Field(alias="from")
    steps: dict[Id, Id] = Field(default_factory=dict)
    rename: dict[Id, Id] = Field(default_factory=dict)
    """Slots: old name to new name."""
    drop: tuple[Id, ...] = ()
    """Slots that no longer exist."""
    map: dict[Id, dict[str, str]] = Field(default_factory=dict)
    """Choice ids that changed: slot (new name), old id, new id."""


class Flow(Model):
    """A conversation: one document of a flow file."""

    flow: Id
    version: Annotated[int, Field(strict=True, ge=1)]
    title: Text
    description: str | None = None
    expire_after: Seconds = 7 * 86400
    budget: Annotated[int, Field(strict=True, ge=1)] = 25
    """Questions and rules that may lie between the beginning and a person; `triage check` tells when there are more."""
    triggers: tuple[Trigger, ...] = ()
    slots: dict[Id, Slot] = Field(default_factory=dict)
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    texts: dict[Id, Text] = Field(default_factory=dict)
    """Named wordings that the engine itself uses (in patterns)."""
    migrate: tuple[Migration, ...] = ()
