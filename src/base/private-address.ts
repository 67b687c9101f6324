/** Networks that are not on the internet, as addresses with the number of bits that count. */
const privateIpv4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  // reserved for protocols and measurements, multicast, and never given out
  ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3'],
];
const privateIpv6 = ['fc00::/7', 'fe80::/9', 'ff00::/8'];

/** IPv6 addresses that hold an IPv4 address, and the bit at which it begins: mapped, compatible, NAT64, 6to4. */
const carriers: [network: string, start: number][] = [
  ['::ffff:0:0/96', 96],
  ['::/96', 96],
  ['64:ff9b::/96', 96],
  ['2002::/16', 16],
];

/** Names of the machine itself, of its network, and of a home or a company: no public name ends like this. */
const privateName = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/i;

/**
 * Whether a host is one that only this machine or its network can reach: by its name, or because it is a literal address
 * of a private network. `hostname` is that of a parsed `URL`. Names are not looked up.
 */
export function isPrivateAddress(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  if (host.includes(':')) return isPrivateIpv6(bitsOfIpv6(host));
  return /^[\d.]+$/.test(host) ? isPrivateIpv4(bitsOfIpv4(host)) : privateName.test(host);
}

const isPrivateIpv4 = (bits: string) => privateIpv4.some((network) => isIn(network, bits, bitsOfIpv4));

function isPrivateIpv6(bits: string): boolean {
  const carrier = carriers.find(([network]) => isIn(network, bits, bitsOfIpv6));
  if (carrier) return isPrivateIpv4(bits.slice(carrier[1], carrier[1] + 32));
  return privateIpv6.some((network) => isIn(network, bits, bitsOfIpv6));
}

function isIn(network: string, bits: string, bitsOf: (address: string) => string): boolean {
  const [address = '', count] = network.split('/');
  return bits.startsWith(bitsOf(address).slice(0, Number(count)));
}

const bitsOfIpv4 = (address: string) =>
  address
    .split('.')
    .map((part) => toBits(Number(part), 8))
    .join('');

function bitsOfIpv6(address: string): string {
  const [head = '', tail = ''] = address.split('::').map(bitsOfGroups);
  return head + tail.padStart(128 - head.length, '0');
}

/** A URL ends a mapped address in two groups, other writers end it in an IPv4 address. */
function bitsOfGroups(groups: string): string {
  const parts = groups.split(':').filter((part) => part !== '');
  return parts
    .map((part) => (part.includes('.') ? bitsOfIpv4(part) : toBits(Number.parseInt(part, 16), 16)))
    .join('');
}

const toBits = (value: number, count: number) => value.toString(2).padStart(count, '0');
