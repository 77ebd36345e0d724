"""Ferryman carries a release from where it is built to where it runs."""

__version__ = "0.1.0"
