// Writes golden.txt: one line for each value, `name <tab> hex <tab> JSON`, the bytes made by npm's @msgpack/msgpack.
// `npm install && npm run golden`. Names: a raw type, "frame", "value" (also written back by the codec, to the same
// bytes) or "readable" (JSON has no such type, so it is compared one way only).
import { encode } from "@msgpack/msgpack";
import { writeFileSync } from "node:fs";

const author = { id: "100000000000000001", username: "ada", display_name: "Ada L.", avatar_url: "https://cdn.example/a.png" };
const message = {
  id: "100000000000000123",
  channel_id: "100000000000000077",
  author,
  content: "Hello, wörld 👋 – it's a message with \"quotes\" and \u0000 inside",
  created_at: "2024-01-15T12:00:00.123456Z",
  edited_at: null,
};
const rich = {
  ...message,
  edited_at: "2024-01-15T12:01:00Z",
  attachments: [{ id: "9", filename: "cat.png", size: 5000000000, url: "https://x/cat.png", content_type: "image/png", width: 640, height: 480 }],
  embeds: [{
    title: "A title", description: "d".repeat(300), url: "https://x", color: 0xffffff, timestamp: "2024-01-15T12:00:00Z",
    footer: { text: "foot", icon_url: "https://x/i" }, image: { url: "https://x/1" }, thumbnail: { url: "https://x/2" },
    author: { name: "n", url: "https://x/3" }, fields: [{ name: "a", value: "b", inline: true }, { name: "c", value: "d" }],
  }],
  webhook_id: "18446744073709551615",
};
const server = {
  id: "42", name: "Testers", owner_id: "100000000000000001", icon_url: null, description: "A place", member_count: 70000,
  created_at: "2023-12-31T23:59:59Z",
};
const channel = {
  id: "77", server_id: "42", name: "general", type: 0, topic: "t", position: -3, parent_id: null, created_at: "2024-02-29T00:00:00Z",
};
const role = {
  id: "5", server_id: "42", name: "mods", permissions: "1055", position: 1, color: 16711680, hoist: true, mentionable: false,
  created_at: "2024-01-01T00:00:00Z",
};
const member = { user: author, server_id: "42", nickname: "addie", roles: ["5", "6"], joined_at: "2024-01-02T03:04:05.000001Z" };
const ready = { user: author, servers: [server, { id: "43", name: "Other", owner_id: "2" }], heartbeat_interval: 41250, session_id: "s-1" };

const lines = [
  ["User", author], ["User", { ...author, created_at: "2022-05-05T05:05:05Z" }],
  ["Message", message], ["Message", rich], ["Message", { ...message, unknown: { deep: [1, [2, { three: 3 }]] }, flags: 7 }],
  ["Server", server], ["Channel", channel], ["Channel", { ...channel, type: 13, position: 70000 }],
  ["Role", role], ["Role", { ...role, permissions: 1055 }],
  ["Member", member], ["Ready", ready], ["Ready", { user: author, servers: null }],
  ["Embed", rich.embeds[0]], ["Attachment", rich.attachments[0]],
  ["Identify", { token: "bot_x", intents: 0, properties: { os: "linux", browser: "intent", device: "intent" } }],
  ["Resume", { token: "bot_x", session_id: "s-1", seq: 4294967296 }],
  ["MessageDelete", { id: "1", channel_id: "2" }], ["ServerDelete", { server_id: "1" }],
  ["ChannelDelete", { channel_id: "1", server_id: "2" }],
  ["frame", { op: 0, t: "MESSAGE_CREATE", s: 42, d: { message } }],
  ["frame", { op: 3, d: ready, t: null, s: null }],
  ["frame", { op: 1, d: null }], ["frame", { op: 11 }],
  ["value", null], ["value", true], ["value", false], ["value", ""], ["value", []], ["value", {}],
  ...[0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, Number.MAX_SAFE_INTEGER,
    -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, Number.MIN_SAFE_INTEGER].map((n) => ["value", n]),
  ...[0.5, -0.1, 1e300, 5e-324, 3.141592653589793].map((n) => ["value", n]),
  ...[31, 32, 255, 256].map((n) => ["value", "x".repeat(n)]),
  ["value", "ünïcödé 👩‍👩‍👧 \u2028 \t\r\n\b\f \\ / \u007f"],
  ...[15, 16].map((n) => ["value", Array.from({ length: n }, (_, i) => i)]),
  ...[15, 16].map((n) => ["value", Object.fromEntries(Array.from({ length: n }, (_, i) => ["k" + i, i]))]),
  ["readable", new Uint8Array([0, 1, 2, 253, 254]), "AAEC/f4="],
  ["readable", new Uint8Array(256).fill(7), Buffer.alloc(256, 7).toString("base64")],
  ["readable", new Date(0), { ext: -1, data: "AAAAAA==" }],
];

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const text = lines.map(([name, value, json]) => [name, hex(encode(value)), JSON.stringify(json ?? value)].join("\t"));
// 64-bit integers beyond what a JavaScript number holds.
for (const big of [18446744073709551615n, 9223372036854775808n, -9223372036854775808n, 9007199254740993n]) {
  text.push(["value", hex(encode(big, { useBigInt64: true })), String(big)].join("\t"));
}
writeFileSync("golden.txt", text.join("\n") + "\n");
