"""The kinds of steps, one file each; STEPS is the only registry."""

from __future__ import annotations

from typing import Any

from activities.kinds import StepKind
from activities.steps import (
    compose_output,
    copy,
    delete,
    fail,
    file_write,
    git_clear,
    git_clone,
    git_commit,
    git_push,
    git_tag,
    helm_template,
    helm_update_chart,
    json_parse,
    json_update,
    kustomize_build,
    kustomize_set_image,
    set_freight_alias,
    set_metadata,
    tar,
    toml_parse,
    toml_update,
    untar,
    yaml_merge,
    yaml_parse,
    yaml_update,
)

STEPS: dict[str, StepKind[Any]] = {
    module.KIND.kind: module.KIND
    for module in (
        git_clone,
        git_clear,
        copy,
        delete,
        file_write,
        tar,
        untar,
        yaml_update,
        yaml_merge,
        yaml_parse,
        json_update,
        json_parse,
        toml_update,
        toml_parse,
        git_commit,
        git_tag,
        git_push,
        compose_output,
        fail,
        set_metadata,
        set_freight_alias,
        helm_template,
        helm_update_chart,
        kustomize_build,
        kustomize_set_image,
    )
}
