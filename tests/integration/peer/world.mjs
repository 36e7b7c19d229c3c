// What the peer's platform holds: one person, one bot, one server, one channel, and messages.

export const TOKEN = "bot_cGVlci10b2tlbg";
export const BOT = {id: "1002", username: "peer_bot", display_name: "Peer Bot", avatar_url: null, created_at: "2024-01-01T00:00:00Z"};
export const PERSON = {id: "1001", username: "alice", display_name: "Alice", avatar_url: null};
export const SERVER = {
    id: "2001", name: "Peer", owner_id: "1001", icon_url: null, description: "the foreign platform", member_count: 2,
    created_at: "2024-01-01T00:00:00.5Z",
};
export const CHANNEL = {
    id: "3001", server_id: "2001", name: "general", type: 0, topic: null, position: 0, parent_id: null,
    created_at: "2024-01-01T00:00:00+00:00",
};

let lastId = 4000n;

export function newId() {
    lastId += 1n;
    return lastId.toString();
}

export function message(content, more = {}) {
    return {
        id: newId(), channel_id: CHANNEL.id, author: PERSON, content, created_at: new Date().toISOString(), edited_at: null,
        attachments: [], embeds: [], ...more,
    };
}
