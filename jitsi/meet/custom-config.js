// Appended to Jitsi Meet's own configuration; what has no setting of the image's stands here.
// A person can change any of it in a browser, so nothing that must hold may depend on it.
config.disableThirdPartyRequests = true;
config.gravatar = { disabled: true };
config.analytics.disabled = true;
config.disableInviteFunctions = true;
config.readOnlyName = true;
config.doNotStoreRoom = true;
config.participantsPane = { enabled: false };
config.securityUi = { hideLobbyButton: true, disableLobbyPassword: true };
