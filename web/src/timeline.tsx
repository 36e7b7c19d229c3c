// Every frame and request in one list: only the rows in sight are in the document.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Details } from "./details";
import { bytes, clockTime, duration } from "./format";
import * as journal from "./journal";
import type { Entry, Group } from "./journal";
import { Act, bound, Icon } from "./ui";

const rowHeight = 28;
const spare = 8; // rows drawn beyond each edge

function Row({ entry, at, count }: { entry: Entry; at: number; count: number }) {
    const frame = entry.kind === "frame";
    const bad = (entry.status ?? 0) >= 400;
    return (
        <div
            role="option"
            id={`row-${entry.n}`}
            class={`entry ${entry.group}${bad ? " bad" : ""}`}
            aria-selected={journal.selected.value === entry.n}
            aria-setsize={count}
            aria-posinset={at + 1}
            style={{ top: `${at * rowHeight}px` }}
            onClick={() => (journal.selected.value = entry.n)}
        >
            <time>{clockTime(entry.time)}</time>
            {frame ? (
                <span class="way" role="img" aria-label={entry.direction === "out" ? "to the client" : "from the client"}>
                    {entry.direction === "out" ? "↓" : "↑"}
                </span>
            ) : (
                <span class="way" aria-hidden="true">
                    {entry.kind === "request" ? "⇅" : "·"}
                </span>
            )}
            <span class="label">
                <b>{entry.name}</b> {entry.what.replace(/\d+(?=\d{4})/g, "…")}
            </span>
            <span class="user">{entry.user}</span>
            <span class="number">{entry.s != null && `#${entry.s}`}</span>
            <span class="status">{entry.status}</span>
            <span class="number">{entry.ms != null && duration(entry.ms)}</span>
            <span class="number">{bytes(entry.size)}</span>
        </div>
    );
}

function List() {
    const box = useRef<HTMLDivElement>(null);
    const top = useSignal(0);
    const height = useSignal(400);
    const following = useSignal(true);
    const seenGone = useRef(journal.gone.peek());
    const rows = journal.rows.value;

    useEffect(() => {
        const watcher = new ResizeObserver(([seen]) => (height.value = seen!.contentRect.height));
        watcher.observe(box.current!);
        return () => watcher.disconnect();
    }, []);

    const reveal = (at: number) => {
        const view = box.current!;
        const place = at * rowHeight;
        if (place < view.scrollTop) view.scrollTop = place;
        if (place + rowHeight > view.scrollTop + view.clientHeight) view.scrollTop = place + rowHeight - view.clientHeight;
    };
    const now = rows.findIndex((entry) => entry.n === journal.selected.value);

    // Follow the newest; but hold what is in sight while somebody reads an entry, or has scrolled away.
    useLayoutEffect(() => {
        const view = box.current!;
        const moved = journal.gone.peek() - seenGone.current;
        seenGone.current += moved;
        if (following.peek() && now < 0) view.scrollTop = view.scrollHeight;
        else if (moved > 0) view.scrollTop -= moved * rowHeight;
    }, [rows, height.value]);
    useLayoutEffect(() => {
        if (now >= 0) reveal(now);
    }, [journal.selected.value, height.value]);

    const start = Math.max(0, Math.floor(top.value / rowHeight) - spare);
    const end = Math.min(rows.length, Math.ceil((top.value + height.value) / rowHeight) + spare);

    const onKeyDown = (event: KeyboardEvent) => {
        const page = Math.floor(height.value / rowHeight) - 1;
        const moves: Record<string, number> = {
            ArrowDown: now + 1,
            ArrowUp: now < 0 ? rows.length - 1 : now - 1,
            PageDown: now + page,
            PageUp: now - page,
            Home: 0,
            End: rows.length - 1,
        };
        const next = moves[event.key];
        if (next !== undefined) journal.selected.value = rows[Math.max(0, Math.min(rows.length - 1, next))]?.n ?? null;
        else if (event.key === "Enter") document.getElementById("details")?.focus();
        else if (event.key === "Escape") journal.selected.value = null;
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <div class="listing">
            <div
                class="entries"
                id="entries"
                ref={box}
                role="listbox"
                aria-label="Timeline"
                aria-activedescendant={journal.selected.value === null ? undefined : `row-${journal.selected.value}`}
                tabIndex={0}
                onKeyDown={onKeyDown}
                onScroll={(event) => {
                    const view = event.currentTarget; // the list may be gone already
                    top.value = view.scrollTop;
                    following.value = view.scrollHeight - view.scrollTop - view.clientHeight < rowHeight;
                }}
            >
                <div class="sheet" style={{ height: `${rows.length * rowHeight}px` }}>
                    {rows.slice(start, end).map((entry, i) => (
                        <Row key={entry.n} entry={entry} at={start + i} count={rows.length} />
                    ))}
                </div>
            </div>
            {rows.length === 0 && (
                <p class="empty">
                    {journal.total.value > 0
                        ? "Nothing fits this filter."
                        : "Nothing yet. Start a bot, and its frames and requests appear here."}
                </p>
            )}
            {!following.value && (
                <button class="jump" onClick={() => (box.current!.scrollTop = box.current!.scrollHeight)}>
                    <Icon name="down" /> Newest
                </button>
            )}
        </div>
    );
}

function toggle(group: Group): void {
    const next = new Set(journal.hidden.value);
    if (!next.delete(group)) next.add(group);
    journal.hidden.value = next;
}

export function Timeline() {
    const count = journal.rows.value.length;
    const chosen = journal.rows.value.find((entry) => entry.n === journal.selected.value);
    return (
        <div class="timeline">
            <div class="tools">
                <input
                    type="search"
                    id="filter"
                    placeholder="Filter: words, -word"
                    aria-label="Filter the timeline"
                    {...bound(journal.query)}
                />
                <div class="chips" role="group" aria-label="Kinds">
                    {journal.groups.map((group) => (
                        <button key={group} class={`chip ${group}`} aria-pressed={!journal.hidden.value.has(group)} onClick={() => toggle(group)}>
                            {journal.groupNames[group]}
                        </button>
                    ))}
                </div>
                <Act icon={journal.paused.value ? "play" : "pause"} label="Pause" hint="(p)" pressed={journal.paused.value} onClick={journal.togglePause} />
                <Act icon="trash" label="Clear the list" hint="(c)" onClick={journal.clear} />
            </div>
            <List />
            {chosen && <Details key={chosen.n} entry={chosen} />}
            <p class="count">
                {journal.paused.value && "Paused. "}
                {count.toLocaleString("en")} of {journal.total.value.toLocaleString("en")} entries
            </p>
        </div>
    );
}
