"""Everything that touches the world: steps, discovery, and the store's decisions."""
