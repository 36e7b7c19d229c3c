// The REST side of the protocol, as far as the tests go: messages of one channel, with the limits of protocol §10.
import {record} from "./output.mjs";
import {BOT, CHANNEL, PERSON, SERVER, TOKEN, message, newId} from "./world.mjs";

const BASE = "/api/v1";
const BURST = 5;
const REFILL_PER_SECOND = 1;
const GLOBAL_PER_SECOND = 50;

export class Rest {
    /** options: limits, lists "plain" or "wrapped"; `gateway` hears of what is made. */
    constructor(options, gateway) {
        this.options = options;
        this.gateway = gateway;
        this.messages = [];
        this.people = new Map([[TOKEN, BOT], ["usr_alice", PERSON]]);
        this.passwords = new Map();
        this.buckets = new Map();
        this.recent = [];
    }

    userOf(token) {
        return this.people.get(token);
    }

    async handle(request, response) {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const url = new URL(request.url, "http://peer");
        let body;
        try {
            body = text === "" ? undefined : JSON.parse(text);
        } catch {
            body = undefined;
        }
        const limit = this.#take(request.method, url.pathname);
        const answer = limit.refused ?? this.#answer(request, url, body);
        const data = answer.body === undefined ? "" : JSON.stringify(answer.body);
        record("request", {
            method: request.method, path: url.pathname + url.search, body, status: answer.status,
            authorization: request.headers.authorization ?? null, agent: request.headers["user-agent"] ?? null,
        });
        response.writeHead(answer.status, {...(data ? {"Content-Type": "application/json"} : {}), ...limit.headers});
        response.end(data);
    }

    /** The limits' state after this request: headers, and a refusal if it came too early. */
    #take(method, path) {
        if (!this.options.limits) return {headers: {}};
        const now = Date.now() / 1000;
        this.recent = this.recent.filter((when) => when > now - 1);
        if (this.recent.length >= GLOBAL_PER_SECOND) return this.#refuse(this.recent[0] + 1 - now, true, {"X-RateLimit-Global": "true"});
        this.recent.push(now);
        const channel = path.match(/\/channels\/(\d+)\/messages/)?.[1];
        if (!channel || method === "GET") return {headers: {}};

        const name = `ch:${channel}:msg`;
        const bucket = this.buckets.get(name) ?? {left: BURST, when: now};
        bucket.left = Math.min(BURST, bucket.left + (now - bucket.when) * REFILL_PER_SECOND);
        bucket.when = now;
        this.buckets.set(name, bucket);
        const enough = bucket.left >= 1;
        if (enough) bucket.left -= 1;
        const headers = {
            "X-RateLimit-Limit": BURST, "X-RateLimit-Remaining": Math.floor(bucket.left), "X-RateLimit-Bucket": name,
            "X-RateLimit-Reset": Math.ceil(now + (BURST - bucket.left) / REFILL_PER_SECOND), "X-RateLimit-Global": "false",
        };
        return enough ? {headers} : this.#refuse((1 - bucket.left) / REFILL_PER_SECOND, false, headers);
    }

    #refuse(seconds, global, headers) {
        const body = {error: "Too many requests", code: "RATE_LIMITED", retry_after: seconds, global};
        return {headers: {...headers, "Retry-After": seconds.toFixed(3)}, refused: {status: 429, body}};
    }

    #answer(request, url, body) {
        if (!url.pathname.startsWith(BASE)) return notFound;
        const route = `${request.method} ${url.pathname.slice(BASE.length)}`;
        if (route === "POST /auth/register") return this.#register(body);
        if (route === "POST /auth/login") return this.#login(body);

        const user = this.userOf(request.headers.authorization?.replace(/^Bearer /, ""));
        if (!user) return {status: 401, body: {error: "Unauthorized", code: "UNAUTHORIZED"}};
        for (const [pattern, act] of this.#routes) {
            const match = route.match(pattern);
            if (match) return act.call(this, {user, body, url, ids: match.slice(1)});
        }
        return notFound;
    }

    #routes = [
        [/^GET \/users\/@me$/, ({user}) => ({status: 200, body: user})],
        [/^GET \/servers$/, () => ({status: 200, body: this.#list("servers", [SERVER])})],
        [/^GET \/servers\/2001$/, () => ({status: 200, body: SERVER})],
        [/^GET \/servers\/2001\/channels$/, () => ({status: 200, body: this.#list("channels", [CHANNEL])})],
        [/^GET \/channels\/3001$/, () => ({status: 200, body: CHANNEL})],
        [/^GET \/channels\/3001\/messages$/, ({url}) => this.#page(Number(url.searchParams.get("limit") ?? 50))],
        [/^POST \/channels\/3001\/messages$/, ({user, body}) => this.#create(user, body)],
        [/^GET \/channels\/3001\/messages\/(\d+)$/, ({ids}) => this.#found(ids[0], (found) => ({status: 200, body: found}))],
        [/^PATCH (?:\/channels\/3001)?\/messages\/(\d+)$/, ({ids, body}) => this.#edit(ids[0], body)],
        [/^DELETE (?:\/channels\/3001)?\/messages\/(\d+)$/, ({ids}) => this.#remove(ids[0])],
    ];

    #list(name, items) {
        return this.options.lists === "wrapped" ? {[name]: items} : items;
    }

    #found(id, act) {
        const found = this.messages.find((candidate) => candidate.id === id);
        return found ? act(found) : notFound;
    }

    #page(limit) {
        return {status: 200, body: this.#list("messages", this.messages.slice(-limit).reverse())};
    }

    #create(user, body) {
        const content = body?.content ?? "";
        if ((content === "" && !body?.embeds?.length) || [...content].length > 2000) {
            return {status: 400, body: {error: "content has 1 to 2000 characters", code: "VALIDATION_ERROR"}};
        }
        const {created_at, ...author} = user;
        const made = message(content, {author, embeds: body.embeds ?? []});
        this.messages.push(made);
        this.gateway.broadcast("MESSAGE_CREATE", {message: made});
        return {status: 201, body: made};
    }

    #edit(id, body) {
        return this.#found(id, (found) => {
            Object.assign(found, {content: body?.content ?? "", edited_at: new Date().toISOString()});
            this.gateway.broadcast("MESSAGE_UPDATE", {message: found});
            return {status: 200, body: found};
        });
    }

    #remove(id) {
        return this.#found(id, () => {
            this.messages = this.messages.filter((candidate) => candidate.id !== id);
            this.gateway.broadcast("MESSAGE_DELETE", {id, channel_id: CHANNEL.id});
            return {status: 204};
        });
    }

    #register(body) {
        if (this.passwords.has(body?.username)) return {status: 409, body: {error: "Username taken", code: "CONFLICT"}};
        const user = {id: newId(), username: body.username, display_name: body.username, avatar_url: null};
        this.passwords.set(user.username, {password: body.password, user});
        return {status: 201, body: {token: this.#newToken(user), user}};
    }

    #login(body) {
        const entry = this.passwords.get(body?.username_or_email);
        if (entry?.password !== body?.password || !entry) return {status: 401, body: {error: "Wrong password", code: "UNAUTHORIZED"}};
        return {status: 200, body: {token: this.#newToken(entry.user), user: entry.user}};
    }

    #newToken(user) {
        const token = `usr_${user.username}_${this.people.size}`;
        this.people.set(token, user);
        return token;
    }
}

const notFound = {status: 404, body: {error: "Not found", code: "NOT_FOUND"}};
