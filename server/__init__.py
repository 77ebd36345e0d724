"""The embedded server: one command, one data folder, everything that Ferryman needs."""
