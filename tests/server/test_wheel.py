"""What the wheel holds beside modules that somebody imports."""

from __future__ import annotations

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

_ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_every_migration() -> None:
    """They are found by folder, so that nothing else would miss them."""
    builder = WheelBuilder(str(_ROOT))
    held = {file.distribution_path for file in builder.recurse_included_files()}
    migrations = _ROOT / "ferryman" / "storage" / "migrations"
    wanted = {str(path.relative_to(_ROOT)) for path in migrations.rglob("*.py")}
    assert len(wanted) > 2
    assert wanted <= held
