-- A database file as version 2 of the schema left it. Never changed: files like it are out there.
CREATE TABLE users (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, avatar_url TEXT,
    email TEXT UNIQUE, password TEXT NOT NULL, is_bot INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE tokens (
    token TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE servers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner_id INTEGER NOT NULL REFERENCES users, icon_url TEXT,
    description TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE members (
    server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, joined_at INTEGER NOT NULL, nickname TEXT,
    PRIMARY KEY (server_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE channels (
    id INTEGER PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, name TEXT NOT NULL,
    type INTEGER NOT NULL, topic TEXT, position INTEGER NOT NULL, parent_id INTEGER, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE roles (
    id INTEGER PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, name TEXT NOT NULL,
    permissions INTEGER NOT NULL, position INTEGER NOT NULL, color INTEGER NOT NULL, hoist INTEGER NOT NULL,
    mentionable INTEGER NOT NULL, for_bots INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE member_roles (
    server_id INTEGER NOT NULL, user_id INTEGER NOT NULL, role_id INTEGER NOT NULL REFERENCES roles ON DELETE CASCADE,
    PRIMARY KEY (server_id, user_id, role_id),
    FOREIGN KEY (server_id, user_id) REFERENCES members ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE invites (
    code TEXT PRIMARY KEY, server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE,
    channel_id INTEGER REFERENCES channels ON DELETE SET NULL, inviter_id INTEGER NOT NULL REFERENCES users,
    max_uses INTEGER, uses INTEGER NOT NULL, max_age_seconds INTEGER, created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    server_id INTEGER NOT NULL REFERENCES servers ON DELETE CASCADE, creator_id INTEGER REFERENCES users,
    name TEXT NOT NULL, avatar_url TEXT, token TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE,
    author_id INTEGER REFERENCES users, webhook_id INTEGER, author_name TEXT, author_avatar TEXT,
    content TEXT NOT NULL, embeds TEXT, created_at INTEGER NOT NULL, edited_at INTEGER
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id);
CREATE INDEX members_by_user ON members (user_id);
CREATE INDEX channels_by_server ON channels (server_id);
CREATE INDEX roles_by_server ON roles (server_id);
CREATE INDEX member_roles_by_role ON member_roles (role_id);
CREATE INDEX invites_by_server ON invites (server_id);
CREATE INDEX invites_by_channel ON invites (channel_id);
CREATE INDEX webhooks_by_channel ON webhooks (channel_id);
CREATE INDEX webhooks_by_server ON webhooks (server_id);
CREATE INDEX messages_by_channel ON messages (channel_id, id);
INSERT INTO users VALUES
    (100, 'alice', 'Alice', NULL, NULL, 'hash-of-alice', 0, 1767225600000000),
    (101, 'bot', 'bot', 'http://x/bot.png', NULL, '', 1, 1767225600000000),
    (102, 'bob', 'Bob', NULL, 'bob@example.org', 'hash-of-bob', 0, 1767225600000000);
INSERT INTO tokens VALUES
    ('bot_token', 101, 1767225600000000, NULL),
    ('usr_token', 102, 1767225600000000, 1767830400000000);
INSERT INTO servers VALUES
    (200, 'Sandbox', 100, NULL, NULL, 1767225600000000),
    (201, 'Bobs', 102, NULL, 'of bob', 1767225601000000);
INSERT INTO members VALUES
    (200, 100, 1767225600000000, NULL),
    (200, 101, 1767225600000000, NULL),
    (200, 102, 1767225602000000, NULL),
    (201, 102, 1767225601000000, NULL);
INSERT INTO channels VALUES
    (300, 200, 'general', 0, 'talk', 0, 302, 1767225600000000),
    (301, 201, 'den', 1, NULL, 0, NULL, 1767225601000000),
    (302, 200, 'rooms', 2, NULL, 1, NULL, 1767225600000000);
INSERT INTO roles VALUES
    (200, 200, 'everyone', 3206144, 0, 0, 0, 0, 0, 1767225600000000),
    (201, 201, 'everyone', 3206144, 0, 0, 0, 0, 0, 1767225601000000),
    (403, 200, 'bots', 3210287, 1, 0, 0, 0, 1, 1767225600000000);
INSERT INTO member_roles VALUES
    (200, 101, 403);
INSERT INTO invites VALUES
    ('code_1', 200, 300, 102, 5, 1, NULL, 1767225607000000, NULL);
INSERT INTO webhooks VALUES
    (500, 300, 200, 100, 'builds', NULL, 'token-of-500', 1767225607000000);
INSERT INTO messages VALUES
    (400, 300, 100, NULL, NULL, NULL, 'hello', NULL, 1767225603000000, NULL),
    (401, 300, 101, NULL, NULL, NULL, '', '[{"title":"t","color":7}]', 1767225604000000, NULL),
    (402, 300, 102, NULL, NULL, NULL, 'edited', NULL, 1767225605000000, 1767225606000000),
    (501, 300, NULL, 500, 'ci', 'http://x/ci.png', 'built', NULL, 1767225608000000, NULL);
PRAGMA application_id = 1231975534;
PRAGMA user_version = 2;
