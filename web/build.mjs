// Makes dist/ of src/: the same bytes wherever it runs, so that a difference means that somebody forgot to build.
//
//   node build.mjs [FOLDER]

import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const budget = 40_000; // bytes of script, styles and page together, compressed

async function bundle(entry, more) {
    const result = await build({
        absWorkingDir: here,
        entryPoints: [entry],
        write: false,
        bundle: true,
        minify: true,
        charset: "utf8",
        legalComments: "none",
        logLevel: "warning",
        ...more,
    });
    return result.outputFiles[0].text;
}

const files = {
    "app.js": await bundle("src/main.tsx", {
        format: "esm",
        target: "es2022",
        // Calls of h() come out shorter than the automatic runtime's.
        jsx: "transform",
        jsxFactory: "h",
        jsxFragment: "Fragment",
        inject: ["src/jsx.ts"],
        tsconfigRaw: {},
    }),
    "app.css": await bundle("src/style.css", { target: ["chrome123", "firefox120", "safari17.5"] }),
    "index.html": readFileSync(join(here, "src/index.html"), "utf8"),
    "icon.svg": readFileSync(join(here, "src/icon.svg"), "utf8"),
};

mkdirSync(out, { recursive: true });
let sum = 0;
const sizes = [];
for (const [name, text] of Object.entries(files)) {
    const compressed = gzipSync(text, { level: 9 }).length;
    writeFileSync(join(out, name), text);
    sizes.push(`${name} ${compressed}`);
    if (!name.endsWith(".svg")) sum += compressed;
}
console.log(`${sizes.join(", ")}: ${sum} of ${budget} bytes, compressed`);
if (sum > budget) {
    console.error(`web: ${sum - budget} bytes over the budget`);
    process.exitCode = 1;
}
