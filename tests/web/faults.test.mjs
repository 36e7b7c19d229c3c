// Faults from the page, and what they do to a bot that is connected.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Browser, fine, focused } from "./support/browser.mjs";
import { Sandbox, until } from "./support/programs.mjs";

let sandbox, browser;
before(async () => {
    [sandbox, browser] = await Promise.all([Sandbox.start(["--heartbeat-interval", "500"]), Browser.start()]);
    await sandbox.startBot();
});
after(async () => {
    await browser?.close();
    await sandbox?.stop();
});
afterEach(() => sandbox.order("DELETE", "/faults"));

const faults = async () => (await sandbox.order("GET", "/faults")).faults;
const rows = (page) => page.locator(".entry");

test("dropping the connection makes the bot come back and resume", async () => {
    const { connection } = await sandbox.connected();
    const page = await browser.open(sandbox.web);
    await page.locator("#tab-sessions .count").waitFor();
    await page.getByRole("button", { name: "Drop connection" }).click();
    await page.getByText("Drop the connection: applied to 1 session").waitFor();
    await rows(page).filter({ hasText: "Resume" }).first().waitFor();
    assert.ok((await sandbox.connected()).connection > connection);
    await sandbox.say("alice", "!ping");
    await page.locator(".text", { hasText: "pong" }).first().waitFor();
    fine(page);
});

test("the next call is answered 429, and the bot tries again", async () => {
    const page = await browser.open(sandbox.web);
    await page.getByLabel("Target of the quick faults").selectOption({ label: "bot" });
    await page.getByRole("button", { name: "429 next call" }).click();
    await page.locator("#tab-faults .count", { hasText: "1" }).waitFor();
    assert.deepEqual((await faults()).map(({ kind, match }) => [kind, match]), [["rate_limit", { user: "bot" }]]);
    await sandbox.say("alice", "!ping");
    const tried = rows(page).filter({ hasText: "POST /channels/" });
    await tried.filter({ hasText: "429" }).waitFor();
    await tried.filter({ hasText: "201" }).first().waitFor();
    await until("the fault to be used up", async () => (await faults()).length === 0);
    await page.locator("#tab-faults .count").waitFor({ state: "detached" });
    fine(page);
});

test("op 6 sends the bot away and it resumes", async () => {
    const { connection } = await sandbox.connected();
    const page = await browser.open(sandbox.web);
    await page.getByRole("button", { name: "Op 6" }).first().click();
    await rows(page).filter({ hasText: "Reconnect" }).first().waitFor();
    await until("a new connection", async () => (await sandbox.connected()).connection > connection);
    fine(page);
});

test("a sequence number is skipped for the next event", async () => {
    const page = await browser.open(sandbox.web);
    await page.getByRole("button", { name: "Heartbeats", exact: true }).click(); // they would push the rows out of sight
    await page.getByRole("button", { name: "Skip sequence" }).click();
    await page.getByText("Skip sequence numbers: waits").waitFor();
    const presence = { event: "PRESENCE_UPDATE", data: { user_id: "1", status: "idle" } };
    await sandbox.connected();
    await sandbox.order("POST", "/events", presence);
    const row = rows(page).filter({ hasText: "PRESENCE_UPDATE" });
    await row.waitFor();
    await rows(page).filter({ hasText: /Fault \d+ applied skip_sequence/ }).waitFor();

    const events = (await sandbox.journal()).filter((entry) => entry.op === 0);
    const at = events.findIndex((entry) => entry.t === "PRESENCE_UPDATE");
    const before = events.slice(0, at).findLast((entry) => entry.session === events[at].session);
    assert.equal(events[at].s, (before?.s ?? 0) + 2);
    assert.equal(await row.locator(".number").first().textContent(), `#${events[at].s}`);
    fine(page);
});

test("the form adds every kind of fault", async () => {
    const page = await browser.open(sandbox.web);
    await page.keyboard.press("3");
    await until("the form to have the focus", () => focused(page, "#kind"));
    const kinds = await page.locator("#kind option").evaluateAll((options) => options.map((option) => option.value));
    // An added row of the table (include/intent/sandbox/fault_kinds.hpp) is in the list.
    const table = await sandbox.order("GET", "/fault-kinds");
    assert.deepEqual(kinds.toSorted(), table.kinds.map(({ name }) => name).toSorted());
    const titles = await page.locator("#kind option").allTextContents();
    assert.deepEqual(titles.toSorted(), table.kinds.map(({ help }) => help).toSorted());
    for (const kind of kinds) {
        await page.locator("#kind").selectOption(kind);
        // It matches nothing, so it stays.
        await page.getByLabel("User", { exact: true }).fill("alice");
        await page.getByLabel("Count (empty: unlimited)").fill("");
        await page.getByRole("button", { name: "Add fault" }).click();
        const made = await until(kind, async () => (await faults()).find((fault) => fault.kind === kind));
        assert.equal(made.count, null, kind);
        assert.deepEqual(made.match, { user: "alice" }, kind);
    }
    await until("all of them to be listed", async () => (await page.locator(".fault").count()) === kinds.length);
    await page.getByLabel(/^Remove fault \d+, rate_limit$/).click();
    await until("one to go", async () => (await faults()).length === kinds.length - 1);
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.getByText("No active faults").waitFor();
    fine(page);
});

test("fields reach the sandbox, and what is wrong with them is shown", async () => {
    const page = await browser.open(sandbox.web);
    page.expected.push(/Failed to load resource.*400/);
    await page.locator("#tab-faults").click();
    await page.locator("#kind").selectOption("status");
    await page.getByLabel("Status, 400-599").fill("99");
    await page.getByLabel("Path (* matches anything)").fill("/channels/*/messages");
    await page.getByRole("button", { name: "Add fault" }).click();
    await page.getByRole("alert").filter({ hasText: "status" }).waitFor();
    await page.getByLabel("Status, 400-599").fill("503");
    await page.getByLabel("Count (empty: unlimited)").fill("2");
    await page.getByRole("button", { name: "Add fault" }).click();
    await page.locator(".fault").waitFor();
    assert.match(await page.locator(".fault").textContent(), /status 503.*path \/channels\/\*\/messages.*0 of 2/);
    const [made] = await faults();
    assert.deepEqual([made.status, made.count, made.match.path], [503, 2, "/channels/*/messages"]);
    fine(page);
});

test("sessions show their last heartbeat, and limits what is left", async () => {
    const page = await browser.open(sandbox.web);
    await page.keyboard.press("5");
    await page.getByText("Last heartbeat").waitFor();
    await until("a round trip", async () => /Round trip[\d.]+ ms/.test(await page.locator(".cards").textContent()));
    assert.match(await page.locator(".cards").textContent(), /Last heartbeat[\d.]+ m?s ago/);
    await sandbox.say("alice", "!ping");
    await page.keyboard.press("4");
    const bucket = page.locator(".bucket").filter({ hasText: ":msg" }).first();
    await bucket.waitFor();
    assert.match(await bucket.textContent(), /bot\d of 5/);
    const meter = bucket.locator("meter");
    assert.ok((await meter.evaluate((one) => one.value)) < 5);
    fine(page);
});
