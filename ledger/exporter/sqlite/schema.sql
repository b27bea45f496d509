CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (
  event INTEGER PRIMARY KEY, -- index in the journal
  type TEXT NOT NULL,        -- empty: a record that was voided
  issuer TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  leaf TEXT NOT NULL
);
CREATE TABLE designations (
  id TEXT PRIMARY KEY,
  regime TEXT NOT NULL, authority TEXT NOT NULL, list_ref TEXT NOT NULL, un_ref TEXT, basis TEXT,
  kind TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  adopted_on TEXT, in_force_on TEXT, removed_on TEXT, instrument TEXT, reason TEXT,
  transcribed INTEGER NOT NULL, illustrative INTEGER NOT NULL, disputed INTEGER NOT NULL, contested INTEGER NOT NULL, repudiated INTEGER NOT NULL,
  handling TEXT NOT NULL, event INTEGER NOT NULL REFERENCES events
);
CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  designation TEXT NOT NULL REFERENCES designations, text TEXT NOT NULL,
  kind TEXT, script TEXT, language TEXT, quality TEXT,
  member TEXT, -- whose national entry has it; NULL: the designation's own
  event INTEGER NOT NULL REFERENCES events -- the adoption, or the transposition
);
CREATE TABLE identifiers (
  id INTEGER PRIMARY KEY,
  designation TEXT NOT NULL REFERENCES designations, scheme TEXT NOT NULL, value TEXT NOT NULL,
  country TEXT, chain TEXT, label TEXT, note TEXT, issued_on TEXT, expires_on TEXT
);
CREATE TABLE measures (
  designation TEXT NOT NULL REFERENCES designations, measure TEXT NOT NULL,
  PRIMARY KEY (designation, measure)
) WITHOUT ROWID;
CREATE TABLE transpositions (
  event INTEGER PRIMARY KEY REFERENCES events,
  designation TEXT NOT NULL REFERENCES designations, member TEXT NOT NULL, national_ref TEXT,
  instrument TEXT, notice TEXT, notice_on TEXT, effect_on TEXT, lag_days INTEGER,
  measures TEXT, -- NULL: all of the designation's
  transcribed INTEGER NOT NULL, illustrative INTEGER NOT NULL, disputed INTEGER NOT NULL, contested INTEGER NOT NULL, repudiated INTEGER NOT NULL,
  handling TEXT NOT NULL
);
CREATE TABLE links (
  event INTEGER PRIMARY KEY REFERENCES events,
  a TEXT NOT NULL REFERENCES designations, b TEXT NOT NULL REFERENCES designations, relation TEXT NOT NULL, reasons TEXT NOT NULL,
  disputed INTEGER NOT NULL, contested INTEGER NOT NULL, repudiated INTEGER NOT NULL, illustrative INTEGER NOT NULL, handling TEXT NOT NULL
);
CREATE VIRTUAL TABLE names_fts USING fts5 (text, pairs, content='', tokenize='unicode61 remove_diacritics 2');
