// Runs the app in a runtime with a terminal. Usage: terminal.mjs FACTS (the second argument of check(), as JSON)
import * as library from 'aimlapi-wan';
import * as vtrix from 'aimlapi-wan/vtrix';
import { check } from './app.mjs';

const [facts] = globalThis.Deno?.args ?? process.argv.slice(2);
console.log(JSON.stringify(await check({ ...library, ...vtrix }, JSON.parse(facts))));
