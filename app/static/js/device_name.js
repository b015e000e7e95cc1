// The name of this device in plain words: "Chrome 131 / Windows". What the browser does not tell is left out.
const BROWSERS = [ // the narrower first: most of them also call themselves Chrome or Safari
  ["Edge", /\b(?:Edg|EdgA|EdgiOS)\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//],
];
const SYSTEMS = [
  ["iOS", /\b(?:iPhone|iPod)\b.* OS (\d+)/],
  ["iPadOS", /\biPad\b.* OS (\d+)/],
  ["Android", /\bAndroid (\d+)/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMacintosh\b/],
  ["Chrome OS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

export function nameOf({ userAgent = "", userAgentData, maxTouchPoints = 0 }) {
  const system = userAgentData?.platform || first(SYSTEMS, userAgent);
  // An iPad says that it is a Mac; a Mac has no touch screen.
  const honest = system === "macOS" && maxTouchPoints > 1 ? "iPadOS" : system;
  return [first(BROWSERS, userAgent), honest].filter(Boolean).join(" / ") || "?";
}

function first(kinds, userAgent) {
  for (const [name, mark] of kinds) {
    const [found, version] = userAgent.match(mark) || [];
    if (found) return version ? `${name} ${version}` : name;
  }
  return "";
}
