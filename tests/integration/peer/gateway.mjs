// The gateway's side of the protocol: sessions that remember their events, connections that come and go.
import {decodeMulti, encode} from "@msgpack/msgpack";

import {record} from "./output.mjs";
import {SERVER} from "./world.mjs";

const MAX_FRAME = 64 * 1024;
const FRAMES_PER_MINUTE = 120;

let connections = 0;
let sessions = 0;

class Session {
    constructor(resumable) {
        sessions += 1;
        this.number = sessions;
        this.id = resumable ? `session-${sessions}` : null;
        this.seq = 0;
        this.events = [];
        this.connection = null;
    }
}

export class Gateway {
    /**
     * options: lifecycle "today" or "newer", interval in ms, resumable, code, userOf(token), and a script (scripts.mjs) with
     * any of servers(), ready(gateway, session), resume(gateway, session, seq, connection, attach), acks(connection).
     */
    constructor(options) {
        this.options = options;
        this.sessions = new Map();
        this.live = new Set();
    }

    accept(socket) {
        connections += 1;
        const connection = {number: connections, socket, session: null, frames: []};
        this.live.add(connection);
        record("open", {connection: connection.number});
        socket.on("message", (bytes, isBinary) => this.#onMessage(connection, bytes, isBinary));
        socket.on("pong", () => record("pong", {connection: connection.number}));
        socket.on("error", (error) => record("error", {connection: connection.number, message: error.message}));
        socket.on("close", (code, reason) => {
            this.live.delete(connection);
            if (connection.session?.connection === connection) connection.session.connection = null;
            record("close", {connection: connection.number, code, reason: reason.toString()});
        });
        if (this.options.lifecycle === "newer") this.sendOp(connection, 9, {heartbeat_interval: this.options.interval});
    }

    /** An event for every session, the ones without a connection included: they get it when they resume. */
    broadcast(type, data) {
        for (const session of this.sessions.values()) this.dispatch(session, type, data);
    }

    dispatch(session, type, data) {
        session.seq += 1;
        const event = {type, data, seq: session.seq};
        session.events.push(event);
        this.send(session, event);
    }

    /** Sends one event that the session remembers, if the session has a connection. */
    send(session, event) {
        const connection = session.connection;
        if (!connection) return;
        record("sent", {connection: connection.number, op: 0, t: event.type, s: event.seq});
        connection.socket.send(event.bytes ?? encode({op: 0, d: event.data, t: event.type, s: event.seq}));
    }

    /** Sends a Dispatch whose bytes `build` made, given its sequence number. */
    dispatchBytes(session, type, build) {
        session.seq += 1;
        const event = {type, seq: session.seq, bytes: build(session.seq)};
        session.events.push(event);
        this.send(session, event);
    }

    /** Today's servers fill unused keys with nil, newer ones leave them out (protocol §3). */
    sendOp(connection, op, data) {
        record("sent", {connection: connection.number, op});
        connection.socket.send(encode(this.options.lifecycle === "today" ? {op, d: data, t: null, s: null} : {op, d: data}));
    }

    cut(connection) {
        record("cut", {connection: connection.number});
        connection.socket.terminate();
    }

    close(connection, code, reason) {
        record("closing", {connection: connection.number, code});
        connection.socket.close(code, reason);
    }

    replay(session, seq) {
        for (const event of session.events.filter((event) => event.seq > seq)) this.send(session, event);
        if (this.options.lifecycle === "newer") this.dispatch(session, "RESUMED", null);
    }

    #onMessage(connection, bytes, isBinary) {
        if (!isBinary) {
            record("frame", {connection: connection.number, binary: false, bytes: bytes.length});
            return this.close(connection, 4002, "text frame");
        }
        if (bytes.length > MAX_FRAME) return this.close(connection, 4009, "frame too large");
        let frame;
        try {
            const values = [...decodeMulti(bytes, {useBigInt64: true})];
            frame = values[0];
            if (values.length !== 1 || typeof frame !== "object" || frame === null) throw new Error("not one map");
        } catch (error) {
            record("frame", {connection: connection.number, binary: true, hex: bytes.toString("hex"), error: error.message});
            return this.close(connection, 4002, "not MessagePack");
        }
        record("frame", {connection: connection.number, binary: true, op: frame.op, d: frame.d, keys: Object.keys(frame), hex: bytes.toString("hex")});
        connection.frames = connection.frames.filter((when) => when > Date.now() - 60000).concat(Date.now());
        if (connection.frames.length > FRAMES_PER_MINUTE) return this.close(connection, 4008, "too many frames");
        this.#onFrame(connection, frame);
    }

    #onFrame(connection, {op, d}) {
        switch (op) {
            case 2: return this.#identify(connection, d);
            case 5: return this.#resume(connection, d);
            case 1: {
                // Newer servers send the interval before Identify, so heartbeats may come before it too.
                if (!connection.session && this.options.lifecycle === "today") return this.close(connection, 4003, "not authenticated");
                if (this.options.script.acks?.(connection) !== false) this.sendOp(connection, 11, null);
                return;
            }
            default: if (!connection.session) this.close(connection, 4003, "not authenticated");
        }
    }

    #identify(connection, d) {
        if (connection.session) return this.close(connection, 4003, "identified twice");
        if (!this.options.userOf(d?.token)) return this.close(connection, 4004, "token refused");
        const session = new Session(this.options.resumable);
        this.#attach(connection, session);
        this.sessions.set(session.id ?? `unnamed-${session.number}`, session);
        const ready = {user: this.options.userOf(d.token), servers: this.options.script.servers?.() ?? [SERVER], heartbeat_interval: this.options.interval};
        if (session.id) ready.session_id = session.id;
        if (this.options.lifecycle === "newer") {
            this.dispatch(session, "READY", ready);
        } else {
            this.sendOp(connection, 3, ready);
        }
        this.options.script.ready?.(this, session);
    }

    #resume(connection, d) {
        if (!this.options.userOf(d?.token)) return this.close(connection, 4004, "token refused");
        const session = this.sessions.get(d.session_id);
        if (!session || Number(d.seq) > session.seq) return this.sendOp(connection, 8, false);
        if (this.options.script.resume) return this.options.script.resume(this, session, Number(d.seq), connection, () => this.#attach(connection, session));
        this.#attach(connection, session);
        this.replay(session, Number(d.seq));
    }

    #attach(connection, session) {
        connection.session = session;
        session.connection = connection;
    }
}
