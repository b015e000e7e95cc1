-- Tells the app who is in which talk room, and obeys it: admits the two people of a talk, closes
-- rooms in time, ends them when asked. docs/video-events.md describes what crosses the wire.
--
-- For Prosody 0.12 and 13, on the VirtualHost whose people talk (XMPP_MODULES=talk). Options:
--   talk_app_url             the app's webhook, http://web:8000/hooks/video
--   talk_secret              signs our events; the app's orders are signed with it, too
--   talk_former_secret       still accepted while the secret is being changed
--   talk_heartbeat_seconds   10
--   talk_muc                 the component of the talk rooms, muc.<host>
--   talk_other_mucs          components in which nobody may talk, { breakout.<host>, lobby.<host> }
--   talk_focus               who makes rooms and is no person, { focus@auth.<host> }

local hosts = prosody.hosts;

-- What must outlive a reload of this module stands on the host. A new Prosody begins without it.
local host = hosts[module.host];
host.talk = host.talk or { entries = {}, stays = {}, runs = {}, queue = {}, seq = 0 };
local state = host.talk;

-- Each part is handed what it stands on; none knows a part that comes after it.
local signing = module:require "signing";
local spool = module:require "spool";
local courier = module:require "courier"(state, signing, spool);
local rooms = module:require "rooms"(state);
local heartbeats = module:require "heartbeats"(state, rooms, courier, spool);
local happenings = module:require "happenings"(state, rooms, heartbeats, courier);
local book = module:require "book"(state, rooms);
local door = module:require "door"(state, rooms, book);
module:require "orders"(state, signing, rooms, book, courier, heartbeats);

local function watch(muc_host)
	local muc = module:context(muc_host);
	happenings.watch(muc);
	door.watch(muc);
end

-- Hooks on a component that does not exist yet would land nowhere, silently.
for muc_host in rooms.hosts() do
	if hosts[muc_host] and hosts[muc_host].type == "component" then watch(muc_host); end
end
module:hook_global("host-activated", function (muc_host)
	if rooms.watches(muc_host) then watch(muc_host); end
end);

-- Nobody leaves on purpose when Prosody stops: they were there until now, and the talks go on when
-- it is back.
module:hook_global("server-stopping", function ()
	heartbeats.beat();
	state.stopping = true;
end, 1000);
module:hook_global("server-stopped", heartbeats.keep);

courier.begin();
module:log("info", "talk: telling the app about %s, as boot %s", rooms.main_host, state.boot);
