// Makes dist/ of src/: the same bytes wherever it runs, so that a difference means that somebody forgot to build.
//
//   node build.mjs [FOLDER]

import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const budget = 25_000; // bytes of script, styles and page together, compressed

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

async function script() {
    const bundled = await bundle("src/main.tsx", {
        format: "esm",
        target: "es2022",
        // Calls of h() come out shorter than the automatic runtime's.
        jsx: "transform",
        jsxFactory: "h",
        jsxFragment: "Fragment",
        inject: ["src/jsx.ts"],
        tsconfigRaw: {},
    });
    // A second pass by another hand takes off a few per cent more.
    const { code } = await minify(bundled, {
        module: true,
        ecma: 2020,
        compress: { passes: 3, unsafe_arrows: true, pure_getters: true },
    });
    return `${code}\n`;
}

const files = {
    "app.js": await script(),
    "app.css": await bundle("src/style.css", { target: ["chrome123", "firefox120", "safari17.5"] }),
    "index.html": readFileSync(join(here, "src/index.html"), "utf8"),
    "icon.svg": readFileSync(join(here, "src/icon.svg"), "utf8"),
};

// Not sooner: once loaded it answers every error with a page of its own source.
const { default: zopfli } = await import("@gfx/zopfli");
mkdirSync(out, { recursive: true });
let sum = 0;
const sizes = [];
for (const [name, text] of Object.entries(files)) {
    const packed = await zopfli.gzipAsync(Buffer.from(text), { numiterations: 50 });
    writeFileSync(join(out, name), text);
    writeFileSync(join(out, `${name}.gz`), packed);
    sizes.push(`${name} ${packed.length}`);
    if (!name.endsWith(".svg")) sum += packed.length;
}
console.log(`${sizes.join(", ")}: ${sum} of ${budget} bytes, compressed`);
if (sum > budget) {
    console.error(`web: ${sum - budget} bytes over the budget`);
    process.exitCode = 1;
}
