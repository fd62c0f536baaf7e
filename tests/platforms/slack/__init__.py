"""A stand-in for Slack: the Web API, events, interactions and Socket Mode of one app, and the workspaces around it."""

from tests.platforms.slack.stand_in import SlackStandIn

__all__ = ["SlackStandIn"]
