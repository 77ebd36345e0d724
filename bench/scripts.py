"""What people write instead: shell scripts with plain git.

Most clone. A clever person would keep a mirror, and give each run a sparse work tree of just the
folders that it needs: then several can run at once, as our Promotions do. Still faster, though only
one run at a time can have it, is a sparse checkout that is kept as a whole.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench.git_race import ENVIRONMENT

Way = Literal["clone", "mirror", "checkout"]
"""What a script begins with: nothing, a mirror, or a whole checkout."""

_SET_UP: dict[Way, str] = {
    "clone": "",
    "mirror": """
        git clone --quiet --bare "$COPY" "$KEPT"
        git --git-dir="$KEPT" remote set-url origin "$URL"
    """,
    "checkout": """
        git clone --quiet --no-checkout "$COPY" "$KEPT"
        cd "$KEPT"
        git remote set-url origin "$URL"
        git sparse-checkout set --cone --sparse-index $FOLDERS
        git checkout --quiet main
    """,
}
_BEGIN: dict[Way, str] = {
    "clone": """
        git clone --quiet "$URL" "$TREE"
        cd "$TREE"
    """,
    "mirror": """
        cd "$KEPT"
        git fetch --quiet origin main
        git worktree add --detach --no-checkout "$TREE" FETCH_HEAD >/dev/null 2>&1
        cd "$TREE"
        git sparse-checkout set --cone --sparse-index $FOLDERS
        git checkout --quiet
    """,
    "checkout": """
        cd "$KEPT"
        git fetch --quiet origin main
        git reset --quiet --hard FETCH_HEAD
    """,
}
_SEND = """
git commit --quiet --all --message="Update image to $TAG"
git push --quiet origin HEAD:main
"""
_TIDY: dict[Way, str] = {
    "clone": "",
    "mirror": 'git --git-dir="$KEPT" worktree remove --force "$TREE"',
    "checkout": "",
}


@dataclass(frozen=True)
class Script:
    """Does in the repository at `url` what `work` says in shell; needs `folders` of it only."""

    way: Way
    work: str
    folders: Sequence[str]
    url: str
    """With the credential in it."""
    root: Path
    """Where it keeps what it keeps."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Beyond that of all plain git here."""

    def set_up(self, copy: Path) -> None:
        """Make what it keeps; from a copy on disk, for how long that takes is not measured."""
        self._run(_SET_UP[self.way], COPY=str(copy))

    def run(self, tag: str) -> float:
        """Do it all once, `$TAG` being the tag; return the seconds until it was pushed."""
        took = self._run(_BEGIN[self.way] + self.work + _SEND, TAG=tag)
        self._run(_TIDY[self.way])
        shutil.rmtree(self.root / "tree", ignore_errors=True)
        return took

    def _run(self, script: str, **variables: str) -> float:
        own = {
            "URL": self.url,
            "KEPT": str(self.root / "kept"),
            "TREE": str(self.root / "tree"),
            "FOLDERS": " ".join(self.folders),
        }
        env = {**ENVIRONMENT, **self.environment, **own, **variables}
        began = time.perf_counter()
        subprocess.run(["sh", "-euc", script], check=True, env=env)
        return time.perf_counter() - began
