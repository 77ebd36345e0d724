"""The verdict: which promises were broken, by what the witnesses say.

The git server tells of every move of a ref; the journal, of every change that was committed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.chaos.conductor import Blow
from tests.chaos.journal import Entry
from tests.chaos.outside import Outside
from tests.chaos.pipelines import FOLLOWERS, SHAPES

_TRAILER = re.compile(r"^Ferryman-Promotion: (\S+)/\S+$", re.MULTILINE)
_MAIN, _TAGS = "refs/heads/main", "refs/tags/"
_NONE = "0" * 40
_AFTERMATH = 60.0
"""Seconds after a blow in which an attempt may still be lost by it: pauses, timeouts, restarts."""


@dataclass
class Verdict:
    """What was found."""

    phases: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    """How many ended."""
    attempts: int = 0
    """How many were begun; those beyond `steps` were cut, or waited."""
    commits: int = 0
    tags: int = 0
    broken: list[str] = field(default_factory=list)
    """One sentence for each promise that was broken."""


def judged(entries: Sequence[Entry], blows: Sequence[Blow], outside: Outside) -> Verdict:
    """Hear the witnesses."""
    verdict = Verdict()
    phases: dict[tuple[str, str], str] = {}
    for entry in entries:
        if not entry.path:
            phases[entry.of] = entry.became
    verdict.phases.update(phases.values())
    verdict.broken += _not_succeeded(phases, entries)
    verdict.broken += _steps(verdict, entries, blows)
    for repository in outside.repositories:
        verdict.broken += _commits(verdict, outside, repository, phases)
        verdict.broken += _moves(verdict, outside, repository, phases)
    return verdict


def _not_succeeded(phases: dict[tuple[str, str], str], entries: Sequence[Entry]) -> Iterator[str]:
    for of, phase in phases.items():
        if phase != "Succeeded":
            last = next(e for e in reversed(entries) if e.of == of)
            told = f"; the last that was heard: {last.uses or 'it'} {last.path} {last.became}"
            yield f"{'/'.join(of)} is {phase}{told}"


def _steps(verdict: Verdict, entries: Sequence[Entry], blows: Sequence[Blow]) -> Iterator[str]:
    """Each step ends once, and is begun again only if something had struck meanwhile."""
    ends: Counter[tuple[str, str, str]] = Counter()
    begun: dict[tuple[str, str, str], Entry] = {}
    for entry in (e for e in entries if e.path):
        step = (*entry.of, entry.path)
        if entry.ended:
            ends[step] += 1
        if not entry.claimed:
            continue
        verdict.attempts += 1
        if ends[step]:
            yield f"{'/'.join(step)} ({entry.uses}) was begun again after it had ended"
        earlier = begun.get(step)
        if earlier and not _struck(blows, earlier.at, entry.at):
            yield f"{'/'.join(step)} ({entry.uses}) was begun again though nothing had struck"
        begun[step] = entry
    verdict.steps += len(ends)
    for step, times in ends.items():
        if times > 1:
            yield f"{'/'.join(step)} ended {times} times"


def _struck(blows: Iterable[Blow], since: float, until: float) -> bool:
    return any(b.at <= until and b.until + _AFTERMATH >= since for b in blows)


def _commits(
    verdict: Verdict, outside: Outside, repository: str, phases: dict[tuple[str, str], str]
) -> Iterator[str]:
    """Each Promotion has its commits on the branch, once."""
    log = outside.repositories[repository].git("log", "--format=%B%x00", "main")
    found = Counter(m[1] for text in log.split("\0") for m in _TRAILER.finditer(text))
    verdict.commits += found.total()
    for project, name in (of for of in phases if of[0] == repository):
        wanted, there = _pushes(name) if phases[project, name] == "Succeeded" else 0, found[name]
        if there != wanted and (wanted or there > _pushes(name)):
            yield f"{project}/{name} has {there} commits on the branch instead of {wanted}"


def _moves(
    verdict: Verdict, outside: Outside, repository: str, phases: dict[tuple[str, str], str]
) -> Iterator[str]:
    """The branch never goes back, and each tag is made once."""
    branch, tags = "", defaultdict[str, list[str]](list)
    commits = outside.repositories[repository].git("rev-list", "--reverse", "main").split()
    place = {commit: number for number, commit in enumerate(commits)}
    for move in outside.moves(repository):
        if move.ref == _MAIN:
            # The hook that tells of a move dies with its connection: one may be missing.
            if branch and place.get(move.old, -1) < place.get(branch, len(place)):
                yield f"{repository}: the branch was at {branch}, and then at {move.old}"
            branch = move.new
        if move.ref.startswith(_TAGS):
            tags[move.ref.removeprefix(_TAGS)].append(move.old)
    there = set(outside.repositories[repository].git("tag").split())
    verdict.tags += len(there)
    for tag, before in tags.items():
        if before != [_NONE]:
            yield f"{repository}: the tag {tag} was moved {len(before)} times"
    for project, name in (of for of in phases if of[0] == repository):
        ended = phases[project, name] == "Succeeded"
        if ended and name.startswith("tagged.") and name not in there:
            yield f"{project}/{name} has no tag"


def _pushes(promotion: str) -> int:
    stage = promotion.partition(".")[0]
    pushes = {shape.name: shape.pushes for shape in SHAPES} | dict.fromkeys(FOLLOWERS, 1)
    return pushes[stage]
