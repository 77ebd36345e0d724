"""How a process that used a Temporal client ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn


def end(main: Callable[[], int]) -> NoReturn:
    """Run `main` and leave with its exit code.

    temporalio's runtime may crash at interpreter exit, after all work is done (sdk-python #300),
    so the interpreter's own ending is left out.
    """
    try:
        code = main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
