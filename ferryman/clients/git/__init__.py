"""git: mirrors on this worker's disk, and checkouts that bring only what is asked for to disk."""

from ferryman.clients.git.client import GitClient
from ferryman.clients.git.options import GitOptions

__all__ = ["GitClient", "GitOptions"]
