// What a microphone hears: how loud it is, and whether somebody speaks.
const EVERY_MS = 100;
const REMEMBERED = 8192; // samples, more than come between two looks, so that no short sound is missed
const CLEAR = 0.08; // of 1; a quiet room stays well below it
const ABOVE_SILENCE = 3; // times as loud as the quietest moment so far

// Tells how loud it is, from 0 to 1, ten times a second. Returns what stops it.
export function listen(stream, tell) {
  const context = new (window.AudioContext || window.webkitAudioContext)();
  const ear = context.createAnalyser();
  ear.fftSize = REMEMBERED;
  const heard = new Uint8Array(ear.fftSize);
  context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(ear);
  const look = setInterval(() => {
    ear.getByteTimeDomainData(heard);
    tell(Math.max(...heard.map((wave) => Math.abs(wave - 128))) / 128);
  }, EVERY_MS);
  return () => {
    clearInterval(look);
    context.close();
  };
}

// A steady hum is no voice, however loud.
export const isVoice = (loudness, quietest) => loudness > CLEAR && loudness > ABOVE_SILENCE * quietest;
