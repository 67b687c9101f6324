import { randomUUID } from 'node:crypto';
import { answerJson, answerProblem, billedCreditsPerUsd } from './answers.js';
import { msPerSecond, secondsPerDay } from './units.js';

interface LogEntry {
  createdMs: number;
  /** From `performance.now()`, which does not jump when the system's time is set. */
  addedMs: number;
  status: 'succeeded' | 'failed';
  model: string;
  credits: number;
  inferenceId: string;
  clientRequestId: string | null;
}

const msPerDay = secondsPerDay * msPerSecond;
const maxRangeMs = 92 * msPerDay;
const defaultRowsPerPage = 50;
const maxRowsPerPage = 100;

/** The API's log of requests (`GET /v2/logs`). The answer lists the newest request first, in pages. */
export class RequestLog {
  readonly #entries: LogEntry[] = [];

  add(request: Request, entry: Omit<LogEntry, 'createdMs' | 'addedMs' | 'clientRequestId'>): void {
    const clientRequestId = request.headers.get('x-client-request-id');
    this.#entries.unshift({ ...entry, createdMs: Date.now(), addedMs: performance.now(), clientRequestId });
  }

  answerQuery(url: URL, delaySeconds: number): Response {
    const query = url.searchParams;
    const [startMs, endMs] = readTimeRangeMs(query);
    const [limit, offset] = [
      Number(query.get('limit') ?? defaultRowsPerPage),
      Number(query.get('offset') ?? 0),
    ];
    const wrong =
      !(endMs - startMs >= 0 && endMs - startMs <= maxRangeMs) ||
      !(limit >= 1 && limit <= maxRowsPerPage) ||
      !(offset >= 0);
    if (wrong) return answerProblem(url, 400, 'BadRequestException', 'Invalid query parameters');
    const [models, statuses] = [query.getAll('model'), query.getAll('status')];
    const shown = this.#entries.filter(
      ({ createdMs, addedMs, model, status }) =>
        createdMs >= startMs &&
        createdMs <= endMs &&
        Math.max(Date.now() - createdMs, performance.now() - addedMs) >= delaySeconds * msPerSecond &&
        (models.length === 0 || models.includes(model)) &&
        (statuses.length === 0 || statuses.includes(status)),
    );
    const data = shown.slice(offset, offset + limit).map(toRow);
    const pagination = { limit, offset, total: shown.length, has_more: offset + limit < shown.length };
    // set Date here: Node's server would send the real time, but a test with fake timers dates the rows differently
    const date = new Date().toUTCString();
    return answerJson({ data, pagination }, { 'x-request-id': randomUUID(), date });
  }
}

/** Reads `period`, or else `start` and `end`. Returns both ends in milliseconds since 1970. */
function readTimeRangeMs(query: URLSearchParams): [number, number] {
  const days = { '24h': 1, '7d': 7 }[query.get('period') ?? ''];
  if (days !== undefined) return [Date.now() - days * msPerDay, Date.now()];
  return [Date.parse(query.get('start') ?? ''), Date.parse(query.get('end') ?? '')];
}

function toRow({ createdMs, status, model, credits, inferenceId, clientRequestId }: LogEntry): object {
  const billed = status === 'failed' ? 0 : credits;
  return {
    created: new Date(createdMs).toISOString(),
    status,
    origin: 'api',
    model,
    cost: { usd: billed / billedCreditsPerUsd, credits: billed },
    tokens: { input: 0, output: 0, total: 0 },
    request_id: null,
    inference_id: inferenceId,
    client_request_id: clientRequestId,
  };
}
