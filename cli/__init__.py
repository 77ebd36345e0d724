"""The command line: a plain HTTP client of the API."""
