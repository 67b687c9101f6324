/** How a command ends. */
export const exits = { done: 0, failed: 1, invalid: 2, refused: 3, open: 4 };

/** What is wrong with the command line. Nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly mistakes: readonly string[],
    readonly fix = 'see --help; nothing was sent',
  ) {
    super(mistakes.join('\n'));
  }
}

/** Ctrl-C, or another signal that ends the process. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly signal: NodeJS.Signals) {
    super('Stopped waiting');
  }
}

export interface Failure {
  exit: number;
  name: string;
  message: string;
  fix: string;
}

const { failed, invalid, refused, open } = exits;

/** By the error's name, so that nothing is loaded to know it. */
const failures: Record<string, [exit: number, fix: string]> = {
  InvalidInputError: [invalid, 'mend that; nothing was sent'],
  UsageError: [invalid, ''],
  AuthenticationError: [refused, 'check the key in AIMLAPI_API_KEY'],
  PermissionError: [refused, 'see what the key and the account may do'],
  InsufficientCreditsError: [refused, 'top up the account; aimlapi-wan balance shows what is left'],
  RateLimitError: [refused, 'try again later; nothing was paid'],
  BudgetExceededError: [refused, 'raise --max-usd, or ask for less; nothing was sent'],
  ConnectionError: [failed, 'try again when the API can be reached; nothing was paid'],
  RequestTimeoutError: [failed, 'try again'],
  VideoFailedError: [failed, 'change the input: a failed job is not charged'],
  OutcomeUnknownError: [open, 'look it up before you pay for another'],
  PollTimeoutError: [open, 'go on waiting'],
  PollStoppedError: [open, 'mend the cause, then go on waiting'],
  JobError: [open, 'go on waiting'],
  DownloadError: [failed, 'save it again'],
  Interrupted: [failed, 'nothing is open: run it again when you like'],
  Declined: [failed, 'run it again, and answer y or give --yes'],
};

/** What a message tells those who write code. */
const forCallers =
  /, or pass create\w+\(.*?\)|\. Give error\.job to pollUntilDone.*| \(recoverVideo, findRequest\)|\. allowUnpriced: true lets .*/;

/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function describeFailure(error: unknown): Failure {
  const { name, message: told } = error instanceof Error ? error : new Error(String(error));
  const message = told.replace(forCallers, '').replace(/\bmaxUsd\b/g, '--max-usd');
  if (error instanceof UsageError) return { exit: invalid, name, message, fix: error.fix };
  // a wait ends with what stopped it as the cause
  const isKey =
    error instanceof Error && error.cause instanceof Error && error.cause.name === 'AuthenticationError';
  if (name === 'BudgetExceededError' && message.includes('it has no price')) {
    return { exit: refused, name, message, fix: 'try again later, or leave --max-usd out; nothing was sent' };
  }
  const [exit, fix] = failures[isKey ? 'AuthenticationError' : name] ?? describeOther(name, message);
  return { exit, name, message, fix };
}

function describeOther(name: string, message: string): [exit: number, fix: string] {
  if (/there is no key|use the API key/.test(message)) {
    return [refused, 'set such a variable; --fake tries it out without a key'];
  }
  if (/^Cannot check the video .* answered 404/s.test(message)) {
    return [failed, 'check the id, and whether it is of another --provider'];
  }
  // the library's word for misuse, such as a base URL that is none
  const isMisuse = /^(Type|Range)Error$/.test(name) && message.startsWith('Cannot ');
  return isMisuse ? [invalid, 'mend that; nothing was sent'] : [failed, 'try again with --debug'];
}
