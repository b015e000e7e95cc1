-- Who may come in: the two people of a talk, each with a ticket for exactly this room, while it is
-- open. A newer connection of the same person takes the place of the older one.

local st, jid = require "util.stanza", require "util.jid";

return function (state, rooms, book)
	local door = {};

	-- The two of the talk. Of a room that the app has not told us of yet, the first two who came
	-- with its tickets; the app hears of them, and ends the room if it is none of its own.
	local function is_one_of_two(name, room, person)
		local entry = book.find(name);
		if entry and entry.people then
			return person == entry.people[1] or person == entry.people[2];
		end
		local others = {};
		for _, each in ipairs(rooms.people(room)) do
			if each.person ~= person then others[each.person] = true; end
		end
		local first = next(others);
		return first == nil or next(others, first) == nil;
	end

	-- Why this session may not enter; nil where it may.
	local function why_not(room, session)
		local name, person = rooms.name(room), rooms.person_of(session);
		if not person then return "not-authorized", "You need a ticket."; end
		if not rooms.is_talk_room(room) or session.jitsi_meet_room ~= jid.node(room.jid) then
			return "not-allowed", "This ticket is for another room.";
		end
		local reason = book.why_closed(name);
		if reason then return "gone", "This room is closed: " .. reason; end
		if not is_one_of_two(name, room, person) then
			return "forbidden", "This talk is between two others.";
		end
	end

	local function ask(event)
		local session, stanza = event.origin, event.stanza;
		if rooms.is_focus(stanza.attr.from) then return; end
		local condition, words = why_not(event.room, session);
		if not condition then return; end
		module:log("info", "%s is not let into %s: %s", rooms.person_of(session) or stanza.attr.from, event.room.jid, words);
		session.send(st.error_reply(stanza, "auth", condition, words));
		return true;
	end

	local function replace(event)
		local person, old = rooms.person_of(event.origin), {};
		for _, each in ipairs(rooms.people(event.room)) do
			if each.person == person then old[#old + 1] = each.nick; end
		end
		for _, nick in ipairs(old) do
			rooms.put_out(event.room, nick, "replaced by a newer connection");
		end
	end

	function door.watch(muc)
		-- After Jitsi has compared ticket and room (99), before it counts heads (10).
		muc:hook("muc-occupant-pre-join", ask, 90);
		muc:hook("muc-occupant-pre-join", function (event)
			if not rooms.is_focus(event.stanza.attr.from) then replace(event); end
		end, 11);
	end

	return door;
end;
