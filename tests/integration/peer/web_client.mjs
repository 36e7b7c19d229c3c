#!/usr/bin/env node
// The platform's web client as far as a server sees it: a page of another origin that registers, reads wrapped lists and
// wrapped events, edits and deletes messages by their short path, and sends heartbeats with `d: {}`.
//
//   node web_client.mjs --gateway URL --rest URL
//
// The last line of stdout is {"ok":true,"checks":N,"differed":[]} with status 0, or "ok":false, what differed, and status 1.
import {parseArgs} from "node:util";

import {Api, Gateway, check, isId, judge} from "./judge.mjs";

const {values: options} = parseArgs({options: {gateway: {type: "string"}, rest: {type: "string"}}});
const ORIGIN = {Origin: "http://localhost:5173"};

/** What a browser does before a page may send JSON with a token. */
async function crossOrigin(api) {
    const preflight = await api.call("OPTIONS", "/servers", undefined, {
        ...ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"});
    check("a preflight is let through", preflight.status, 204);
    check("a page of this machine may call", preflight.headers.get("access-control-allow-origin"), ORIGIN.Origin);
    check("PUT, PATCH and DELETE are allowed", preflight.headers.get("access-control-allow-methods"), /PUT, PATCH, DELETE/);
    check("the token's header is allowed", preflight.headers.get("access-control-allow-headers"), /Authorization/i);
    const answer = await api.call("GET", "/servers", undefined, ORIGIN);
    check("an answer may be read", answer.headers.get("access-control-allow-origin"), ORIGIN.Origin);
    check("and its limits", answer.headers.get("access-control-expose-headers"), /X-RateLimit-Remaining.*Retry-After/i);
    const refused = await new Api(options.rest).call("GET", "/servers", undefined, ORIGIN);
    check("a refusal may be read as well", refused.headers.get("access-control-allow-origin"), ORIGIN.Origin);
    check("without a token nobody comes in", refused.status, 401);
}

async function register(name) {
    const api = new Api(options.rest);
    const made = await api.expect(201, "POST", "/auth/register", {username: name, email: `${name}@example.invalid`, password: "correct horse"});
    check("registering gives the user", made?.user?.username, name);
    api.token = made?.token;
    return {api, user: made?.user};
}

async function connect(token) {
    const gateway = await new Gateway(options.gateway).open();
    gateway.send(2, {token, properties: {os: "browser", browser: "chrome", device: "web"}});
    const ready = await gateway.frame(3);
    check("Ready has an interval", ready?.heartbeat_interval, (interval) => interval > 0);
    check("a heartbeat with {} is acknowledged", await gateway.heartbeat({}));
    return {gateway, ready};
}

async function servers(api, gateway) {
    const own = await api.expect(201, "POST", "/servers", {name: "Book club"});
    check("SERVER_CREATE is wrapped", (await gateway.event("SERVER_CREATE", (d) => d.server?.id === own?.id))?.server?.name, "Book club");
    const list = await api.expect(200, "GET", "/servers");
    check("servers come wrapped", list?.servers?.some((server) => server.id === own?.id));
    await api.expect(200, "PATCH", `/servers/${own.id}`, {name: "Book society"});
    check("SERVER_UPDATE is wrapped", (await gateway.event("SERVER_UPDATE"))?.server?.name, "Book society");
    return own;
}

async function channels(api, gateway, server) {
    const made = await api.expect(201, "POST", `/servers/${server.id}/channels`, {name: "novels", type: 0});
    check("CHANNEL_CREATE is wrapped", (await gateway.event("CHANNEL_CREATE"))?.channel?.id, made?.id);
    const list = await api.expect(200, "GET", `/servers/${server.id}/channels`);
    check("channels come wrapped", list?.channels?.map((channel) => channel.name).join(), "novels");
    return made;
}

async function messages(api, gateway, channel) {
    const path = `/channels/${channel.id}/messages`;
    const sent = await api.expect(201, "POST", path, {content: "first"});
    check("MESSAGE_CREATE is wrapped", (await gateway.event("MESSAGE_CREATE"))?.message?.content, "first");
    check("messages come wrapped", (await api.expect(200, "GET", `${path}?limit=50`))?.messages?.[0]?.id, sent?.id);
    const edited = await api.expect(200, "PATCH", `/messages/${sent.id}`, {content: "second"});
    check("the short path edits", edited?.content, "second");
    check("MESSAGE_UPDATE is wrapped", (await gateway.event("MESSAGE_UPDATE"))?.message?.content, "second");
    await api.expect(204, "DELETE", `/messages/${sent.id}`);
    const gone = await gateway.event("MESSAGE_DELETE");
    check("MESSAGE_DELETE names message and channel", `${gone?.id} ${gone?.channel_id}`, `${sent.id} ${channel.id}`);
}

async function people(api, gateway, server, channel, other) {
    const invite = await api.expect(201, "POST", `/servers/${server.id}/invites`, {max_uses: 1});
    check("invites come plain", (await api.expect(200, "GET", `/servers/${server.id}/invites`))?.[0]?.code, invite?.code);
    await api.expect(409, "POST", `/invites/${invite.code}`);
    const theirs = await connect(other.api.token);
    check("others are seen to come online", (await gateway.event("PRESENCE_UPDATE", (d) => d.user_id === other.user.id))?.status, "online");
    const accepted = await other.api.expect(200, "POST", `/invites/${invite.code}`);
    check("an invite leads to its server", accepted?.server?.id, server.id);
    await other.api.expect(410, "GET", `/invites/${invite.code}`);
    check("who comes is told", (await gateway.event("MEMBER_ADD", (d) => d.server_id === server.id))?.user?.id, other.user.id);
    check("and sees the server", (await theirs.gateway.event("SERVER_CREATE", (d) => d.server.id === server.id))?.server?.member_count, 2);

    const members = (await api.expect(200, "GET", `/servers/${server.id}/members`))?.members ?? [];
    check("members can be read as users", members.map((member) => member.username).sort().join(), [other.user.username, (await api.expect(200, "GET", "/users/@me")).username].sort().join());
    check("with their ids", members.every((member) => isId(member.id)));
    await other.api.expect(204, "POST", `/channels/${channel.id}/typing`);
    check("typing is seen", (await gateway.event("TYPING_START"))?.user_id, other.user.id);
    const denied = await other.api.expect(403, "DELETE", `/channels/${channel.id}`);
    check("a refusal says why", denied?.error, `${other.user.username} lacks MANAGE_CHANNELS in #novels`);
    await other.api.expect(204, "DELETE", `/servers/${server.id}/members/@me`);
    check("who leaves is told", (await gateway.event("MEMBER_REMOVE", (d) => d.server_id === server.id))?.user_id, other.user.id);
    check("and sees the server go", (await theirs.gateway.event("SERVER_DELETE"))?.server_id, server.id);
}

judge(async () => {
    const person = await register(`ada_${Date.now() % 1e9}`);
    await crossOrigin(person.api);
    const {gateway, ready} = await connect(person.api.token);
    check("Ready is the person's own", ready?.user?.id, person.user?.id);
    const server = await servers(person.api, gateway);
    const channel = await channels(person.api, gateway, server);
    await messages(person.api, gateway, channel);
    await people(person.api, gateway, server, channel, await register(`bea_${Date.now() % 1e9}`));
    const me = await person.api.expect(200, "PATCH", "/users/@me", {display_name: "Ada L."});
    check("the shown name changes", me?.display_name, "Ada L.");
    await person.api.expect(204, "DELETE", `/servers/${server.id}`);
    check("SERVER_DELETE", (await gateway.event("SERVER_DELETE"))?.server_id, server.id);
    await person.api.expect(204, "POST", "/auth/logout");
    await person.api.expect(401, "GET", "/users/@me");
});
