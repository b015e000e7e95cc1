// A clock that goes on in hidden tabs, where a page's own timers are slowed down to one a minute.
let timer;
onmessage = ({ data }) => {
  clearInterval(timer);
  timer = setInterval(() => postMessage("tick"), data);
};
