-- Keeps on disk what the app has not answered for: events in their order, one a line, and the
-- heartbeats that wait to be told. A line that a crash cut short is dropped.
--   events:      E <boot> <json>    an event
--                A <n>              the n oldest are answered for
--   heartbeats:  H <boot> <seq>     whose they are, and its last number
--                R <at> <json>      a room as it would stand in a heartbeat of that moment

local datamanager = require "util.datamanager";

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
	if #waiting > 0 and answered < COMPACT_AFTER then return append("A " .. n); end
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

function spool.keep_heartbeats(boot, seq, entries)
	local lines = { ("H %s %d"):format(boot, seq) };
	for _, entry in ipairs(entries) do lines[#lines + 1] = ("R %.3f %s"):format(entry.at, entry.json); end
	write_anew(HEARTBEATS, lines);
end

function spool.forget_heartbeats()
	os.remove(HEARTBEATS);
end

-- What an earlier Prosody left: its events, and its heartbeats as { boot, seq, entries } or nil.
function spool.left()
	local events, first = {}, 1;
	for line in lines_of(EVENTS) do
		local boot, json = line:match("^E (%S+) (.+)$");
		if boot then events[#events + 1] = { boot = boot, json = json }; end
		first = first + (tonumber(line:match("^A (%d+)$")) or 0);
	end
	local beats;
	for line in lines_of(HEARTBEATS) do
		local boot, seq = line:match("^H (%S+) (%d+)$");
		local at, json = line:match("^R (%S+) (.+)$");
		if boot then beats = { boot = boot, seq = tonumber(seq), entries = {} }; end
		if at and beats then beats.entries[#beats.entries + 1] = { at = tonumber(at), json = json }; end
	end
	return table.move(events, first, #events, 1, {}), beats;
end

return spool;
