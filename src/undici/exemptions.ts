import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * Reads `NO_PROXY`, the hosts to reach without the proxy, as curl and Go do: a name includes its subdomains (`*.name`
 * means only these), an address may be a range (`10.0.0.0/8`), a port may follow, and `*` means every host.
 * undici's own EnvHttpProxyAgent knows neither ranges nor IPv6 addresses.
 */
export function readExemptions(list: string): (origin: URL) => boolean {
  const rules = list.split(/[,\s]+/).map(readRule);
  return ({ protocol, hostname, port }) => {
    const actualPort = Number(port || (protocol === 'https:' ? 443 : 80));
    return rules.some((isExempt) => isExempt(bare(hostname), actualPort));
  };
}

function readRule(entry: string): (host: string, port: number) => boolean {
  // an IPv6 address has a port only behind brackets
  const [, whole = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  const host = bare(whole);
  const [, address = host, bits] = /^(.*)\/(\d+)$/.exec(host) ?? [];
  const isHost = isIP(address) ? readAddresses(address, bits) : readName(host);
  return (actual, actualPort) => (port === undefined || Number(port) === actualPort) && isHost(actual);
}

function readAddresses(address: string, bits: string | undefined): (host: string) => boolean {
  const allBits = isIP(address) === 4 ? 32 : 128;
  const prefix = Number(bits ?? allBits);
  const addresses = new BlockList();
  if (prefix <= allBits) addresses.addSubnet(address, prefix, familyOf(address));
  return (host) => isIP(host) !== 0 && addresses.check(host, familyOf(host));
}

function readName(text: string): (host: string) => boolean {
  if (text === '*') return () => true;
  const name = text.replace(/^\*?\./, '');
  const ascii = domainToASCII(name) || name;
  return (host) => !isIP(host) && ((host === ascii && !text.startsWith('*')) || host.endsWith(`.${ascii}`));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Without the brackets of an IPv6 address and the dot that ends a name. */
function bare(host: string): string {
  return host.toLowerCase().replace(/[[\]]/g, '').replace(/\.$/, '');
}
