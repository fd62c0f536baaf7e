"""The card as text to copy: complete, literal, and for staff alone."""

from __future__ import annotations

from bot.chat.effects import Notice
from bot.desk.blocks import copies
from bot.text.nodes import CodeBlock, List, Text, paragraph
from bot.text.plain import plain
from tests.desk.talk import KIM, Talk


def test_a_case_is_shown_once_for_each_system_and_is_as_it_was() -> None:
    """With what the merchant answered and how the case stands, whoever asks; also when it is closed."""
    talk = Talk()
    talk.command("close")
    before = talk.case
    (notice,) = talk.command("export", KIM).effects
    assert isinstance(notice, Notice)
    names = [plain((each,)) for each in notice.document if not isinstance(each, CodeBlock)]
    markdown, jira = [plain((each,)) for each in notice.document if isinstance(each, CodeBlock)]
    assert names == ["GitHub", "Jira"]
    assert f"**Case {talk.case.id}**" in markdown
    assert "- **Merchant:** Ana" in markdown
    assert "* *Merchant:* Ana" in jira
    assert "- **With:** Noor" in markdown
    assert talk.case == before


def test_what_people_wrote_is_no_markup_there() -> None:
    """Neither formatting, nor a link, nor a list, nor a mention of anybody; a line break stays within its item."""
    card = (
        paragraph("T", bold=True),
        List(((Text("Problem:", bold=True), Text(" <b> [x](y) @all #1 *b* {code}\n- z")),)),
    )
    _, markdown, _, jira = (plain((each,)) for each in copies(card))
    assert markdown == ("**T**\n\n- **Problem:** \\<b\\> \\[x\\](y) @\u200ball #\u200b1 \\*b\\* \\{code\\}\n  \\- z")
    assert jira == "*T*\n\n* *Problem:* <b> \\[x\\](y) @\u200ball #\u200b1 \\*b\\* \\{code\\} \\\\ \\- z"
