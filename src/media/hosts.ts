const privateRanges =
  // an IPv4 range stands for ::ffff:a.b.c.d as well
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 ' +
  '198.18.0.0/15 224.0.0.0/3 ' +
  // :: and ::1, IPv6 addresses that carry an IPv4 address (compatible, NAT64, 6to4), and the private IPv6 ranges
  '::/96 64:ff9b::/96 2002::/16 fc00::/7 fe80::/9 ff00::/8';

let prefixes: readonly string[] | undefined;

/** Whether the host is `localhost` or a literal address that only this machine or network can reach. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  if (/^(.+\.)?localhost$/i.test(host)) return true;
  const bits = bitsOf(host);
  if (bits === undefined) return false;
  prefixes ??= privateRanges.split(' ').map(toPrefix);
  return prefixes.some((prefix) => bits.startsWith(prefix));
}

/** The bits that all addresses of a range begin with. */
function toPrefix(range: string): string {
  const [address = '', length] = range.split('/');
  const isIPv4 = !address.includes(':');
  return bitsOf(address)?.slice(0, Number(length) + (isIPv4 ? mapped.length : 0)) ?? '';
}

/** How an IPv4 address begins when it is written as an IPv6 address. */
const mapped = '0'.repeat(80) + '1'.repeat(16);

/** The 128 bits of a literal address as `new URL` writes it; `undefined` for a name. */
function bitsOf(host: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(host)) return mapped + toBits(host.split('.'), 10, 8);
  if (!host.includes(':')) return undefined;
  // an address may end in an IPv4 address
  const text = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const digits = parts.slice(0, 4).map((part) => Number(part).toString(16).padStart(2, '0'));
    return `${digits.slice(0, 2).join('')}:${digits.slice(2).join('')}`;
  });
  const [head = '', tail] = text.split('::').map((part) => toBits(part.split(':').filter(Boolean), 16, 16));
  return tail === undefined ? head : head + tail.padStart(128 - head.length, '0');
}

function toBits(numbers: readonly string[], base: number, width: number): string {
  return numbers.map((number) => Number.parseInt(number, base).toString(2).padStart(width, '0')).join('');
}
