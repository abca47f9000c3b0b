"""Totals to date that articles state, with what tells whose they are. Nothing here writes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from records.ledger import StoredFigure
from storage.looking import FIGURES, Looking, figure_of

STATED = FIGURES + "where f.what = 'repatriated_total' and a.version_id = f.version_id and a.origin_id is null "
ITS = ("from claims c join articles a on a.id = c.article_id and a.version_id = c.version_id "
       "join judgements j on j.id = (select max(id) from judgements where claim_id = c.id) "
       "left join review_marks m on m.claim_id = c.id where m.action is not 'reject' ")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """One of them. `nationalities`: of all that its article reports; `events`: those its article reports as its own."""

    figure: StoredFigure
    nationalities: frozenset[str]
    events: frozenset[int]


class Totals(Looking):
    """What a check of the sums asks."""

    def stated_totals(self, event_id: int | None = None) -> list[StatedTotal]:
        """Those of every article, a copy's left out; of an event, those of the articles that tell of it."""
        rows = self.rows(STATED + "and (:event is null or a.id in (select c.article_id " + ITS + "and j.event_id = "
                         ":event)) order by f.id", {"event": event_id})
        return [self._stated(figure_of(row)) for row in rows]

    def _stated(self, figure: StoredFigure) -> StatedTotal:
        told = self.rows("select c.nationality, c.main, j.event_id " + ITS + "and c.article_id = ?",
                         (figure.article_id,))
        return StatedTotal(
            figure=figure, nationalities=frozenset(code for row in told for code in json.loads(row["nationality"])),
            events=frozenset(row["event_id"] for row in told if row["main"] and row["event_id"] is not None))
