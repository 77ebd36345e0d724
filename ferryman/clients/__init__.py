"""One adapter per outside system: speaks its protocol, raises our errors."""
