#!/usr/bin/env node
// The platform's TypeScript SDK as far as a server sees it: a bot that reads flat events and plain lists, asks for members,
// sets its presence, joins a voice channel and signals there, and resumes.
//
//   node flat_client.mjs --gateway URL --rest URL --token TOKEN [--hello]
//
// --hello: expect Hello first, and READY and RESUMED as events.
// The last line of stdout is {"ok":true,"checks":N,"differed":[]} with status 0, or "ok":false, what differed, and status 1.
import {parseArgs} from "node:util";

import {Api, Gateway, check, isId, judge} from "./judge.mjs";

const {values: options} = parseArgs({options: {
    gateway: {type: "string"}, rest: {type: "string"}, token: {type: "string"}, hello: {type: "boolean", default: false}}});

async function connect() {
    const gateway = await new Gateway(options.gateway).open();
    if (options.hello) check("Hello has an interval", (await gateway.frame(9))?.heartbeat_interval, (interval) => interval > 0);
    gateway.send(2, {token: options.token, properties: {os: "linux", browser: "sdk", device: "sdk"}});
    const ready = options.hello ? await gateway.event("READY") : await gateway.frame(3);
    check("Ready lists servers", ready?.servers?.length, 1);
    check("a heartbeat is acknowledged", await gateway.heartbeat(gateway.seq));
    return {gateway, ready};
}

async function places(api, gateway, server) {
    check("servers come plain", Array.isArray(await api.expect(200, "GET", "/servers")));
    const text = await api.expect(201, "POST", `/servers/${server}/channels`, {name: "lab", type: 0});
    check("CHANNEL_CREATE is flat", (await gateway.event("CHANNEL_CREATE"))?.name, "lab");
    const voice = await api.expect(201, "POST", `/servers/${server}/channels`, {name: "stage", type: 1});
    await api.expect(200, "PATCH", `/channels/${text.id}`, {topic: "tests"});
    check("CHANNEL_UPDATE is flat", (await gateway.event("CHANNEL_UPDATE"))?.topic, "tests");
    await api.expect(200, "PATCH", `/servers/${server}`, {description: "d"});
    check("SERVER_UPDATE is flat", (await gateway.event("SERVER_UPDATE"))?.description, "d");
    return {text, voice};
}

async function messages(api, gateway, channel) {
    const path = `/channels/${channel}/messages`;
    const first = await api.expect(201, "POST", path, {content: "one", embeds: [{title: "t", color: 255}]});
    const event = await gateway.event("MESSAGE_CREATE");
    check("MESSAGE_CREATE is flat", `${event?.id} ${event?.content} ${event?.embeds?.[0]?.title}`, `${first.id} one t`);
    await api.expect(200, "PATCH", `${path}/${first.id}`, {content: "two"});
    check("MESSAGE_UPDATE is flat", (await gateway.event("MESSAGE_UPDATE"))?.content, "two");
    const second = await api.expect(201, "POST", path, {content: "three"});
    check("messages come plain, newest first", (await api.expect(200, "GET", path)).map((message) => message.id).join(), `${second.id},${first.id}`);
    await api.expect(204, "POST", `${path}/bulk-delete`, {messages: [first.id, second.id]});
    check("each message of a bulk is told", (await gateway.event("MESSAGE_DELETE", (d) => d.id === second.id))?.channel_id, channel);
}

async function webhooks(api, gateway, channel) {
    const webhook = await api.expect(201, "POST", `/channels/${channel}/webhooks`, {name: "ci"});
    check("a webhook has a token", webhook?.token, /^\S+$/);
    const bare = new Api(options.rest);
    const own = `/webhooks/${webhook.id}/${webhook.token}`;
    const message = await bare.expect(200, "POST", `${own}?wait=true`, {content: "built", username: "builder"});
    const event = await gateway.event("MESSAGE_CREATE", (d) => d.webhook_id === webhook.id);
    check("its messages come as events", `${event?.id} ${event?.author?.id} ${event?.author?.username}`, `${message.id} ${webhook.id} builder`);
    await bare.expect(200, "PATCH", `${own}/messages/${message.id}`, {content: "rebuilt"});
    await bare.expect(204, "DELETE", `${own}/messages/${message.id}`);
    await api.expect(200, "POST", `/webhooks/${webhook.id}/regenerate-token`);
    await bare.expect(401, "POST", own, {content: "too late"});
    await api.expect(204, "DELETE", `/webhooks/${webhook.id}`);
}

async function roles(api, server, user) {
    const role = await api.expect(201, "POST", `/servers/${server}/roles`, {name: "testers", permissions: "3072", color: 255});
    check("roles come plain", (await api.expect(200, "GET", `/servers/${server}/roles`)).some((one) => one.id === role.id));
    const before = await api.expect(200, "GET", `/servers/${server}/members/${user}`);
    const member = await api.expect(200, "PATCH", `/servers/${server}/members/${user}`, {roles: [...before.roles, role.id], nickname: "T"});
    check("a member has the role", member?.roles?.includes(role.id) && member.nickname === "T");
    await api.expect(204, "DELETE", `/servers/${server}/roles/${role.id}`);
}

async function members(gateway, server, user) {
    gateway.send(10, {status: "idle", since: null, afk: false});
    gateway.send(7, {server_id: server, query: "", limit: 1000, presences: true});
    const chunk = await gateway.event("GUILD_MEMBERS_CHUNK");
    check("members come in chunks", chunk?.members?.some((member) => member.user.id === user && isId(member.user.id)));
    check("with their presences", chunk?.presences?.find((one) => one.user_id === user)?.status, "idle");
    check("and their count", `${chunk?.chunk_index} of ${chunk?.chunk_count}`, "0 of 1");
}

async function voice(gateway, server, channel, user) {
    gateway.send(4, {server_id: server, channel_id: channel, self_mute: true, self_deaf: false});
    check("the voice state is told", (await gateway.event("VOICE_STATE_UPDATE", (d) => d.channel_id === channel))?.user_id, user);
    const way = await gateway.event("VOICE_SERVER_UPDATE");
    check("and the way in", way?.ice_servers?.length, (count) => count > 0);
    gateway.send(12, {type: "offer", sdp: "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n", voice_token: way?.token});
    check("an offer is answered", (await gateway.frame(12))?.sdp, /m=audio 0 /);
    gateway.send(4, {server_id: server, channel_id: null, self_mute: false, self_deaf: false});
    check("leaving is told", (await gateway.event("VOICE_STATE_UPDATE", (d) => d.channel_id === null))?.user_id, user);
    gateway.send(4, {server_id: server, channel_id: server, self_mute: false, self_deaf: false});
    check("an unknown voice channel closes with 4011", (await gateway.end())?.code, 4011);
}

async function register(name) {
    const api = new Api(options.rest);
    const made = await api.expect(201, "POST", "/auth/register", {username: name, email: `${name}@example.invalid`, password: "correct horse"});
    api.token = made?.token;
    return {api, id: made?.user?.id};
}

async function direct(api, gateway, user) {
    const person = await register(`dora_${Date.now() % 1e9}`);
    const stranger = await register(`emil_${Date.now() % 1e9}`);
    const channel = await api.expect(201, "POST", "/users/@me/channels", {recipient_id: person.id});
    check("a direct channel has no server and no position", channel?.type === 3 && channel.server_id === null && !("position" in channel));
    check("it is not encrypted yet", channel?.mls_initialized, false);
    check("CHANNEL_CREATE names the other", (await gateway.event("CHANNEL_CREATE", (d) => d.id === channel?.id))?.recipients?.map((one) => one.id).join(), person.id);
    check("the other opens the same", (await person.api.expect(200, "POST", "/users/@me/channels", {recipient_id: user}))?.id, channel?.id);
    const path = `/channels/${channel?.id}/messages`;
    const sent = await person.api.expect(201, "POST", path, {mls_ciphertext: "c2VjcmV0"});
    const event = await gateway.event("MESSAGE_CREATE", (d) => d.id === sent?.id);
    check("ciphertext is relayed as it is", `${event?.mls_ciphertext} ${event?.content}`, "c2VjcmV0 null");
    await api.expect(400, "POST", path, {content: "not encrypted"});
    await stranger.api.expect(403, "GET", path);
    await stranger.api.expect(403, "POST", path, {mls_ciphertext: "c2VjcmV0"});
    await stranger.api.expect(403, "DELETE", `${path}/${sent?.id}`);
    const group = await api.expect(201, "POST", "/users/@me/channels", {recipient_ids: [person.id, stranger.id]});
    check("a group has an owner", `${group?.type} ${group?.owner_id}`, `4 ${user}`);
    await api.expect(204, "DELETE", `/channels/${group?.id}/recipients/${stranger.id}`);
    check("who stays is told", (await gateway.event("CHANNEL_UPDATE", (d) => d.id === group?.id))?.recipients?.length, 1);
    await api.expect(204, "PUT", `/channels/${group?.id}/recipients/${stranger.id}`);
}

async function resume(api, channel, {gateway, ready}) {
    const missed = await api.expect(201, "POST", `/channels/${channel}/messages`, {content: "while away"});
    const next = await new Gateway(options.gateway).open();
    next.send(5, {token: options.token, session_id: ready.session_id, seq: gateway.seq});
    check("what was missed is replayed", (await next.event("MESSAGE_CREATE"))?.id, missed?.id);
    if (options.hello) check("RESUMED follows", (await next.event("RESUMED")) !== undefined);
    next.socket.close(1000);
    check("a close is answered", (await next.end())?.code, 1000);
}

judge(async () => {
    const api = new Api(options.rest, options.token);
    const session = await connect();
    const {gateway, ready} = session;
    const server = ready?.servers?.[0]?.id;
    const {text, voice: stage} = await places(api, gateway, server);
    await messages(api, gateway, text.id);
    await webhooks(api, gateway, text.id);
    await roles(api, server, ready.user.id);
    await members(gateway, server, ready.user.id);
    await direct(api, gateway, ready.user.id);
    await voice(gateway, server, stage.id, ready.user.id);
    await resume(api, text.id, session);
});
