"""The demo speaks to the API as any client does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from ferryman.domain.errors import PermanentError

_SEVERAL = "application/vnd.ferryman.manifests+json"


class Client:
    """The API at `url`, asked about one Project."""

    def __init__(self, url: str, token: str, project: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{url}/v1beta1",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=30,
        )
        self._project = f"/projects/{project}"

    async def apply(self, manifests: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Declare resources; what each one is about, and what became of it."""
        body = {"manifests": [{"source": name, "text": text} for name, text in manifests]}
        answer = await self._asked(
            "PUT",
            "/resources",
            params={"upsert": "true"},
            json=body,
            headers={"Content-Type": _SEVERAL},
        )
        return [(result["about"], result["outcome"]) for result in answer["results"]]

    async def versions(self) -> dict[str, dict[str, Any]]:
        """All Freight, by the version that it carries."""
        answer = await self._asked("GET", f"{self._project}/freight")
        freight = answer["groups"][""]["items"]
        return {image["tag"]: item for item in freight for image in item["images"]}

    async def freight_of(self, version: str) -> dict[str, Any] | None:
        """The Freight that carries a version, once there is one."""
        return (await self.versions()).get(version)

    async def refresh(self, warehouse: str) -> None:
        """Look into the registry now, as its webhook would ask for."""
        await self._asked("POST", f"{self._project}/warehouses/{warehouse}/refresh")

    async def promote(self, stage: str, freight: str) -> None:
        """Promote a Freight, by its name."""
        path = f"{self._project}/stages/{stage}/promotions"
        await self._asked("POST", path, json={"freight": freight})

    async def promotion(self, stage: str, freight: str) -> dict[str, Any] | None:
        """The newest Promotion of a Freight to a Stage."""
        answer = await self._asked("GET", f"{self._project}/promotions", params={"stage": stage})
        found = (p for p in answer["items"] if p["spec"]["freight"] == freight)
        return next(found, None)

    async def approve(self, promotion: str, comment: str) -> None:
        """Agree to a Promotion that waits."""
        path = f"{self._project}/promotions/{promotion}/approve"
        await self._asked("POST", path, json={"comment": comment})

    async def events(self) -> Sequence[dict[str, Any]]:
        """The newest events, oldest first."""
        answer = await self._asked("GET", f"{self._project}/events", params={"limit": 100})
        return list(answer["items"])

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def _asked(self, method: str, path: str, **options: Any) -> Any:
        try:
            answer = await self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise PermanentError(f"the API does not answer {method} {path}: {error!r}") from error
        if answer.is_error:
            raise PermanentError(f"the API refuses {method} {path}: {answer.text}")
        return answer.json() if answer.content else None
