CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE sources (
  id text primary key, name text not null, kind text not null, country text, languages text not null default '[]',
  state_media text, mirrors text not null default '[]', active integer not null default 1
) strict;
CREATE TABLE endpoints (
  id integer primary key, source_id text not null references sources(id),
  asked_url text not null unique,         
  url text not null,                      
  host text not null,                     
  kind text not null,
  fetch text not null default 'matching', link_pattern text, allow_private integer not null default 0,
  active integer not null default 1,      
  gone_at text,                           
  conditional integer not null default 1, 
  interval real not null,                 
  min_interval real not null, max_interval real not null,
  next_due text not null, lease_until text, lease_owner text,
  etag text, last_modified text, body_sha text,
  visits integer not null default 0,      
  failures integer not null default 0,    
  strikes integer not null default 0,     
  last_visit text, last_success text, last_new text, last_outcome text, last_why text,
  moved_to text, moved_seen integer not null default 0   
) strict;
CREATE TABLE hosts (                       
  host text primary key, cool_until text not null, why text not null
) strict;
CREATE TABLE robots (                     
  authority text primary key, status integer not null, body text not null, fetched_at text not null
) strict;
CREATE TABLE visits (
  id integer primary key, endpoint_id integer not null references endpoints(id), run_id integer,
  started_at text not null, finished_at text not null, outcome text not null, why text not null, status integer,
  final_url text, body_bytes integer not null, entries_seen integer not null, entries_new integer not null
) strict;
CREATE TABLE entries (
  id integer primary key, endpoint_id integer not null references endpoints(id), key text not null,
  url text, host text, title text, summary text, published text, published_raw text,
  authors text not null default '[]', lang text,
  first_seen text not null, backfill integer not null,
  state text not null,                    
  next_try text not null, tries integer not null default 0, lease_until text, lease_owner text,
  article_id integer,
  again integer not null default 0,       
  rescued integer not null default 0,     
  unique (endpoint_id, key)
) strict;
CREATE TABLE drops (
  id integer primary key, at text not null, url text, title text, stage text not null, rule text not null,
  why text not null, source_id text, entry_id integer, rescued_at text
) strict;
CREATE TABLE runs (
  id integer primary key, started_at text not null, ended_at text, reason text, pid integer,
  visits integer not null default 0, answered integer not null default 0, failed integer not null default 0,
  entries_new integer not null default 0, articles_new integer not null default 0, dropped integer not null default 0,
  progress_at text not null               
) strict;
CREATE TABLE articles (
  id integer primary key,
  url text,                               
  source_id text, outlet text, source_kind text not null default 'news',
  imported_id text unique, lang text not null, title text, published text, modified text,
  authors text not null default '[]', lead text, from_entry integer not null, why_partial text,
  relevant integer not null, why text not null,
  credit text,                            
  origin_id integer,                      
  filed_at text not null, backfill integer not null, version_id integer
) strict;
CREATE TABLE versions (
  id integer primary key, article_id integer not null references articles(id), n integer not null,
  title text, text text not null, text_sha text not null, reading text not null,   
  ladder text not null default '[]', seen_at text not null, why text not null,
  unique (article_id, n)
) strict;
CREATE TABLE addresses (
  url text primary key, article_id integer not null references articles(id), seen_at text not null
) strict, without rowid;
CREATE TABLE decisions (                  
  id integer primary key, at text not null, url text, verdict text not null, article_id integer, origin_id integer,
  why text not null
) strict;
CREATE TABLE sketches (
  article_id integer primary key references articles(id), n integer not null, sketch blob not null
) strict;
CREATE TABLE sketch_hashes (
  hash integer not null, article_id integer not null, primary key (hash, article_id)
) strict, without rowid;
CREATE TABLE claims (
  id integer primary key, article_id integer not null references articles(id),
  version_id integer not null references versions(id), n integer not null, main integer not null,
  kind text not null, status text not null, nationality text not null, total integer,
  origin_country text, destination_country text, event_date text, ordinal integer, operation text,
  quote text not null, quote_start integer not null, quote_end integer not null,
  claim text not null,                    
  minors text not null default '[]',      
  filed_at text not null, unique (version_id, n)
) strict;
CREATE TABLE figures (
  id integer primary key, article_id integer not null references articles(id),
  version_id integer not null references versions(id), what text not null, value integer not null,
  qualifier text not null, "group" text, place text,
  quote text not null, quote_start integer not null, quote_end integer not null, figure text not null,
  filed_at text not null, quiet integer not null
) strict;
CREATE TABLE officials (
  id integer primary key, article_id integer not null references articles(id),
  version_id integer not null references versions(id), name text not null, role text, organisation text
) strict;
CREATE TABLE events (
  id integer primary key, opened_at text not null, changed_at text not null, merged_into integer references events(id),
  status text, nationality text not null default '[]', total integer, children integer, women integer,
  men integer, families integer, origin_country text, origin_place text, destination_country text,
  destination_place text, event_date text, ordinal integer, operation text,
  independent integer not null default 0, disputed integer not null default 0,
  slots text not null,                    
  warnings text not null default '[]',    
  told integer not null default 0         
) strict;
CREATE TABLE judgements (                 
  id integer primary key, claim_id integer not null references claims(id),
  event_id integer references events(id), 
  why text not null, at text not null,
  sure integer not null default 1,        
  correction_id integer                   
) strict;
CREATE TABLE event_keys (                 
  key text not null, event_id integer not null references events(id), primary key (key, event_id)
) strict, without rowid;
CREATE TABLE revisions (
  id integer primary key, event_id integer not null references events(id), change text not null, slot text,
  old text, new text, claim_id integer, at text not null, quiet integer not null,
  why text not null                       
) strict;
CREATE TABLE event_links (
  event_id integer not null references events(id), other_id integer not null references events(id),
  why text not null, at text not null, primary key (event_id, other_id)
) strict, without rowid;
CREATE TABLE corrections (
  id integer primary key, at text not null,
  action text not null,                   
  claim_id integer references claims(id), 
  other_id integer references claims(id),
  event_id integer, into_id integer,      
  changes text not null default '{}',     
  quote text,                             
  note text not null default '', undoes integer references corrections(id)
) strict;
CREATE TABLE review_marks (               
  claim_id integer primary key references claims(id), correction_id integer not null references corrections(id),
  action text not null,
  claim text                              
) strict;
CREATE TABLE review_ties (                
  claim_id integer not null references claims(id), other_id integer not null references claims(id),
  together integer not null, correction_id integer not null references corrections(id),
  primary key (claim_id, other_id, correction_id)
) strict, without rowid;
CREATE TABLE deliveries (
  id integer primary key, subscription_id text not null, channel_id text not null, period text not null,
  part text not null, event_id integer, message text not null, message_key text not null unique,
  state text not null, attempts integer not null default 0, next_try_at text not null, created_at text not null,
  sent_at text, error text, receipt text, after_revision integer not null, last_revision integer not null,
  owed text not null default '[]',        
  unique (subscription_id, period, part)
) strict;
CREATE TABLE cursors (                    
  subscription_id text primary key, last_revision integer not null, last_figure integer not null, until text not null,
  seen_at text not null                   
) strict;
CREATE TABLE delivery_events (            
  delivery_id integer not null references deliveries(id), event_id integer not null, channel_id text not null,
  primary key (channel_id, event_id, delivery_id)
) strict, without rowid;
CREATE TABLE channel_rests (              
  channel_id text primary key, until text not null, why text not null
) strict;
CREATE TABLE outages (                    
  subscription_id text not null, endpoint_id integer not null references endpoints(id), told_at text not null,
  primary key (subscription_id, endpoint_id)
) strict, without rowid;
CREATE TABLE troubles (                   
  channel_id text not null, whom text not null, told_at text not null, primary key (channel_id, whom)
) strict, without rowid;
CREATE TABLE meta (key text primary key, value text not null) strict;
CREATE VIRTUAL TABLE versions_fts using fts5 (
  title, text, content='versions', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX endpoints_due on endpoints(next_due) where active = 1;
CREATE INDEX visits_endpoint on visits(endpoint_id, id);
CREATE INDEX visits_finished on visits(finished_at);
CREATE INDEX entries_promised on entries(next_try) where state = 'promised';
CREATE INDEX entries_url on entries(url);
CREATE INDEX entries_article on entries(article_id) where article_id is not null;
CREATE INDEX drops_at on drops(at);
CREATE INDEX drops_url on drops(url);
CREATE INDEX articles_url on articles(url);
CREATE INDEX articles_filed on articles(filed_at);
CREATE INDEX articles_origin on articles(origin_id);
CREATE INDEX versions_sha on versions(text_sha);
CREATE INDEX addresses_article on addresses(article_id);
CREATE INDEX decisions_url on decisions(url);
CREATE INDEX decisions_article on decisions(article_id);
CREATE INDEX claims_article on claims(article_id);
CREATE INDEX figures_filed on figures(filed_at);
CREATE INDEX officials_name on officials(name);
CREATE INDEX events_date on events(event_date);
CREATE INDEX events_changed on events(changed_at);
CREATE INDEX events_disputed on events(id) where disputed = 1;
CREATE INDEX events_warned on events(id) where warnings != '[]';
CREATE INDEX judgements_claim on judgements(claim_id, id);
CREATE INDEX judgements_event on judgements(event_id);
CREATE INDEX judgements_loose on judgements(id) where sure = 0;
CREATE INDEX revisions_event on revisions(event_id);
CREATE INDEX revisions_at on revisions(at);
CREATE INDEX corrections_claim on corrections(claim_id);
CREATE INDEX corrections_other on corrections(other_id);
CREATE INDEX corrections_undoes on corrections(undoes);
CREATE INDEX review_ties_other on review_ties(other_id);
CREATE INDEX deliveries_waiting on deliveries(next_try_at) where state in ('waiting', 'sending');
CREATE INDEX deliveries_thread on deliveries(channel_id, event_id);
CREATE TRIGGER versions_fts_added after insert on versions begin
  insert into versions_fts (rowid, title, text) values (new.id, new.title, new.text);
end;
insert into "_sqlite_migrations" values (1, 'homeward', 'm001_first_shape', '2026-11-24 22:10:02.359604+00:00');
insert into "sources" values ('paper', 'The Paper', 'news', NULL, '["en"]', NULL, '[]', 1);
insert into "endpoints" values (1, 'paper', 'https://paper.example/feed', 'https://paper.example/feed', 'paper.example', 'feed', 'matching', NULL, 0, 1, NULL, 1, 900.0, 300.0, 21600.0, '2019-07-15T12:00:00.000000+00:00', NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0);
insert into "hosts" values ('paper.example', '2019-07-15T13:00:00.000000+00:00', '429');
insert into "robots" values ('https://paper.example', 200, 'User-agent: *
Disallow:', '2019-07-15T12:00:00.000000+00:00');
insert into "runs" values (1, '2019-07-15T12:00:00.000000+00:00', '2019-07-15T12:00:00.000000+00:00', 'done', 1, 0, 0, 0, 0, 0, 0, '2019-07-15T12:00:00.000000+00:00');
insert into "articles" values (1, 'https://news.test/1', NULL, 'Outlet 1', 'news', NULL, 'en', NULL, '2019-07-15', NULL, '[]', NULL, 0, NULL, 1, 'children come home', NULL, NULL, '2019-07-15T12:00:00.000000+00:00', 0, 1);
insert into "articles" values (2, 'https://news.test/2', NULL, 'Outlet 2', 'news', NULL, 'en', NULL, '2019-07-15', NULL, '[]', NULL, 0, NULL, 1, 'children come home', NULL, NULL, '2019-07-15T12:00:00.000000+00:00', 0, 2);
insert into "articles" values (3, 'https://news.test/3', NULL, 'Outlet 3', 'news', NULL, 'en', NULL, '2019-07-15', NULL, '[]', NULL, 0, NULL, 1, 'children come home', NULL, NULL, '2019-07-15T12:00:00.000000+00:00', 0, 3);
insert into "versions" values (1, 1, 1, NULL, 'Came home: 33 children. w1x0 w1x1 w1x2 w1x3 w1x4 w1x5 w1x6 w1x7 w1x8 w1x9 w1x10 w1x11 w1x12 w1x13 w1x14 w1x15 w1x16 w1x17 w1x18 w1x19 w1x20 w1x21 w1x22 w1x23 w1x24 w1x25 w1x26 w1x27 w1x28 w1x29 w1x30 w1x31 w1x32 w1x33 w1x34 w1x35 w1x36 w1x37 w1x38 w1x39 w1x40 w1x41 w1x42 w1x43 w1x44 w1x45 w1x46 w1x47 w1x48 w1x49 w1x50 w1x51 w1x52 w1x53 w1x54 w1x55 w1x56 w1x57 w1x58 w1x591500 are held', '68af13e56636fe458bc53a203fc078f390a107beb16a731292fe6e66e2e0a5d7', '{"lang":"en","relevant":true,"why":"children come home","claims":[{"main":true,"kind":"repatriation","status":"completed","nationality":["RU"],"counts":{"children":{"value":33,"qualifier":"exact","evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"written":"33"}},"other_values":[],"origin_country":"IQ","origin_place":null,"destination_country":"RU","destination_place":null,"event_date":"2019-07-15","event_date_precision":"day","event_date_basis":"stated","ordinal":null,"operation":null,"speaker":null,"evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"uncounted":false}],"figures":[{"what":"held","value":1500,"qualifier":"exact","group":null,"place":"IQ","written":"1500","evidence":{"quote":"1500 are held","start":373,"end":386}}],"officials":[{"name":"Ahmad al-Sahhaf","role":null,"organisation":null}],"minors":[]}', '[]', '2019-07-15T12:00:00.000000+00:00', 'a text not known before');
insert into "versions" values (2, 2, 1, NULL, 'Came home: 33 children. w2x0 w2x1 w2x2 w2x3 w2x4 w2x5 w2x6 w2x7 w2x8 w2x9 w2x10 w2x11 w2x12 w2x13 w2x14 w2x15 w2x16 w2x17 w2x18 w2x19 w2x20 w2x21 w2x22 w2x23 w2x24 w2x25 w2x26 w2x27 w2x28 w2x29 w2x30 w2x31 w2x32 w2x33 w2x34 w2x35 w2x36 w2x37 w2x38 w2x39 w2x40 w2x41 w2x42 w2x43 w2x44 w2x45 w2x46 w2x47 w2x48 w2x49 w2x50 w2x51 w2x52 w2x53 w2x54 w2x55 w2x56 w2x57 w2x58 w2x591500 are held', '6e76340921b943a9ac8bccc1508e72426916f9c6f21872da8171ec7465dd976c', '{"lang":"en","relevant":true,"why":"children come home","claims":[{"main":true,"kind":"repatriation","status":"completed","nationality":["RU"],"counts":{"children":{"value":33,"qualifier":"exact","evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"written":"33"}},"other_values":[],"origin_country":"IQ","origin_place":null,"destination_country":"RU","destination_place":null,"event_date":"2019-07-15","event_date_precision":"day","event_date_basis":"stated","ordinal":null,"operation":null,"speaker":null,"evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"uncounted":false}],"figures":[{"what":"held","value":1500,"qualifier":"exact","group":null,"place":"IQ","written":"1500","evidence":{"quote":"1500 are held","start":373,"end":386}}],"officials":[{"name":"Ahmad al-Sahhaf","role":null,"organisation":null}],"minors":[]}', '[]', '2019-07-15T12:00:00.000000+00:00', 'a text not known before');
insert into "versions" values (3, 3, 1, NULL, 'Came home: 35 children. w3x0 w3x1 w3x2 w3x3 w3x4 w3x5 w3x6 w3x7 w3x8 w3x9 w3x10 w3x11 w3x12 w3x13 w3x14 w3x15 w3x16 w3x17 w3x18 w3x19 w3x20 w3x21 w3x22 w3x23 w3x24 w3x25 w3x26 w3x27 w3x28 w3x29 w3x30 w3x31 w3x32 w3x33 w3x34 w3x35 w3x36 w3x37 w3x38 w3x39 w3x40 w3x41 w3x42 w3x43 w3x44 w3x45 w3x46 w3x47 w3x48 w3x49 w3x50 w3x51 w3x52 w3x53 w3x54 w3x55 w3x56 w3x57 w3x58 w3x591500 are held', '6e5c987df330e99b8727738e29ce11683dead0cc83f4066f7fad005c50c4c72a', '{"lang":"en","relevant":true,"why":"children come home","claims":[{"main":true,"kind":"repatriation","status":"completed","nationality":["RU"],"counts":{"children":{"value":35,"qualifier":"exact","evidence":{"quote":"Came home: 35 children.","start":0,"end":23},"written":"35"}},"other_values":[],"origin_country":"IQ","origin_place":null,"destination_country":"RU","destination_place":null,"event_date":"2019-07-15","event_date_precision":"day","event_date_basis":"stated","ordinal":null,"operation":null,"speaker":null,"evidence":{"quote":"Came home: 35 children.","start":0,"end":23},"uncounted":false}],"figures":[{"what":"held","value":1500,"qualifier":"exact","group":null,"place":"IQ","written":"1500","evidence":{"quote":"1500 are held","start":373,"end":386}}],"officials":[{"name":"Ahmad al-Sahhaf","role":null,"organisation":null}],"minors":[]}', '[]', '2019-07-15T12:00:00.000000+00:00', 'a text not known before');
insert into "addresses" values ('https://news.test/1', 1, '2019-07-15T12:00:00.000000+00:00');
insert into "addresses" values ('https://news.test/2', 2, '2019-07-15T12:00:00.000000+00:00');
insert into "addresses" values ('https://news.test/3', 3, '2019-07-15T12:00:00.000000+00:00');
insert into "decisions" values (1, '2019-07-15T12:00:00.000000+00:00', 'https://news.test/1', 'new', 1, NULL, 'a text not known before');
insert into "decisions" values (2, '2019-07-15T12:00:00.000000+00:00', 'https://news.test/2', 'new', 2, NULL, 'a text not known before');
insert into "decisions" values (3, '2019-07-15T12:00:00.000000+00:00', 'https://news.test/3', 'new', 3, NULL, 'a text not known before');
insert into "sketches" values (1, 63, X'6AE768072DCB8F0718FD551117718711E13563159029EF176BC479269F525228B9C820297AEC73312D263932722F9D3781D8EE3770867644C2909F47904B9B483C2494529E3AF954848A88582330A75F6B61FD668B6E526E4A802375F51F04789C3C797B3EB70D89DF2009931A3B6193C4B559A0D25B02A6EBDB22A6C70FA9A67E45B0A7A4B76EA87AB975A9863A7AAAB985C5AAF92C15AF52C6F1B03CCA43B18DF874B5739E13C0B87586C1176482C8643576CBF733FED3A895DED6A9F0E8D74B6AFCDB38E125DD8398B5DD83456CDE7FE354E0148BA4E3EF52AAE481F6A5E599F1DCE5BD558AF1D209ACF13853D6F1A5F4A9F4A63593F817A381FA');
insert into "sketches" values (2, 63, X'83554002F158B80D06A1560E2613FE0FBCA53D10554E68150A97921A2E1B9B1BEEA69C1D0A3B831EA374EF2666C7E2318516E33174AF073CDD7D843C04E54F3D2D5E2D44007AA84773E3B14C0F31794E3AD9874E28BF1D4FBEB578502A26DE510A57CC54691FC05595C51D56AA80545D77631B62BA68146A9E30417BB39EE17CE3C9D9848C8BFD8B7458A08C8119998FD9AA6E941CD32F96909E8D993A65B0A9E756AAAD1EB582B092603CBF739E13C01EFC59C3212A7FC6BF2688CB4BBB3ED7F05C8AD7252B71D87A3D8EDF1B03FBDF560E67E1425094E586FD92E8913FE9EF929310F1FA32B1F28E9328F3774C70F8A51AD5F8B56047FC5A8CB0FF');
insert into "sketches" values (3, 63, X'8CE5AC0162FF35027FF4DB03C87E2C0BF71B800E85822011C3C50E129ADC171311947214986BE9154B01151ED8863623DD500D2E4D63633277F369494799CF4953DB6C4D7719C84D8AF6664E42F9C24ED0567E53304C7765FBE6A972CD4D907B8731E67B0C3E797DA42AF07D3AC909856587218665E0038705AB648B339BC48D7DD474967C99B5964E2300982292B3A02D54E4A211C0F7A854D425A9AB27A8ABDB44D8ABBB033AB6B95CC0B81F400AB9A938DDB943FF3BBFDF40F3BFA9513BC1A6216CCBBEFCAFD1FDA2C8DD7D1F42DF83124AE02DED02E1262130E4E29F0DE6CC66BCE675388FE87FFBA1E9622818EE8DA484F5794963F65E2C86F8');
insert into "sketch_hashes" values (60361840736837343, 3);
insert into "sketch_hashes" values (79657081043926163, 3);
insert into "sketch_hashes" values (81111805825742359, 2);
insert into "sketch_hashes" values (139042315337201887, 3);
insert into "sketch_hashes" values (266965499476128729, 1);
insert into "sketch_hashes" values (272438737915235938, 1);
insert into "sketch_hashes" values (402578915518179485, 3);
insert into "sketch_hashes" values (494318957302818689, 2);
insert into "sketch_hashes" values (516595107147630521, 2);
insert into "sketch_hashes" values (522432931591499864, 3);
insert into "sketch_hashes" values (576189806316586499, 2);
insert into "sketch_hashes" values (585136852582167241, 2);
insert into "sketch_hashes" values (617064903354421722, 3);
insert into "sketch_hashes" values (624591375594833311, 1);
insert into "sketch_hashes" values (631551283432034173, 1);
insert into "sketch_hashes" values (650597392138868547, 3);
insert into "sketch_hashes" values (687905384548132462, 3);
insert into "sketch_hashes" values (736701416262544326, 3);
insert into "sketch_hashes" values (770567370050786568, 1);
insert into "sketch_hashes" values (771284500717404807, 2);
insert into "sketch_hashes" values (789455724317946208, 3);
insert into "sketch_hashes" values (862321441265395826, 1);
insert into "sketch_hashes" values (957379430804203159, 2);
insert into "sketch_hashes" values (994606772997864427, 2);
insert into "sketch_hashes" values (1066881932538013082, 2);
insert into "sketch_hashes" values (1083820110007540421, 3);
insert into "sketch_hashes" values (1099332980011513857, 2);
insert into "sketch_hashes" values (1268681852071171256, 3);
insert into "sketch_hashes" values (1386231505448503037, 1);
insert into "sketch_hashes" values (1402794668168416247, 2);
insert into "sketch_hashes" values (1452737776682822350, 1);
insert into "sketch_hashes" values (1481794627760671822, 1);
insert into "sketch_hashes" values (1781725870311906895, 1);
insert into "sketch_hashes" values (1797327347460037511, 2);
insert into "sketch_hashes" values (1809482875704009715, 1);
insert into "sketch_hashes" values (2003705706504023376, 1);
insert into "claims" values (1, 1, 1, 0, 1, 'repatriation', 'completed', '["RU"]', NULL, 'IQ', 'RU', '2019-07-15', NULL, NULL, 'Came home: 33 children.', 0, 23, '{"main":true,"kind":"repatriation","status":"completed","nationality":["RU"],"counts":{"children":{"value":33,"qualifier":"exact","evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"written":"33"}},"other_values":[],"origin_country":"IQ","origin_place":null,"destination_country":"RU","destination_place":null,"event_date":"2019-07-15","event_date_precision":"day","event_date_basis":"stated","ordinal":null,"operation":null,"speaker":null,"evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"uncounted":false}', '[]', '2019-07-15T12:00:00.000000+00:00');
insert into "claims" values (2, 2, 2, 0, 1, 'repatriation', 'completed', '["RU"]', NULL, 'IQ', 'RU', '2019-07-15', NULL, NULL, 'Came home: 33 children.', 0, 23, '{"main":true,"kind":"repatriation","status":"completed","nationality":["RU"],"counts":{"children":{"value":33,"qualifier":"exact","evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"written":"33"}},"other_values":[],"origin_country":"IQ","origin_place":null,"destination_country":"RU","destination_place":null,"event_date":"2019-07-15","event_date_precision":"day","event_date_basis":"stated","ordinal":null,"operation":null,"speaker":null,"evidence":{"quote":"Came home: 33 children.","start":0,"end":23},"uncounted":false}', '[]', '2019-07-15T12:00:00.000000+00:00');
insert into "claims" values (3, 3, 3, 0, 1, 'repatriation', 'completed', '["RU"]', NULL, 'IQ', 'RU', '2019-07-15', NULL, NULL, 'Came home: 35 children.', 0, 23, '{"main":true,"kind":"repatriation","status":"completed","nationality":["RU"],"counts":{"children":{"value":35,"qualifier":"exact","evidence":{"quote":"Came home: 35 children.","start":0,"end":23},"written":"35"}},"other_values":[],"origin_country":"IQ","origin_place":null,"destination_country":"RU","destination_place":null,"event_date":"2019-07-15","event_date_precision":"day","event_date_basis":"stated","ordinal":null,"operation":null,"speaker":null,"evidence":{"quote":"Came home: 35 children.","start":0,"end":23},"uncounted":false}', '[]', '2019-07-15T12:00:00.000000+00:00');
insert into "figures" values (1, 1, 1, 'held', 1500, 'exact', NULL, 'IQ', '1500 are held', 373, 386, '{"what":"held","value":1500,"qualifier":"exact","group":null,"place":"IQ","written":"1500","evidence":{"quote":"1500 are held","start":373,"end":386}}', '2019-07-15T12:00:00.000000+00:00', 0);
insert into "figures" values (2, 2, 2, 'held', 1500, 'exact', NULL, 'IQ', '1500 are held', 373, 386, '{"what":"held","value":1500,"qualifier":"exact","group":null,"place":"IQ","written":"1500","evidence":{"quote":"1500 are held","start":373,"end":386}}', '2019-07-15T12:00:00.000000+00:00', 0);
insert into "figures" values (3, 3, 3, 'held', 1500, 'exact', NULL, 'IQ', '1500 are held', 373, 386, '{"what":"held","value":1500,"qualifier":"exact","group":null,"place":"IQ","written":"1500","evidence":{"quote":"1500 are held","start":373,"end":386}}', '2019-07-15T12:00:00.000000+00:00', 0);
insert into "officials" values (1, 1, 1, 'Ahmad al-Sahhaf', NULL, NULL);
insert into "officials" values (2, 2, 2, 'Ahmad al-Sahhaf', NULL, NULL);
insert into "officials" values (3, 3, 3, 'Ahmad al-Sahhaf', NULL, NULL);
insert into "events" values (1, '2019-07-15T12:00:00.000000+00:00', '2019-07-15T12:00:00.000000+00:00', NULL, 'completed', '["RU"]', 33, 33, NULL, NULL, NULL, 'IQ', NULL, 'RU', NULL, '2019-07-15', NULL, NULL, 3, 1, '{"status":{"preferred":{"value":"completed","qualifier":"exact","claims":[1,2,3],"outlets":["Outlet 1","Outlet 2","Outlet 3"],"independent":3},"rule":"only value","disputed":false,"others":[]},"event_date":{"preferred":{"value":"2019-07-15","qualifier":"exact","claims":[1,2,3],"outlets":["Outlet 1","Outlet 2","Outlet 3"],"independent":3},"rule":"only value","disputed":false,"others":[]},"nationality":{"preferred":{"value":"RU","qualifier":"exact","claims":[1,2,3],"outlets":["Outlet 1","Outlet 2","Outlet 3"],"independent":3},"rule":"only value","disputed":false,"others":[]},"total":{"preferred":{"value":33,"qualifier":"exact","claims":[1,2],"outlets":["Outlet 1","Outlet 2"],"independent":2},"rule":"added up here, stated by nobody; most independent sources","disputed":true,"others":[{"value":35,"qualifier":"exact","claims":[3],"outlets":["Outlet 3"],"independent":1}]},"children":{"preferred":{"value":33,"qualifier":"exact","claims":[1,2],"outlets":["Outlet 1","Outlet 2"],"independent":2},"rule":"most independent sources","disputed":true,"others":[{"value":35,"qualifier":"exact","claims":[3],"outlets":["Outlet 3"],"independent":1}]},"kind":{"preferred":{"value":"repatriation","qualifier":"exact","claims":[1,2,3],"outlets":["Outlet 1","Outlet 2","Outlet 3"],"independent":3},"rule":"only value","disputed":false,"others":[]},"origin_country":{"preferred":{"value":"IQ","qualifier":"exact","claims":[1,2,3],"outlets":["Outlet 1","Outlet 2","Outlet 3"],"independent":3},"rule":"only value","disputed":false,"others":[]},"destination_country":{"preferred":{"value":"RU","qualifier":"exact","claims":[1,2,3],"outlets":["Outlet 1","Outlet 2","Outlet 3"],"independent":3},"rule":"only value","disputed":false,"others":[]}}', '[]', 1);
insert into "judgements" values (1, 1, 1, 'no event known goes with it', '2019-07-15T12:00:00.000000+00:00', 1, NULL);
insert into "judgements" values (2, 2, 1, 'the same day; 33 children in both', '2019-07-15T12:00:00.000000+00:00', 1, NULL);
insert into "judgements" values (3, 3, 1, 'the same day; 35 and 33 children', '2019-07-15T12:00:00.000000+00:00', 1, NULL);
insert into "event_keys" values ('>RU', 1);
insert into "event_keys" values ('>RU 2019-07', 1);
insert into "event_keys" values ('>RU n37', 1);
insert into "event_keys" values ('RU', 1);
insert into "event_keys" values ('RU 2019-07', 1);
insert into "event_keys" values ('RU n37', 1);
insert into "revisions" values (1, 1, 'opened', NULL, 'null', 'null', 1, '2019-07-15T12:00:00.000000+00:00', 0, 'no event was known that goes with it');
insert into "revisions" values (2, 1, 'source', NULL, 'null', 'null', 2, '2019-07-15T12:00:00.000000+00:00', 0, 'says what is known');
insert into "revisions" values (3, 1, 'disputed', 'total', '33', '35', 3, '2019-07-15T12:00:00.000000+00:00', 0, 'Outlet 3 says otherwise');
insert into "revisions" values (4, 1, 'disputed', 'children', '33', '35', 3, '2019-07-15T12:00:00.000000+00:00', 0, 'Outlet 3 says otherwise');
insert into "deliveries" values (1, 'daily', 'desk', '2019-07-15', '1', NULL, '{"key":"daily/2019-07-15/1","subject":"33 children","text":"33 children came home.","html":null,"blocks":[],"event_id":null,"references":[],"events":[]}', 'daily/2019-07-15/1', 'waiting', 0, '2019-07-15T12:00:00.000000+00:00', '2019-07-15T12:00:00.000000+00:00', NULL, NULL, NULL, 0, 0, '[]');
insert into "cursors" values ('daily', 1, 0, '2019-07-15T12:00:00.000000+00:00', '2019-07-15T12:00:00.000000+00:00');
