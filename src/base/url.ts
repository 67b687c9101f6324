/** Servers take URLs of 8 to 64 kB. `new URL` takes quadratic time to read a longer host. */
const longestUrl = 65_536;

/** The parsed URL, or `undefined`; unlike `new URL` it never throws an error that quotes its input. */
export function parseUrl(text: string | URL, base?: URL): URL | undefined {
  if (String(text).length > longestUrl) return undefined;
  try {
    // not URL.canParse: in Node 20 it refuses "http://é" after it was optimized
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

export function isHttp(url: URL): boolean {
  return /^https?:$/.test(url.protocol);
}
