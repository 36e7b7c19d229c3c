// Shortcuts: single keys, anywhere but where one writes.

import { dropNow } from "./faults";
import * as journal from "./journal";
import { signal } from "@preact/signals";
import { channelId, rooms, show, tab, theme, type Tab } from "./store";

export const helping = signal(false);

const focus = (id: string) => document.getElementById(id)?.focus();

/** What a tab shows may still be loading. */
function focusSoon(id: string, frames = 120): void {
    requestAnimationFrame(() => {
        if (document.getElementById(id)) focus(id);
        else if (frames > 0) focusSoon(id, frames - 1);
    });
}

/** Shows a view, then goes to a part of it. */
function go(to: Tab, id?: string): void {
    tab.value = to;
    if (id) focusSoon(id);
}

function moveChannel(by: number): void {
    const next = rooms.value[rooms.value.findIndex((one) => one.id === channelId.value) + by];
    if (next) show(next);
}

export const themes = ["auto", "light", "dark"];
export function nextTheme(): void {
    theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
}

export const shortcuts: [string, string, () => void][] = [
    ["m", "Write a message", () => (matchMedia("(max-width: 760px)").matches ? go("chat", "say") : focus("say"))],
    ["u", "Choose who speaks", () => focus("speaker")],
    ["[", "Channel before", () => moveChannel(-1)],
    ["]", "Next channel", () => moveChannel(1)],
    ["1", "Timeline", () => go("timeline", "entries")],
    ["2", "Event composer", () => go("event", "payload")],
    ["3", "Faults", () => go("faults", "kind")],
    ["4", "Rate limits", () => go("limits")],
    ["5", "Sessions", () => go("sessions")],
    ["6", "Metrics of a bot", () => go("bot", "bot-address")],
    ["/", "Filter the timeline", () => go("timeline", "filter")],
    ["p", "Pause the timeline, and go on", journal.togglePause],
    ["c", "Clear the timeline", journal.clear],
    ["d", "Drop the connections", () => void dropNow()],
    ["t", "Light, dark, or as the system", nextTheme],
    ["?", "This help", () => (helping.value = true)],
];
/** Those that are no shortcuts of the page but of a part of it. */
export const localKeys: [string, string][] = [
    ["↑", "In the empty message box: edit the last message"],
    ["↑ ↓", "In the timeline: from entry to entry"],
    ["Enter", "In the timeline: into the details"],
    ["Ctrl Enter", "In the composer: dispatch"],
    ["Esc", "Leave the field, close the details"],
];

export function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (document.querySelector("dialog[open]")) return;
    const writes = target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
        if (writes) target.blur();
        else journal.selected.value = null;
        return;
    }
    if (writes || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = shortcuts.find(([key]) => key === event.key);
    if (!found) return;
    event.preventDefault();
    found[2]();
}
