"""kustomize-set-image: images of a kustomization in a checkout."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from activities.steps import STEPS
from activities.tools.kustomize_images import ImageChange, set_images
from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import FreightReference, Image, Origin
from tests.servers.git import Repository
from tests.steps.conftest import Steps

FILE = """\
# base
kind: Kustomization
resources:
- deployment.yaml # main
images:
# the front
- name: nginx
  newTag: "1.19" # pinned
- name: redis # the cache
  newName: mirror/redis
  newTag: 7.0.1

# the end
namespace: shop
"""


def _set(text: str, *changes: ImageChange) -> str:
    return set_images(text.encode(), changes).decode()


def _nginx(tag: str = "1.21.0", **more: Any) -> dict[str, Any]:
    return {"path": "./src", "images": [{"image": "nginx", "tag": tag, **more}]}


async def test_only_the_value_changes(steps: Steps, repository: Repository) -> None:
    """A new tag changes the bytes of the tag, and the message names the image."""
    repository.commit({"kustomization.yaml": FILE}, "Kustomize")
    await steps.clone(repository)
    result = await steps.run("kustomize-set-image", _nginx())
    assert steps.text("src/kustomization.yaml") == FILE.replace("1.19", "1.21.0")
    message = "Updated ./src to use new image\n\n- nginx:1.21.0"
    assert result.output == {"commitMessage": message}


async def test_what_the_freight_carries(steps: Steps, repository: Repository) -> None:
    """Without images in the config, every image of the Freight is set."""
    image = Image(repo_url="ghcr.io/acme/shop", tag="v2", digest="sha256:2")
    origin = Origin(name="images")
    steps.freight = (FreightReference(name="f1", origin=origin, images=(image,)),)
    repository.commit({"kustomization.yaml": "resources: [a.yaml]\n"}, "Kustomize")
    await steps.clone(repository)
    result = await steps.run("kustomize-set-image", {"path": "src"})
    assert steps.text("src/kustomization.yaml") == (
        "resources: [a.yaml]\nimages:\n"
        "- name: ghcr.io/acme/shop\n  newTag: v2\n  digest: sha256:2\n"
    )
    assert "\n- ghcr.io/acme/shop:v2@sha256:2" in result.output["commitMessage"]


async def test_a_repository_from_two_warehouses(steps: Steps, repository: Repository) -> None:
    """Which of two is meant cannot be guessed: the error names both."""
    steps.freight = tuple(
        FreightReference(
            name=name, origin=Origin(name=name), images=(Image(repo_url="nginx", tag=name),)
        )
        for name in ("stable", "edge")
    )
    repository.commit({"kustomization.yaml": FILE}, "Kustomize")
    await steps.clone(repository)
    words = "nginx comes from Warehouse/stable and from Warehouse/edge"
    with pytest.raises(InvalidError, match=words):
        await steps.run("kustomize-set-image", {"path": "src"})


@pytest.mark.parametrize("more", [{}, {"tag": "1", "digest": "sha256:1"}, {"tag": ""}])
def test_one_revision(more: dict[str, Any]) -> None:
    """An image needs a tag or a digest; without, the error says how to take the Freight's."""
    config = {"path": "src", "images": [{"image": "nginx", **more}]}
    with pytest.raises(ValidationError, match="imageFrom"):
        STEPS["kustomize-set-image"].config.load(config)


async def test_two_kustomizations(steps: Steps, repository: Repository) -> None:
    """As kustomize, we accept one file in a folder."""
    files = {"kustomization.yaml": FILE, "Kustomization": FILE}
    repository.commit(files, "Kustomize")
    await steps.clone(repository)
    with pytest.raises(InvalidError, match="stand side by side"):
        await steps.run("kustomize-set-image", _nginx())


def test_a_digest_in_place_of_a_tag() -> None:
    """What an entry shall not have any more goes with its line; the rest stays."""
    text = _set(FILE, ImageChange("nginx", digest="sha256:1"))
    assert text == FILE.replace('newTag: "1.19" # pinned', "digest: sha256:1")


def test_new_entries() -> None:
    """Entries are sorted by name, each with its comments."""
    text = _set(FILE, ImageChange("app", "r/app", "1.10"), ImageChange("redis", "*", "8"))
    assert text == FILE.replace(
        "images:\n", 'images:\n- name: app\n  newName: r/app\n  newTag: "1.10"\n'
    ).replace("7.0.1", '"8"')


def test_style_of_the_file() -> None:
    """New lines are indented, and end, as those that are there."""
    text = _set("resources:\r\n  - a.yaml\r\n", ImageChange("nginx", new_tag="1.21.0"))
    assert text == (
        "resources:\r\n  - a.yaml\r\nimages:\r\n  - name: nginx\r\n    newTag: 1.21.0\r\n"
    )


@pytest.mark.parametrize("images", ["images: []\n", "images:\n", "images: null\n"])
def test_empty_list(images: str) -> None:
    """An empty list is filled where it stands."""
    text = _set(f"{images}namespace: shop\n", ImageChange("nginx", new_tag="1.21.0"))
    assert text == "images:\n- name: nginx\n  newTag: 1.21.0\nnamespace: shop\n"


def test_brackets() -> None:
    """In brackets, values change; for more, the list is written anew with one entry a line."""
    text = "images: [{name: nginx, newTag: a}] # all\n"
    assert _set(text, ImageChange("nginx", new_tag="b")) == text.replace(": a", ": b")
    block = "images: # all\n- name: nginx\n  newTag: a\n- name: redis\n  newTag: b\n"
    assert _set(text, ImageChange("redis", new_tag="b")) == block


@pytest.mark.parametrize(
    "images", ["[\n  {name: b, newTag: x},\n]\n", "\n  [{name: b, newTag: x}]\n"]
)
def test_brackets_on_several_lines(images: str) -> None:
    """They end where the next field begins."""
    text = _set(f"images: {images}\n# ns\nnamespace: shop\n", ImageChange("a", new_tag="1.0.1"))
    block = "- name: a\n  newTag: 1.0.1\n- name: b\n  newTag: x\n"
    assert text == f"images:\n{block}\n# ns\nnamespace: shop\n"


def test_comments_in_brackets() -> None:
    """They would be lost, so that the error says how to write the list."""
    with pytest.raises(InvalidError, match="one entry a line"):
        _set("images: [ # web\n  {name: nginx}]\n", ImageChange("redis", new_tag="b"))


_NAMES = st.sampled_from(["a", "b.io/c", "d", "e:5000/f"])
_ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"name": _NAMES}, optional={"newTag": st.sampled_from(["1", "v2"]), "newName": _NAMES}
    ),
    unique_by=lambda entry: entry["name"],
)
_CHANGES = st.lists(
    st.builds(ImageChange, _NAMES, st.sampled_from(["", "*", "n"]), st.sampled_from(["*", "3.10"])),
    min_size=1,
    unique_by=lambda change: change.name,
)


@settings(max_examples=40, deadline=None)
@given(
    entries=_ENTRIES,
    changes=_CHANGES,
    indent=st.sampled_from(["", "  "]),
    comments=st.booleans(),
)
def test_any_file(
    entries: list[dict[str, str]], changes: list[ImageChange], indent: str, *, comments: bool
) -> None:
    """Whatever stands there: the rest of the file keeps its bytes, and the images are right."""
    lines = ["# head", "resources:", "- a.yaml", "images:" if entries else "# none"]
    for entry in entries:
        lines += [f"{indent}# {entry['name']}"] if comments else []
        fields = [f"{key}: {value!r}" for key, value in entry.items()]
        lines += [f"{indent}{'  ' if n else '- '}{field}" for n, field in enumerate(fields)]
    lines += ["# tail", "namespace: shop", ""]
    text = _set("\n".join(lines), *changes)
    data = YAML(typ="safe", pure=True).load(text)
    by_name = {entry["name"]: entry for entry in entries}
    expected = by_name | {c.name: c.over(by_name.get(c.name, {})) for c in changes}
    assert data["images"] == sorted(expected.values(), key=lambda entry: entry["name"])
    assert text.startswith("# head\nresources:\n- a.yaml\n")
    assert "# tail\nnamespace: shop\n" in text
    assert all(f"# {e['name']}\n" in text for e in entries if comments)
