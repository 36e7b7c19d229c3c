-- A database file as version 1 of the schema left it. Never changed: files like it are out there.
CREATE TABLE users (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, avatar_url TEXT,
    email TEXT UNIQUE, password TEXT NOT NULL, is_bot INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE tokens (
    token TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_user ON tokens (user_id);
CREATE TABLE servers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner_id INTEGER NOT NULL REFERENCES users, icon_url TEXT,
    description TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE members (
    server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, joined_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id);
CREATE TABLE channels (
    id INTEGER PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, name TEXT NOT NULL,
    type INTEGER NOT NULL, topic TEXT, position INTEGER NOT NULL, parent_id INTEGER, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX channels_by_server ON channels (server_id);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    author_id INTEGER NOT NULL REFERENCES users, content TEXT NOT NULL, embeds TEXT, created_at INTEGER NOT NULL,
    edited_at INTEGER
) STRICT;
CREATE INDEX messages_by_channel ON messages (channel_id, id);
INSERT INTO users VALUES
    (100, 'alice', 'Alice', NULL, NULL, 'hash-of-alice', 0, 1767225600000000),
    (101, 'bot', 'bot', 'http://x/bot.png', NULL, '', 1, 1767225600000000),
    (102, 'bob', 'Bob', NULL, 'bob@example.org', 'hash-of-bob', 0, 1767225600000000);
INSERT INTO tokens VALUES ('bot_token', 101, 1767225600000000, NULL), ('usr_token', 102, 1767225600000000, 1767830400000000);
INSERT INTO servers VALUES
    (200, 'Sandbox', 100, NULL, NULL, 1767225600000000),
    (201, 'Bobs', 102, NULL, 'of bob', 1767225601000000);
INSERT INTO members VALUES (200, 100, 1767225600000000), (200, 101, 1767225600000000), (200, 102, 1767225602000000),
    (201, 102, 1767225601000000);
INSERT INTO channels VALUES
    (300, 200, 'general', 0, 'talk', 0, NULL, 1767225600000000),
    (301, 201, 'den', 1, NULL, 0, NULL, 1767225601000000);
INSERT INTO messages VALUES
    (400, 300, 100, 'hello', NULL, 1767225603000000, NULL),
    (401, 300, 101, '', '[{"title":"t","color":7}]', 1767225604000000, NULL),
    (402, 300, 102, 'edited', NULL, 1767225605000000, 1767225606000000);
PRAGMA application_id = 1231975534;
PRAGMA user_version = 1;
