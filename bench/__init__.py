"""What is measured, and against what; each row is a ratio within one run."""
