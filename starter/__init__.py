"""The one door to Temporal: connect, start, nudge, schedule; and small scripts that show how."""
