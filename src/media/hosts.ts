import { loadNodeModule } from './node-module.js';

const privateRanges =
  // BlockList applies an IPv4 range to ::ffff:a.b.c.d as well
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 ' +
  '198.18.0.0/15 224.0.0.0/3 ' +
  // :: and ::1, IPv6 addresses that carry an IPv4 address (compatible, NAT64, 6to4), and the private IPv6 ranges
  '::/96 64:ff9b::/96 2002::/16 fc00::/7 fe80::/9 ff00::/8';

/** Whether the host is `localhost` or a literal address that only this machine or network can reach. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  const { BlockList } = loadNodeModule('node:net', 'download a file');
  const list = new BlockList();
  for (const range of privateRanges.split(' ')) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return /^(.+\.)?localhost$/i.test(host) || list.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
