"""Providers: who sends, how it proves itself, and what its payloads say."""
