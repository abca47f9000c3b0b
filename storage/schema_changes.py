"""What was changed of the tables since the first release: one function a change, in order, never edited later.

Each takes its statements from a script of its own, which docs/tables.md shows beside the first shape.
"""

from __future__ import annotations

from storage.library import Database, Migrations

SOURCES = """
create table pauses (                     -- what a person told to rest until told otherwise
  id text primary key,                    -- a source's id, or an endpoint's address as the config gives it
  at text not null
) strict;

create table gaps (                       -- visits that met nothing they knew: entries may have come and gone
  id integer primary key, endpoint_id integer not null references endpoints(id), at text not null,
  since text,                             -- the last visit before it that was answered
  entries integer not null,               -- that the feed showed, all unknown
  why text not null
) strict;
create index gaps_endpoint on gaps(endpoint_id, id);

alter table endpoints add column asked real;   -- seconds the feed itself asks to be left alone: ttl, sy:updatePeriod
alter table endpoints add column skip_hours text not null default '[]';   -- of the day, UTC, in which it asks for peace
alter table endpoints add column skip_days text not null default '[]';    -- of the week; 0 is Monday
"""
BUSIEST = """
alter table endpoints add column busiest real not null default 0;   -- share of what it shows that was new, a second
"""
DELIVERIES = """
create index deliveries_state on deliveries(state, next_try_at);   -- the queue is counted at every scrape
"""
LEASES = """
create index entries_leased on entries(lease_until) where lease_until is not null;   -- few of very many
"""
LISTINGS = """
alter table endpoints add column select_css text;                     -- of a listing: the boxes whose links count
alter table endpoints add column pages integer not null default 1;   -- of a listing or an API: most pages of a visit
"""
DIGESTS = """
create index events_home on events(event_date, independent, total, children, women, men, nationality, origin_country,
  destination_country, json_extract(slots, '$.kind.preferred.value'))
  where status = 'completed' and merged_into is null;   -- who came home, month by month
create index events_ahead on events(event_date, opened_at, told) where status in ('planned', 'agreed') and
  merged_into is null;                    -- plans, few of very many: which of them are overdue
"""
HABITS = """
create index visits_new on visits(finished_at, endpoint_id, entries_new) where entries_new > 0;   -- of months: the few
"""
SCRIPTS = (SOURCES, BUSIEST, DELIVERIES, LEASES, LISTINGS, DIGESTS, HABITS)


def statements(script: str) -> list[str]:
    """The statements of a script. `executescript` would commit and so break the migration's own transaction."""
    bare = "\n".join(line.split("--")[0] for line in script.splitlines())
    return [part.strip() for part in bare.split(";") if part.strip()]


def add_to(migrations: Migrations) -> None:
    """Append the changes, in their order."""

    @migrations()
    def m002_source_health(db: Database) -> None:
        """Pauses, gaps, and what a feed asks of its visitors."""
        for statement in statements(SOURCES):
            db.execute(statement)

    @migrations()
    def m003_busiest(db: Database) -> None:
        """The pace of an endpoint at its busiest, so that a morning does not outrun the rhythm of the night."""
        for statement in statements(BUSIEST):
            db.execute(statement)

    @migrations()
    def m004_queue_counted(db: Database) -> None:
        """Deliveries are counted by state without reading their messages."""
        for statement in statements(DELIVERIES):
            db.execute(statement)

    @migrations()
    def m005_leases_counted(db: Database) -> None:
        """Whether anybody is at work is seen without reading every entry there ever was."""
        for statement in statements(LEASES):
            db.execute(statement)

    @migrations()
    def m006_listings(db: Database) -> None:
        """How the pages of a listing are read."""
        for statement in statements(LISTINGS):
            db.execute(statement)

    @migrations()
    def m007_digests_gathered(db: Database) -> None:
        """The picture of a digest and its overdue plans are read from an index, however large the ledger is."""
        for statement in statements(DIGESTS):
            db.execute(statement)

    @migrations()
    def m008_habits(db: Database) -> None:
        """What is usual for an endpoint is read from the visits that brought something."""
        for statement in statements(HABITS):
            db.execute(statement)
