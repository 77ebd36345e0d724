"""`ferryman apply` and `delete`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Ferryman
from tests.live_api import LiveApi
from tests.samples import PIPELINE, POLICY, PROJECT, SECRET, WAREHOUSE, stage, together


def test_each_object_has_its_line(ferryman: Ferryman) -> None:
    """`kind.group/name` and what became of it, in the order of the text."""
    said = ferryman("apply", "-f", "-", stdin=together(PIPELINE, POLICY, SECRET))
    assert said.out.splitlines() == [
        "project.kargo.akuity.io/shop created",
        "warehouse.kargo.akuity.io/images created",
        "stage.kargo.akuity.io/dev created",
        "stage.kargo.akuity.io/prod created",
        "promotionpolicy.ferryman.dev/ask created",
        "secret/repo created",
    ]
    changed = PIPELINE.replace("1m", "2m")
    again = ferryman("apply", "-f", "-", stdin=changed).out.splitlines()
    assert again[0] == "project.kargo.akuity.io/shop unchanged"
    assert again[1] == "warehouse.kargo.akuity.io/images configured"


def test_folders_are_read_in_order_and_deep_only_when_asked(
    ferryman: Ferryman, tmp_path: Path
) -> None:
    """A folder's manifests by name; other files are let be; -R goes into folders."""
    folder = tmp_path / "pipeline"
    (folder / "stages").mkdir(parents=True)
    (folder / "a-project.yaml").write_text(PROJECT)
    (folder / "b-warehouse.yml").write_text(WAREHOUSE)
    (folder / "README.md").write_text("not a manifest")
    (folder / "stages" / "dev.yaml").write_text(stage("dev"))
    flat = ferryman("apply", "-f", "pipeline")
    assert [line.partition(" ")[0] for line in flat.out.splitlines()] == [
        "project.kargo.akuity.io/shop",
        "warehouse.kargo.akuity.io/images",
    ]
    assert "stage.kargo.akuity.io/dev created" in ferryman("apply", "-R", "-f", "pipeline").out


def test_errors_name_file_and_line_and_nothing_is_written(
    ferryman: Ferryman, tmp_path: Path
) -> None:
    """All errors of all files at once, on stderr, and exit code 1."""
    (tmp_path / "good.yaml").write_text(PROJECT)
    (tmp_path / "bad.yaml").write_text(stage("dev").replace("steps:", "stages:"))
    said = ferryman("apply", "-f", "good.yaml", "-f", "bad.yaml")
    assert said.code == 1
    assert said.out == ""
    assert "bad.yaml:2: Stage/dev: spec.promotionTemplate.spec.stages (line 12)" in said.err
    assert "nothing was written: 1 of 2 objects have errors" in said.err
    assert ferryman("get", "projects").out == ""


def test_warnings_go_to_stderr(ferryman: Ferryman) -> None:
    """What was written for older versions is applied, and stderr says what to write."""
    old = together(PROJECT, WAREHOUSE.replace("constraint", "semverConstraint"))
    said = ferryman("apply", "-f", "-", stdin=old)
    assert said.code == 0
    assert "Warning: stdin:" in said.err
    assert "write constraint" in said.err
    assert "Warning" not in said.out


def test_a_dry_run_says_so(ferryman: Ferryman) -> None:
    """Every line ends in (dry run), and nothing is there afterwards."""
    said = ferryman("apply", "--dry-run", "-f", "-", stdin=PROJECT)
    assert said.out == "project.kargo.akuity.io/shop created (dry run)\n"
    assert ferryman("get", "projects").out == ""


def test_the_project_option_places_what_names_none(ferryman: Ferryman) -> None:
    """-p, else the login's Project, is the namespace of what has none."""
    other = PROJECT.replace("shop", "other")
    text = together(other, WAREHOUSE.replace(", namespace: shop", ""))
    assert ferryman("apply", "-p", "other", "-f", "-", stdin=text).code == 0
    assert "images" in ferryman("get", "warehouses", "-p", "other").out


def test_what_cannot_be_read_is_a_usage_error(ferryman: Ferryman, tmp_path: Path) -> None:
    """No file, an empty folder, nothing at all: exit code 2 and what to do."""
    (tmp_path / "empty").mkdir()
    for arguments, sentence in {
        ("-f", "nowhere.yaml"): "there is no file or folder nowhere.yaml",
        ("-f", "empty"): "-R looks into folders inside it too",
        (): "Name a file, a folder or - with -f",
    }.items():
        said = ferryman("apply", *arguments)
        assert said.code == 2
        assert sentence in said.err


def test_too_much_at_once_is_refused_by_a_sentence(ferryman: Ferryman) -> None:
    """More than the server takes in one request."""
    said = ferryman("apply", "-f", "-", stdin="# " + "x" * 3_000_000)
    assert said.code == 1
    assert "send it in parts" in said.err


def test_objects_are_deleted_by_name(shop: Ferryman, api: LiveApi) -> None:
    """Kind and name, as people say them; what is not there fails."""
    assert shop("delete", "stage", "prod").out == "stage.kargo.akuity.io/prod deleted\n"
    assert shop("delete", "warehouses", "images").code == 0
    assert ("forget", "shop", "images") in api.woken()
    again = shop("delete", "stage", "prod")
    assert again.code == 1
    assert "stage prod does not exist" in again.err


def test_files_delete_what_they_name(shop: Ferryman) -> None:
    """The file that made a pipeline unmakes it."""
    said = shop("delete", "-f", "-", stdin=PIPELINE)
    assert said.out.splitlines()[0] == "project.kargo.akuity.io/shop deleted"
    assert shop("get", "projects").out == ""


def test_delete_needs_one_way_to_say_what(shop: Ferryman) -> None:
    """Neither, both, half, or a kind that is none."""
    for arguments in ((), ("stage",), ("stage", "dev", "-f", "-"), ("pod", "x")):
        assert shop("delete", *arguments).code == 2
