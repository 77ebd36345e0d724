"""The durable processes: deterministic, and knowing only the domain and Temporal."""
