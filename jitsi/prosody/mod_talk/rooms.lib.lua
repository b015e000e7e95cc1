-- The talk rooms as Prosody has them: who is in which, and since when nothing was heard of them.
--
-- state.stays[nick] is one stay of one person, from joining to leaving: { person, session, at }, and
-- `json`, the beginning of what a heartbeat says of it, since most of our work is heartbeats.

local jid, filters = require "util.jid", require "util.filters";
local set = require "util.set".new;
local now = require "util.time".now;

local MUC = module:get_option_string("talk_muc", "muc." .. module.host);
local OTHERS = module:get_option_set("talk_other_mucs", { "breakout." .. module.host, "lobby." .. module.host });
local FOCUS = module:get_option_set("talk_focus", { "focus@auth." .. module.host });
local NAME_LENGTH = 128;

-- When a connection last brought anything, and which ones said that their person goes. Kept by
-- connection, not by session: a session that is resumed goes on with the connection, and the
-- filters, of the one that resumed it.
local heard, going = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "k" });

local names = setmetatable({}, { __mode = "k" }); -- of rooms

local function line_of(session) return session.conn or session; end

local function hear(stanza, session)
	local line = line_of(session);
	heard[line] = now();
	if stanza.name == "presence" and stanza.attr.type == "unavailable" then going[line] = true; end
	return stanza;
end

local function listen(session) filters.add_filter(session, "stanzas/in", hear); end

function module.load()
	filters.add_filter_hook(listen);
	for _, session in pairs(prosody.full_sessions) do listen(session); end
end

function module.unload()
	filters.remove_filter_hook(listen);
	for _, session in pairs(prosody.full_sessions) do filters.remove_filter(session, "stanzas/in", hear); end
end

-- Ids as the app reads them: printable ASCII, at most so long.
local function plain(text)
	text = tostring(text):gsub("[^\x20-\x7e]", function (byte) return ("%%%02X"):format(byte:byte()); end);
	return text:sub(1, NAME_LENGTH);
end

local function is_health_check(room)
	return jid.node(room.jid):find("^__jicofo%-health%-check") ~= nil;
end

return function (state)
	local rooms = { main_host = MUC };

	-- The hosts of rooms that we watch.
	function rooms.hosts()
		return (OTHERS + set { MUC }):items();
	end

	function rooms.watches(muc_host)
		return muc_host == MUC or OTHERS:contains(muc_host);
	end

	function rooms.is_focus(real_jid)
		return FOCUS:contains(jid.bare(real_jid));
	end

	-- A room as the app knows it: of a talk room its name, of any other its whole address.
	function rooms.name(room)
		local name = names[room];
		if not name then
			name = plain(jid.host(room.jid) == MUC and jid.node(room.jid) or room.jid);
			names[room] = name;
		end
		return name;
	end

	function rooms.is_talk_room(room)
		return jid.host(room.jid) == MUC;
	end

	local function muc_of(muc_host)
		local found = prosody.hosts[muc_host];
		return found and found.modules.muc;
	end

	-- Every room that is open, with its name.
	function rooms.each()
		local found = {};
		for muc_host in rooms.hosts() do
			local muc = muc_of(muc_host);
			for room in (muc and muc.live_rooms or function () return next, {}; end)() do
				if not is_health_check(room) then found[rooms.name(room)] = room; end
			end
		end
		return pairs(found);
	end

	function rooms.find(name)
		local address = name:find("@", 1, true) and name or jid.join(name, MUC);
		local muc = muc_of(jid.host(address));
		return muc and rooms.watches(jid.host(address)) and muc.get_room_from_jid(address) or nil;
	end

	function rooms.session_of(occupant)
		return prosody.full_sessions[occupant.jid];
	end

	-- The person whom a session's ticket names; nil without one.
	function rooms.person_of(session)
		local user = session and session.jitsi_meet_context_user;
		return user and user.id and plain(user.id) or nil;
	end

	function rooms.begin_stay(occupant, session)
		local stay = {
			person = rooms.person_of(session) or plain("unknown " .. occupant.jid),
			session = plain(jid.resource(occupant.nick)),
			at = now(),
		};
		stay.json = ('{"person":%q,"session":%q'):format(stay.person, stay.session);
		state.stays[occupant.nick] = stay;
		return stay;
	end

	function rooms.end_stay(occupant)
		local stay = state.stays[occupant.nick];
		state.stays[occupant.nick] = nil;
		return stay;
	end

	-- Calls `see(nick, stay, hibernating, idle)` for everyone in a room but the focus.
	function rooms.each_stay(room, at, see)
		for nick, occupant in room:each_occupant() do
			local stay, session = state.stays[nick], rooms.session_of(occupant);
			if not stay and not rooms.is_focus(occupant.jid) then stay = rooms.begin_stay(occupant, session); end
			if stay then
				local last = session and heard[line_of(session)] or stay.at;
				see(nick, stay, not session or (session.hibernating or false) ~= false, at > last and at - last or 0);
			end
		end
	end

	-- Everyone in a room but the focus: { nick, person, session, hibernating, idle }.
	function rooms.people(room)
		local people = {};
		rooms.each_stay(room, now(), function (nick, stay, hibernating, idle)
			people[#people + 1] = {
				nick = nick, person = stay.person, session = stay.session,
				hibernating = hibernating, idle = idle,
			};
		end);
		table.sort(people, function (a, b) return a.session < b.session; end);
		return people;
	end

	-- Did the person say that they go? One whose connection breaks, or who is put out, does not.
	function rooms.went(session)
		return session ~= nil and going[line_of(session)] == true;
	end

	-- Puts everyone out and forgets the room. True where there was one.
	function rooms.close(name, reason)
		local room = rooms.find(name);
		return room and room:destroy(nil, reason) or false;
	end

	function rooms.put_out(room, nick, reason)
		return room:set_role(true, nick, nil, reason);
	end

	return rooms;
end;
