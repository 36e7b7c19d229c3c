// How the page reads metrics: their text, rates, and the distribution of times (web/src/metrics.ts).

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const { buildSync } = createRequire(new URL("../../web/package.json", import.meta.url))("esbuild");
const source = new URL("../../web/src/metrics.ts", import.meta.url).pathname;
const { text } = buildSync({ entryPoints: [source], write: false, bundle: true, format: "esm" }).outputFiles[0];
const { growth, History, quantile, rate, read, sum, valuesOf } = await import(`data:text/javascript,${encodeURIComponent(text)}`);

test("samples have names, labels and values", () => {
    const reading = read('# HELP a x\n# TYPE a counter\na 1\na{x="1",y="two words"} 2.5 1700000000\nb{le="+Inf"} +Inf\nnot a sample\n\n', 0);
    assert.deepEqual([...reading.samples.keys()], ["a", "b"]);
    assert.deepEqual(reading.samples.get("a"), [
        { labels: {}, value: 1 },
        { labels: { x: "1", y: "two words" }, value: 2.5 },
    ]);
    assert.equal(reading.samples.get("b")[0].value, Infinity);
});

test("values of labels are unescaped, and may contain brackets", () => {
    const reading = read(String.raw`a{route="/x/{id}",odd="q\"\\ } 7\n"} 3`, 0);
    assert.deepEqual(reading.samples.get("a"), [{ labels: { route: "/x/{id}", odd: 'q"\\ } 7\n' }, value: 3 }]);
});

test("a label named like a property of every object is only a label", () => {
    const reading = read('a{__proto__="x"} 1\n__proto__ 2\n', 0);
    assert.equal(sum(reading, "__proto__"), 2);
    assert.equal(sum(reading, "toString"), undefined);
});

test("sums and rates take the samples that match", () => {
    const from = read('a{s="200",m="GET"} 1\na{s="200",m="POST"} 2\n', 1000);
    const to = read('a{s="200",m="GET"} 5\na{s="200",m="POST"} 4\na{s="500",m="GET"} 3\n', 3000);
    assert.equal(sum(to, "a", { s: "200" }), 9);
    assert.equal(sum(to, "b"), undefined);
    assert.equal(growth(from, to, "a"), 9);
    assert.equal(rate(from, to, "a", { s: "200" }), 3);
    assert.equal(rate(from, to, "a", { s: "500" }), 1.5, "a counter that is new was 0");
    assert.equal(rate(to, to, "a"), undefined);
    assert.deepEqual(valuesOf(to, "a", "s"), ["200", "500"]);
});

const buckets = (time, ...counts) => read(["0.1", "0.5", "1", "+Inf"].map((le, at) => `h_bucket{le="${le}"} ${counts[at]}`).join("\n"), time);

test("quantiles are interpolated within the bucket they fall into", () => {
    const from = buckets(0, 100, 100, 100, 100);
    const to = buckets(1000, 110, 120, 120, 120);
    assert.equal(quantile(from, to, "h", 0.25), 0.05, "the observations from before do not count");
    assert.equal(quantile(from, to, "h", 0.5), 0.1);
    assert.equal(quantile(from, to, "h", 0.75), 0.1 + 0.4 * 0.5);
    assert.equal(quantile(from, from, "h", 0.5), undefined);
    assert.equal(quantile(from, buckets(1000, 100, 100, 100, 101), "h", 0.5), 1, "above the last limit");
});

test("a history keeps what it is asked to keep, and begins again with the process", () => {
    const history = new History(5000);
    for (let time = 0; time <= 10_000; time += 2000) history.add(read("process_start_time_seconds 1\na 7", time));
    assert.deepEqual(history.readings.map(({ time }) => time), [6000, 8000, 10_000]);
    assert.equal(history.since(2000).time, 8000);
    history.add(read("process_start_time_seconds 2\na 1", 12_000));
    assert.deepEqual(history.readings.map(({ time }) => time), [12_000]);
    assert.equal(history.since(5000), history.newest);
});
