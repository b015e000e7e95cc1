-- For tests: loads our module anew in a running Prosody, as an administrator does after an upgrade.

local modulemanager = require "core.modulemanager";

module:depends("http");
module:provides("http", {
	default_path = "/reload";
	route = { ["POST"] = function () return modulemanager.reload(module.host, "talk") and 200 or 500; end };
});
