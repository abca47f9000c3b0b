"""What the daemon's jobs came to last, kept where other programs and the next daemon see it; is the file whole?

`meta` holds a row a job: "job tell" → when it last began, when it last came to its end, and what it said if it did not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from storage.base import Base, to_json, to_moment, to_text

JOB, CHECK = "job ", "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One job's last turn."""

    job: str
    tried_at: datetime
    done_at: datetime | None  # of the last turn that came to its end; None: none ever did
    why: str | None = None  # the last turn failed, and this is how


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The last look at whether the file is whole."""

    at: datetime
    whole: bool
    said: str  # "ok", or the first thing found


class Marks(Base):
    """Verbs of the daemon's own book-keeping."""

    def mark_job(self, job: str, now: datetime, why: str | None = None) -> None:
        """A turn of this job has ended: well, or with this sentence."""
        was = self._meta(JOB + job) or {}
        self._keep(JOB + job, {"tried": to_text(now), "done": was.get("done") if why else to_text(now), "why": why})

    def jobs(self) -> dict[str, Mark]:
        """Every job's last turn, by its name."""
        found = {}
        for row in self.rows("select key, value from meta where key >= 'job ' and key < 'job!' order by key"):
            kept, job = json.loads(row["value"]), row["key"].removeprefix(JOB)
            tried = to_moment(kept["tried"])
            assert tried is not None, "written by mark_job"
            found[job] = Mark(job=job, tried_at=tried, done_at=to_moment(kept["done"]), why=kept["why"])
        return found

    def examine(self, now: datetime, *, full: bool) -> Check:
        """Look whether the file is whole, and keep what was found: `full` compares every index with its table too,
        and takes a minute for each few gigabytes."""
        said = str(next(iter(self.rows(f"pragma {'integrity' if full else 'quick'}_check(1)")[0].values())))
        self._keep(CHECK, {"at": to_text(now), "said": said})
        return Check(at=now, whole=said == "ok", said=said)

    def last_check(self) -> Check | None:
        kept = self._meta(CHECK)
        at = to_moment(kept["at"]) if kept else None
        return Check(at=at, whole=kept["said"] == "ok", said=kept["said"]) if kept and at else None

    def _meta(self, key: str) -> dict[str, str] | None:
        row = self.row("select value from meta where key = ?", [key])
        found: dict[str, str] | None = json.loads(row["value"]) if row else None
        return found

    def _keep(self, key: str, value: object) -> None:
        with self.write():
            self.execute("insert into meta (key, value) values (?, ?) on conflict (key) do update set"
                         " value = excluded.value", [key, to_json(value)])
