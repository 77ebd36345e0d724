"""The pure heart: what the things are and which rules hold. No clock, no randomness, no I/O."""
