"""Brukarrevision: user auditors ask a team's participants without names, report, and see what came of it."""
