// The programs under test: a sandbox, and a bot that talks to it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const build = process.env.INTENT_BINARY_DIR ?? new URL("../../../build", import.meta.url).pathname;

/** Waits until `condition` returns a truthy value, and returns it. */
export async function until(what, condition, timeout = 60_000) {
    const end = Date.now() + timeout;
    for (;;) {
        const found = await condition();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
}

export class Sandbox {
    /** With the flags of `intent sandbox`; on a port of the system's choice unless one is given. */
    static async start(flags = [], port = 0) {
        const sandbox = new Sandbox();
        sandbox.process = spawn(`${build}/intent`, ["sandbox", "--port", String(port), "--json", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
        const lines = createInterface({ input: sandbox.process.stdout });
        const first = await Promise.race([
            new Promise((resolve) => lines.once("line", resolve)),
            new Promise((_, fail) => sandbox.process.once("exit", (code) => fail(new Error(`the sandbox ended with ${code}`)))),
        ]);
        Object.assign(sandbox, JSON.parse(first));
        sandbox.bots = [];
        return sandbox;
    }

    /** Sends a control request and returns the answer. */
    async order(method, path, body) {
        const response = await fetch(`${this.web}_sandbox/v1${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
        return text ? JSON.parse(text) : undefined;
    }
    /** Everything on the wire so far. */
    async journal() {
        const lines = await (await fetch(`${this.web}_sandbox/v1/journal?limit=5000`)).text();
        return lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    }
    async general() {
        const { servers } = await this.order("GET", "/state");
        return servers[0].channels[0].id;
    }
    async say(user, content) {
        return this.order("POST", `/as/${user}/channels/${await this.general()}/messages`, { content });
    }
    connected() {
        return until("a connected bot", async () => (await this.order("GET", "/sessions")).sessions.find((session) => session.connected));
    }

    /** The ping bot, connected when this returns. */
    async startBot() {
        const env = { ...process.env, INTENT_TOKEN: this.bot_token, INTENT_GATEWAY_URL: this.gateway, INTENT_REST_URL: this.rest };
        this.bots.push(spawn(`${build}/ping_bot`, { env, stdio: ["ignore", "ignore", "inherit"] }));
        return this.connected();
    }

    async stop() {
        const all = [...(this.bots ?? []), this.process];
        const ended = all.map((one) => one.exitCode ?? new Promise((resolve) => one.once("exit", resolve)));
        for (const one of all) one.kill("SIGTERM");
        await Promise.all(ended);
    }
}
