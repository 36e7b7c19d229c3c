#!/usr/bin/env node
// A client that shares no code with the SDK: walks through REST and gateway of a server (the sandbox, or peer.mjs) and
// compares what comes with the protocol.
//
//   node client.mjs --gateway URL --rest URL [--token TOKEN] [--lists plain|wrapped] [--events wrapped|flat]
//                   [--hello] [--no-resume] [--no-limits] [--whole]
//
// With --token it acts as that bot, in the first text channel it sees; it also registers a person, logs in as that
// person, and speaks for both. --hello: expect Hello first and READY as a Dispatch. --no-resume: expect no session_id.
// --whole: expect all that the specification has a server send, as a strict reader does: four keys in each frame, null for
// what is unset, created_at of authors, the limits' headers on every answer.
//
// The last line of stdout is {"ok":true,"checks":N,"differed":[]} with status 0, or "ok":false, what differed, and status 1.
import {decode, encode} from "@msgpack/msgpack";
import {once} from "node:events";
import {parseArgs} from "node:util";
import WebSocket from "ws";

import {print} from "./output.mjs";

const PATIENCE = 8000;

const {values: options} = parseArgs({options: {
    gateway: {type: "string"}, rest: {type: "string"}, token: {type: "string"},
    lists: {type: "string", default: "plain"}, events: {type: "string", default: "wrapped"},
    hello: {type: "boolean", default: false}, "no-resume": {type: "boolean", default: false},
    "no-limits": {type: "boolean", default: false}, whole: {type: "boolean", default: false},
}});

let checks = 0;
const differed = [];

function check(what, actual, matches = true) {
    checks += 1;
    const fine = typeof matches === "function" ? matches(actual) : matches instanceof RegExp ? matches.test(actual) : actual === matches;
    if (!fine) differed.push(`${what}: ${JSON.stringify(actual)}`);
    return fine;
}

const isId = (value) => typeof value === "string" && /^(0|[1-9][0-9]*)$/.test(value);
const isTime = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)$/.test(value);

function checkLimits(what, headers) {
    for (const name of ["limit", "remaining", "reset", "bucket", "global"]) {
        check(`${what} tells X-RateLimit-${name}`, headers.get(`x-ratelimit-${name}`), /./);
    }
    check(`${what}: without limits the one told is never reached`, Number(headers.get("x-ratelimit-remaining")) > 10000, options["no-limits"]);
}

/** One REST call; a 429 is waited out and the call made again. */
async function call(token, method, path, body) {
    for (;;) {
        const response = await fetch(options.rest + path, {
            method, signal: AbortSignal.timeout(PATIENCE), body: body === undefined ? undefined : JSON.stringify(body),
            headers: {...(token ? {Authorization: `Bearer ${token}`} : {}), ...(body === undefined ? {} : {"Content-Type": "application/json"})},
        });
        const text = await response.text();
        const answer = {status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text)};
        if (options.whole) checkLimits(`${method} ${path}`, answer.headers);
        if (answer.status !== 429) return answer;
        await new Promise((resolve) => setTimeout(resolve, answer.body.retry_after * 1000 + 20));
    }
}

function list(what, answer, name) {
    const plain = Array.isArray(answer.body);
    check(`${what} is a ${options.lists} list`, plain, options.lists === "plain");
    return plain ? answer.body : answer.body?.[name] ?? [];
}

/** A gateway connection that keeps what it has seen. */
class Connection {
    constructor() {
        this.frames = [];
        this.seq = null;
        this.waiting = [];
        this.closed = null;
        this.socket = new WebSocket(options.gateway, {perMessageDeflate: false});
        this.socket.on("message", (bytes, isBinary) => {
            check("a frame from the server is binary", isBinary);
            const frame = decode(bytes);
            if (options.whole) check("a frame has four keys", Object.keys(frame).sort().join(), "d,op,s,t");
            if (options.whole && frame.op !== 0) check(`op ${frame.op} has nil for t and s`, frame.t === null && frame.s === null);
            if (typeof frame.s === "number") {
                check(`the sequence rises by one, after ${this.seq}`, frame.s, (s) => this.seq === null || s === this.seq + 1);
                this.seq = frame.s;
            }
            this.frames.push(frame);
            this.#wake();
        });
        this.socket.on("error", () => {});
        this.socket.on("close", (code) => {
            this.closed = code;
            this.#wake();
        });
    }

    async open() {
        await once(this.socket, "open", {signal: AbortSignal.timeout(PATIENCE)});
        return this;
    }

    send(op, d) {
        this.socket.send(encode({op, d}));
    }

    #wake() {
        for (const wake of this.waiting.splice(0)) wake();
    }

    /** Waits until `find()` gives something, and gives that; null if the time runs out or the socket closes first. */
    async until(find) {
        const deadline = Date.now() + PATIENCE;
        for (;;) {
            const found = find();
            if (found !== undefined && found !== null) return found;
            const left = deadline - Date.now();
            if (left <= 0 || this.closed !== null) return null;
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, left);
                this.waiting.push(() => (clearTimeout(timer), resolve()));
            });
        }
    }

    frame(matches) {
        return this.until(() => this.frames.find(matches));
    }

    event(type, matches = () => true) {
        return this.frame((frame) => frame.op === 0 && frame.t === type && matches(frame.d?.message ?? frame.d));
    }

    close() {
        return this.until(() => this.closed);
    }
}

async function identify(token) {
    const connection = await new Connection().open();
    if (options.hello) {
        const hello = await connection.frame((frame) => frame.op === 9);
        check("Hello brings an interval", hello?.d?.heartbeat_interval, (ms) => ms > 0);
    }
    connection.send(2, {token, properties: {os: "linux", browser: "peer", device: "peer"}});
    const ready = await connection.frame((frame) => (options.hello ? frame.op === 0 && frame.t === "READY" : frame.op === 3));
    check("Ready comes in the form expected", ready !== null);
    check("Ready's user has an id", ready?.d?.user?.id, isId);
    check("Ready holds servers", ready?.d?.servers, Array.isArray);
    check("Ready brings an interval", ready?.d?.heartbeat_interval, (ms) => ms > 0);
    check("Ready has a session_id or none", typeof ready?.d?.session_id, options["no-resume"] ? "undefined" : "string");
    return {connection, ready: ready?.d};
}

async function accounts() {
    const name = `peer_${Date.now().toString(36)}`;
    const registered = await call(null, "POST", "/auth/register", {username: name, email: `${name}@example.invalid`, password: "correct horse"});
    check("registering gives a token", registered.body?.token, /^\S+$/);
    check("registering gives the user", registered.body?.user?.username, name);
    const login = await call(null, "POST", "/auth/login", {username_or_email: name, password: "correct horse"});
    check("logging in", login.status, 200);
    check("logging in gives the same user", login.body?.user?.id, registered.body?.user?.id);
    const wrong = await call(null, "POST", "/auth/login", {username_or_email: name, password: "wrong"});
    check("a wrong password is refused", wrong.status, 401);
    const stranger = await call("usr_nobody", "GET", "/servers");
    check("an unknown token is refused", stranger.status, 401);
    check("an error has a text and a code", typeof (stranger.body?.error ?? stranger.body?.message), "string");
    return login.body?.token;
}

async function channelOf(token) {
    const servers = list("GET /servers", await call(token, "GET", "/servers"), "servers");
    check("there is a server", servers.length > 0);
    check("a server has an id", servers[0]?.id, isId);
    const channels = list("GET channels", await call(token, "GET", `/servers/${servers[0]?.id}/channels`), "channels");
    const channel = channels.find((candidate) => candidate.type === 0);
    check("a server has a text channel", channel?.id, isId);
    return channel?.id;
}

function checkMessage(what, message, content, channel) {
    check(`${what}: content`, message?.content, content);
    check(`${what}: id`, message?.id, isId);
    check(`${what}: channel`, message?.channel_id, channel);
    check(`${what}: author`, message?.author?.id, isId);
    check(`${what}: created_at`, message?.created_at, isTime);
    if (!options.whole) return;
    check(`${what}: the author's created_at`, message?.author?.created_at, isTime);
    check(`${what}: the author's avatar_url`, message?.author?.avatar_url, null);
    check(`${what}: attachments and embeds`, Array.isArray(message?.attachments) && Array.isArray(message?.embeds));
    check(`${what}: only messages of webhooks have webhook_id`, "webhook_id" in (message ?? {}), false);
}

async function conversation(connection, token, channel) {
    const path = `/channels/${channel}/messages`;
    const sent = await call(token, "POST", path, {content: "hello \u{1F389}"});
    check("posting a message", sent.status, 201);
    checkMessage("the answer", sent.body, "hello \u{1F389}", channel);
    if (!options["no-limits"]) {
        for (const name of ["limit", "remaining", "reset", "bucket"]) {
            check(`a post tells X-RateLimit-${name}`, sent.headers.get(`x-ratelimit-${name}`), /./);
        }
    }
    if (options.whole) check("a message that was never edited says so", sent.body?.edited_at, null);
    const own = await connection.event("MESSAGE_CREATE", (message) => message?.id === sent.body?.id);
    check(`MESSAGE_CREATE is ${options.events}`, own && "message" in own.d, options.events === "wrapped");
    checkMessage("the event", own?.d?.message ?? own?.d, "hello \u{1F389}", channel);

    const edited = await call(token, "PATCH", `${path}/${sent.body?.id}`, {content: "changed"});
    check("editing", edited.body?.content, "changed");
    check("an edit has its time", edited.body?.edited_at, isTime);
    const updated = await connection.event("MESSAGE_UPDATE", (message) => message?.id === sent.body?.id);
    check("MESSAGE_UPDATE", (updated?.d?.message ?? updated?.d)?.content, "changed");
    const page = list("GET messages", await call(token, "GET", `${path}?limit=1`), "messages");
    check("the newest message", page.map((message) => message.content).join(), "changed");
    const removed = await call(token, "DELETE", `${path}/${sent.body?.id}`);
    check("deleting", removed.status, 204);
    const gone = await connection.event("MESSAGE_DELETE", (deleted) => deleted?.id === sent.body?.id);
    check("MESSAGE_DELETE names the channel", gone?.d?.channel_id, channel);
    const missing = await call(token, "GET", `${path}/${sent.body?.id}`);
    check("a deleted message is not found", missing.status, 404);
    const empty = await call(token, "POST", path, {content: ""});
    check("an empty message is refused", empty.status, 400);
}

async function heartbeats(connection) {
    // {} is what one published client sends; a number and nil are what the specification says.
    for (const d of [{}, connection.seq, null]) {
        const before = connection.frames.length;
        connection.send(1, d);
        const ack = await connection.until(() => connection.frames.slice(before).find((frame) => frame.op === 11));
        check(`a heartbeat with ${JSON.stringify(d)} is acknowledged`, ack !== null);
    }
}

async function resume(token, other, channel, {connection, ready}) {
    const seen = connection.seq ?? 0;
    connection.socket.terminate();
    await connection.close();
    const missed = await call(other, "POST", `/channels/${channel}/messages`, {content: "while you were away"});
    check("another's message", missed.status, 201);

    const next = await new Connection().open();
    next.send(5, {token, session_id: ready?.session_id ?? "none", seq: seen});
    if (options["no-resume"]) {
        const refused = await next.until(() => next.closed ?? next.frames.find((frame) => frame.op === 8));
        check("Resume is refused by a server that knows none", refused === 4003 || refused?.op === 8);
        next.socket.terminate();
        return null;
    }
    const event = await next.event("MESSAGE_CREATE", (message) => message?.id === missed.body?.id);
    check("the missed message is replayed", event?.s, (s) => s > seen);
    if (options.hello) check("RESUMED follows the replay", await next.event("RESUMED"), (resumed) => resumed && (resumed.s ?? Infinity) > event?.s);
    return next;
}

async function refusals() {
    const refused = async (what, code, act) => {
        const connection = await new Connection().open();
        act(connection);
        check(what, await connection.close(), code);
    };
    const stranger = await new Connection().open();
    stranger.send(2, {token: "bot_wrong"});
    const end = await stranger.until(() => stranger.closed ?? stranger.frames.find((frame) => frame.op === 8));
    check("a wrong token is an Invalid Session, or closes with 4004", end === 4004 || end?.d === false);
    stranger.socket.terminate();
    await refused("a text frame closes with 4002", 4002, (connection) => connection.socket.send("text"));
    await refused("bytes that are no MessagePack close with 4002", 4002, (connection) => connection.socket.send(Buffer.from([0xc1])));
    await refused("anything before Identify closes with 4003", 4003, (connection) => connection.send(10, {status: "online", afk: false}));
    await refused("a frame over 64 KiB closes with 4009", 4009, (connection) => connection.send(1, "x".repeat(70000)));
}

async function main() {
    const person = await accounts();
    const token = options.token ?? person;
    const channel = await channelOf(token);
    const session = await identify(token);
    await heartbeats(session.connection);
    await conversation(session.connection, token, channel);
    const resumed = await resume(token, person, channel, session);
    if (resumed) {
        resumed.socket.close(1000);
        check("a close with 1000 is answered", await resumed.close(), 1000);
    }
    await refusals();
}

try {
    await main();
} catch (error) {
    differed.push(`stopped by: ${error.stack}`);
}
print({ok: differed.length === 0, checks, differed});
process.exit(differed.length === 0 ? 0 : 1);
