import { BlockList, isIP } from 'node:net';

let privateRanges: BlockList | undefined;

/** Whether the host is `localhost` or a literal address that only this machine or network can reach. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  if (version === 0) return false;
  privateRanges ??= listPrivateRanges();
  return privateRanges.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function listPrivateRanges(): BlockList {
  const list = new BlockList();
  // an IPv4 rule also holds for the address written as ::ffff:a.b.c.d
  list.addSubnet('0.0.0.0', 8);
  list.addSubnet('10.0.0.0', 8);
  list.addSubnet('100.64.0.0', 10);
  list.addSubnet('127.0.0.0', 8);
  list.addSubnet('169.254.0.0', 16);
  list.addSubnet('172.16.0.0', 12);
  list.addSubnet('192.168.0.0', 16);
  list.addAddress('::', 'ipv6');
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  return list;
}
