// The event that is being composed, and a template for each one of protocol §7 with ids that exist.

import { signal } from "@preact/signals";
import { messages } from "./messages";
import { channel, channelId, me, server, serverId, state, tab, users } from "./store";

type Templates = Record<string, () => unknown>;
type Fields = Record<string, unknown>;

const now = () => new Date().toISOString().replace(/\.\d+Z/, "Z");

const user = (of = me.value): Fields => ({
    id: of?.id,
    username: of?.username,
    display_name: of?.display_name,
    avatar_url: of?.avatar_url ?? null,
    created_at: of?.created_at,
});
/** An id that no message has yet. */
const nextId = () => String(BigInt(messages.value.at(-1)?.id ?? "1000") + 1n);

const message = (): Fields => ({
    id: nextId(),
    channel_id: channelId.value,
    author: user(),
    content: "!ping",
    created_at: now(),
    edited_at: null,
    attachments: [],
    embeds: [],
});
const last = (): Fields => ({ ...message(), ...messages.value.at(-1), edited_at: now() });
const place = (): Fields => ({
    id: serverId.value,
    name: server.value?.name,
    owner_id: server.value?.owner_id,
});
const room = (): Fields => ({
    id: channelId.value,
    server_id: serverId.value,
    name: channel.value?.name,
    type: 0,
    topic: channel.value?.topic,
    position: channel.value?.position,
});
const member = (): Fields => ({ user: user(), server_id: serverId.value, nickname: null, roles: [], joined_at: now() });
const at = () => ({ server_id: serverId.value, channel_id: channelId.value });
const muted = { self_mute: false, self_deaf: false, server_mute: false, server_deaf: false };

export const events: Templates = {
    MESSAGE_CREATE: () => ({ message: message() }),
    MESSAGE_UPDATE: () => ({ message: last() }),
    MESSAGE_DELETE: () => ({ id: messages.value.at(-1)?.id ?? "1", channel_id: channelId.value }),
    SERVER_CREATE: () => ({ server: place() }),
    SERVER_UPDATE: () => ({ server: place() }),
    SERVER_DELETE: () => ({ server_id: serverId.value }),
    CHANNEL_CREATE: () => ({ channel: room() }),
    CHANNEL_UPDATE: () => ({ channel: room() }),
    CHANNEL_DELETE: () => ({ channel_id: channelId.value, server_id: serverId.value }),
    MEMBER_ADD: () => ({ server_id: serverId.value, user: user(), joined_at: now() }),
    MEMBER_REMOVE: () => ({ server_id: serverId.value, user_id: me.value?.id }),
    TYPING_START: () => ({ channel_id: channelId.value, user_id: me.value?.id, timestamp: Math.floor(Date.now() / 1000) }),
    PRESENCE_UPDATE: () => ({ user_id: me.value?.id, status: "idle" }),
    VOICE_STATE_UPDATE: () => ({ user_id: me.value?.id, ...at(), session_id: "voice-1", ...muted }),
    VOICE_SERVER_UPDATE: () => ({
        ...at(),
        endpoint: "wss://voice.example/sfu",
        token: "voice-token",
        ice_servers: [{ urls: ["stun:voice.example:3478"] }],
    }),
    READY: () => ({ user: user(users.value.find((one) => one.bot)), servers: [place()], heartbeat_interval: 41250 }),
    RESUMED: () => ({}),
    GUILD_MEMBERS_CHUNK: () => ({ server_id: serverId.value, members: [member()], chunk_index: 0, chunk_count: 1, not_found: [] }),
};

/** Frames that are no events, by opcode. */
export const frames: Templates = {
    1: () => null,
    6: () => null,
    8: () => false,
    9: () => ({ heartbeat_interval: 41250 }),
    11: () => null,
    12: () => ({ type: "speaking", user_id: me.value?.id, speaking: true }),
};

export const kind = signal("MESSAGE_CREATE");
export const text = signal("");
export const untouched = signal(true);

const wrapped = ["message", "server", "channel"];

/** The template as this sandbox's dialect shapes it. */
function template(name: string): unknown {
    const made = (events[name] ?? frames[name] ?? (() => ({})))();
    const keys = Object.keys((made ?? {}) as object);
    const flat = state.value?.options?.dialect === "flat" && keys.length === 1 && wrapped.includes(keys[0]!);
    return flat ? (made as Fields)[keys[0]!]! : made;
}

export function choose(name: string): void {
    kind.value = name;
    text.value = JSON.stringify(template(name), null, 2);
    untouched.value = true;
}

/** Opens the composer with what went over the wire before. */
export function load(name: string, data: unknown): void {
    kind.value = name;
    text.value = JSON.stringify(data, null, 2);
    untouched.value = false;
    tab.value = "event";
}
