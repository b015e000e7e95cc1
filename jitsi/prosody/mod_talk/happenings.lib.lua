-- What happens in the rooms, told as it happens: who comes, who goes, and that a room is closed.

return function (state, rooms, heartbeats, courier)
	local happenings = {};

	local function tell_coming(kind, room, stay, lost)
		local name = rooms.name(room);
		heartbeats.settle(name);
		courier.tell(kind, {
			room = name, person = stay.person, session = stay.session, hibernating = lost,
		});
	end

	local function joined(event)
		if rooms.is_focus(event.occupant.jid) then return; end
		tell_coming("joined", event.room, rooms.begin_stay(event.occupant, event.origin), false);
	end

	-- On purpose is only who said so: not who was put out, lost, or in a Prosody that stops.
	local function left(event)
		if rooms.is_focus(event.occupant.jid) then return; end
		local stay = rooms.end_stay(event.occupant);
		if not stay or event.room.destroying then return; end
		local on_purpose = event.stanza ~= nil and rooms.went(event.origin) and not state.stopping;
		tell_coming("left", event.room, stay, not on_purpose);
	end

	-- Told before everyone is put out; so no `left` follows.
	local function closing(event)
		local name, people = rooms.name(event.room), {};
		for i, each in ipairs(rooms.people(event.room)) do
			people[i] = { person = each.person, session = each.session, hibernating = each.hibernating, idle = each.idle };
		end
		if #people == 0 then return; end
		heartbeats.settle(name);
		courier.tell("closed", { room = name, reason = happenings.reason(event.reason), people = people });
	end

	-- A reason as the app reads it: plain, short, and never empty.
	function happenings.reason(given)
		local plain = tostring(given or "closed"):gsub("[^\x20-\x7e]", "?"):sub(1, 128);
		return plain ~= "" and plain or "closed";
	end

	-- The room that a session is in, if any.
	local function room_of(session)
		for _, room in rooms.each() do
			if room:get_occupant_by_real_jid(session.full_jid) then return room; end
		end
	end

	local function changed(session)
		local room = session.full_jid and room_of(session);
		if room then heartbeats.beat_room(room); end
	end

	module:hook("smacks-hibernation-start", function (event) changed(event.origin); end);
	module:hook("smacks-hibernation-end", function (event) changed(event.resumed or event.origin); end);

	function happenings.watch(muc)
		muc:hook("muc-occupant-joined", joined, -10);
		muc:hook("muc-occupant-left", left, 1); -- before mod_muc itself forgets an empty room
		muc:hook("muc-pre-room-destroy", closing, -10);
	end

	return happenings;
end;
