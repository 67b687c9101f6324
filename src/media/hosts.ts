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
  list.addSubnet('192.0.0.0', 24);
  list.addSubnet('192.168.0.0', 16);
  list.addSubnet('198.18.0.0', 15);
  list.addSubnet('224.0.0.0', 3);
  // :: and ::1, and the forms that carry an IPv4 address (compatible, NAT64, 6to4)
  list.addSubnet('::', 96, 'ipv6');
  list.addSubnet('64:ff9b::', 96, 'ipv6');
  list.addSubnet('2002::', 16, 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 9, 'ipv6');
  list.addSubnet('ff00::', 8, 'ipv6');
  return list;
}
