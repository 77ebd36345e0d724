"""helm and kustomize: found on this machine or installed, and run fenced in.

::

    client        ToolClient: runs them
    ├── programs      where they are, and which versions
    ├── home          a folder and an environment for one run, credentials included
    └── failures      what their complaints mean
    install       brings them to a folder, by pip
"""

from ferryman.clients.tools.client import ToolClient, ToolOptions
from ferryman.clients.tools.install import TOOLS, Release, install
from ferryman.clients.tools.programs import Program, Programs

__all__ = ["TOOLS", "Program", "Programs", "Release", "ToolClient", "ToolOptions", "install"]
