// One person in a call, as Jitsi's own page would have it: ?service=…&room=…&ticket=…
// Everything that the library tells is kept in `call.seen`, for the test to ask, and stands on the page.
'use strict';

const asked = new URLSearchParams(location.search);
const { connection: OF_CONNECTION, conference: OF_CONFERENCE } = JitsiMeetJS.events;

const call = {
  seen: [],
  me: null,
  remote: null,

  saw(what, ...words) {
    this.seen.push({ what, words: words.map(String) });
    const line = document.createElement('li');
    line.textContent = [what, ...words].join(' ');
    document.getElementById('log').append(line);
  },

  // How far the other one's picture has come.
  picture() {
    const { videoWidth = 0, currentTime = 0 } = this.remote || {};
    const frames = this.remote ? this.remote.getVideoPlaybackQuality().totalVideoFrames : 0;
    return { width: videoWidth, seconds: currentTime, frames };
  },
};

function show(track) {
  if (track.isLocal()) return;
  const element = document.createElement(track.getType());
  element.autoplay = element.muted = element.playsInline = true;
  document.body.append(element);
  track.attach(element);
  if (track.getType() === 'video') call.remote = element;
  call.saw('track', track.getType());
}

async function enter(connection) {
  const conference = connection.initJitsiConference(asked.get('room'), {
    openBridgeChannel: false, // there is no bridge: the two are connected directly
    p2p: { enabled: true, stunServers: [], useStunTurn: false },
  });
  const tell = (event, what) => conference.on(event, (...words) => call.saw(what, ...words));
  tell(OF_CONFERENCE.CONFERENCE_FAILED, 'failed');
  tell(OF_CONFERENCE.CONFERENCE_LEFT, 'out');
  tell(OF_CONFERENCE.KICKED, 'kicked');
  conference.on(OF_CONFERENCE.USER_JOINED, (id) => call.saw('other here', id));
  conference.on(OF_CONFERENCE.USER_LEFT, (id) => call.saw('other gone', id));
  conference.on(OF_CONFERENCE.TRACK_ADDED, show);
  conference.on(OF_CONFERENCE.CONFERENCE_JOINED, () => {
    call.me = conference.myUserId();
    call.saw('in', call.me);
  });
  const tracks = await JitsiMeetJS.createLocalTracks({ devices: ['audio', 'video'], resolution: 180 });
  for (const track of tracks) await conference.addTrack(track);
  conference.join();
}

JitsiMeetJS.setLogLevel(JitsiMeetJS.logLevels.ERROR);
JitsiMeetJS.init({ disableAudioLevels: true, enableAnalyticsLogging: false });
const connection = new JitsiMeetJS.JitsiConnection(null, asked.get('ticket'), {
  hosts: { domain: 'meet.jitsi', muc: 'muc.meet.jitsi', focus: 'focus.meet.jitsi' },
  serviceUrl: `${asked.get('service')}?room=${asked.get('room')}`,
});
connection.addEventListener(OF_CONNECTION.CONNECTION_ESTABLISHED, () => enter(connection));
connection.addEventListener(OF_CONNECTION.CONNECTION_FAILED, (...words) => call.saw('no login', ...words));
connection.addEventListener(OF_CONNECTION.CONNECTION_DISCONNECTED, () => call.saw('over'));
connection.connect();
