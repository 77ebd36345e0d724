"""Clouds' registries: a cloud's own key, turned into a user and a password that last for hours."""

from ferryman.clients.cloud_tokens.client import CloudTokens
from ferryman.clients.cloud_tokens.options import CloudOptions

__all__ = ["CloudOptions", "CloudTokens"]
