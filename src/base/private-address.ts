/** Networks that are not on the internet. */
const privateNetworks = readNetworks([
  ...['0.0.0.0/8', '10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  // reserved for protocols, multicast, and never given out
  ...['192.0.0.0/24', '224.0.0.0/3'],
  // the metadata services of Azure and Alibaba Cloud
  ...['168.63.129.16/32', '100.100.100.200/32'],
  ...['fc00::/7', 'fe80::/9', 'ff00::/8'],
  // a NAT64 of the local network: outside of the /96 below, nobody can tell where the IPv4 address begins
  '64:ff9b:1::/48',
]);

/** Some VPNs give every name an address of these networks, and connect to the real one. */
const fakeNetworks = readNetworks(['100.64.0.0/10', '198.18.0.0/15']);
const allNetworks = [...privateNetworks, ...fakeNetworks];

/** How an IPv4 address begins when it is written as an IPv6 address. */
const mapped = bitsOf('::ffff:0:0')?.slice(0, 96) ?? '';

/** IPv6 addresses that hold IPv4 addresses, and how to read these. */
const carriers: readonly { network: string; read(bits: string): string[] }[] = [
  // compatible, translated, and the NAT64 of all networks and of a local one
  ...['::/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/96'].map((network) => ({
    network: readNetwork(network),
    read: (bits: string) => [bits.slice(96)],
  })),
  // 6to4
  { network: readNetwork('2002::/16'), read: (bits) => [bits.slice(16, 48)] },
  // Teredo: its server, and the client with all bits turned over
  {
    network: readNetwork('2001::/32'),
    read: (bits) => [bits.slice(32, 64), bits.slice(96).replace(/[01]/g, (bit) => (bit === '0' ? '1' : '0'))],
  },
];

/** Names of the machine, of its network, of a home or a company. No public name ends like this or has no dot. */
const localName = /^[^.]*$|(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|home\.arpa)$/i;
/** The machine itself, and the metadata service of Google Cloud. */
const ownName = /(^|\.)localhost$|^metadata\.google\.internal$/i;

/**
 * Whether a caller's address of media is one that only this machine or its network can reach: by the name of its host, or
 * because that is a literal address of a private network. `hostname` is that of a parsed `URL`. Names are not looked up.
 */
export function isPrivateAddress(hostname: string): boolean {
  const host = bare(hostname);
  const bits = bitsOf(host);
  return bits === undefined ? localName.test(host) : isIn(allNetworks, bits);
}

/**
 * Whether a link of an answer may not lead to this host, as written: it is `localhost`, a metadata service, or a literal
 * address of a private network. It refuses every IPv6 address that holds an IPv4 address: no link needs one.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = bare(hostname);
  const bits = bitsOf(host);
  if (bits === undefined) return ownName.test(host);
  return carriers.some(({ network }) => bits.startsWith(network)) || isPrivateAddress(host);
}

/** Whether a name that resolves to this address leads into a private network. Fake addresses of VPNs do not. */
export function isPrivateWhenResolved(address: string): boolean {
  const bits = bitsOf(address);
  return bits !== undefined && isIn(privateNetworks, bits);
}

/** Whether the host of a parsed `URL` is an address, and no name. */
export function isLiteral(hostname: string): boolean {
  return bitsOf(bare(hostname)) !== undefined;
}

/** The `code` of the error with which a fetch refuses to connect to a private address. */
export const privateHostCode = 'ERR_PRIVATE_HOST';

/** Why nothing is fetched from a host; `address` is what its name resolves to. */
export function privateHostMessage(hostname: string, address?: string): string {
  const what = address === undefined ? 'is a private address' : `resolves to the private address ${address}`;
  return `"${hostname}" ${what}; allowPrivateHosts: true allows it`;
}

function isIn(networks: readonly string[], bits: string): boolean {
  const carrier = carriers.find(({ network }) => bits.startsWith(network));
  const all = carrier ? carrier.read(bits).map((ipv4) => mapped + ipv4) : [bits];
  return all.some((each) => networks.some((network) => each.startsWith(network)));
}

/** The bits that all addresses of a network begin with. */
function readNetwork(text: string): string {
  const [address = '', length] = text.split('/');
  const extra = address.includes(':') ? 0 : 96;
  return bitsOf(address)?.slice(0, Number(length) + extra) ?? '';
}

function readNetworks(all: readonly string[]): string[] {
  return all.map(readNetwork);
}

/** Without the brackets of an IPv6 address and the dots that end a name. */
function bare(hostname: string): string {
  // the look-behind lets a row of dots be tried once: a host of 60,000 dots would take seconds otherwise
  return hostname.replace(/^\[|\]$|(?<!\.)\.+$/g, '');
}

/** The 128 bits of an address, an IPv4 address mapped into IPv6; `undefined` for a name. */
function bitsOf(host: string): string | undefined {
  if (!host.includes(':')) return /^[\d.]+$/.test(host) ? bitsOf(`::ffff:${host}`) : undefined;
  const [head = '', tail] = host.split('::').map(bitsOfGroups);
  return tail === undefined ? head : head + tail.padStart(128 - head.length, '0');
}

/** A URL ends a mapped address in two groups, other writers end it in an IPv4 address. */
function bitsOfGroups(groups: string): string {
  const parts = groups.split(':').filter((part) => part !== '');
  return parts
    .map((part) =>
      part.includes('.') ? toBits(part.split('.').map(Number), 8) : toBits([Number.parseInt(part, 16)], 16),
    )
    .join('');
}

function toBits(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('');
}
