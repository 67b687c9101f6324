import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import {
  isPrivateHost,
  isPrivateWhenResolved,
  privateHostCode,
  privateHostMessage,
} from '../base/private-address.js';

/** Makes a connector that refuses private addresses before it connects to any. */
export function buildPublicConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup: lookUpPublic });
  return (target, onConnected) => {
    // a host that is private as written, such as 127.0.0.1, is not looked up
    if (isPrivateHost(target.hostname)) onConnected(toPrivateHostError(target.hostname), null);
    else connect(target, onConnected);
  };
}

/** The socket connects to the addresses that were judged: no later look-up can bring others. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const found = addresses.find(({ address }) => isPrivateWhenResolved(address));
    const [first] = addresses;
    if (found) callback(toPrivateHostError(hostname, found.address), '');
    else if (options.all || !first) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function toPrivateHostError(hostname: string, address?: string): Error {
  return Object.assign(new Error(privateHostMessage(hostname, address)), { code: privateHostCode });
}
