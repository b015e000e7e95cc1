-- For the bench: rooms full of people who are not there, as many as it is told.
--   POST /crowd   [{"room": name, "people": [id, id]}, …]
--   POST /floor   the least that such a heartbeat takes, in ms of CPU

local json, st = require "util.json", require "util.stanza";
local MUC = "muc." .. module.host;

local function muc() return prosody.hosts[MUC].modules.muc; end

local function sit(room, person, session)
	local address = session .. "@" .. module.host .. "/x";
	prosody.full_sessions[address] = {
		full_jid = address, conn = {}, jitsi_meet_context_user = { id = person },
		send = function () return true; end,
	};
	local occupant = room:new_occupant(session .. "@" .. module.host, room.jid .. "/" .. session);
	occupant.role = "participant";
	occupant:set_session(address, st.presence { from = address });
	room:save_occupant(occupant);
end

local function fill(event)
	for _, wanted in ipairs(json.decode(event.request.body)) do
		local room = muc().create_room(wanted.room .. "@" .. MUC);
		for _, person in ipairs(wanted.people) do sit(room, person, person .. "-1"); end
	end
	return 200;
end

local function floor()
	local began, rooms = os.clock(), {};
	for room in muc().live_rooms() do
		local people = {};
		for nick, occupant in room:each_occupant() do
			people[#people + 1] = ('{"session":%q,"person":%q,"hibernating":false,"idle":1.000}'):format(nick, occupant.jid);
		end
		rooms[#rooms + 1] = ('{"room":%q,"people":[%s]}'):format(room.jid, table.concat(people, ","));
	end
	local text = table.concat(rooms, ",");
	return ('{"ms": %f, "bytes": %d}'):format((os.clock() - began) * 1000, #text);
end

module:depends("http");
module:provides("http", { default_path = "/", route = { ["POST /crowd"] = fill, ["POST /floor"] = floor } });
