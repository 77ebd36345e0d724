"""SubscriptionKinds: programs and HTTP endpoints that know types of subscriptions of one's own."""

from ferryman.clients.subscription_kinds.client import SubscriptionSources
from ferryman.clients.subscription_kinds.options import SourceOptions

__all__ = ["SourceOptions", "SubscriptionSources"]
