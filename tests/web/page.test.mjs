// The page as a whole: how it is served, keys, names, light and dark, narrow windows.

import assert from "node:assert/strict";
import { request } from "node:http";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Browser, fine, focused } from "./support/browser.mjs";
import { Sandbox, until } from "./support/programs.mjs";

let sandbox, browser;
before(async () => {
    [sandbox, browser] = await Promise.all([Sandbox.start(), Browser.start()]);
    await sandbox.say("alice", "good morning");
});
after(async () => {
    await browser?.close();
    await sandbox?.stop();
});

const dist = (name) => readFileSync(new URL(`../../web/dist/${name}`, import.meta.url));

function get(path, headers = {}) {
    return new Promise((resolve, fail) => {
        request(new URL(path, sandbox.web), { headers }, (response) => {
            const parts = [];
            response.on("data", (part) => parts.push(part));
            response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
        })
            .on("error", fail)
            .end();
    });
}

test("the files are those of web/dist", async () => {
    for (const [path, name] of Object.entries({ "/": "index.html", "/app.js": "app.js", "/app.css": "app.css", "/icon.svg": "icon.svg" })) {
        const first = await get(path, { "Accept-Encoding": "br, gzip" });
        assert.ok(first.body.equals(dist(name)), name);
        assert.equal(first.headers["content-encoding"], undefined);
        const again = await get(path, { "If-None-Match": first.headers.etag });
        assert.deepEqual([again.status, again.body.length], [304, 0]);
    }
});

test("the page requests nothing from other hosts, and its policy would block it", async () => {
    const page = await browser.open("about:blank");
    const hosts = new Set();
    page.on("request", (one) => hosts.add(new URL(one.url()).host));
    await page.goto(sandbox.web);
    await page.locator(".message").first().waitFor();
    assert.deepEqual([...hosts], [new URL(sandbox.web).host]);
    fine(page);
    page.expected.push(/policy|Policy|TrustedHTML|Failed to load|Refused/);
    const refused = await page.evaluate(async (port) => {
        const results = [];
        await fetch(`http://127.0.0.1:${port}/`).catch(() => results.push("fetch"));
        try {
            document.body.insertAdjacentHTML("beforeend", "<b>markup</b>");
        } catch {
            results.push("markup");
        }
        const script = document.createElement("script");
        try {
            script.text = "window.inline = true";
        } catch {
            results.push("script");
        }
        return results;
    }, 1);
    assert.deepEqual(refused, ["fetch", "markup", "script"]);
});

test("every shortcut in the help works", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".message").first().waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await help.waitFor();
    const keys = await help.locator("dt").allTextContents();
    for (const key of ["m", "u", "[", "]", "1", "2", "3", "4", "5", "6", "/", "p", "c", "d", "t", "?"]) assert.ok(keys.includes(key), key);
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });

    const goesTo = async (key, selector) => {
        await page.keyboard.press(key);
        await until(`${key} to go to ${selector}`, () => focused(page, selector));
        await page.keyboard.press("Escape");
    };
    await goesTo("m", "#say");
    await goesTo("u", "#speaker");
    await goesTo("/", "#filter");
    await goesTo("1", "#entries");
    await goesTo("2", "#payload");
    await goesTo("3", "#kind");
    await goesTo("6", "#bot-address");
    for (const [key, tab] of [["4", "limits"], ["5", "sessions"], ["1", "timeline"]]) {
        await page.keyboard.press(key);
        await page.locator(`#tab-${tab}[aria-selected=true]`).waitFor();
    }
    await page.keyboard.press("p");
    await page.getByText("Paused.").waitFor();
    await page.keyboard.press("p");
    await page.keyboard.press("t");
    assert.equal(await page.locator("html").getAttribute("data-theme"), "light");

    await page.keyboard.press("m");
    await page.keyboard.type("?p1");
    assert.equal(await page.getByLabel("Message #general").inputValue(), "?p1", "where one writes, keys are letters");
    fine(page);
});

test("Tab reaches every control in page order, and all have names", async () => {
    const page = await browser.open(sandbox.web);
    await page.locator(".message").first().waitFor();
    const seen = [];
    for (let i = 0; i < 60; ++i) {
        await page.keyboard.press("Tab");
        const name = await page.evaluate(() => {
            const one = document.activeElement;
            return one === document.body ? "" : one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.[0]?.textContent || "nameless";
        });
        if (!name) break;
        seen.push(name);
    }
    assert.ok(!seen.includes("nameless"), seen.join(", "));
    const order = ["general", "Messages", "Speak as", "Message #general", "Timeline", "Filter the timeline", "Drop connection"].map((name) => seen.findIndex((one) => one.includes(name)));
    assert.deepEqual(order, [...order].sort((a, b) => a - b), seen.join(", "));
    assert.ok(!order.includes(-1), seen.join(", "));
    assert.equal(await page.getByRole("log", { name: "Messages" }).count(), 1);
    assert.equal(await page.getByRole("tab", { selected: true }).count(), 1);
    fine(page);
});

/** The lowest contrast of visible text against its background, by WCAG's formula. */
const contrasts = (page) =>
    page.evaluate(() => {
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const rgba = (color) => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
        };
        const light = ([r, g, b]) => [r, g, b].map((one) => (one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
        const low = [];
        for (const one of document.querySelectorAll("body *")) {
            const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            if (!own || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || one.closest(":disabled, option, [hidden]")) continue;
            let behind = one;
            while (behind && rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
            const [a, b] = [light(rgba(getComputedStyle(one).color)), light(rgba(getComputedStyle(behind ?? document.body).backgroundColor))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.push(`${one.className || one.tagName} "${one.textContent.slice(0, 20)}" ${ratio.toFixed(2)}`);
        }
        return low;
    });

test("light and dark follow the system or the switch, and every text is legible in both", async () => {
    const page = await browser.open(sandbox.web, { colorScheme: "dark" });
    await page.locator(".message").first().waitFor();
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await back();
    await page.emulateMedia({ colorScheme: "light" });
    const light = await back();
    assert.notEqual(light, dark);
    await page.getByLabel("Theme: auto").click();
    await page.getByLabel("Theme: light").click();
    assert.equal(await back(), dark, "the switch stands over the system");
    await page.reload();
    await page.locator(".message").first().waitFor();
    assert.equal(await back(), dark, "and is remembered");
    for (const scheme of ["dark", "light"]) {
        for (const tab of ["timeline", "event", "faults", "limits", "sessions"]) {
            await page.locator(`#tab-${tab}`).click();
            assert.deepEqual(await contrasts(page), [], `${tab}, ${scheme}`);
        }
        await page.getByLabel("Theme: dark").click({ timeout: 1000 }).catch(() => {});
        await page.emulateMedia({ colorScheme: "light" });
    }
    fine(page);
});

test("on a phone the page is one column with tabs, and nothing overflows", async () => {
    const page = await browser.open(sandbox.web, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await page.locator(".message").first().waitFor();
    assert.ok(!(await page.locator("#view").isVisible()), "it opens with the chat");
    for (const tab of ["timeline", "event", "faults", "limits", "sessions", "chat"]) {
        await page.locator(`#tab-${tab}`).tap();
        await page.locator(`#tab-${tab}[aria-selected=true]`).waitFor();
        assert.equal(await page.locator("#chat").isVisible(), tab === "chat");
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${tab} is too wide`);
        const box = await page.locator(`#tab-${tab}`).boundingBox();
        assert.ok(box.height >= 44 && box.x >= 0 && box.x + box.width <= 361, `${tab} can be tapped`);
    }
    await page.getByLabel("Message #general").fill("from a phone");
    await page.getByLabel("Send").tap();
    await page.locator(".text", { hasText: "from a phone" }).waitFor();
    fine(page);
});
