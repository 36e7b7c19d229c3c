// The theme, the keyboard and the search. Works without a server: the index is a script, loaded when the search is first used.
"use strict";

(() => {
    const page = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const stored = () => {
        try {
            return localStorage.getItem("theme");
        } catch {
            return null; // storage is off
        }
    };
    const isDark = () => (stored() ?? (system.matches ? "dark" : "light")) === "dark";
    const show = () => {
        page.classList.toggle("dark-mode", isDark());
        page.classList.toggle("light-mode", !isDark());
        const button = document.getElementById("theme");
        if (button) button.textContent = isDark() ? "Light theme" : "Dark theme";
    };
    show();
    system.addEventListener("change", show);

    document.addEventListener("DOMContentLoaded", () => {
        show();
        document.getElementById("theme").addEventListener("click", () => {
            try {
                localStorage.setItem("theme", isDark() ? "light" : "dark");
            } catch {} // the theme stays the system's
            show();
        });
        search(document.getElementById("search-text"), document.getElementById("search-results"));
        reach();
        addEventListener("resize", reach);
    });

    // What scrolls sideways can be scrolled with the keyboard.
    function reach() {
        for (const wide of document.querySelectorAll(".contents tbody, .fragment, .drawing, .memproto")) {
            if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
            else wide.removeAttribute("tabindex");
        }
    }

    function search(input, list) {
        let entries = null;
        let selected = -1;

        window.searchIndex = (index) => {
            entries = index.map((entry) => ({ ...entry, name: entry.title.toLowerCase(), words: entry.text.toLowerCase() }));
            update();
        };
        const load = () => {
            if (entries) return;
            entries = [];
            const script = document.createElement("script");
            script.src = "search.js";
            document.head.append(script);
        };

        // Every word has to occur. Names count more than text, their beginnings more than their middles.
        const rank = (entry, words) => {
            let sum = entry.kind === "guide" ? 3 : entry.kind === "class" || entry.kind === "struct" ? 2 : 0;
            for (const word of words) {
                const at = entry.name.indexOf(word);
                const last = entry.name.split(/::|: /).at(-1);
                if (entry.kind === "guide" && last.includes(word)) sum += 40;
                else if (last === word) sum += 60;
                else if (last.startsWith(word)) sum += 30;
                else if (at >= 0) sum += /\w/.test(entry.name[at - 1] ?? " ") ? 8 : 15;
                else if (entry.words.includes(word)) sum += 3;
                else return 0;
            }
            return sum - entry.name.length / 100;
        };
        const excerpt = (entry, words) => {
            const at = Math.max(0, entry.words.indexOf(words[0]) - 40);
            return (at > 0 ? "… " : "") + entry.text.slice(at, at + 120) + (at + 120 < entry.text.length ? " …" : "");
        };
        const close = () => {
            list.hidden = true;
            input.setAttribute("aria-expanded", "false");
            input.removeAttribute("aria-activedescendant");
        };
        const select = (index) => {
            list.children[selected]?.setAttribute("aria-selected", "false");
            selected = index;
            const option = list.children[selected];
            option?.setAttribute("aria-selected", "true");
            option?.scrollIntoView({ block: "nearest" });
            if (option) input.setAttribute("aria-activedescendant", option.id);
        };
        const update = () => {
            const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
            if (words.length === 0) return close();
            const found = entries
                .map((entry) => ({ entry, rank: rank(entry, words) }))
                .filter((one) => one.rank > 0)
                .sort((a, b) => b.rank - a.rank)
                .slice(0, 30);
            list.replaceChildren(
                ...found.map(({ entry }, number) => {
                    const option = document.createElement("li");
                    option.id = `search-result-${number}`;
                    option.setAttribute("role", "option");
                    option.setAttribute("aria-selected", "false");
                    const part = (name, text) => {
                        const element = document.createElement("span");
                        element.className = name;
                        element.textContent = text;
                        option.append(element, " ");
                    };
                    part("result", entry.title);
                    part("kind", entry.kind);
                    part("excerpt", excerpt(entry, words));
                    option.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
                    option.addEventListener("click", () => (location.href = entry.address));
                    return option;
                }),
            );
            if (found.length === 0) {
                const option = document.createElement("li");
                option.setAttribute("role", "option");
                option.setAttribute("aria-disabled", "true");
                option.textContent = "Nothing found";
                list.append(option);
            }
            list.hidden = false;
            input.setAttribute("aria-expanded", "true");
            selected = -1;
            if (found.length > 0) select(0);
        };

        input.addEventListener("focus", load);
        input.addEventListener("input", () => {
            load();
            update();
        });
        input.addEventListener("blur", close);
        input.addEventListener("keydown", (event) => {
            const count = list.querySelectorAll("[aria-selected]").length;
            if (event.key === "Escape") close();
            else if (event.key === "Enter") list.children[selected]?.click();
            else if (event.key === "ArrowDown" && count > 0) select((selected + 1) % count);
            else if (event.key === "ArrowUp" && count > 0) select((selected + count - 1) % count);
            else return;
            event.preventDefault();
        });
        document.addEventListener("keydown", (event) => {
            if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea")) return;
            event.preventDefault();
            input.focus();
        });
    }
})();
