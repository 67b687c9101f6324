export { createFakeApi, type FakeApi } from './fake/fake-api.js';
export type { Fault, Route } from './fake/faults.js';
export type { FakeRequest } from './fake/handler.js';
export type { FakeServer, ListenOptions } from './fake/server.js';
export type { FakeApiOptions } from './fake/world.js';
