"""Slack, on slack-bolt and slack_sdk: direct messages, threads in channels, and Slack Connect, in any workspaces."""
