"""The wordings of the desk, by name: `pattern_words` has one text for each."""

from __future__ import annotations

from typing import Final

WORDINGS: Final = (
    "desk_claim", "desk_undo", "desk_send", "desk_keep", "desk_approve", "desk_deny", "desk_backup_done",
    "desk_removed", "desk_rate_good", "desk_rate_bad", "desk_claim_first", "desk_not_yours", "desk_specialist_only",
    "desk_lead_only", "desk_unknown_command", "desk_closed", "desk_yours_already", "desk_taken", "desk_claimed",
    "desk_assign_to_whom", "desk_assigned", "desk_nobody", "desk_who", "desk_nothing_to_send", "desk_secret_not_sent",
    "desk_bot_again", "desk_what_reason", "desk_still_waiting", "desk_solved_staff", "desk_account_left",
    "desk_override_why", "desk_closed_staff", "desk_open_already", "desk_reopened_by", "desk_reopened",
    "desk_on_hold", "desk_what_priority", "desk_priority", "desk_what_reproduction", "desk_noted_unclaimed",
    "desk_leaving", "desk_held_secret", "desk_held_aside", "desk_not_waiting", "desk_edit_not_passed",
    "desk_reply_refused", "desk_reply_uncertain", "desk_merchant_sent", "desk_called_again", "desk_what_access",
    "desk_access_not_now", "desk_what_environment", "desk_access_asked", "desk_access_provided", "desk_access_in_use",
    "desk_approval_wanted", "desk_no_live_access_asked", "desk_two_persons", "desk_backup_first",
    "desk_backup_confirmed", "desk_approved", "desk_access_denied", "desk_revoked", "desk_grant_over",
    "desk_approval_first", "desk_account_gone", "desk_rated_good", "desk_rated_bad", "desk_person_here",
    "desk_solved", "desk_thanks_rating", "desk_not_needed", "desk_access_staging", "desk_ask_backup",
    "desk_access_production", "desk_remove_account", "desk_thanks_removed", "desk_bot", "desk_solve", "desk_close",
    "desk_reopen", "desk_card_state", "desk_card_assignee", "desk_card_nobody", "desk_card_queue",
    "desk_card_reproduction", "desk_card_access", "desk_card_follows", "desk_is_new", "desk_is_open",
    "desk_is_pending", "desk_is_on_hold", "desk_is_solved", "desk_is_closed", "desk_is_low", "desk_is_normal",
    "desk_is_high", "desk_is_urgent", "desk_is_reproduced_staging", "desk_is_reproduced_production_only",
    "desk_is_not_reproduced", "desk_is_requested", "desk_is_provided", "desk_is_in_use", "desk_is_removal_requested",
    "desk_is_removed_confirmed", "desk_is_expired", "desk_is_first_response", "desk_is_next_response",
    "desk_is_resolution", "desk_is_time_box", "desk_time_used", "desk_time_over", "desk_card_due", "desk_what_box",
    "desk_box_not_now", "desk_box_begun", "desk_box_paused", "desk_box_thanks", "desk_box_accepted", "desk_box_first",
    "desk_box_offer", "desk_box_agree", "desk_box_proposed", "desk_box_ended", "desk_box_over", "desk_what_result",
    "desk_what_length", "desk_what_macro", "desk_macro_not_theirs", "desk_snoozed", "desk_awake", "desk_card_box",
    "desk_is_box_proposed", "desk_is_box_accepted", "desk_is_box_running", "desk_is_box_paused", "desk_is_box_ended",
    "desk_box_decline", "desk_box_no", "desk_box_declined", "desk_still_awaited", "desk_silent", "desk_silent_staff",
    "desk_only_sftp", "desk_other_access",
    "desk_macro", "desk_assign", "desk_more", "desk_hold", "desk_snooze", "desk_card_priority",
    "desk_is_not_reproducible", "desk_is_time_box_ended", "desk_is_duplicate", "desk_is_no_response",
    "desk_is_out_of_scope", "desk_is_withdrawn", "desk_is_spam", "desk_box_propose", "desk_box_begin",
    "desk_box_pause", "desk_box_resume", "desk_box_end", "desk_box_found", "desk_box_not_found",
    "desk_box_extended",
    "desk_list_title", "desk_list_mine", "desk_list_unassigned", "desk_list_soon", "desk_list_waiting",
    "desk_list_access", "desk_list_boxes", "desk_list_none", "desk_list_next", "desk_list_first",
    "desk_list_queues", "desk_list_locales", "desk_export",
)  # fmt: skip
