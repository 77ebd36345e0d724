"""The store's schema, revision by revision; `ferryman.storage.migrate` applies them."""
