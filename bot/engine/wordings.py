"""What every library must have: the repair patterns, and the wordings that engine and channels say of their own."""

from __future__ import annotations

from typing import Final

REQUIRED: Final = (
    "back", "cancel", "cases", "change", "changed_flow", "empty", "ended", "error", "expired", "forget", "help",
    "human", "invalid", "language", "limit", "mydata", "nudge", "restart", "resume", "secret", "status", "stale",
    "summary", "unrecognised", "why", "with_person", "wrong_kind",
)  # fmt: skip
"""The patterns, without their prefix."""

WORDINGS: Final = (
    "about", "about_short", "accept_synonyms", "already_answered", "already_known", "answer_changed",
    "card_attention", "card_declined", "card_exposed", "card_files", "card_language", "card_merchant", "card_missing",
    "card_rules", "card_title", "case_here", "case_is_closed", "case_is_new", "case_is_on_hold", "case_is_open",
    "case_is_pending", "case_is_solved", "case_over_here", "case_there", "cases_none", "cases_title", "change",
    "cut_short", "data_kept", "days", "did_you_mean", "done", "done_synonyms", "failed", "field_invalid", "files_kept",
    "files_so_far", "finish_first", "forget_account", "forgotten", "forgotten_again", "forgotten_audit",
    "forgotten_backups", "forget_not_yours", "forgotten_cases", "forgotten_here", "forgotten_systems", "forgotten_team",
    "form_gone", "former_answer",
    "home_answer", "home_data", "home_none", "home_person", "home_show", "home_start", "home_title", "keep",
    "keep_synonyms", "kept_nowhere", "language_now", "no", "no_synonyms", "none_of_these", "nothing_yet", "one_day",
    "skip", "skip_synonyms", "unsure", "unsure_synonyms", "which_date", "which_one", "working", "wrote_directly", "yes",
    "yes_synonyms", "you_chose",
    "console_greeting", "console_leaving", "console_farewell", "console_farewell_kept", "console_resumed",
    "console_not_kept", "console_over", "console_with_staff", "console_passed_on", "console_arrived",
    "console_taken_back", "console_file_usage", "console_change_usage", "console_quotes", "console_folder",
    "console_no_file", "console_not_ordinary", "console_not_opened", "console_unshowable", "console_waiting",
    "console_taken", "console_parked", "console_unfinished",
)  # fmt: skip
"""The wordings by name: `pattern_words` has one text for each."""
