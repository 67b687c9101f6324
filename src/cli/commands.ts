import type { Flags } from './flags.js';
import type { Kind } from './session.js';

export interface Command {
  readonly summary: string;
  /** What stands behind the command, for help. */
  readonly takes?: string;
  /** Whether that is an id, which may begin with a dash. */
  readonly hasId?: true;
  readonly flags: Flags;
  /** Every field of a model is a flag: of one that makes these, or of the model that stands behind the command. */
  readonly fields?: Kind | 'any';
}

export const common: Flags = {
  json: { about: 'data on standard output and nothing else, as where it is piped: one JSON object a line' },
  quiet: { about: 'only the path or the id', short: 'q' },
  provider: { about: 'aimlapi (default) or vtrix', takes: 'provider' },
  'base-url': { about: 'where the API is (AIMLAPI_BASE_URL)', takes: 'URL' },
  fake: { about: 'the embedded API in place of the real one: no key, no cost' },
  debug: { about: 'one line on standard error for each attempt' },
  help: { about: 'this; with --json for agents', short: 'h' },
};

const saving: Flags = {
  output: {
    about: 'file, folder, or template of {model} {id} {index} {line} {prompt} {ext}',
    takes: 'path',
    short: 'o',
  },
  force: { about: 'replaces a file that is there', short: 'f' },
};

const waiting: Flags = {
  interval: { about: 'how often to check (default: paced)', takes: 'time' },
  'max-wait': { about: 'how long to wait (default 20m)', takes: 'time' },
};

const journal: Flags = { 'no-journal': { about: 'writes no entry for aimlapi-wan jobs' } };

const making: Flags = {
  model: { about: 'see aimlapi-wan models', takes: 'name', short: 'm' },
  prompt: {
    about: 'what to show; also the last argument, or - for standard input',
    takes: 'text',
    short: 'p',
    field: 'prompt',
  },
  ...saving,
  'dry-run': { about: 'prints the body and the price; sends nothing, needs no key' },
  yes: { about: 'asks nothing', short: 'y' },
  'ask-above': { about: 'asks at a terminal where the price is above this (default 1)', takes: 'usd' },
  'max-usd': { about: 'refuses what could cost more than this in the whole run', takes: 'usd' },
  ...journal,
  'from-file': {
    about: 'one create for each line of JSON, - for standard input; flags are its defaults',
    takes: 'path',
  },
  concurrency: { about: 'how many lines at once (default 4)', takes: 'count' },
  resume: {
    about: 'results of earlier runs: what they made or have open is not paid for again',
    takes: 'path',
  },
  gallery: { about: 'writes index.html beside the files' },
};

const since: Flags = { since: { about: 'how far back (default 24h)', takes: 'age' } };

export const commands: Readonly<Record<string, Command>> = {
  image: {
    summary: 'makes images and saves them',
    takes: '[prompt]',
    flags: making,
    fields: 'image',
  },
  video: {
    summary: 'makes a video, waits for it and saves it',
    takes: '[prompt]',
    flags: { ...making, 'no-wait': { about: 'ends as soon as the job has an id' }, ...waiting },
    fields: 'video',
  },
  wait: {
    summary: 'waits for a video and saves it',
    takes: '<id>',
    hasId: true,
    flags: {
      all: { about: 'waits for all that aimlapi-wan jobs lists' },
      ...saving,
      ...waiting,
      ...journal,
    },
  },
  jobs: {
    summary: 'lists what is paid for, or may be, and in no file yet',
    flags: {},
  },
  status: {
    summary: 'asks once how far a video is',
    takes: '<id>',
    hasId: true,
    flags: {},
  },
  save: {
    summary: 'saves a finished video by its id, or a file by its URL',
    takes: '<url or id>',
    hasId: true,
    flags: { ...saving, ...journal },
  },
  recover: {
    summary: 'looks in the log for a create whose answer was lost, and goes on with it',
    takes: '<client request id>',
    hasId: true,
    flags: { ...since, ...saving, ...waiting, ...journal },
  },
  models: {
    summary: 'lists the models',
    flags: {},
  },
  schema: {
    summary: 'shows what a model takes; with --json as JSON Schema',
    takes: '<model>',
    flags: {},
  },
  price: {
    summary: 'tells what a create would cost; takes the flags of the model',
    takes: '<model>',
    flags: {},
    fields: 'any',
  },
  balance: {
    summary: 'tells how much money is left',
    flags: {},
  },
  requests: {
    summary: 'lists what was made and what it cost',
    flags: { ...since, model: { about: 'only of this model', takes: 'name', short: 'm' } },
  },
};
