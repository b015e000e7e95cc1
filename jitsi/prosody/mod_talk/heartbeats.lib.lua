-- Heartbeats: who is in which room, for all rooms in one event, at least every ten seconds.
--
-- While the app does not take them they are merged: a room that stays the same from beat to beat
-- becomes one entry with the moment of its first beat (`since`), so that hours of silence cost the
-- app no minute of evidence, and us no more than one entry for each change.
--
-- state.runs[name] is such a room: { since, at, word, people }.

local now = require "util.time".now;

local EVERY_SECONDS = module:get_option_number("talk_heartbeat_seconds", 10);
local LIVE_IDLE_SECONDS = 30; -- the app's bound: whoever is silent for longer is not there
local LONGEST_GAP = 2.5; -- beats; after a longer one, nobody can say what was between

return function (state, rooms, courier, spool)
	local heartbeats = {};

	-- What a room looks like: in JSON, and as a word that changes when anybody comes, goes or is lost.
	-- Names are plain text; written by hand, since a JSON library takes a dozen times as long.
	local function look(room, at)
		local texts, words, n = {}, {}, 0;
		rooms.each_stay(room, at, function (_, stay, hibernating, idle)
			n = n + 1;
			texts[n] = ("%s,\"hibernating\":%s,\"idle\":%.3f}"):format(stay.json, hibernating, idle);
			words[n] = stay.session .. (hibernating and " lost" or idle > LIVE_IDLE_SECONDS and " silent" or "");
		end);
		table.sort(words);
		return table.concat(texts, ","), table.concat(words, "\n"), n;
	end

	local function entry(name, people, since)
		return since and ('{"room":%q,"since":%.3f,"people":[%s]}'):format(name, since, people)
			or ('{"room":%q,"people":[%s]}'):format(name, people);
	end

	local function entry_of(name, run)
		return entry(name, run.people, run.since < run.at and run.since or nil);
	end

	-- Before something happens in a room, what was known of it before goes on its way.
	function heartbeats.settle(name)
		local run = state.runs[name];
		state.runs[name] = nil;
		if run then courier.tell_heartbeat(run.at, { entry_of(name, run) }); end
	end

	local function merge(name, people, word, at)
		local run = state.runs[name];
		if run and run.word == word and at - run.at <= LONGEST_GAP * EVERY_SECONDS then
			run.at, run.people = at, people;
		else
			heartbeats.settle(name);
			state.runs[name] = { since = at, at = at, word = word, people = people };
		end
	end

	-- One beat of the rooms that this iterates over.
	local function beat(...)
		local at, texts, clear = now(), {}, courier.is_clear();
		for name, room in ... do
			local people, word, n = look(room, at);
			if n > 0 and clear then
				texts[#texts + 1] = entry(name, people);
			elseif n > 0 then
				merge(name, people, word, at);
			end
		end
		if #texts > 0 then courier.tell_heartbeat(at, texts); end
	end

	-- Somebody's connection was lost or came back: that room is told at once.
	function heartbeats.beat_room(room)
		beat(pairs { [rooms.name(room)] = room });
	end

	-- Keep on disk what waits to be told.
	function heartbeats.keep()
		local entries = {};
		for name, run in pairs(state.runs) do
			entries[#entries + 1] = { at = run.at, json = entry_of(name, run) };
		end
		table.sort(entries, function (a, b) return a.at < b.at; end);
		spool.keep_heartbeats(state.boot, entries);
	end

	-- The app takes events again: what was merged goes on its way, one heartbeat for each moment.
	courier.when_all_is_told(function ()
		local moments, texts = {}, {};
		for name, run in pairs(state.runs) do
			if not texts[run.at] then
				texts[run.at] = {};
				moments[#moments + 1] = run.at;
			end
			table.insert(texts[run.at], entry_of(name, run));
		end
		state.runs = {};
		table.sort(moments);
		for _, at in ipairs(moments) do courier.tell_heartbeat(at, texts[at]); end
		if #moments > 0 then heartbeats.keep(); end
	end);

	-- One beat of all rooms.
	function heartbeats.beat()
		local began = os.clock();
		beat(rooms.each());
		state.beat_ms = (os.clock() - began) * 1000;
		if not courier.is_clear() then heartbeats.keep(); end
	end

	module:add_timer(EVERY_SECONDS, function ()
		heartbeats.beat();
		return EVERY_SECONDS;
	end);

	return heartbeats;
end;
