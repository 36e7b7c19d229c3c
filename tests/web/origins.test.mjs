// A page of another site, in a browser on the sandbox's machine.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { Browser } from "./support/browser.mjs";
import { Sandbox } from "./support/programs.mjs";

let browser, site, origin;

before(async () => {
    // A name of another site that resolves to this machine, which its owner can arrange.
    browser = await Browser.start(["--host-resolver-rules=MAP evil.example 127.0.0.1"]);
    site = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title>"));
    await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
    origin = `http://evil.example:${site.address().port}`;
});

after(async () => {
    await browser.close();
    site.close();
});

/** What a page at `url` can do: register, read an answer, open the gateway, send a control request. */
async function attempt(url, { rest, gateway, web }) {
    // Not by `open`: a page that is not of this machine is given no permission, and the browser reports all that is refused.
    const page = await browser.chromium.newPage();
    await page.goto(url);
    return page.evaluate(async ({ rest, gateway, web }) => {
        const body = JSON.stringify({ username: "mallory", email: "m@example.org", password: "long enough" });
        const attempted = (promise) => promise.then((value) => value, () => "refused");
        await attempted(fetch(`${rest}/auth/register`, { method: "POST", mode: "no-cors", body }));
        return {
            read: await attempted(fetch(`${rest}/servers`, { headers: { Authorization: "Bearer x" } }).then((answer) => answer.status)),
            gateway: await attempted(new Promise((resolve, reject) => {
                const socket = new WebSocket(gateway);
                socket.onopen = () => resolve("open");
                socket.onerror = reject;
            })),
            order: await attempted(fetch(`${web}_sandbox/v1/state`).then((answer) => answer.status)),
        };
    }, { rest, gateway, web });
}

const knowsMallory = async (sandbox) => (await sandbox.order("GET", "/users")).users.some((user) => user.username === "mallory");

test("a page of another site is refused everything", async () => {
    const sandbox = await Sandbox.start();
    assert.deepEqual(await attempt(origin, sandbox), { read: "refused", gateway: "refused", order: "refused" });
    assert.equal(await knowsMallory(sandbox), false);
    await sandbox.stop();
});

test("a name of another site that resolves to the sandbox is refused everything", async () => {
    const sandbox = await Sandbox.start();
    const rebound = Object.fromEntries(["rest", "gateway", "web"].map((name) => [name, sandbox[name].replace("127.0.0.1", "evil.example")]));
    assert.deepEqual(await attempt(rebound.web, rebound), { read: 403, gateway: "refused", order: 403 });
    assert.equal(await knowsMallory(sandbox), false);
    await sandbox.stop();
});

test("an allowed page can use API and gateway, but not the control API", async () => {
    const sandbox = await Sandbox.start(["--allow-origin", origin]);
    assert.deepEqual(await attempt(origin, sandbox), { read: 401, gateway: "open", order: "refused" });
    assert.equal(await knowsMallory(sandbox), true);
    await sandbox.stop();
});
