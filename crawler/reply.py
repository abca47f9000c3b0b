"""An HTTP answer as the rest of the crawler sees it: plain values, nothing of Scrapy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scrapy.http import Response

from records.news import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    url: str  # after redirects
    requested_url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # by lower-case name
    permanent: bool = False  # every redirect on the way was 301 or 308

    @classmethod
    def of(cls, response: Response) -> Reply:
        meta = response.meta
        reasons = meta.get("redirect_reasons", [])
        headers = {name.decode("latin-1").lower(): values[-1].decode("latin-1")
                   for name, values in response.headers.items() if values}
        return cls(url=response.url, requested_url=(meta.get("redirect_urls") or [response.url])[0],
                   status=response.status, body=response.body, headers=headers,
                   permanent=bool(reasons) and all(reason in (301, 308) for reason in reasons))

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_challenge(self) -> bool:
        """It wants proof that we are no robot, and says so in its headers (Cloudflare, DataDome)."""
        return self.headers.get("cf-mitigated") == "challenge" or "x-datadome-cid" in self.headers

    def outcome(self) -> tuple[Outcome, str]:
        """What an answer without success comes to, in a sentence."""
        if self.status == 410:
            return Outcome.GONE, f"{self.url} answered 410: it is gone"
        if self.status == 429 or (self.status == 503 and "retry-after" in self.headers):
            return Outcome.THROTTLED, f"{self.url} answered {self.status}: it wants to be asked less often"
        if 300 <= self.status < 400:
            return Outcome.HTTP_ERROR, (f"{self.url} answered {self.status} and leads to "
                                        f"{self.headers.get('location', 'nowhere')[:200]!r}, which is not followed")
        return Outcome.HTTP_ERROR, f"{self.url} answered {self.status}"
