// Jitsi Meet cut down to what this page does not have itself: the two pictures, and mute, camera, switch.
// Only names that Jitsi lets a page overwrite; who doctors them in a browser gains nothing, the server keeps the limits.
export const LOOK = {
  toolbarButtons: ["microphone", "camera", "toggle-camera"],
  toolbarConfig: { alwaysVisible: true },
  prejoinConfig: { enabled: false },
  requireDisplayName: false,
  readOnlyName: true,
  disableProfile: true,
  disableDeepLinking: true,
  disableInviteFunctions: true,
  disableBeforeUnloadHandlers: true,
  disableThirdPartyRequests: true,
  gravatar: { disabled: true },
  doNotStoreRoom: true,
  startWithAudioMuted: false,
  p2p: { enabled: false }, // neither sees the other's address, and a closed room carries nothing
  hideConferenceTimer: true, // ours is the one that counts
  hideConferenceSubject: true,
  hideParticipantsStats: true,
  conferenceInfo: { alwaysVisible: [], autoHide: [] },
  participantsPane: { enabled: false },
  remoteVideoMenu: { disabled: true },
  securityUi: { hideLobbyButton: true, disableLobbyPassword: true },
  disableRemoteMute: true,
  disableTileView: true,
  disablePolls: true,
  disableReactions: true,
  disableShortcuts: true,
  disableVirtualBackground: true,
  disableSelfViewSettings: true,
  localRecording: { disable: true },
  recordingService: { enabled: false },
  whiteboard: { enabled: false },
  feedbackPercentage: 0,
  notifications: [],
  notifyOnConferenceDestruction: false, // our page says what became of the room
};

export const PARTS = {
  DISABLE_JOIN_LEAVE_NOTIFICATIONS: true,
  SHOW_CHROME_EXTENSION_BANNER: false,
  SHOW_POWERED_BY: false,
};
