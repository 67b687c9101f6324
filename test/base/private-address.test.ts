import { describe, expect, test } from 'vitest';
import { isPrivateAddress, isPrivateHost, isPrivateWhenResolved } from '../../src/base/private-address.js';

function hostOf(host: string): string {
  return new URL(`http://${host}/`).hostname;
}

describe('isPrivateAddress()', () => {
  test.each([
    ...['localhost', 'LOCALHOST', 'localhost.', 'api.localhost', 'a.b.localhost.'],
    ...[
      'printer.local',
      'db.internal',
      'metadata.google.internal',
      'router.lan',
      'nas.home.arpa',
      'nas.local.',
    ],
    ...['127.0.0.1', '127.255.255.255', '127.0.0.1.', '0.0.0.0', '0.255.255.255'],
    ...['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
    ...['169.254.0.0', '169.254.169.254', '169.254.255.255', '100.64.0.0', '100.127.255.255'],
    ...[
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '0',
      '10.1',
    ],
    ...['①②⑦.0.0.1', '%6cocalhost'],
    ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[fc00::]', '[fd12:3456::1]', '[fdff:ffff::ffff]'],
    ...['[fe80::1]', '[febf::1]', '[FE80::A]', '[ff02::1]'],
    ...['[::ffff:127.0.0.1]', '[::ffff:10.1.2.3]', '[::FFFF:0.0.0.0]', '[::127.0.0.1]'],
    ...['[64:ff9b::10.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2002:c0a8:101::1]'],
    ...['[64:ff9b:1::10.0.0.1]', '[64:ff9b:1:a00:0:100::]', '[::ffff:0:10.0.0.1]', '168.63.129.16'],
    ...['100.100.100.200', '[2001:0:a00:1::f7f7:f7f7]', '[2001:0:808:808::f5ff:fffe]'],
  ])('isPrivateAddress() knows %s', (host) => {
    expect(isPrivateAddress(hostOf(host))).toBe(true);
  });

  test.each([
    ...['cdn.aimlapi.com', 'dashscope-463f.oss-accelerate.aliyuncs.com', 'v3b.fal.media', 'example.com.'],
    ...[
      'localhost.example.com',
      'notlocalhost.example',
      'local.host',
      '10.example.com',
      '127.0.0.1.nip.io',
      'lan.example',
    ],
    ...['1.1.1.1', '8.8.8.8', '1.0.0.0', '9.255.255.255', '11.0.0.0', '126.255.255.255', '128.0.0.0'],
    ...['172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '169.253.255.255', '169.255.0.0'],
    ...['100.63.255.255', '100.128.0.0', '134744072', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
    ...[
      '[2606:4700::1111]',
      '[fbff::1]',
      '[fe00::1]',
      '[::ffff:8.8.8.8]',
      '[64:ff9b::8.8.8.8]',
      '[2002:808:808::]',
    ],
    ...['[1::]', '[::1:0:0:7f00:1]', '168.63.129.17', '[64:ff9b:1::8.8.8.8]', '[::ffff:0:8.8.8.8]'],
    ...['[2001:0:808:808::f7f7:f7f7]', '[2001:1::1]'],
  ])('isPrivateAddress() lets %s pass', (host) => {
    expect(isPrivateAddress(hostOf(host))).toBe(false);
  });
});

test('isPrivateAddress() and isPrivateHost() read a host of thousands of dots in linear time', () => {
  const timeOf = (dots: number) => {
    const host = `${'.'.repeat(dots)}x`;
    const startedAt = performance.now();
    isPrivateAddress(host);
    isPrivateHost(host);
    return performance.now() - startedAt;
  };
  timeOf(600);
  // a hundred times the length: quadratic time would be 10,000 times as much
  expect(timeOf(60_000)).toBeLessThan(1_500 * Math.max(timeOf(600), 0.1));
});

describe('isPrivateWhenResolved()', () => {
  test.each([
    ...[
      '127.0.0.1',
      '127.255.255.255',
      '0.0.0.0',
      '10.0.0.0',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...['192.168.1.1', '169.254.169.254', '192.0.0.192', '224.0.0.1', '255.255.255.255', '168.63.129.16'],
    ...['100.100.100.200', '::', '::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'ff02::1'],
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::10.0.0.1', '::ffff:0:10.0.0.1', '::ffff:100.100.100.200'],
    ...['64:ff9b::0a00:0001', '64:ff9b::10.0.0.1', '64:ff9b::6464:64c8', '64:ff9b:1::10.0.0.1'],
    ...['64:ff9b:1:a00:0:100::', '64:ff9b:1:a00:0:100:808:808'],
    // 6to4; Teredo by its server, and by its client 10.0.0.1
    ...['2002:7f00:1::', '2002:a9fe:a9fe::1', '2001:0:a00:1::f7f7:f7f7', '2001:0:808:808::f5ff:fffe'],
  ])('isPrivateWhenResolved() knows %s', (address) => {
    expect(isPrivateWhenResolved(address)).toBe(true);
  });

  test.each([
    ...['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.0', '2606:4700::1111', '::ffff:8.8.8.8', '::8.8.8.8'],
    // a VPN gave the name a fake address
    ...['198.18.0.0', '198.18.0.5', '198.19.255.255', '100.64.0.0', '100.100.100.199', '100.100.100.201'],
    ...['100.127.255.255', '::ffff:198.18.0.5', '64:ff9b::198.18.0.5'],
    ...['64:ff9b::0808:0808', '64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8', '::ffff:0:8.8.8.8'],
    ...['2002:808:808::', '2001:0:808:808::f7f7:f7f7', '2001:1::1', '64:ff9b:2::10.0.0.1'],
  ])('isPrivateWhenResolved() lets %s pass', (address) => {
    expect(isPrivateWhenResolved(address)).toBe(false);
  });
});
