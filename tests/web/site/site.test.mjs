// The documentation site as `make docs` writes it, opened as files: search, themes, keys, and what axe-core finds.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible } from "../support/accessibility.mjs";
import { Browser, fine, focused } from "../support/browser.mjs";

const site = process.env.INTENT_SITE ?? new URL("../../../build/site", import.meta.url).pathname;
const address = (name) => `file://${site}/${name}`;
// With the entry of the tree that is selected.
const entries = {
    "index.html": "intent",
    "events.html": "Events",
    "performance.html": "Performance",
    "from-discordjs.html": "Coming from discord.js",
    "classintent_1_1Client.html": "Client",
};
const pages = Object.keys(entries);

let browser;
before(async () => {
    browser = await Browser.start();
});
after(() => browser?.close());

for (const colorScheme of ["light", "dark"]) {
    for (const name of pages) {
        test(`${name}, ${colorScheme}`, async () => {
            const page = await browser.open(address(name), { colorScheme });
            await page.locator("#nav-tree .selected", { hasText: entries[name] }).waitFor();
            await accessible(page, name);
            assert.equal(await page.locator("h1").count(), 1);
            fine(page);
        });
    }
}

test("names of another library do not lead to ours", async () => {
    const page = await browser.open(address("from-discordjs.html"));
    assert.equal(await page.locator("td:first-child a.name").count(), 0);
    assert.notEqual(await page.locator("td:nth-child(2) a.name").count(), 0);
});

test("a phone shows the whole width of a page, and its menu", async () => {
    for (const name of pages) {
        const page = await browser.open(address(name), { viewport: { width: 390, height: 844 } });
        await page.locator("#main-menu").waitFor({ state: "attached" });
        await accessible(page, name);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
        await page.locator(".main-menu-btn").click();
        await page.locator("#main-menu a", { hasText: "Guides" }).waitFor();
    }
});

test("the search finds names and text, with the keyboard alone", async () => {
    const page = await browser.open(address("index.html"));
    const results = page.getByRole("option");
    await page.keyboard.press("/");
    assert.ok(await focused(page, "#search-text"));
    await page.keyboard.type("on_in_order");
    await results.first().waitFor();
    assert.match(await results.first().textContent(), /::on_in_order/);
    await accessible(page, "results");

    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("heartbeats acknowledged");
    await page.locator("#search-results .kind", { hasText: "guide" }).first().waitFor();

    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("RestClient");
    await results.filter({ hasText: /^RestClient class/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForURL(/classintent_1_1RestClient\.html$/);
    fine(page);
});

test("a search without a result says so, and Escape closes it", async () => {
    const page = await browser.open(address("index.html"));
    await page.getByRole("combobox").fill("zzzz");
    await page.getByRole("option", { name: "Nothing found" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("listbox").waitFor({ state: "hidden" });
});

test("the button changes the theme, and the next page keeps it", async () => {
    const page = await browser.open(address("index.html"), { colorScheme: "light" });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole("button", { name: "Dark theme" }).press("Enter");
    assert.notEqual(await background(), light);
    await page.goto(address("events.html"));
    await page.getByRole("button", { name: "Light theme" }).waitFor();
    assert.notEqual(await background(), light);
});

test("the first Tab offers to skip the navigation", async () => {
    const page = await browser.open(address("events.html"));
    await page.keyboard.press("Tab");
    assert.ok(await focused(page, "#skip"));
    await page.keyboard.press("Enter");
    assert.ok(await focused(page, "#doc-content"));
});
