"""`python -m api`: serve REST until told to stop; `--openapi` prints what it serves instead.

The store must have been set up (`ferryman server setup`): migrated, and with an admin.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys

from api.app import routed
from ferryman import logs
from ferryman.domain.errors import FerrymanError
from ferryman.settings import Settings
from starter.ending import end


def main(arguments: list[str]) -> int:
    """Run; the exit code is 1 when it could not start, 2 for what it does not understand."""
    if arguments == ["--openapi"]:
        sys.stdout.write(json.dumps(routed().openapi(), indent=2, sort_keys=True) + "\n")
        return 0
    if arguments:
        sys.stderr.write("api: takes --openapi or nothing; settings come from FERRYMAN_*\n")
        return 2
    # Temporal's client is a second to load, and not needed to describe the API.
    from api.serving import serve  # noqa: PLC0415 - see above

    # uvicorn drains on SIGTERM and then raises it again: it shall end like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs.configure()
    try:
        asyncio.run(serve(Settings.read()))
    except FerrymanError as error:
        sys.stderr.write(f"api: {error}\n")
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    end(lambda: main(sys.argv[1:]))
