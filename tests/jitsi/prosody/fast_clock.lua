-- For tests: Prosody's clock in step with a product whose clock runs fast. Lua runs this before
-- Prosody (LUA_INIT), since whatever asks for the time keeps the function that it was given.

local speed, epoch = tonumber(os.getenv "CLOCK_SPEED"), tonumber(os.getenv "CLOCK_EPOCH");

local function fast(name)
	return function ()
		local path = assert(package.searchpath(name, package.cpath));
		local time = package.loadlib(path, "luaopen_" .. name:gsub("%.", "_"))();
		local real = time.now;
		time.now = function () return epoch + (real() - epoch) * speed; end
		return time;
	end;
end

if speed ~= 1 then
	package.preload["util.time"] = fast "util.time";
	package.preload["prosody.util.time"] = fast "prosody.util.time"; -- its name in Prosody 13
end
