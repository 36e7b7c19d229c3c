// Headless Chromium, and pages whose errors and warnings fail the test.

import assert from "node:assert/strict";
import { accessSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../../../web/package.json", import.meta.url))("playwright-core");

const flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

function program() {
    const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    for (const place of places.filter(Boolean)) {
        try {
            accessSync(place);
            return place;
        } catch {} // the next one
    }
    throw new Error("no Chromium here: scripts/install-deps test installs it, or set CHROMIUM to its program");
}

export class Browser {
    static async start(moreFlags = []) {
        const browser = new Browser();
        browser.chromium = await chromium.launch({ executablePath: program(), args: [...flags.split(" "), ...moreFlags] });
        return browser;
    }

    /** A page in a context of its own, without stored state. `fine` asserts that it reported no errors. */
    async open(url, options = {}) {
        const context = await this.chromium.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", ...options });
        await context.grantPermissions(["clipboard-read", "clipboard-write"], url.startsWith("http") ? { origin: new URL(url).origin } : {});
        const page = await context.newPage();
        page.setDefaultTimeout(60_000); // generous, for loaded machines
        page.complaints = [];
        page.expected = []; // patterns of complaints that a test provokes
        page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
        page.on("console", (message) => {
            if (["error", "warning"].includes(message.type())) page.complaints.push(`${message.type()}: ${message.text()}`);
        });
        await page.addInitScript(() => {
            document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
        });
        await page.goto(url);
        return page;
    }

    close() {
        return this.chromium.close();
    }
}

/** Asserts that the page reported no error, warning or policy violation. */
export function fine(page) {
    const left = page.complaints.filter((text) => !page.expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(left, []);
}

/** Whether the focused element matches the selector. */
export const focused = (page, selector) => page.evaluate((text) => document.activeElement.matches(text), selector);
