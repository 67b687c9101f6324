// the client's code is loaded at its first call. Loading takes real time, which a test with a fake clock does not wait for
import '../src/aimlapi/calls.js';
import '../src/media/data-uri.js';

import dns from 'node:dns';

// no test may depend on a name server: where there is none, a real look-up holds a thread for many seconds
const { lookup } = dns;
Object.assign(dns, {
  lookup(host: string, ...rest: unknown[]) {
    if (host === 'localhost' || /^[\d.]+$|:/.test(host)) return Reflect.apply(lookup, dns, [host, ...rest]);
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
      errno: -3008,
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: host,
    });
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(() => Reflect.apply(done, undefined, [error]));
  },
});
