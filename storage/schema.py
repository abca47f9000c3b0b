"""The tables, as an append-only list of migrations. A released migration is never edited; a change is a new one.

Articles' versions, claims, revisions, drops and visits are only added. What changes in place is working state: when an
endpoint is due, who leases it, whether a promised entry was fetched, how far a delivery has come.
Times are ISO 8601 in UTC with microseconds and "+00:00", so that text order is time order.
"""

from __future__ import annotations

from storage import schema_changes
from storage.library import Database, Migrations
from storage.schema_ledger import JUDGING, REVIEWING

migrations = Migrations("homeward")

COLLECTING = """
create table sources (
  id text primary key, name text not null, kind text not null, country text, languages text not null default '[]',
  state_media text, mirrors text not null default '[]', active integer not null default 1
) strict;

create table endpoints (
  id integer primary key, source_id text not null references sources(id),
  asked_url text not null unique,         -- as the config gives it
  url text not null,                      -- where we go: asked_url, or where a permanent redirect led often enough
  host text not null,                     -- of url, without "www.": at most so many requests at once
  kind text not null,
  fetch text not null default 'matching', link_pattern text, allow_private integer not null default 0,
  active integer not null default 1,      -- 0: no longer in the config
  gone_at text,                           -- answered 410 twice; taken out of the config and in again, it is asked anew
  conditional integer not null default 1, -- 0: it was caught answering 304 for a changed feed
  interval real not null,                 -- seconds, as adapted
  min_interval real not null, max_interval real not null,
  next_due text not null, lease_until text, lease_owner text,
  etag text, last_modified text, body_sha text,
  visits integer not null default 0,      -- answered with something read or known; 0: the next one is its first
  failures integer not null default 0,    -- in a row
  strikes integer not null default 0,     -- times it killed a reading child, in a row
  last_visit text, last_success text, last_new text, last_outcome text, last_why text,
  moved_to text, moved_seen integer not null default 0   -- a permanent redirect, and on how many visits it was seen
) strict;
create index endpoints_due on endpoints(next_due) where active = 1;

create table hosts (                       -- left alone for a while (429, 503)
  host text primary key, cool_until text not null, why text not null
) strict;

create table robots (                     -- the last robots.txt of an authority that could be had
  authority text primary key, status integer not null, body text not null, fetched_at text not null
) strict;

create table visits (
  id integer primary key, endpoint_id integer not null references endpoints(id), run_id integer,
  started_at text not null, finished_at text not null, outcome text not null, why text not null, status integer,
  final_url text, body_bytes integer not null, entries_seen integer not null, entries_new integer not null
) strict;
create index visits_endpoint on visits(endpoint_id, id);
create index visits_finished on visits(finished_at);

create table entries (
  id integer primary key, endpoint_id integer not null references endpoints(id), key text not null,
  url text, host text, title text, summary text, published text, published_raw text,
  authors text not null default '[]', lang text,
  first_seen text not null, backfill integer not null,
  state text not null,                    -- promised, filed, dropped
  next_try text not null, tries integer not null default 0, lease_until text, lease_owner text,
  article_id integer,
  again integer not null default 0,       -- its title changed since: the page is read again, an article it has already
  rescued integer not null default 0,     -- a person wants it: it is kept whatever the topic rule says
  unique (endpoint_id, key)
) strict;
create index entries_promised on entries(next_try) where state = 'promised';
create index entries_url on entries(url);
create index entries_article on entries(article_id) where article_id is not null;

create table drops (
  id integer primary key, at text not null, url text, title text, stage text not null, rule text not null,
  why text not null, source_id text, entry_id integer, rescued_at text
) strict;
create index drops_at on drops(at);
create index drops_url on drops(url);

create table runs (
  id integer primary key, started_at text not null, ended_at text, reason text, pid integer,
  visits integer not null default 0, answered integer not null default 0, failed integer not null default 0,
  entries_new integer not null default 0, articles_new integer not null default 0, dropped integer not null default 0,
  progress_at text not null               -- the watchdog looks here
) strict;
"""

FILING = """
create table articles (
  id integer primary key,
  url text,                               -- twice only where two lines were imported under two ids
  source_id text, outlet text, source_kind text not null default 'news',
  imported_id text unique, lang text not null, title text, published text, modified text,
  authors text not null default '[]', lead text, from_entry integer not null, why_partial text,
  relevant integer not null, why text not null,
  credit text,                            -- the agency whose text it says it prints, in dateline or credit line: "AFP"
  origin_id integer,                      -- the article it copies; null: its own origin
  filed_at text not null, backfill integer not null, version_id integer
) strict;
create index articles_url on articles(url);
create index articles_filed on articles(filed_at);
create index articles_origin on articles(origin_id);

create table versions (
  id integer primary key, article_id integer not null references articles(id), n integer not null,
  title text, text text not null, text_sha text not null, reading text not null,   -- the Reading, without its text
  ladder text not null default '[]', seen_at text not null, why text not null,
  unique (article_id, n)
) strict;
create index versions_sha on versions(text_sha);

create table addresses (
  url text primary key, article_id integer not null references articles(id), seen_at text not null
) strict, without rowid;
create index addresses_article on addresses(article_id);

create table decisions (                  -- what was decided of an arrival: new, version, known, copy, dropped; and why
  id integer primary key, at text not null, url text, verdict text not null, article_id integer, origin_id integer,
  why text not null
) strict;
create index decisions_url on decisions(url);
create index decisions_article on decisions(article_id);

create table sketches (
  article_id integer primary key references articles(id), n integer not null, sketch blob not null
) strict;
create table sketch_hashes (
  hash integer not null, article_id integer not null, primary key (hash, article_id)
) strict, without rowid;

create table claims (
  id integer primary key, article_id integer not null references articles(id),
  version_id integer not null references versions(id), n integer not null, main integer not null,
  kind text not null, status text not null, nationality text not null, total integer,
  origin_country text, destination_country text, event_date text, ordinal integer, operation text,
  quote text not null, quote_start integer not null, quote_end integer not null,
  claim text not null,                    -- the whole Claim as JSON
  minors text not null default '[]',      -- names of minors in the article, with their places, to be withheld
  filed_at text not null, unique (version_id, n)
) strict;
create index claims_article on claims(article_id);

create table figures (
  id integer primary key, article_id integer not null references articles(id),
  version_id integer not null references versions(id), what text not null, value integer not null,
  qualifier text not null, "group" text, place text,
  quote text not null, quote_start integer not null, quote_end integer not null, figure text not null,
  filed_at text not null, quiet integer not null
) strict;
create index figures_filed on figures(filed_at);

create table officials (
  id integer primary key, article_id integer not null references articles(id),
  version_id integer not null references versions(id), name text not null, role text, organisation text
) strict;
create index officials_name on officials(name);
"""

TELLING = """
create table deliveries (
  id integer primary key, subscription_id text not null, channel_id text not null, period text not null,
  part text not null, event_id integer, message text not null, message_key text not null unique,
  state text not null, attempts integer not null default 0, next_try_at text not null, created_at text not null,
  sent_at text, error text, receipt text, after_revision integer not null, last_revision integer not null,
  owed text not null default '[]',        -- recipients it still waits for, where the others have it
  unique (subscription_id, period, part)
) strict;
create index deliveries_waiting on deliveries(next_try_at) where state in ('waiting', 'sending');
create index deliveries_thread on deliveries(channel_id, event_id);

create table cursors (                    -- up to which revision, figure and moment a subscription has been told
  subscription_id text primary key, last_revision integer not null, last_figure integer not null, until text not null,
  seen_at text not null                   -- when the subscription was first met
) strict;

create table delivery_events (            -- which events a delivery tells of: later ones answer it
  delivery_id integer not null references deliveries(id), event_id integer not null, channel_id text not null,
  primary key (channel_id, event_id, delivery_id)
) strict, without rowid;

create table channel_rests (              -- a channel that asked for a pause (429): nothing is sent to it until then
  channel_id text primary key, until text not null, why text not null
) strict;

create table outages (                    -- failing endpoints a subscription was told of, until told of their return
  subscription_id text not null, endpoint_id integer not null references endpoints(id), told_at text not null,
  primary key (subscription_id, endpoint_id)
) strict, without rowid;

create table troubles (                   -- channels that fail for good, told on another one, until they work again
  channel_id text not null, whom text not null, told_at text not null, primary key (channel_id, whom)
) strict, without rowid;

create table meta (key text primary key, value text not null) strict;
"""

SEARCH = """
create virtual table versions_fts using fts5 (
  title, text, content='versions', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
)
"""

SEARCH_TRIGGER = """
create trigger versions_fts_added after insert on versions begin
  insert into versions_fts (rowid, title, text) values (new.id, new.title, new.text);
end
"""


@migrations()
def m001_first_shape(db: Database) -> None:
    """Everything the first release keeps."""
    for script in (COLLECTING, FILING, JUDGING, REVIEWING, TELLING, SEARCH):
        for statement in schema_changes.statements(script):
            db.execute(statement)
    db.execute(SEARCH_TRIGGER)


schema_changes.add_to(migrations)
