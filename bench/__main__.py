"""`python -m bench [NAME …]`: every row, or those of the modules that are named."""

from __future__ import annotations

import subprocess
import sys

MODULES = (
    "promotion",
    "git_small",
    "git_large",
    "crowd",
    "growth",
    "yaml_update",
    "expressions",
    "discovery",
    "warehouses",
    "webhooks",
)


def main() -> int:
    """Run each in a process of its own, so that none warms another's caches."""
    wanted = sys.argv[1:] or MODULES
    print("| what | Ferryman | the alternative | ratio |\n|---|---|---|---|", flush=True)
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        for name in wanted
    ]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
