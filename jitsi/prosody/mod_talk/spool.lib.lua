-- Keeps on disk what the app has not answered for: events in their order, one a line, and the
-- heartbeats that wait to be told. A line that a crash cut short is dropped.
--   events:      E <boot> <json>    an event
--                A <n>              the n oldest are answered for
--   heartbeats:  H <boot>           whose they are
--                R <at> <json>      a room as it would stand in a heartbeat of that moment

local datamanager, json = require "util.datamanager", require "util.json";

local COMPACT_AFTER = 5000; -- answered lines that may lie in the file

local function path_of(name)
	return datamanager.getpath(name, module.host, "talk", "log", true);
end
local EVENTS, HEARTBEATS = path_of "events", path_of "heartbeats";

local spool = {};
local file, answered = nil, 0;

local function append(line)
	file = file or assert(io.open(EVENTS, "a"));
	file:write(line, "\n");
	file:flush();
end

local function write_anew(path, lines)
	local fresh = assert(io.open(path .. "~", "w"));
	for _, line in ipairs(lines) do fresh:write(line, "\n"); end
	fresh:close();
	assert(os.rename(path .. "~", path));
end

local function lines_of(path)
	local found = io.open(path, "r");
	if not found then return function () end; end
	local text = found:read("*a");
	found:close();
	return text:gmatch("([^\n]*)\n");
end

function spool.add(event)
	append("E " .. event.boot .. " " .. event.json);
end

-- The n oldest events are answered for; `waiting` are those that are not.
function spool.answered(n, waiting)
	answered = answered + n;
	if #waiting > 0 and answered < COMPACT_AFTER then
		append("A " .. n);
		return;
	end
	if file then file:close(); end
	local lines = {};
	for i, event in ipairs(waiting) do lines[i] = "E " .. event.boot .. " " .. event.json; end
	write_anew(EVENTS, lines);
	file, answered = nil, 0;
end

-- An event that the app cannot read would hold up all others; it is kept for a human.
function spool.set_aside(event)
	local refused = assert(io.open(path_of "refused", "a"));
	refused:write(event.boot, " ", event.json, "\n");
	refused:close();
end

-- Keep these heartbeats, and no older ones.
function spool.keep_heartbeats(boot, entries)
	if #entries == 0 then return os.remove(HEARTBEATS); end
	local lines = { "H " .. boot };
	for _, entry in ipairs(entries) do lines[#lines + 1] = ("R %.3f %s"):format(entry.at, entry.json); end
	write_anew(HEARTBEATS, lines);
end

-- Of the events of one life: its highest number, and when each room was last told of.
local function told_by(events, boot)
	local highest, told = 0, {};
	for _, each in ipairs(events) do
		local event = each.boot == boot and json.decode(each.json) or { seq = 0, at = 0 };
		highest = math.max(highest, event.seq);
		for _, entry in ipairs(event.rooms or { event }) do
			if entry.room then told[entry.room] = math.max(told[entry.room] or 0, event.at); end
		end
	end
	return highest, told;
end

-- What an earlier Prosody left: its events, and its heartbeats as { boot, seq, entries } or nil.
-- A heartbeat that was told between two keepings stands among the events already.
function spool.left()
	local events, first = {}, 1;
	for line in lines_of(EVENTS) do
		local boot, text = line:match("^E (%S+) (.+)$");
		if boot then events[#events + 1] = { boot = boot, json = text }; end
		first = first + (tonumber(line:match("^A (%d+)$")) or 0);
	end
	local beats, told;
	for line in lines_of(HEARTBEATS) do
		local boot = line:match("^H (%S+)$");
		if boot then
			beats = { boot = boot, entries = {} };
			beats.seq, told = told_by(events, boot);
		end
		local at, text = line:match("^R (%S+) (.+)$");
		local room = text and json.decode(text).room;
		if room and tonumber(at) > (told[room] or 0) then
			beats.entries[#beats.entries + 1] = { at = tonumber(at), json = text };
		end
	end
	return table.move(events, first, #events, 1, {}), beats;
end

return spool;
