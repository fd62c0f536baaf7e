"""The flow language as a model: what a YAML file may say, key by key.

Reading a flow validates it against these classes, all problems at once. A validated model is also what the engine runs:
texts and expressions in it are parsed, so nothing of the source is interpreted twice.

Annotations are no strings here, nor in `slots`: who makes the reader's schema of them would have to evaluate them.
"""

from typing import Annotated, Any, Final

import msgspec

from bot.flow.keys import Model
from bot.flow.marks import OneOf, Read, RefusalError, Within
from bot.flow.slots import Slot
from bot.flow.texts import Text
from bot.flow.values import Condition, Flag, Id, Seconds, Synonyms, Texts, Value, many


class Trigger(Model, frozen=True, kw_only=True):
    """What starts a flow: a command, or words that are the whole message."""

    command: Id | None = None
    """Its name without the slash."""
    words: Text | None = None
    """Comma-separated; translated."""

    def __post_init__(self) -> None:
        """Refuse a trigger that nothing sets off; raises RefusalError."""
        if self.command is None and self.words is None:
            raise RefusalError("missing-key", "a trigger has a `command` or `words`")


class Branch(Model, frozen=True, kw_only=True):
    """One arm of a `next:` list."""

    if_: Condition
    """A condition; the first arm whose condition is true is taken."""
    then: Id
    """The id of the step to go to."""


class Else(Model, frozen=True, kw_only=True):
    """The closing arm of a `next:` list."""

    else_: Id
    """The id of the step to go to when no condition above was true."""


def _arm(value: Any) -> str:
    return "else" if isinstance(value, dict) and "else" in value else "if"


Arms = list[Annotated[Branch | Else, OneOf({"if": Branch, "else": Else}, _arm)]]


def _next(value: Any) -> str:
    return "arms" if isinstance(value, list) else "step"


Next = Annotated[Id | Arms, OneOf({"step": Id, "arms": Arms}, _next)]


class Choice(Model, frozen=True, kw_only=True):
    """One choice of a question. `id` is the answer that is stored, whatever the language."""

    id: Id
    """What is stored when it is chosen, and what conditions compare with."""
    label: Text
    """What the button says."""
    synonyms: Synonyms | None = None
    """Other names of it, as a list; translated as one comma-separated text."""
    next: Id | None = None
    """The id of the step that this choice leads to; without it the question's own `next` counts."""


class Rejection(Model, frozen=True, kw_only=True):
    """Refuses a well-formed answer that makes no sense here; `value` is the candidate."""

    if_: Condition
    """A condition on the answer, which is called `value` here."""
    say: Text
    """What is said when it is true; then the question is asked again."""


class Timeout(Model, frozen=True, kw_only=True):
    """What happens when the merchant stays silent: a step of this flow, or `nudge`."""

    after: Seconds
    """How long nothing was heard."""
    then: Id
    """The id of a step, or `nudge` for a reminder."""


_CODES: Final = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class Lint(Model, frozen=True, kw_only=True):
    """Silences codes on one step, with a reason."""

    allow: Annotated[tuple[str, ...], Read(many, _CODES)]
    """Codes of `triage check` that this step may have."""
    why: Annotated[str, Within(min_length=10)]
    """Why that is right, for whoever reads it next."""


class StepBase(Model, frozen=True, kw_only=True):
    """What every step may have."""

    id: Id
    """Its name, by which other steps lead here."""
    when: Condition | None = None
    """A condition; where it is false the step is passed over."""
    next: Next | None = None
    """Where to go afterwards: the id of a step, or a list of conditions. Without it the next step follows."""
    lint: Lint | None = None
    """Findings of `triage check` that were looked at and are kept."""


class Question(Model, frozen=True, kw_only=True):
    """What a `collect` step and a field of a form have in common."""

    collect: Id
    """The slot that the answer goes into."""
    prompt: Text
    """The question."""
    hint: Text | None = None
    """An example of a good answer, shown below the prompt."""
    why: Text | None = None
    """Plain-language explanation, shown on /why and by the help."""
    choices: tuple[Choice, ...] = ()
    """What can be chosen; buttons where the channel has them."""
    unsure: Flag = False
    """Offer "I don't know" as an answer (stored as `unsure`)."""
    optional: Flag = False
    """Offer to skip (stored as none)."""
    rejections: tuple[Rejection, ...] = ()
    """Answers of the right form that make no sense here."""
    reprompt: Texts | None = None
    """Replies to a message that was not recognised: 1st, 2nd, …; the last one repeats."""
    invalid: Texts | None = None
    """Replies to an answer of the wrong form, likewise."""


class Say(StepBase, frozen=True, kw_only=True):
    """Sends a text; does not wait."""

    say: Text
    """The text."""


class Collect(Question, frozen=True, kw_only=True):
    """Asks for one slot and waits."""

    # what every step may have: a record has the attributes of one other record
    id: Id
    """Its name, by which other steps lead here."""
    when: Condition | None = None
    """A condition; where it is false the step is passed over."""
    next: Next | None = None
    """Where to go afterwards: the id of a step, or a list of conditions. Without it the next step follows."""
    lint: Lint | None = None
    """Findings of `triage check` that were looked at and are kept."""

    max_attempts: Annotated[int, Within(strict=True, ge=1, le=20)] = 3
    """Replies that are no answer before help comes."""
    on_max_attempts: Id | None = None
    """The id of the step to go to then; without it a person is offered."""
    timeout: Timeout | None = None
    """What happens when nothing is heard."""
    interruptions: Flag | tuple[Id, ...] = True
    """Whether other flows' triggers (or only those of the named flows) may interrupt here."""
    barrier: Flag = False
    """Once answered, neither this answer nor an earlier one can be taken back."""
    corrections: Flag = False
    """Offer every earlier answer for a change (in a question about a summary)."""


class Form(StepBase, frozen=True, kw_only=True):
    """Several questions that belong together: one modal where the channel has them, one after another elsewhere."""

    form: Id
    """Its name on the channels that show it as a window."""
    title: Text
    """The heading of the window, and of the message that opens it."""
    submit: Text
    """What the button says that sends it."""
    fields: Annotated[tuple[Question, ...], Within(min_length=1, max_length=20)]
    """The questions."""


class Decline(Model, frozen=True, kw_only=True):
    """The other button of a rule."""

    label: Text
    """What it says."""
    next: Id | None = None
    """The id of the step to go to; without it the conversation goes on as if it was accepted."""


class Rule(StepBase, frozen=True, kw_only=True):
    """Shows a rule, waits for its acknowledgement and records it: who, when, which wording, which language."""

    rule: Id
    """Its name in the records."""
    text: Text
    """What it says, word for word; the record holds a hash of it."""
    accept: Text
    """What the button says that acknowledges it."""
    decline: Decline | None = None
    """The other button, if there is one."""
    why: Text | None = None
    """Plain-language explanation, shown on /why."""
    staff_label: Text | None = None
    """What the staff's card calls it."""


class Set(StepBase, frozen=True, kw_only=True):
    """Assigns slots."""

    set: Annotated[dict[Id, Value], Within(min_length=1)]
    """Slots and their values: a literal, `null` for no answer, or one whole `{{ expression }}`."""


class Call(StepBase, frozen=True, kw_only=True):
    """Runs another flow and returns. `with` gives its slots their values, `into` takes slots back (here: there)."""

    call: Id
    """The id of the flow."""
    with_: dict[Id, Value] = msgspec.field(default_factory=dict)
    """Its slots and the values that they begin with."""
    into: dict[Id, Id] = msgspec.field(default_factory=dict)
    """Our slots and the slots of that flow that they take their values from."""


class Goto(StepBase, frozen=True, kw_only=True):
    """Goes over to another flow and does not return."""

    goto: Id
    """The id of the flow."""
    with_: dict[Id, Value] = msgspec.field(default_factory=dict)
    """Its slots and the values that they begin with."""


class Action(StepBase, frozen=True, kw_only=True):
    """A named hook, performed outside the engine once per key; `into` takes values of its result (slot: key)."""

    action: Id
    """The name of the hook."""
    with_: dict[Id, Value] = msgspec.field(default_factory=dict)
    """Values it is given."""
    into: dict[Id, Id] = msgspec.field(default_factory=dict)
    """Our slots and the keys of the result that they take their values from."""
    timeout: Seconds = 30
    """How long it may take."""
    on_error: Id | None = None
    """The id of the step to go to when it fails."""


class Case(Model, frozen=True, kw_only=True):
    """What a hand-off opens."""

    queue: Id = "support"
    """The team that it is for."""
    priority: Value = "normal"
    """How urgent it is: a word, or one whole `{{ expression }}`."""
    summary: tuple[Id, ...] | None = None
    """The slots on the card in their order; all with a `staff_label` when left out."""


class Handoff(StepBase, frozen=True, kw_only=True):
    """Calls a person and opens a case."""

    handoff: Case
    """Where the case goes, and what stands on its card."""


class End(StepBase, frozen=True, kw_only=True):
    """Ends the flow with an outcome."""

    end: Id
    """The outcome, for the records."""


KINDS: Final[dict[str, type[Model]]] = {
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
    found = value.keys() & KINDS.keys() if isinstance(value, dict) else ()
    return next(iter(found)) if len(found) == 1 else None


Step = Annotated[
    Say | Collect | Form | Rule | Set | Call | Goto | Action | Handoff | End,
    OneOf(KINDS, _kind, "step-kind", "a step has exactly one of the keys " + ", ".join(KINDS)),
]


class Migration(Model, frozen=True, kw_only=True):
    """How sessions of version `from` move to this one; unnamed steps and slots keep their names."""

    from_: Annotated[int, Within(strict=True)]
    """The version that they come from."""
    steps: dict[Id, Id] = msgspec.field(default_factory=dict)
    """Steps that are called otherwise now: old id, new id."""
    rename: dict[Id, Id] = msgspec.field(default_factory=dict)
    """Slots: old name to new name."""
    drop: tuple[Id, ...] = ()
    """Slots that no longer exist."""
    map: dict[Id, dict[str, str]] = msgspec.field(default_factory=dict)
    """Choice ids that changed: slot (new name), old id, new id."""


class Flow(Model, frozen=True, kw_only=True):
    """A conversation: one document of a flow file."""

    flow: Id
    """Its id. Flows whose id begins with `pattern_` are repair patterns."""
    version: Annotated[int, Within(strict=True, ge=1)]
    """Counts up whenever its steps change."""
    title: Text
    """What people call it."""
    description: str | None = None
    """A note for whoever reads the file; it is shown nowhere."""
    expire_after: Seconds = 7 * 86400
    """How long nothing is heard before the conversation is closed."""
    budget: Annotated[int, Within(strict=True, ge=1)] = 25
    """Questions and rules that may lie between the beginning and a person; `triage check` tells when there are more."""
    triggers: tuple[Trigger, ...] = ()
    """What begins it."""
    slots: dict[Id, Slot] = msgspec.field(default_factory=dict)
    """The answers that it asks for, by name."""
    steps: Annotated[tuple[Step, ...], Within(min_length=1)]
    """What it does, from top to bottom."""
    texts: dict[Id, Text] = msgspec.field(default_factory=dict)
    """Named wordings that the engine itself uses (in patterns)."""
    migrate: tuple[Migration, ...] = ()
    """How conversations of older versions go on in this one."""
