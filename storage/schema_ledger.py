"""The tables of the ledger proper: events, judgements, revisions; and what a person decided in review."""

from __future__ import annotations

JUDGING = """
create table events (
  id integer primary key, opened_at text not null, changed_at text not null, merged_into integer references events(id),
  status text, nationality text not null default '[]', total integer, children integer, women integer,
  men integer, families integer, origin_country text, origin_place text, destination_country text,
  destination_place text, event_date text, ordinal integer, operation text,
  independent integer not null default 0, disputed integer not null default 0,
  slots text not null,                    -- every slot with rule, other values and who says them, as JSON
  warnings text not null default '[]',    -- sums that do not come out
  told integer not null default 0         -- 1: told as new, or to be; 0: known from backfill or mentions only
) strict;
create index events_date on events(event_date);
create index events_changed on events(changed_at);
create index events_disputed on events(id) where disputed = 1;
create index events_warned on events(id) where warnings != '[]';

create table judgements (                 -- which event a claim belongs to; the newest row of a claim holds
  id integer primary key, claim_id integer not null references claims(id),
  event_id integer references events(id), -- null: to none any more
  why text not null, at text not null,
  sure integer not null default 1,        -- 0: only likely, for review
  correction_id integer                   -- the correction that moved it
) strict;
create index judgements_claim on judgements(claim_id, id);
create index judgements_event on judgements(event_id);
create index judgements_loose on judgements(id) where sure = 0;

create table event_keys (                 -- what an event is looked up by: "RU|2019-07", "ordinal:30|IQ", "op:zhusan"
  key text not null, event_id integer not null references events(id), primary key (key, event_id)
) strict, without rowid;

create table revisions (
  id integer primary key, event_id integer not null references events(id), change text not null, slot text,
  old text, new text, claim_id integer, at text not null, quiet integer not null,
  why text not null                       -- old and new are JSON
) strict;
create index revisions_event on revisions(event_id);
create index revisions_at on revisions(at);

create table event_links (
  event_id integer not null references events(id), other_id integer not null references events(id),
  why text not null, at text not null, primary key (event_id, other_id)
) strict, without rowid;
"""

REVIEWING = """
create table corrections (
  id integer primary key, at text not null,
  action text not null,                   -- accept, correct, reject, merge, split, undo
  claim_id integer references claims(id), -- of what it was said; of a merge, a claim of each event
  other_id integer references claims(id),
  event_id integer, into_id integer,      -- the events as they were called then
  changes text not null default '{}',     -- slot → value, as JSON
  quote text,                             -- the words of the article that give a corrected number
  note text not null default '', undoes integer references corrections(id)
) strict;
create index corrections_claim on corrections(claim_id);
create index corrections_other on corrections(other_id);
create index corrections_undoes on corrections(undoes);

create table review_marks (               -- the claims that corrections in force change, found again in every reading
  claim_id integer primary key references claims(id), correction_id integer not null references corrections(id),
  action text not null,
  claim text                              -- the whole Claim as corrected, as JSON
) strict;

create table review_ties (                -- claims that belong to one event, or never to the same one
  claim_id integer not null references claims(id), other_id integer not null references claims(id),
  together integer not null, correction_id integer not null references corrections(id),
  primary key (claim_id, other_id, correction_id)
) strict, without rowid;
create index review_ties_other on review_ties(other_id);
"""
