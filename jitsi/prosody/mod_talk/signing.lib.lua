-- Signs what goes to the app, and checks what comes from it.
--   X-Talk-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, t + "." + signed)>
-- Of an event message its body is signed; of an order its path, a full stop and its body.

local hashes = require "util.hashes";
local now = require "util.time".now;

local WINDOW_SECONDS = 300; -- a signature is good for so long, either way
local LENGTH = 32; -- characters of a secret, at least

local secret = module:get_option_string("talk_secret", "");
local former = module:get_option_string("talk_former_secret", "");
assert(#secret >= LENGTH, "talk_secret must have at least 32 characters");
assert(former == "" or #former >= LENGTH, "talk_former_secret must have at least 32 characters");

local signing = {};

local function digest(key, seconds, signed)
	return hashes.hmac_sha256(key, seconds .. "." .. signed, true);
end

function signing.sign(signed)
	local seconds = ("%d"):format(math.floor(now()));
	return "t=" .. seconds .. ",v1=" .. digest(secret, seconds, signed);
end

-- Why a signature does not hold; nil where it does. Both secrets are always compared, and each
-- comparison takes as long whatever differs, so that the time tells nothing.
function signing.why_not(signature, signed)
	local seconds, given = (signature or ""):match("^t=(%d+),v1=(%x+)$");
	if not seconds or #seconds > 12 then return "unsigned"; end
	local ours = hashes.equals(digest(secret, seconds, signed), given);
	local old = former ~= "" and hashes.equals(digest(former, seconds, signed), given);
	if not (ours or old) then return "wrong_signature"; end
	if math.abs(now() - tonumber(seconds)) > WINDOW_SECONDS then return "stale"; end
end

return signing;
