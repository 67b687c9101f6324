import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isPrivateHost } from '../../src/base/private-address.js';

function hostOf(host: string): string {
  return new URL(`http://${host}/`).hostname;
}

describe('isPrivateHost()', () => {
  test.each([
    ...['localhost', 'LOCALHOST', 'localhost.', 'api.localhost', 'a.b.localhost.'],
    ...['127.0.0.1', '127.255.255.255', '127.0.0.1.', '0.0.0.0', '0.255.255.255'],
    ...['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
    ...['169.254.0.0', '169.254.169.254', '169.254.255.255', '100.64.0.0', '100.127.255.255'],
    ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[fc00::]', '[fd12:3456::1]', '[fdff:ffff::ffff]'],
    ...['[fe80::1]', '[febf::1]', '[FE80::A]'],
    ...['198.18.0.0', '198.19.255.255', '168.63.129.16', '100.100.100.200', 'metadata.google.internal.'],
    ...['[64:ff9b:1::]', '[64:ff9b:1:ffff::8.8.8.8]', '[::ffff:0:8.8.8.8]', '[2001::1]', '[2001:0:ffff::1]'],
  ])('isPrivateHost() knows %s', (host) => {
    expect(isPrivateHost(hostOf(host))).toBe(true);
  });

  test.each([
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ['[::ffff:10.1.2.3]', '[::ffff:a01:203]'],
    ['[::ffff:192.168.0.1]', '[::ffff:c0a8:1]'],
    ['[::ffff:a9fe:a9fe]', '[::ffff:a9fe:a9fe]'],
    ['[::FFFF:0.0.0.0]', '[::ffff:0:0]'],
  ])('isPrivateHost() knows %s, IPv4 mapped into IPv6', (host, parsed) => {
    expect(hostOf(host)).toBe(parsed);
    expect(isPrivateHost(parsed)).toBe(true);
    expect(isPrivateHost(host)).toBe(true);
  });

  test.each([
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['017700000001', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['10.1', '10.0.0.1'],
    ['3232235521', '192.168.0.1'],
    ['①②⑦.0.0.1', '127.0.0.1'],
    ['%6cocalhost', 'localhost'],
  ])('isPrivateHost() knows %s once it has been parsed as %s', (host, parsed) => {
    expect(hostOf(host)).toBe(parsed);
    expect(isPrivateHost(parsed)).toBe(true);
  });

  test.each([
    ...['cdn.aimlapi.com', 'dashscope-463f.oss-accelerate.aliyuncs.com', 'v3b.fal.media', 'example.com.'],
    ...['localhost.example.com', 'notlocalhost', 'local.host', '10.example.com', '127.0.0.1.nip.io'],
    ...['1.1.1.1', '8.8.8.8', '1.0.0.0', '9.255.255.255', '11.0.0.0', '126.255.255.255', '128.0.0.0'],
    ...['172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '169.253.255.255', '169.255.0.0'],
    ...['100.63.255.255', '100.128.0.0', '134744072'],
    ...['[2606:4700::1111]', '[fbff::1]', '[fe00::1]', '[::ffff:8.8.8.8]'],
    ...[
      '168.63.129.15',
      '168.63.129.17',
      '[64:ff9b:2::1]',
      '[64:ff9b:0:1::]',
      '[::fffe:0:8.8.8.8]',
      '[2001:1::1]',
    ],
    ...[
      'metadata.google',
      'x.metadata.google.internal',
      'nas.local',
      'db.internal',
      'nas.lan',
      'nas.home.arpa',
    ],
  ])('isPrivateHost() lets %s pass', (host) => {
    expect(isPrivateHost(hostOf(host))).toBe(false);
  });
});

describe('isPrivateHost(), beside the BlockList of Node,', () => {
  const ranges =
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 ' +
    '198.18.0.0/15 224.0.0.0/3 168.63.129.16/32 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 2001::/32 2002::/16 ' +
    'fc00::/7 fe80::/9 ff00::/8';
  const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  for (const range of ranges.split(' ')) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  const parts = [0, 1, 2, 9, 10, 11, 63, 64, 100, 127, 128, 169, 172, 191, 192, 198, 223, 224, 255];
  const groups = [
    '0',
    '1',
    '64',
    'ff',
    'ff9b',
    '7f00',
    '2001',
    '2002',
    '2003',
    'fbff',
    'fc00',
    'fdff',
    'fe7f',
  ];
  const pick = <T>(from: readonly T[], state: number) => from[state % from.length];

  test.each(['IPv4', 'IPv6', 'IPv4 in IPv6'])('judges 5,000 addresses (%s) in the same way', (family) => {
    let state = 1;
    const next = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state;
    };
    const makeIPv4 = () => [0, 1, 2, 3].map(() => pick(parts, next())).join('.');
    const makeIPv6 = () => {
      const all = Array.from({ length: 8 }, () => pick([...groups, 'fe80', 'febf', 'ff00', 'ffff'], next()));
      const start = next() % 8;
      const zeros = Array.from({ length: next() % (9 - start) }, () => '0');
      return `[${all.toSpliced(start, zeros.length, ...zeros).join(':')}]`;
    };
    const make =
      { IPv4: makeIPv4, IPv6: makeIPv6 }[family] ?? (() => `[${pick(mapped, next())}${makeIPv4()}]`);
    const mapped = ['::ffff:', '::', '64:ff9b::', '64:ff9c::', '::1:ffff:', '::ffff:0:'];
    for (let count = 0; count < 5_000; count += 1) {
      const host = hostOf(make());
      const address = host.replace(/^\[|\]$/g, '');
      expect([host, isPrivateHost(host)]).toEqual([host, list.check(address, familyOf(address))]);
    }
  });
});
