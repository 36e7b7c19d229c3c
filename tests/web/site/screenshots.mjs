// Takes pictures of the documentation site and of the sandbox's page: scripts/screenshots.

import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { Browser } from "../support/browser.mjs";
import { Sandbox, until } from "../support/programs.mjs";

const root = new URL("../../../", import.meta.url).pathname;
const site = process.env.INTENT_SITE ?? `${root}build/site`;
const folder = process.argv[2] ?? `${root}build/screenshots`;
const committed = `${root}docs/screenshots`;
const most = 150_000; // bytes of a picture

// `at`: what is scrolled into view.
const pages = [
    { name: "home", page: "index" },
    { name: "guide", page: "commands" },
    { name: "side-by-side", page: "from-discordjs", at: ".side-by-side" },
    { name: "plots", page: "performance", at: ".drawing" },
    { name: "reference", page: "classintent_1_1Client" },
];
const window = { width: 1000, height: 700 };
const phone = { width: 390, height: 844 };

async function take(page, name) {
    await page.evaluate(() => document.fonts.ready);
    await page.mouse.move(0, 0);
    const file = `${folder}/${name}.png`;
    await page.screenshot({ path: file });
    if (statSync(file).size > most) throw new Error(`${file}: ${statSync(file).size} bytes; at most ${most} allowed`);
    if (existsSync(`${committed}/${name}.png`)) copyFileSync(file, `${committed}/${name}.png`);
    await page.context().close();
}

async function takeSite(browser, { name, page: file, at }, colorScheme, viewport) {
    const page = await browser.open(`file://${site}/${file}.html`, { viewport, colorScheme });
    // The tree scrolls to its place once it is there; a phone has a menu in its stead.
    if (viewport === window) await page.locator("#nav-tree .selected").waitFor();
    if (at) await page.locator(at).first().evaluate((element) => element.scrollIntoView());
    await page.waitForTimeout(500);
    await take(page, name);
}

mkdirSync(folder, { recursive: true });
const browser = await Browser.start();
const sandbox = existsSync(`${process.env.INTENT_BINARY_DIR ?? `${root}build`}/ping_bot`) ? await Sandbox.start(["--heartbeat-interval", "20000"]) : null;
try {
    for (const colorScheme of ["light", "dark"])
        for (const each of pages) await takeSite(browser, { ...each, name: `site-${each.name}-${colorScheme}` }, colorScheme, window);
    await takeSite(browser, { name: "site-phone", page: "events" }, "light", phone);
    if (sandbox) {
        await sandbox.startBot();
        await sandbox.say("alice", "!ping");
        await until("an answer", async () => JSON.stringify(await sandbox.journal()).includes("pong ("));
        for (const colorScheme of ["light", "dark"]) {
            const page = await browser.open(sandbox.web, { viewport: window, colorScheme });
            await page.locator(".text", { hasText: "pong (" }).first().waitFor();
            await take(page, `sandbox-${colorScheme}`);
        }
    } else {
        console.error("screenshots: no picture of the sandbox's page, because build/intent and build/ping_bot are missing (make run)");
    }
} finally {
    await browser.close();
    await sandbox?.stop();
}
