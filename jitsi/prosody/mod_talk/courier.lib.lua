-- Brings events to the app: in order, many in a message, each again until it is answered for.

local http, json = require "net.http", require "util.json";
local uuid = require "util.uuid".generate;
local now = require "util.time".now;

local URL = module:get_option_string("talk_app_url");
local MOST_EVENTS, MOST_BYTES = 500, 1000000; -- in a message; the app takes twice as much
local HEARTBEAT_ROOMS = 2000; -- in one event
local PATIENCE_SECONDS = 20; -- for an answer
local LONGEST_PAUSE_SECONDS = 60;
assert(URL, "talk_app_url is missing");

return function (state, signing, spool)
	local courier = {};
	-- A reload does not stop a message that is on its way; its answer is none of ours any more.
	state.life = (state.life or 0) + 1;
	local life = state.life;
	local most = MOST_EVENTS; -- fewer while we look for an event that the app cannot read
	local trip, pause = 0, 1; -- the message that is on its way; the next pause, in seconds
	local on_its_way = false;
	local when_all_is_told;

	local function push(boot, text)
		local event = { boot = boot, json = text };
		state.queue[#state.queue + 1] = event;
		spool.add(event);
	end

	local function message()
		local boot, texts, bytes = state.queue[1].boot, {}, 0;
		for i = 1, math.min(#state.queue, most) do
			local event = state.queue[i];
			if event.boot ~= boot or (i > 1 and bytes + #event.json > MOST_BYTES) then break; end
			texts[i], bytes = event.json, bytes + #event.json;
		end
		return ('{"boot":"%s","events":[%s]}'):format(boot, table.concat(texts, ",")), #texts;
	end

	local function drop(n)
		state.queue = table.move(state.queue, n + 1, #state.queue, 1, {});
		spool.answered(n, state.queue);
	end

	local send;

	local function taken(n)
		drop(n);
		most, pause = MOST_EVENTS, 1;
		if #state.queue == 0 then when_all_is_told(); end
		-- What was merged is told last; until then the app must not take anybody for silent.
		if #state.queue == 0 then state.failing_since = nil; end
		send();
	end

	-- Halve the message until the one event is found that the app cannot read.
	local function unreadable(n, answer)
		if n > 1 then
			most = n // 2;
		else
			module:log("error", "the app cannot read an event, which is set aside: %s", answer);
			spool.set_aside(state.queue[1]);
			drop(1);
		end
		send();
	end

	local function again_later(why)
		state.failing_since = state.failing_since or now();
		module:log("warn", "the app did not take %d events (%s); again in %d s", #state.queue, why, pause);
		on_its_way = true; -- nobody else sends meanwhile
		module:add_timer(pause, function ()
			on_its_way = false;
			send();
		end);
		pause = math.min(pause * 2, LONGEST_PAUSE_SECONDS);
	end

	function send()
		if on_its_way or #state.queue == 0 then return; end
		local body, n = message();
		trip, on_its_way = trip + 1, true;
		local mine = trip;
		local function answered(answer, status)
			if state.life ~= life or trip ~= mine then return; end -- too late: it was sent again
			trip, on_its_way = trip + 1, false;
			status = tonumber(status) or 0;
			if status >= 200 and status < 300 then return taken(n); end
			if status == 400 or status == 413 then return unreadable(n, answer); end
			again_later(("status %d"):format(status));
		end
		http.request(URL, {
			method = "POST", body = body, suppress_errors = false,
			headers = { ["Content-Type"] = "application/json", ["X-Talk-Signature"] = signing.sign(body) },
		}, answered);
		module:add_timer(PATIENCE_SECONDS, function () answered("no answer", 0); end);
	end

	-- Something happened. Keeps it and sends it as soon as it may.
	function courier.tell(kind, fields)
		state.seq = state.seq + 1;
		fields.id, fields.seq, fields.at, fields.kind = uuid(), state.seq, fields.at or now(), kind;
		push(state.boot, json.encode(fields));
		send();
	end

	local function push_heartbeat(boot, seq, at, texts)
		push(boot, ('{"id":"%s","seq":%d,"at":%.3f,"kind":"heartbeat","rooms":[%s]}')
			:format(uuid(), seq, at, table.concat(texts, ",")));
	end

	-- A heartbeat of these rooms, each already in JSON.
	function courier.tell_heartbeat(at, texts)
		for first = 1, #texts, HEARTBEAT_ROOMS do
			state.seq = state.seq + 1;
			local some = table.move(texts, first, math.min(first + HEARTBEAT_ROOMS - 1, #texts), 1, {});
			push_heartbeat(state.boot, state.seq, at, some);
		end
		send();
	end

	-- Has everything been answered for?
	function courier.is_clear()
		return #state.queue == 0;
	end

	function courier.when_all_is_told(act)
		when_all_is_told = act;
	end

	-- Begin, or after a reload go on. A new Prosody first tells what the one before it left.
	function courier.begin()
		if not state.boot then
			local events, beats = spool.left();
			state.queue = events;
			if #events > 0 or beats then state.failing_since = now(); end
			for _, entry in ipairs(beats and beats.entries or {}) do
				beats.seq = beats.seq + 1;
				push_heartbeat(beats.boot, beats.seq, entry.at, { entry.json });
			end
			spool.keep_heartbeats(state.boot, {});
			state.boot = uuid();
			courier.tell("boot", {});
		end
		send();
	end

	return courier;
end;
