// Makes docs/sandbox-light.png and docs/sandbox-dark.png of a real conversation: scripts/web screenshots.

import { Browser } from "./support/browser.mjs";
import { Sandbox, until } from "./support/programs.mjs";

const docs = new URL("../../docs/", import.meta.url).pathname;
const sandbox = await Sandbox.start(["--heartbeat-interval", "20000"]);
const browser = await Browser.start();
try {
    const general = await sandbox.general();
    const as = (user, content, embeds) => sandbox.order("POST", `/as/${user}/channels/${general}/messages`, { content, embeds });
    const answered = async () => {
        const count = async () => (await sandbox.order("GET", `/as/alice/channels/${general}/messages`)).filter((one) => one.content.startsWith("pong (")).length;
        const before = await count();
        await as("alice", "!ping");
        await until("an answer", async () => (await count()) > before);
    };
    await sandbox.order("POST", "/users", { username: "carol", display_name: "Carol" });
    await sandbox.startBot();
    await as("alice", "Good morning! The bot is up, let me see how it takes a bad line.");
    await answered();
    await sandbox.order("POST", "/faults", { kind: "rate_limit", match: { user: "bot" }, retry_after: 0.5 });
    await answered();
    await as("carol", "It waited for half a second after the 429, and the answer came.\nNow without a connection:");
    const { connection } = await sandbox.connected();
    await sandbox.order("POST", "/faults", { kind: "drop" });
    await until("the bot to be back", async () => (await sandbox.connected()).connection > connection);
    await answered();
    await as("bot", "All in order:", [{ title: "Resumed", description: "Nothing was lost.", color: 0x2a9d8f, fields: [{ name: "Gap", value: "none" }] }]);
    await sandbox.order("POST", "/faults", { kind: "status", status: 503, match: { method: "PATCH", path: "/channels/*/messages/*" }, count: 3, probability: 0.5 });

    for (const scheme of ["light", "dark"]) {
        const page = await browser.open(sandbox.web, { viewport: { width: 1440, height: 860 }, colorScheme: scheme });
        await page.locator(".text", { hasText: "All in order" }).waitFor();
        await page.locator("#tab-faults .count").waitFor();
        await page.locator(".entry", { hasText: "MESSAGE_CREATE" }).last().click();
        await page.locator("#details").waitFor();
        await page.mouse.move(700, 20);
        await page.waitForFunction(() => document.fonts.ready);
        await page.screenshot({ path: `${docs}sandbox-${scheme}.png` });
    }
} finally {
    await browser.close();
    await sandbox.stop();
}
