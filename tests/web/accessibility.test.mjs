// What axe-core finds in the sandbox's page: nothing serious, in light and dark, wide and narrow.

import { after, before, test } from "node:test";
import { accessible } from "./support/accessibility.mjs";
import { Browser } from "./support/browser.mjs";
import { Sandbox, until } from "./support/programs.mjs";

let sandbox, browser;
before(async () => {
    [sandbox, browser] = await Promise.all([Sandbox.start(), Browser.start()]);
    await sandbox.startBot();
    await sandbox.say("alice", "!ping");
    await sandbox.order("POST", "/faults", { kind: "rate_limit", match: { user: "bot" }, retry_after: 0.5 });
    const messages = async () => sandbox.order("GET", `/as/alice/channels/${await sandbox.general()}/messages`);
    await until("the answer of the bot", async () => (await messages()).length > 1);
});
after(async () => {
    await browser?.close();
    await sandbox?.stop();
});

for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
        test(`the page, ${colorScheme}, ${width} pixels wide`, async () => {
            const page = await browser.open(sandbox.web, { colorScheme, viewport: { width, height: 860 } });
            await page.locator(".message").first().waitFor();
            await accessible(page, "conversation");
            for (const tab of await page.getByRole("tab").all()) {
                if (!(await tab.isVisible())) continue;
                const name = await tab.textContent();
                await tab.click();
                await accessible(page, `tab ${name}`);
            }
        });
    }
}

test("an entry of the timeline with its details", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".entry", { hasText: "MESSAGE_CREATE" }).last().click();
    await page.locator("#details").waitFor();
    await accessible(page, "details");
});
