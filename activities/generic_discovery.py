"""Discovery of types of the user's own: a SubscriptionKind says whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from activities.scrubbing import Scrubber
from ferryman.domain.errors import CredentialError, FerrymanError, NotFoundError, PermanentError
from ferryman.domain.generic import AnsweredArtifact, ArtifactDiscovery, discovered
from ferryman.domain.manifests.unsupported import condition, unsupported
from ferryman.domain.resource import Condition
from ferryman.domain.secret import Secret
from ferryman.domain.subscription_kind import ArtifactSources, SubscriptionKind
from ferryman.domain.warehouse import Subscription, Warehouse
from ferryman.storage.resources import Resources

Secrets = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class GenericDiscovery:
    """Looks at subscriptions through `sources`.

    Secrets are the Project's, or else those of type generic in the `shared` Projects.
    """

    resources: Resources
    sources: ArtifactSources
    shared: Sequence[str] = ()

    async def discover(self, project: str, subscription: Subscription) -> ArtifactDiscovery:
        """What the subscription finds now, best first; raises FerrymanErrors."""
        wanted = subscription.generic()
        kind = await self._kind(subscription.type)
        secrets = {name: await self._secret(project, kind, name) for name in kind.spec.secrets}
        question = {
            "type": subscription.type,
            "name": subscription.name,
            "project": project,
            "config": wanted.config,
            "discoveryLimit": wanted.discovery_limit,
            **({"secrets": secrets} if kind.spec.exec and secrets else {}),
        }
        found = await self._ask(kind, question, secrets)
        limited = found[: wanted.discovery_limit]
        return discovered(subscription.type, subscription.name, limited)

    async def _ask(
        self, kind: SubscriptionKind, question: Mapping[str, object], secrets: Secrets
    ) -> Sequence[AnsweredArtifact]:
        """Ask; no secret that was given comes back in an error or in an answer."""
        scrubber = Scrubber()
        scrubber.learn(value for secret in secrets.values() for value in secret.values())
        try:
            found = await self.sources.ask(kind.spec, question, _headers(kind, secrets))
        except FerrymanError as error:
            error.args = (f"SubscriptionKind {kind.name}: {scrubber.text(str(error))}",)
            raise
        if scrubber.holds([artifact.dump() for artifact in found]):
            raise PermanentError(
                f"SubscriptionKind {kind.name}: the answer holds a secret that was in the "
                "question, and everybody can read it; leave that out"
            )
        return found

    async def _kind(self, name: str) -> SubscriptionKind:
        try:
            return await self.resources.get(SubscriptionKind, "", name)
        except NotFoundError:
            raise PermanentError(
                f"{name} is no type that is known here: apply a SubscriptionKind {name}, or write "
                "image, git or chart"
            ) from None

    async def _secret(self, project: str, kind: SubscriptionKind, name: str) -> Mapping[str, str]:
        for where in dict.fromkeys((project, *self.shared)):
            try:
                secret = await self.resources.get(Secret, where, name)
            except NotFoundError:
                continue
            if where == project or secret.cred_type == "generic":
                return secret.data
        raise CredentialError(
            f"SubscriptionKind {kind.name} needs the Secret {name} in project {project}, and there "
            "is none; apply it",
            url=name,
        )


async def types_condition(resources: Resources, warehouse: Warehouse) -> tuple[Condition, ...]:
    """`NotSupportedYet` of a Warehouse with types of its own, whose kinds may have come or gone."""
    if not any(subscription.model_extra for subscription in warehouse.spec.subscriptions):
        return ()
    kinds = frozenset(kind.name for kind in await resources.list(SubscriptionKind, ""))
    return (condition(unsupported(warehouse, None, kinds), warehouse.metadata.generation),)


def _headers(kind: SubscriptionKind, secrets: Secrets) -> Mapping[str, str]:
    """The endpoint's headers, with what Secrets hold; raises CredentialError for nothing there."""
    headers: dict[str, str] = {}
    for header in kind.spec.http.headers if kind.spec.http else ():
        value = header.value
        if header.secret:
            value = secrets[header.secret.name].get(header.secret.key, "").strip()
            if not value:
                raise CredentialError(
                    f"SubscriptionKind {kind.name} takes the header {header.name} from "
                    f"{header.secret.key} of the Secret {header.secret.name}, where nothing is; "
                    "apply it",
                    url=header.secret.name,
                )
        headers[header.name] = value
    return headers
