// axe-core in a page.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { source } = createRequire(new URL("../../../web/package.json", import.meta.url))("axe-core");

/** Asserts that axe-core finds nothing serious or critical in the page as it is now. */
export async function accessible(page, what) {
    await page.evaluate(source);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], preload: false }));
    const found = violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.failureSummary.split("\n").at(-1).trim()})`).join("; ")}`);
    assert.deepEqual(found, [], what);
}
