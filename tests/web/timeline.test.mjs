// The list of everything on the wire.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { Browser, fine, focused } from "./support/browser.mjs";
import { Mock } from "./support/mock.mjs";
import { Sandbox, until } from "./support/programs.mjs";

let sandbox, browser;
before(async () => {
    [sandbox, browser] = await Promise.all([Sandbox.start(), Browser.start()]);
    await sandbox.startBot();
    await sandbox.say("alice", "!ping");
});
after(async () => {
    await browser?.close();
    await sandbox?.stop();
});

const rows = (page) => page.locator(".entry");
const pasted = (page) => page.evaluate(() => navigator.clipboard.readText());

test("frames and requests of the bot are listed in order, with a summary", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).filter({ hasText: "POST /channels/" }).filter({ hasText: "201" }).first().waitFor();
    const list = await rows(page).allTextContents();
    const at = (pattern) => list.findIndex((text) => pattern.test(text));
    assert.ok(at(/Identify/) >= 0 && at(/Identify/) < at(/Ready/), "Identify comes before Ready");
    assert.ok(at(/MESSAGE_CREATE.*#\d+/) < at(/POST \/channels/), "the event comes before the answer to it");
    assert.match(list[at(/POST \/channels/)], /201.*ms.*B/);
    fine(page);
});

test("details show JSON and the bytes of a frame, and no token", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).filter({ hasText: "Identify" }).click();
    const details = page.getByRole("region", { name: "Details" });
    await details.locator("pre.code").waitFor();
    assert.match(await details.locator("pre.code").textContent(), /"token": "\*+"/);
    await details.getByRole("button", { name: "Bytes" }).click();
    assert.match(await details.locator("pre.hex").textContent(), /^0000 8\d a\d 6f 70/m);
    assert.ok(!(await page.content()).includes(sandbox.bot_token));
    await page.getByLabel("Close the details").click();
    assert.equal(await details.count(), 0);
    fine(page);
});

test("a request copied as curl repeats it", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).filter({ hasText: "POST /channels/" }).first().click();
    await page.getByRole("button", { name: "curl" }).click();
    await page.getByText("curl command copied").waitFor();
    const answer = execFileSync("sh", ["-c", await pasted(page)], { env: { ...process.env, INTENT_TOKEN: sandbox.bot_token }, stdio: ["ignore", "pipe", "ignore"] });
    assert.match(JSON.parse(answer).content, /^pong/);
    fine(page);
});

test("an event can be copied as a command and opened in the composer", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).filter({ hasText: "MESSAGE_CREATE" }).first().click();
    await page.getByRole("button", { name: "intent trigger" }).click();
    await page.getByText("intent trigger command copied").waitFor();
    assert.match(await pasted(page), /^printf %s '\{.*"!ping".*\}' \| intent trigger MESSAGE_CREATE --url http:\/\/127.0.0.1:\d+ --data -$/s);
    await page.getByRole("button", { name: "Dispatch again" }).click();
    assert.match(await page.getByLabel("Payload").inputValue(), /"content": "!ping"/);
    assert.equal(await page.locator("#event").inputValue(), "MESSAGE_CREATE");
    fine(page);
});

test("text and kinds filter the list", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).filter({ hasText: "POST /channels/" }).first().waitFor();
    await page.getByLabel("Filter the timeline").fill("message_create ping");
    assert.ok((await rows(page).allTextContents()).every((text) => text.includes("MESSAGE_CREATE")));
    await page.getByLabel("Filter the timeline").fill("-MESSAGE_CREATE");
    assert.ok((await rows(page).allTextContents()).every((text) => !text.includes("MESSAGE_CREATE")));
    await page.getByLabel("Filter the timeline").fill("no such thing");
    await page.getByText("Nothing fits this filter.").waitFor();
    await page.getByLabel("Filter the timeline").fill("");
    for (const name of ["Events", "Heartbeats", "Session", "Notes"]) await page.getByRole("button", { name, exact: true }).click();
    assert.ok((await rows(page).allTextContents()).every((text) => /GET|POST|PATCH/.test(text)));
    assert.equal(await page.getByRole("button", { name: "Events", exact: true }).getAttribute("aria-pressed"), "false");
    fine(page);
});

test("the list stands still while paused, and then shows everything that arrived", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).first().waitFor();
    await page.getByLabel("Pause").click();
    const before = await page.locator(".sheet").evaluate((sheet) => sheet.style.height);
    await sandbox.order("POST", "/events", { event: "PRESENCE_UPDATE", data: { user_id: "1", status: "dnd" } });
    await until("the entry to be counted", async () => {
        const [shown, all] = (await page.locator(".timeline > .count").textContent()).match(/\d+/g).map(Number);
        return all > shown;
    });
    assert.equal(await page.locator(".sheet").evaluate((sheet) => sheet.style.height), before);
    await page.getByLabel("Pause").click();
    await rows(page).filter({ hasText: "PRESENCE_UPDATE" }).waitFor();
    fine(page);
});

test("arrow keys move through the list, Enter opens the details, Escape closes them", async () => {
    const page = await browser.open(sandbox.web);
    await rows(page).first().waitFor();
    await page.keyboard.press("1");
    await until("the list to have the focus", () => focused(page, "#entries"));
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    const active = await page.locator("#entries").getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`#${active}`).getAttribute("aria-posinset"), "2");
    await page.keyboard.press("Enter");
    assert.ok(await focused(page, "#details"));
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#details").count(), 0);
    fine(page);
});

const frame = (s) => ({ kind: "frame", direction: "out", connection: 1, session: 1, user: "bot", op: 0, t: "MESSAGE_CREATE", s, size: 8, data: { content: `number ${s}` }, bytes: "gqJvcAGhZMA=" });

test("the page stays responsive with thousands of frames, and its memory is bounded", async () => {
    const mock = await new Mock(new URL("../../web/dist", import.meta.url).pathname).listen();
    try {
        mock.sessions.push({ id: 1, user: "bot", connected: true, connection: 1, seq: 1, heartbeat_age_ms: 10, round_trip_ms: 1, queued_bytes: 0, kept_events: 0, since: new Date().toISOString() });
        mock.log(...Array.from({ length: 5000 }, (_, i) => frame(i + 1)));
        const page = await browser.open(mock.url);
        await rows(page).filter({ hasText: "#5000" }).waitFor();
        assert.ok((await rows(page).count()) < 100, "only what is in sight is in the document");

        // Frames arrive while the list is scrolled. Only the CPU time of the page's thread counts, whatever else the machine does.
        const devtools = await page.context().newCDPSession(page);
        await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
        const worked = async () => (await devtools.send("Performance.getMetrics")).metrics.find((one) => one.name === "TaskDuration").value;
        const idle = await worked();
        let s = 5000;
        const list = page.locator("#entries");
        for (let round = 0; round < 40; ++round) {
            mock.log(...Array.from({ length: 500 }, () => frame(++s)));
            await list.evaluate((view, top) => (view.scrollTop = top), (round * 2917) % 100_000);
        }
        const counted = async () => Number((await page.locator(".timeline > .count").textContent()).match(/([\d,]+) entries/)[1].replace(",", ""));
        await until("the newest", async () => (await counted()) === 20_000);
        const seconds = (await worked()) - idle;
        assert.ok(seconds < 10, `20,000 frames and 40 times scrolling took ${seconds} s of work`);
        await list.evaluate((view) => (view.scrollTop = view.scrollHeight));
        await rows(page).filter({ hasText: `#${s}` }).waitFor();
        fine(page);
    } finally {
        mock.close();
    }
});

test("entries that the sandbox skipped are reported", async () => {
    const mock = await new Mock(new URL("../../web/dist", import.meta.url).pathname).listen();
    try {
        mock.log(...Array.from({ length: 7000 }, (_, i) => frame(i + 1)));
        const page = await browser.open(mock.url);
        await rows(page).filter({ hasText: "#7000" }).waitFor();
        await page.locator("#entries").evaluate((view) => (view.scrollTop = 0));
        await rows(page).filter({ hasText: "2,000 entries passed over" }).waitFor();
        fine(page);
    } finally {
        mock.close();
    }
});

test("the page reconnects to a restarted sandbox", async () => {
    const flags = [];
    let own = await Sandbox.start(flags);
    const port = Number(new URL(own.web).port);
    try {
        await own.startBot();
        const page = await browser.open(own.web);
        page.expected.push(/Failed to load resource/, /ERR_CONNECTION/);
        await rows(page).first().waitFor();
        await own.stop();
        await page.getByText("No answer").waitFor();
        own = await Sandbox.start(flags, port);
        await page.locator(".live.live").waitFor();
        await own.startBot();
        await rows(page).filter({ hasText: "Ready" }).waitFor();
        assert.equal(await rows(page).filter({ hasText: "Identify" }).count(), 1, "the old list is gone");

        // So quickly that at most one request of the page fails.
        await own.stop();
        own = await Sandbox.start(flags, port);
        await own.startBot();
        await own.say("alice", "the third");
        await rows(page).filter({ hasText: "MESSAGE_CREATE" }).waitFor();
        assert.equal(await rows(page).filter({ hasText: "Identify" }).count(), 1, "the old list is gone again");
        fine(page);
    } finally {
        await own.stop();
    }
});
