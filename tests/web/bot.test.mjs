// The metrics of a bot on the page, which a real sandbox reads from the bot's endpoint.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { accessible } from "./support/accessibility.mjs";
import { Browser, fine, focused } from "./support/browser.mjs";
import { Sandbox, until } from "./support/programs.mjs";

let sandbox, browser, endpoint, page;
/** What the endpoint answers; counters grow by the number of answers before. */
let answer;
let answers = 0;

function metrics() {
    const n = 20 * answers++;
    const histogram = (name, labels, count) =>
        ["0.001", "0.01", "0.1", "+Inf"].map((le, at) => `${name}_bucket{${labels}le="${le}"} ${Math.min(count, count * [0.5, 0.9, 1, 1][at])}`).join("\n") +
        `\n${name}_count{${labels}} ${count}\n${name}_sum{${labels}} ${count * 0.004}`;
    return [
        "process_start_time_seconds 1700000000",
        `process_cpu_seconds_total ${n / 1000}`,
        "process_resident_memory_bytes 12582912",
        ...["stopped", "connecting", "ready", "backing_off"].map((state) => `intent_gateway_state{state="${state}"} ${state === "ready" ? 1 : 0}`),
        `intent_gateway_events_total{event="MESSAGE_CREATE"} ${n}`,
        `intent_gateway_events_total{event="TYPING_START"} ${n / 2}`,
        "intent_gateway_gaps_total 0",
        "intent_gateway_reconnects_total 2",
        "intent_gateway_heartbeat_round_trip_seconds 0.0123",
        "intent_queue_events 3",
        "intent_queue_bytes 2048",
        "intent_queue_lag_seconds 0.005",
        "intent_queue_paused 0",
        "intent_loop_lag_seconds 0.00004",
        histogram("intent_rest_limit_wait_seconds", "", n / 10),
        `intent_rest_requests_total{method="POST",route="/channels/{channel_id}/messages",status="201"} ${n}`,
        `intent_rest_requests_total{method="POST",route="/channels/{channel_id}/messages",status="429"} 1`,
        'intent_rest_failures_total{reason="timeout"} 6',
        histogram("intent_rest_request_duration_seconds", 'method="POST",route="/channels/{channel_id}/messages",', n),
        `intent_handler_events_total{event="MessageCreate"} ${n}`,
        histogram("intent_handler_duration_seconds", 'event="MessageCreate",', n),
        'intent_handler_errors_total{event="MessageCreate"} 4',
        `intent_command_invocations_total{command="ping",outcome="ok"} ${n}`,
        'intent_command_invocations_total{command="ping",outcome="failed"} 3',
        histogram("intent_command_duration_seconds", 'command="ping",', n),
        "",
    ].join("\n");
}

before(async () => {
    endpoint = createServer((request, response) => (answer ?? ((_, to) => to.writeHead(200, { "Content-Type": "text/plain; version=0.0.4" }).end(metrics())))(request, response));
    await new Promise((listening) => endpoint.listen(0, "127.0.0.1", listening));
    [sandbox, browser] = await Promise.all([Sandbox.start(), Browser.start()]);
});
after(async () => {
    await browser?.close();
    await sandbox?.stop();
    endpoint.closeAllConnections();
    endpoint.close();
});
afterEach(async () => {
    answer = undefined;
    await page?.context().close();
});

const address = () => `127.0.0.1:${endpoint.address().port}`;

async function show(options) {
    page = await browser.open(sandbox.web, options);
    await page.locator("#tab-bot").click();
    await page.getByLabel("Address of the bot's metrics").fill(address());
    await page.keyboard.press("Enter");
}
const figure = (name) => page.locator(".figure").filter({ has: page.getByText(name, { exact: true }) }).locator("dd");
const row = (table, name) => page.getByRole("table", { name: table }).getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

test("the figures of a bot are shown and follow it", async () => {
    await show();
    await figure("Session").filter({ hasText: "ready" }).waitFor();
    await until("a rate", async () => /[\d.]+\/s/.test(await figure("Events").textContent()));
    assert.equal(await figure("Lag").textContent(), "5 ms");
    assert.equal(await figure("Loop lag").textContent(), "40 µs");
    assert.equal(await figure("Round trip").textContent(), "12 ms");
    assert.equal(await figure("Queue").textContent(), "3 events, 2.0 kB");
    assert.equal(await figure("Reconnects").textContent(), "2");
    assert.match(await figure("Limiter waits").textContent(), /^1 ms \(99 %: \d+ ms\)$/);
    assert.match(await row("REST calls", "201").textContent(), /\/s/);
    assert.match(await row("REST calls", "429").textContent(), /1$/);
    assert.match(await row("REST calls", "timeout").textContent(), /6$/);
    assert.match(await row("Handlers", "MessageCreate").textContent(), /1 ms \(99 %: \d+ ms\).*4$/);
    assert.match(await row("Commands", "ping").textContent(), /3$/);
    const total = () => row("REST calls", "201").getByRole("cell").last().textContent();
    const before = await total();
    await until("another reading", async () => (await total()) !== before);
    fine(page);
});

test("the address is kept, and reading it can be stopped", async () => {
    await show();
    await figure("Session").waitFor();
    await page.reload();
    await page.locator("#tab-bot").click();
    assert.equal(await page.getByLabel("Address of the bot's metrics").inputValue(), address());
    await figure("Session").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("export INTENT_METRICS").waitFor();
    const before = answers;
    // A view that still read would have read again by the time the sandbox was polled three times.
    let polls = 0;
    page.on("request", (one) => (polls += one.url().endsWith("/sessions") ? 1 : 0));
    await until("three polls", async () => polls >= 3);
    assert.equal(answers, before);
    fine(page);
});

test("nothing is read while another view is shown", async () => {
    await show();
    await figure("Session").waitFor();
    await page.locator("#tab-faults").click();
    await page.locator("#kind").waitFor();
    const before = answers;
    let polls = 0;
    page.on("request", (one) => (polls += one.url().endsWith("/sessions") ? 1 : 0));
    await until("three polls", async () => polls >= 3);
    assert.ok(answers <= before + 1, "at most the one that was in progress");
    await page.locator("#tab-bot").click();
    await until("a new reading", async () => answers > before + 1);
    fine(page);
});

test("a bot that ends is reported, and its successor is shown", async () => {
    await show();
    page.expected.push(/Failed to load resource.*502/);
    await figure("Session").waitFor();
    answer = (_, to) => to.writeHead(503).end();
    await page.getByRole("status").filter({ hasText: "cannot be read: it answered with status 503" }).waitFor();
    answer = undefined;
    await figure("Session").waitFor();
    fine(page);
});

test("an address elsewhere is refused with the reason", async () => {
    page = await browser.open(sandbox.web);
    page.expected.push(/Failed to load resource.*400/);
    await page.keyboard.press("6");
    await until("the address to have the focus", () => focused(page, "#bot-address"));
    await page.locator("#bot-address").fill("10.0.0.1:9464");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("address: 127.0.0.1, localhost or [::1] with a port is allowed").waitFor();
    fine(page);
});

test("text of another program is shown as text", async () => {
    answer = (_, to) => to.writeHead(200, { "Content-Type": "text/plain" }).end('intent_gateway_state{state="ready"} 1\nintent_rest_requests_total{status="<img src=x onerror=alert(1)>"} 1\n');
    await show();
    await row("REST calls", "<img src=x onerror=alert(1)>").waitFor();
    assert.equal(await page.locator(".view img").count(), 0);
    fine(page);
});

for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
        test(`the metrics are accessible, ${colorScheme}, ${width} pixels wide`, async () => {
            await show({ colorScheme, viewport: { width, height: 860 } });
            await until("a rate", async () => /[\d.]+\/s/.test(await figure("Events").textContent()));
            await accessible(page, "metrics of a bot");
            if (process.env.SCREENSHOTS) {
                await until("a line", async () => (await page.locator(".line").count()) > 0);
                await page.screenshot({ path: `${process.env.SCREENSHOTS}/bot-${colorScheme}-${width}.png` });
            }
        });
    }
}
