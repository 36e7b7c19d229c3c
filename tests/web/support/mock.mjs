// A stand-in for the sandbox behind the page that follows docs/sandbox-control.md, for what a real one does not do on
// request, such as a flood of frames or skipped entries.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const types = { js: "text/javascript", css: "text/css", svg: "image/svg+xml", html: "text/html" };
const now = () => new Date().toISOString();

export class Mock {
    lines = [];
    first = 1; // number of lines[0]
    waiting = [];
    users = [
        { id: "1001", username: "alice", display_name: "Alice", bot: false, online: false },
        { id: "1002", username: "bot", display_name: null, bot: true, online: true },
    ];
    servers = [
        {
            id: "2001",
            name: "Sandbox",
            owner_id: "1001",
            channels: [
                { id: "3001", server_id: "2001", name: "general", type: 0, topic: "Anything goes", position: 0 },
                { id: "3002", server_id: "2001", name: "news", type: 0, topic: null, position: 1 },
            ],
        },
    ];
    messages = [];
    faults = [];
    sessions = [];
    buckets = [];
    requests = []; // "POST /faults", with the body
    maxWait = 30_000;

    constructor(dist) {
        this.dist = dist;
        this.server = createServer((request, response) => {
            let body = "";
            request.on("data", (part) => (body += part));
            request.on("end", () => this.answer(request, response, body ? JSON.parse(body) : null));
        });
    }
    async listen() {
        await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
        this.url = `http://127.0.0.1:${this.server.address().port}/`;
        return this;
    }
    close() {
        this.server.closeAllConnections();
        this.server.close();
    }

    /** Appends to the journal and wakes waiting requests. */
    log(...entries) {
        for (const entry of entries) this.lines.push(JSON.stringify({ n: this.first + this.lines.length, time: now(), ...entry }));
        for (const wake of this.waiting.splice(0)) wake();
    }
    say(author, content, channel_id = "3001") {
        const message = { id: String(4001 + this.messages.length), channel_id, author, content, created_at: now(), edited_at: null, attachments: [], embeds: [] };
        this.messages.push(message);
        return message;
    }

    answer(request, response, body) {
        const url = new URL(request.url, this.url);
        const send = (status, value) => response.writeHead(status, { "Content-Type": "application/json" }).end(value === undefined ? "" : JSON.stringify(value));
        if (!url.pathname.startsWith("/_sandbox/v1/")) {
            const name = url.pathname === "/" ? "index.html" : url.pathname.slice(1);
            response.writeHead(200, { "Content-Type": types[name.split(".").at(-1)] ?? "text/plain" });
            return response.end(readFileSync(join(this.dist, name)));
        }
        const path = url.pathname.slice("/_sandbox/v1".length);
        const route = `${request.method} ${path}`;
        if (request.method !== "GET") this.requests.push([route, body]);
        if (route === "GET /state") {
            const addresses = { gateway: "ws://127.0.0.1:8080/gateway", rest: "http://127.0.0.1:8080/api/v1", web: this.url };
            return send(200, { addresses, options: { dialect: "spec", heartbeat_interval_ms: 41250 }, users: this.users, servers: this.servers, sessions: this.sessions, faults: this.faults, counters: {} });
        }
        if (route === "GET /users") return send(200, { users: this.users });
        if (route === "GET /sessions") return send(200, { sessions: this.sessions });
        if (route === "GET /buckets") return send(200, { buckets: this.buckets });
        if (route === "GET /fault-kinds") {
            const user = { name: "user", type: "text", label: "User", help: "Match only this user", required: false };
            const code = { name: "code", type: "integer", label: "Code", help: "Close code", required: true, min: 1000, max: 4999, example: 4000 };
            return send(200, {
                kinds: [
                    { name: "stall", class: "request", help: "Never answer", parameters: [] },
                    { name: "rate_limit", class: "request", help: "Answer with status 429", parameters: [] },
                    { name: "close", class: "connection", help: "Close the connection with a code", parameters: [code] },
                ],
                classes: [
                    { name: "request", applies_to: "the next request that matches", match: ["user"] },
                    { name: "connection", applies_to: "every matching session at once", match: ["user"] },
                ],
                match: [user],
                options: [{ name: "count", type: "integer", label: "Count (empty: unlimited)", help: "", required: false, min: 1, max: null, default: 1 }],
            });
        }
        if (route === "GET /faults") return send(200, { faults: this.faults });
        if (route === "POST /faults") {
            const fault = { id: this.faults.length + 1, hits: 0, remaining_ms: null, ...body };
            this.faults.push(fault);
            return send(201, fault);
        }
        if (route.startsWith("DELETE /faults")) {
            this.faults = this.faults.filter((fault) => path.split("/")[2] && String(fault.id) !== path.split("/")[2]);
            return send(204);
        }
        if (route === "POST /events" || route === "POST /frames") return send(200, { sessions: this.sessions.length });
        if (route === "GET /journal") return this.journal(url.searchParams, response);
        const [, , user, , channel, , id] = path.split("/");
        if (path.startsWith("/as/") && path.includes("/messages")) return this.message(request.method, user, channel, id, url.searchParams, body, send);
        return send(404, { error: "no such route", code: "UNKNOWN_ROUTE" });
    }

    message(method, user, channel, id, query, body, send) {
        const found = this.messages.find((message) => message.id === id);
        if (method === "POST") return send(201, this.say(this.users.find((one) => one.username === user), body.content, channel));
        if (method === "PATCH") return send(200, Object.assign(found, { content: body.content, edited_at: now() }));
        if (method === "DELETE") {
            this.messages = this.messages.filter((message) => message !== found);
            return send(204);
        }
        const before = query.get("before");
        const fitting = this.messages.filter((message) => message.channel_id === channel && (!before || Number(message.id) < Number(before)));
        return send(200, fitting.slice(-Number(query.get("limit") ?? 50)).reverse());
    }

    journal(query, response) {
        const after = Number(query.get("after") ?? 0);
        const limit = Number(query.get("limit") ?? 500);
        const give = () => {
            const there = this.lines.slice(Math.max(0, after + 1 - this.first));
            const lines = there.slice(-limit);
            const headers = { "Content-Type": "application/x-ndjson", "X-Sandbox-Skipped": String(there.length - lines.length) };
            response.writeHead(200, headers).end(lines.map((line) => `${line}\n`).join(""));
        };
        const wait = Math.min(Number(query.get("wait_ms") ?? 0), this.maxWait);
        if (after < this.first + this.lines.length - 1 || wait === 0) return give();
        const timer = setTimeout(() => {
            this.waiting = this.waiting.filter((one) => one !== wake);
            give();
        }, wait);
        const wake = () => {
            clearTimeout(timer);
            give();
        };
        this.waiting.push(wake);
    }
}
