"""The store's schema as numbered, append-only steps; `PRAGMA user_version` is their count.

Never edit a step that has been released: add one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils.db import Database

APPLICATION_ID = 0x68756277  # "hubw": what tells our store from any other SQLite file

TOKENIZER = "tokenize = 'porter unicode61 remove_diacritics 2'"  # of step 1: a new one needs a new step


class Plain:
    """What the steps need of sqlite-utils, which takes 81 ms to load."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def executescript(self, script: str) -> None:
        """Run statement by statement: the script as a whole would end the transaction around it."""
        statement = ""
        for line in script.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self._connection.execute(statement)
                statement = ""
        self._connection.execute(statement)


_TABLES = """
CREATE TABLE sources (
    -- What is read, and whose it is; the configuration and the catalog decide, this is for readers.
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT,
    what TEXT NOT NULL DEFAULT 'news',  -- news, project-calls, events, members, press, policy
    hub TEXT,  -- id of the organization behind it
    hub_name TEXT,
    state TEXT,  -- its own, else its hub's: two letters
    items INTEGER NOT NULL DEFAULT 0,  -- kept in step with the table items
    newest TEXT,  -- the latest items.effective
    usual_gap_s INTEGER  -- how long it is usually silent between two items
);

CREATE TABLE source_states (
    -- What is remembered of a source between two runs.
    source TEXT PRIMARY KEY,
    configured_url TEXT,  -- the address in the configuration when this was learned
    url TEXT,  -- the address that is asked
    kind TEXT,  -- how it is read: feed, page, wordpress, sitemap
    etag TEXT,  -- as received, byte for byte
    last_modified TEXT,  -- as received, byte for byte
    validators_url TEXT,  -- the address that gave these two, if it is another
    body_hash TEXT,
    last_asked TEXT,
    last_success TEXT,
    last_new TEXT,
    last_failure TEXT,
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row
    error_code TEXT,
    error_message TEXT,
    next_due TEXT,
    interval_s INTEGER,  -- the learned pace
    fresh_until TEXT,  -- the publisher's lower bound
    ended INTEGER NOT NULL DEFAULT 0,  -- 1: answered 410, gone for good
    item_count INTEGER NOT NULL DEFAULT 0,  -- items in the last document that had some
    backfill_url TEXT,  -- where an unfinished backfill goes on
    backfilled INTEGER NOT NULL DEFAULT 0,
    more TEXT  -- what later versions remember, as JSON
);

CREATE TABLE hosts (
    -- Hosts (name:port) that asked to be left alone.
    host TEXT PRIMARY KEY,
    blocked_until TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE items (
    -- Announcements, articles, calls, events. All text is plain; times are UTC.
    number INTEGER PRIMARY KEY,  -- in order of arrival in this store, never used twice
    id TEXT NOT NULL UNIQUE,  -- the same on every machine
    source TEXT NOT NULL REFERENCES sources(id),
    title TEXT NOT NULL,
    url TEXT,
    guid TEXT,  -- the publisher's own name for it
    summary TEXT NOT NULL,
    published TEXT,  -- as the publisher dates it
    first_seen TEXT NOT NULL,
    updated TEXT NOT NULL,
    effective TEXT NOT NULL,  -- what it is sorted by: published, else first_seen, else 1900
    kind TEXT NOT NULL,  -- call, award, membership, event, workforce, policy, research, facility,
        -- people, other
    kind_reason TEXT,
    money_usd REAL,
    deadline TEXT,
    story TEXT,  -- id of the first item with the same announcement; its own id where it is the first
    authors TEXT,  -- JSON array
    categories TEXT,  -- JSON array, the publisher's own
    content_hash TEXT,
    arrived_old INTEGER NOT NULL DEFAULT 0  -- 1: over 30 days old when it was first seen
);
CREATE INDEX items_by_time ON items(effective);
CREATE INDEX items_by_source ON items(source, effective);
CREATE INDEX items_by_kind ON items(kind, effective);
CREATE INDEX calls_by_deadline ON items(deadline) WHERE kind = 'call';
CREATE INDEX retellings ON items(story) WHERE story <> id;
CREATE INDEX retellings_by_source ON items(source) WHERE story <> id;

CREATE TABLE texts (
    -- The full text, apart from the items so that lists are read quickly.
    item INTEGER PRIMARY KEY REFERENCES items(number) ON DELETE CASCADE,
    content TEXT NOT NULL,
    forms TEXT NOT NULL  -- words with hyphens or apostrophes written as one: Ti-6Al-4V as ti6al4v
);

CREATE TABLE item_keys (
    -- By what an item is known again: 64-bit hashes of its source with its guid, its link, its title.
    key INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (key, item)
) WITHOUT ROWID;

CREATE TABLE pruned (
    -- What was deleted for its age, so that it does not come back as new.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    guid TEXT,
    published TEXT,
    first_seen TEXT NOT NULL,
    effective TEXT NOT NULL,
    content_hash TEXT
);

CREATE TABLE item_topics (
    -- Tags: one topic on one item. From a score of 0.5 on a tag counts as given.
    item INTEGER NOT NULL REFERENCES items(number) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    score REAL NOT NULL,
    effective TEXT NOT NULL,  -- the item's
    evidence TEXT NOT NULL,  -- JSON: [words, where they stand, weight], heaviest first
    PRIMARY KEY (item, topic)
) WITHOUT ROWID;
CREATE INDEX topics_by_time ON item_topics(topic, effective, item) WHERE score >= 0.5;

CREATE TABLE organizations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE organization_words (
    -- To find "The Boeing Company" by "boeing".
    word TEXT NOT NULL,
    organization INTEGER NOT NULL REFERENCES organizations(number) ON DELETE CASCADE,
    PRIMARY KEY (word, organization)
) WITHOUT ROWID;

CREATE TABLE item_organizations (
    -- Which organizations an item names.
    item INTEGER NOT NULL REFERENCES items(number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    organization INTEGER NOT NULL REFERENCES organizations(number),
    effective TEXT NOT NULL,  -- the item's
    PRIMARY KEY (item, position)
) WITHOUT ROWID;
CREATE INDEX organizations_by_time ON item_organizations(organization, effective, item);

CREATE TABLE hub_members (
    -- Organizations that stand in a hub's list of members.
    hub TEXT NOT NULL,
    organization TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (hub, organization)
) WITHOUT ROWID;
CREATE INDEX members_by_name ON hub_members(organization);

CREATE TABLE story_keys (
    -- Where to look for the same announcement: 64-bit hashes of what both would have in common.
    key INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (key, item)
) WITHOUT ROWID;

CREATE TABLE revisions (
    -- What an item said before its publisher changed it.
    item INTEGER NOT NULL REFERENCES items(number) ON DELETE CASCADE,
    seen TEXT NOT NULL,  -- when it was seen to be replaced
    title TEXT NOT NULL,
    url TEXT,
    summary TEXT NOT NULL,
    content TEXT NOT NULL,
    published TEXT
);
CREATE INDEX revisions_by_item ON revisions(item);

CREATE TABLE deliveries (
    -- What a profile has been shown; the profile '' is the reader without one.
    item INTEGER NOT NULL,
    profile TEXT NOT NULL,
    shown_at TEXT NOT NULL,
    PRIMARY KEY (item, profile)
) WITHOUT ROWID;

CREATE TABLE readers (
    -- Since when a profile is shown what is new, and from which item on.
    profile TEXT PRIMARY KEY,
    first_run TEXT NOT NULL,
    from_item INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE meta (
    -- Notes about the store as a whole.
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE VIEW search_text AS
    SELECT number, title, summary, coalesce(content, '') AS content, coalesce(forms, '') AS forms
    FROM items LEFT JOIN texts ON texts.item = items.number;

CREATE VIRTUAL TABLE search USING fts5(
    title, summary, content, forms,
    content = 'search_text', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2', columnsize = 0
);

-- A larger heap of new words before they are sorted in: fewer merges, a quarter less time.
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);

CREATE VIEW announcements AS
    -- For people with another tool: one line an item, with its topics and organizations as lists.
    SELECT items.id, items.published, items.title, items.url, items.summary, items.kind, items.money_usd,
        items.deadline, sources.name AS source, sources.hub, sources.state,
        (SELECT group_concat(topic, '; ') FROM item_topics
            WHERE item = items.number AND score >= 0.5) AS topics,
        (SELECT group_concat(name, '; ') FROM item_organizations JOIN organizations
            ON organizations.number = item_organizations.organization
            WHERE item = items.number) AS organizations,
        items.first_seen
    FROM items JOIN sources ON sources.id = items.source;
"""


def _create_tables(db: Database | Plain) -> None:
    db.executescript(_TABLES)


def _index_deadlines(db: Database | Plain) -> None:
    """Let what is open be walked by its deadline, whatever its kind."""
    db.executescript("CREATE INDEX items_by_deadline ON items(deadline) WHERE deadline IS NOT NULL")


_KEEP_TAGS_APART = """
CREATE TABLE near_topics (
    -- The topics that an item came closest to, which are not its tags: for who wants to know why not.
    item INTEGER PRIMARY KEY REFERENCES items(number) ON DELETE CASCADE,
    topics TEXT NOT NULL  -- JSON: [topic, score, [[words, where they stand, weight], ...]], best first
);
INSERT INTO near_topics (item, topics)
    SELECT item, json_group_array(json_array(topic, score, json(evidence)))
    FROM (
        SELECT *, row_number() OVER (PARTITION BY item ORDER BY score DESC, topic) AS place
        FROM item_topics WHERE score < 0.5 ORDER BY item, place
    )
    WHERE place <= 4 GROUP BY item;
DELETE FROM item_topics WHERE score < 0.5;
"""

# The index keeps the number of the column with every word that does not stand in its first one: with the
# long text in front it is a quarter smaller.
_INDEX_TEXTS_FIRST = """
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5(
    content, title, summary, forms,
    content = 'search_text', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2', columnsize = 0
);
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
-- More parts side by side before they are merged: less time and no pages left empty; searches do not notice.
INSERT INTO search (search, rank) VALUES ('automerge', 8);
INSERT INTO search (rowid, content, title, summary, forms)
    SELECT number, content, title, summary, forms FROM search_text
    WHERE number <= coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'indexed_to'), 0)
    ORDER BY number;
"""


def _make_smaller(db: Database | Plain) -> None:
    """Keep what is no tag as one row an item, and index the texts as a smaller index does."""
    db.executescript(_KEEP_TAGS_APART)
    db.executescript(_INDEX_TEXTS_FIRST)


_COUNT_AT_ONCE = """
-- What is told elsewhere too, by number: to count announcements without a look at each item.
CREATE INDEX retold ON items(number, story, id) WHERE story <> id;

CREATE TABLE topic_totals (
    -- How many items have a topic. The triggers keep it, whoever writes.
    topic TEXT PRIMARY KEY,
    items INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO topic_totals (topic, items)
    SELECT topic, count(*) FROM item_topics INDEXED BY topics_by_time WHERE score >= 0.5 GROUP BY topic;
CREATE TRIGGER topic_given AFTER INSERT ON item_topics WHEN new.score >= 0.5 BEGIN
    INSERT INTO topic_totals (topic, items) VALUES (new.topic, 1)
        ON CONFLICT (topic) DO UPDATE SET items = items + 1;
END;
CREATE TRIGGER topic_taken AFTER DELETE ON item_topics WHEN old.score >= 0.5 BEGIN
    UPDATE topic_totals SET items = items - 1 WHERE topic = old.topic;
END;
"""


def _count_at_once(db: Database | Plain) -> None:
    """Keep the numbers that would take a walk through the whole store."""
    db.executescript(_COUNT_AT_ONCE)


_REMEMBER_ROBOTS = """
CREATE TABLE robots (
    -- What a site's robots.txt asks of us, so that it is asked for once a day and not in each sync.
    address TEXT PRIMARY KEY,
    text TEXT NOT NULL,  -- what concerns us, as the shortest robots.txt that says the same
    asked TEXT NOT NULL
) WITHOUT ROWID;
"""


def _remember_robots(db: Database | Plain) -> None:
    """Keep what robots.txt said."""
    db.executescript(_REMEMBER_ROBOTS)


STEPS: tuple[Callable[[Database | Plain], None], ...] = (
    _create_tables,
    _index_deadlines,
    _make_smaller,
    _count_at_once,
    _remember_robots,
)
LATEST = len(STEPS)


def version(connection: sqlite3.Connection) -> int:
    """Return how many steps a store has taken."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def make(connection: sqlite3.Connection) -> None:
    """Make the latest schema where there is none yet, all of it or nothing; without sqlite-utils."""
    with _transaction(connection):
        if version(connection) == 0:  # else another process was faster
            for step in STEPS:
                step(Plain(connection))
            _sign(connection, LATEST)


def apply(connection: sqlite3.Connection) -> None:
    """Take the steps that are missing, each in a transaction; another process may do so at the same time."""
    from sqlite_utils.db import Database  # 81 ms, and needed only when the schema changes

    db = Database(connection, recursive_triggers=False)
    for number, step in enumerate(STEPS, start=1):
        with _transaction(connection):
            if version(connection) < number:
                step(db)
                _sign(connection, number)


def _sign(connection: sqlite3.Connection, number: int) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {number}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
