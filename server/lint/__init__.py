"""`ferryman lint`: manifests judged without a server."""
