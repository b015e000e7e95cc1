-- For tests: lets people in by a ticket in the address, with the claims and refusals that Jitsi has.
-- Written from its documentation; nothing of Jitsi's is in it.

local hashes, json = require "util.hashes", require "util.json";
local base64 = require "util.encodings".base64.decode;
local formdecode = require "util.http".formdecode;
local sasl, uuid = require "util.sasl", require "util.uuid".generate;
local now = require "util.time".now;

local SECRET = module:get_option_string("app_secret");
local ISSUER, AUDIENCE, SUBJECT = "sashitalk", "jitsi", module.host;

local function plain(text)
	return base64((text:gsub("[-_]", { ["-"] = "+", ["_"] = "/" }) .. ("="):rep(-#text % 4)));
end

-- The claims of a ticket, or nil and why it does not hold.
local function claims_of(ticket)
	if not ticket then return nil, "token required"; end
	local signed, head, body, signature = ticket:match("^(([%w_-]+)%.([%w_-]+))%.([%w_-]*)$");
	local header = head and json.decode(plain(head) or "");
	if not header then return nil, "Invalid token"; end
	if header.alg ~= "HS256" then return nil, "Invalid or incorrect alg"; end
	if plain(signature) ~= hashes.hmac_sha256(SECRET, signed) then return nil, "Invalid signature"; end
	return json.decode(plain(body) or "");
end

local function why_not(claims)
	if claims.iss ~= ISSUER then return "Issuer not accepted"; end
	if claims.aud ~= AUDIENCE then return "Audience not accepted"; end -- a list is none
	if claims.sub ~= SUBJECT then return "Subject not accepted"; end
	if type(claims.room) ~= "string" then return "'room' claim is missing"; end
	if not claims.exp or now() > claims.exp then return "Not acceptable by exp"; end
	if claims.nbf and now() < claims.nbf then return "Not acceptable by nbf"; end
end

local function admit(session)
	local claims, problem = claims_of(session.auth_token);
	problem = problem or why_not(claims);
	if problem then return false, "not-allowed", problem; end
	session.jitsi_meet_room = claims.room:lower();
	session.jitsi_meet_context_user = claims.context.user;
	return true;
end

module:hook_global("websocket-session", function (event)
	local query = event.request.url.query;
	event.session.auth_token = query and formdecode(query).token or nil;
end);

sasl.registerMechanism("ANONYMOUS", { "anonymous" }, function (self)
	local admitted, condition, text = self.profile.anonymous(self);
	if not admitted then return "failure", condition, text; end
	self.username = uuid();
	return "success";
end);

module:provides("auth", {
	get_sasl_handler = function (session)
		return sasl.new(module.host, { anonymous = function () return admit(session); end });
	end;
});
