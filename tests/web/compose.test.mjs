// Events and frames that the user composes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, fine, focused } from "./support/browser.mjs";
import { Sandbox, until } from "./support/programs.mjs";

let sandbox, browser;
before(async () => {
    [sandbox, browser] = await Promise.all([Sandbox.start(), Browser.start()]);
    await sandbox.startBot();
});
after(async () => {
    await browser?.close();
    await sandbox?.stop();
});

async function composer(page) {
    await page.keyboard.press("2");
    await until("the payload to have the focus", () => focused(page, "#payload"));
    return page.getByLabel("Payload");
}

test("there is a template for every event of the protocol, with ids that exist", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".place[aria-current=true]").waitFor();
    const payload = await composer(page);
    const general = await sandbox.general();
    const wanted = [
        ...["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "SERVER_CREATE", "SERVER_UPDATE", "SERVER_DELETE"],
        ...["CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "MEMBER_ADD", "MEMBER_REMOVE", "TYPING_START", "PRESENCE_UPDATE"],
        ...["VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE", "READY", "RESUMED", "GUILD_MEMBERS_CHUNK"],
    ];
    const offered = await page.locator("#event optgroup").first().locator("option").evaluateAll((options) => options.map((option) => option.value));
    assert.deepEqual(offered, [...wanted, "custom"]);
    for (const name of wanted) {
        await page.locator("#event").selectOption(name);
        const data = JSON.parse(await payload.inputValue());
        assert.ok(!JSON.stringify(data).includes('""'), `${name} has a value left empty: ${JSON.stringify(data)}`);
        const channel = data.channel_id ?? data.message?.channel_id ?? data.channel?.id;
        if (channel) assert.equal(channel, general, name);
    }
    fine(page);
});

test("the bot answers a dispatched message", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".place[aria-current=true]").waitFor();
    await composer(page);
    await page.keyboard.press("Control+Enter");
    await page.getByText("MESSAGE_CREATE sent to 1 session").waitFor();
    await page.locator(".text", { hasText: "pong" }).first().waitFor();
    fine(page);
});

test("other events and frames are sent unchanged", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".place[aria-current=true]").waitFor();
    const payload = await composer(page);
    await page.locator("#event").selectOption("custom");
    await page.getByLabel("Name of the event").fill("SOMETHING_NEW");
    await payload.fill('{"big": 1, "list": [null, "ä"]}');
    await page.getByRole("button", { name: "Dispatch" }).click();
    await page.getByText("SOMETHING_NEW sent to 1 session").waitFor();
    await page.locator("#event").selectOption("1");
    await page.getByRole("button", { name: "Dispatch" }).click();
    await page.getByText("Heartbeat sent to 1 session").waitFor();
    await page.locator("#tab-timeline").click();
    const row = page.locator(".entry", { hasText: "SOMETHING_NEW" });
    await row.click();
    assert.match(await page.locator("pre.code").textContent(), /"list": \[\s+null,\s+"ä"/);
    fine(page);
});

test("an invalid JSON payload is marked and not sent", async () => {
    const page = await browser.open(sandbox.web);
    const payload = await composer(page);
    await payload.fill('{"a": ');
    assert.equal(await payload.getAttribute("aria-invalid"), "true");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("alert").filter({ hasText: "The payload is no JSON" }).waitFor();
    await page.getByRole("button", { name: "Template" }).click();
    assert.equal(await payload.getAttribute("aria-invalid"), "false");
    fine(page);
});
