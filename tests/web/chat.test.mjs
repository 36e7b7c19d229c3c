// Chatting in the page: with a bot, as several people, and scrolling back.

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

const texts = (page) => page.locator(".message .text").allTextContents();

test("a message to the bot is sent, and its answer appears", async () => {
    const page = await browser.open(sandbox.web);
    await page.getByLabel("Message #general").fill("!ping");
    await page.keyboard.press("Enter");
    await page.locator(".message .text", { hasText: "pong" }).waitFor();
    assert.match((await texts(page)).join("\n"), /^!ping\npong/);
    assert.equal(await page.getByLabel("Message #general").inputValue(), "");
    assert.match(await page.locator(".message", { hasText: "pong" }).textContent(), /bot/);
    fine(page);
});

test("a message of a program without a session is shown too", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".message").first().waitFor();
    await sandbox.say("alice", "from elsewhere");
    await page.locator(".text", { hasText: "from elsewhere" }).waitFor();
    fine(page);
});

test("the user's own message is edited and deleted, others' messages stay", async () => {
    const page = await browser.open(sandbox.web);
    const box = page.getByLabel("Message #general");
    await box.fill("with a tpyo");
    await box.press("Enter");
    await page.locator(".text", { hasText: "with a tpyo" }).waitFor();
    await box.press("ArrowUp");
    await page.getByLabel("Edit the message").fill("with a typo");
    await page.keyboard.press("Enter");
    await page.locator(".text", { hasText: "with a typo (edited)" }).waitFor();
    assert.ok(await focused(page, "#say"), "the focus goes back to where one writes");

    await box.press("ArrowUp");
    await page.getByLabel("Edit the message").fill("something else");
    await page.keyboard.press("Escape");
    assert.ok((await texts(page)).includes("with a typo (edited)"));

    const before = (await texts(page)).length;
    await page.getByLabel("Delete: with a typo").click();
    await until("the message to go", async () => (await texts(page)).length === before - 1);
    const kept = await sandbox.order("GET", `/as/alice/channels/${await sandbox.general()}/messages`);
    assert.ok(!kept.some((message) => message.content.includes("typo")));
    assert.equal(await page.getByLabel(/^Edit: pong/).count(), 0, "only one's own can be edited");
    fine(page);
});

test("scrolling back loads older messages and keeps the position", async () => {
    for (let i = 0; i < 130; ++i) await sandbox.say("alice", `number ${i}`);
    const page = await browser.open(sandbox.web);
    await page.locator(".text", { hasText: "number 129" }).waitFor();
    const history = page.getByRole("log");
    assert.ok(await history.evaluate((view) => view.scrollHeight - view.scrollTop - view.clientHeight < 2), "it opens at the end");
    assert.equal(await page.locator(".text", { hasText: /^number 70$/ }).count(), 0);

    const offset = () =>
        page.evaluate(() => {
            const row = [...document.querySelectorAll(".message")].find((one) => one.textContent.includes("number 85"));
            return Math.round(row.getBoundingClientRect().top);
        });
    await history.evaluate((view) => (view.scrollTop = 150));
    const before = await offset();
    await page.locator(".text", { hasText: /^number 70$/ }).waitFor({ state: "attached" });
    assert.ok(Math.abs((await offset()) - before) <= 1, "what one reads stays where it is");

    await until("the beginning", async () => {
        await history.evaluate((view) => (view.scrollTop = 0));
        return page.getByText("The beginning of #general").isVisible();
    });
    assert.ok(await page.locator(".text", { hasText: /^number 0$/ }).count());
    fine(page);
});

test("a new user can be added and chosen, and the choice is remembered", async () => {
    const page = await browser.open(sandbox.web);
    await page.getByLabel("New user", { exact: true }).first().click();
    await page.getByLabel("Name of the new user").fill("Bad Name");
    await page.getByRole("button", { name: "Create" }).click();
    assert.ok(await page.getByRole("dialog").isVisible(), "a name that cannot be is not sent");
    await page.getByLabel("Name of the new user").fill("carol");
    await page.getByRole("button", { name: "Create" }).click();
    await until("carol to speak", async () => (await page.getByLabel("Speak as").inputValue()) === "carol");
    await page.getByLabel("Message #general").fill("hello from carol");
    await page.keyboard.press("Enter");
    await page.locator(".text", { hasText: "hello from carol" }).waitFor();
    assert.equal((await sandbox.order("GET", `/as/alice/channels/${await sandbox.general()}/messages?limit=1`))[0].author.username, "carol");
    await page.reload();
    await until("carol again", async () => (await page.getByLabel("Speak as").inputValue()) === "carol");
    await page.getByLabel("Speak as").selectOption("alice");
    await page.getByLabel("Message #general").fill("and alice again");
    await page.keyboard.press("Enter");
    await page.locator(".message", { hasText: "and alice again" }).waitFor();
    fine(page);
});

test("a refusal is reported, and the text is kept", async () => {
    const page = await browser.open(sandbox.web);
    page.expected.push(/Failed to load resource/);
    const box = page.getByLabel("Message #general");
    await page.route("**/messages", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 403, json: { error: "not here", code: "FORBIDDEN" } }) : route.continue()));
    await box.fill("keep me");
    await box.press("Enter");
    await page.getByRole("alert").filter({ hasText: "not here" }).waitFor();
    assert.equal(await box.inputValue(), "keep me");
    fine(page);
});

test("typing is sent to others, and their typing is shown until they send a message", async () => {
    const page = await browser.open(sandbox.web);
    const posted = page.waitForRequest((request) => request.method() === "POST" && /\/as\/alice\/channels\/\d+\/typing$/.test(request.url()));
    await page.getByLabel("Message #general").pressSequentially("h");
    assert.ok((await (await posted).response()).ok());
    await sandbox.order("POST", "/events", {
        event: "TYPING_START",
        data: { channel_id: await sandbox.general(), user_id: (await sandbox.order("GET", "/users")).users.find((user) => user.bot).id, timestamp: Math.floor(Date.now() / 1000) },
    });
    await page.getByText("bot is typing…").waitFor();
    await sandbox.say("alice", "!ping");
    await page.getByText("bot is typing…").waitFor({ state: "detached" });
    fine(page);
});
