import { parseUrl } from './url.js';

/** ISO time at which a signed URL stops working: its `Expires`, in seconds since 1970. */
export function expiresAt(url: string | URL): string | undefined {
  const seconds = Number(parseUrl(url)?.searchParams.get('Expires') ?? 0);
  // a Date cannot hold more: then the parameter is no time
  return seconds > 0 && seconds < 8.64e12 ? new Date(seconds * 1000).toISOString() : undefined;
}
