import { describe, expect, test } from 'vitest';
import { isPrivateHost } from '../../src/media/hosts.js';

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
  ])('isPrivateHost() lets %s pass', (host) => {
    expect(isPrivateHost(hostOf(host))).toBe(false);
  });
});
