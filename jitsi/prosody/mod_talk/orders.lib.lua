-- What the app asks of us, by signed POST requests:
--   /talk/rooms      bring these rooms to this state: their two people, closing time, or end
--   /talk/presence   who is in which room now
--   /talk/removals   put one connection out

local array, json = require "util.array", require "util.json";
local now = require "util.time".now;

local PEOPLE = 2;

return function (state, signing, rooms, book, courier, heartbeats)
	local function answer(status, said)
		return { status_code = status, headers = { content_type = "application/json" }, body = json.encode(said) };
	end

	local function is_name(given)
		return type(given) == "string" and given:find("^[\x20-\x7e]+$") ~= nil and #given <= 128;
	end

	local function is_order(order)
		return type(order) == "table" and is_name(order.room)
			and type(order.version) == "number"
			and (order.closes_at == nil or type(order.closes_at) == "number")
			and (order.ended == nil or is_name(order.ended))
			and (order.people == nil or (type(order.people) == "table" and #order.people == PEOPLE
				and is_name(order.people[1]) and is_name(order.people[2])));
	end

	local function obey_orders(asked)
		if type(asked.rooms) ~= "table" then return answer(400, { problem = "rooms is no list" }); end
		for _, order in ipairs(asked.rooms) do
			if not is_order(order) then return answer(400, { problem = "an order cannot be read" }); end
		end
		local left = {};
		for i, order in ipairs(asked.rooms) do
			book.write(order);
			left[i] = { room = order.room, open = rooms.find(order.room) ~= nil };
		end
		return answer(200, { rooms = array(left) });
	end

	local function presence()
		local found = {};
		for name, room in rooms.each() do
			local people = {};
			for i, each in ipairs(rooms.people(room)) do
				people[i] = {
					person = each.person, session = each.session,
					hibernating = each.hibernating, idle = each.idle,
				};
			end
			found[#found + 1] = { room = name, people = array(people) };
		end
		local kept = {};
		for name, entry in book.open_entries() do
			kept[#kept + 1] = { room = name, version = entry.version, closes_at = entry.closes_at };
		end
		return answer(200, {
			boot = state.boot, at = now(), prosody = prosody.version, beat_ms = state.beat_ms,
			waiting = #state.queue, failing_since = state.failing_since,
			rooms = array(found), orders = array(kept),
		});
	end

	local function remove(asked)
		local room = is_name(asked.room) and rooms.find(asked.room);
		local removed = 0;
		for _, each in ipairs(room and rooms.people(room) or {}) do
			if each.session == asked.session then
				rooms.put_out(room, each.nick, is_name(asked.reason) and asked.reason or "removed");
				removed = removed + 1;
			end
		end
		return answer(200, { removed = removed });
	end

	local function signed(path, act)
		return function (event)
			local body = event.request.body or "";
			local problem = signing.why_not(event.request.headers.x_talk_signature, path .. "." .. body);
			if problem then
				module:log("warn", "an order to %s is refused: %s", path, problem);
				return answer(401, { problem = problem });
			end
			local asked = json.decode(body);
			if type(asked) ~= "table" then return answer(400, { problem = "this is no JSON object" }); end
			return act(asked);
		end;
	end

	module:depends("http");
	module:provides("http", {
		default_path = "/talk";
		route = {
			["POST /rooms"] = signed("/talk/rooms", obey_orders);
			["POST /presence"] = signed("/talk/presence", presence);
			["POST /removals"] = signed("/talk/removals", remove);
		};
	});
end;
