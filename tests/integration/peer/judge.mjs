// What the programs share that judge a server from outside: a list of checks, REST calls by fetch, gateway connections by
// `ws` and `@msgpack/msgpack`.
import {decode, encode} from "@msgpack/msgpack";
import {once} from "node:events";
import WebSocket from "ws";

import {print} from "./output.mjs";

const PATIENCE = 20000;

let checks = 0;
const differed = [];

/** `matches`: a value, a pattern, or a function that says yes. */
export function check(what, actual, matches = true) {
    checks += 1;
    const fine = typeof matches === "function" ? matches(actual) : matches instanceof RegExp ? matches.test(actual) : actual === matches;
    if (!fine) differed.push(`${what}: ${JSON.stringify(actual)}`);
    return fine;
}

/** Runs `main`, prints the judgement as the last line, and ends the program. */
export async function judge(main) {
    try {
        await main();
    } catch (error) {
        differed.push(`stopped by: ${error.stack}`);
    }
    print({ok: differed.length === 0, checks, differed});
    process.exit(differed.length === 0 ? 0 : 1);
}

export const isId = (value) => typeof value === "string" && /^[1-9][0-9]*$/.test(value);

/** A REST API as one user calls it. A 429 is waited out and the call made again. */
export class Api {
    constructor(base, token = null) {
        this.base = base;
        this.token = token;
    }

    async call(method, path, body, headers = {}) {
        for (;;) {
            const response = await fetch(this.base + path, {
                method, signal: AbortSignal.timeout(PATIENCE), body: body === undefined ? undefined : JSON.stringify(body),
                headers: {...(this.token ? {Authorization: `Bearer ${this.token}`} : {}), ...(body === undefined ? {} : {"Content-Type": "application/json"}), ...headers},
            });
            const text = await response.text();
            const answer = {status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text)};
            if (answer.status !== 429) return answer;
            await new Promise((resolve) => setTimeout(resolve, answer.body.retry_after * 1000 + 20));
        }
    }

    /** The body of an answer that has this status. */
    async expect(status, method, path, body) {
        const answer = await this.call(method, path, body);
        check(`${method} ${path} answers ${status} (${JSON.stringify(answer.body)})`, answer.status, status);
        return answer.body;
    }
}

/** A gateway connection that keeps what it has seen. */
export class Gateway {
    constructor(url) {
        this.frames = [];
        this.seq = null;
        this.closed = null;
        this.waiting = [];
        this.socket = new WebSocket(url, {perMessageDeflate: false});
        this.socket.on("message", (bytes) => {
            const frame = decode(bytes);
            if (typeof frame.s === "number") this.seq = frame.s;
            this.frames.push(frame);
            this.#wake();
        });
        this.socket.on("error", () => {});
        this.socket.on("close", (code, reason) => {
            this.closed = {code, reason: reason.toString()};
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

    /** `d` of the first such frame. */
    async frame(op, matches = () => true) {
        return (await this.until(() => this.frames.find((frame) => frame.op === op && matches(frame.d))))?.d;
    }

    /** `d` of the first such event. */
    async event(type, matches = () => true) {
        return (await this.until(() => this.frames.find((frame) => frame.op === 0 && frame.t === type && matches(frame.d))))?.d;
    }

    async heartbeat(d) {
        const before = this.frames.length;
        this.send(1, d);
        return (await this.until(() => this.frames.slice(before).find((frame) => frame.op === 11))) !== null;
    }

    end() {
        return this.until(() => this.closed);
    }
}
