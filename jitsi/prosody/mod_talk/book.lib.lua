-- What the app has ordered for each room: its two people, when it closes, and whether it has ended.
-- Kept on disk, so that a room closes in time, and stays closed, whatever becomes of app and Prosody.
--
-- state.entries[name] is { version, people, closes_at, ended, at }, and shut once its time has come.

local now = require "util.time".now;

local LOOK_SECONDS = 0.25; -- how late a room may close
local ENDED_KEPT_SECONDS = 3600; -- no ticket into an ended room lives as long
local KEPT_SECONDS = 86400; -- nor does a room of which nothing is heard

return function (state, rooms)
	local book = {};
	local store = module:open_store("talk_rooms");

	for name in store:users() do
		state.entries[name] = state.entries[name] or store:get(name);
	end

	function book.find(name)
		return state.entries[name];
	end

	-- The orders for rooms that have not ended.
	function book.open_entries()
		return coroutine.wrap(function ()
			for name, entry in pairs(state.entries) do
				if not entry.ended then coroutine.yield(name, entry); end
			end
		end);
	end

	-- Why nobody may be in this room now; nil where the two of the talk may.
	function book.why_closed(name)
		local entry = state.entries[name];
		if not entry then return nil; end
		return entry.ended or (entry.closes_at and now() >= entry.closes_at and "time") or nil;
	end

	-- Once for each order: nobody is let in any more, and a focus that waits alone harms nobody.
	local function obey(name)
		local reason = book.why_closed(name);
		if not reason then return; end
		state.entries[name].shut = true;
		rooms.close(name, reason);
	end

	-- Write an order down and obey it. An older one that comes late changes nothing; nothing opens
	-- a room again that has ended.
	function book.write(order)
		local old = state.entries[order.room];
		if old and (old.version > order.version or old.ended) then
			obey(order.room);
			return;
		end
		local entry = {
			version = order.version, people = order.people, at = now(),
			closes_at = order.closes_at, ended = order.ended,
		};
		state.entries[order.room] = entry;
		store:set(order.room, entry);
		obey(order.room);
	end

	local function is_over(name, entry, at)
		local kept = entry.ended and ENDED_KEPT_SECONDS or KEPT_SECONDS;
		return at - entry.at > kept and not rooms.find(name);
	end

	module:add_timer(LOOK_SECONDS, function ()
		local at = now();
		for name, entry in pairs(state.entries) do
			if entry.closes_at and at >= entry.closes_at and not entry.shut then obey(name); end
		end
		return LOOK_SECONDS;
	end);

	module:add_timer(60, function ()
		local at = now();
		for name, entry in pairs(state.entries) do
			if is_over(name, entry, at) then
				state.entries[name] = nil;
				store:set(name, nil);
			end
		end
		return 60;
	end);

	return book;
end;
