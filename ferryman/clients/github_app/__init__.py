"""GitHub Apps: tokens of an installation, got with the App's key and kept until they expire."""

from ferryman.clients.github_app.tokens import AppTokens

__all__ = ["AppTokens"]
