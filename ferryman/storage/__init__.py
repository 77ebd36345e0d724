"""What is kept: SQLAlchemy over SQLite or PostgreSQL, and nothing else."""
