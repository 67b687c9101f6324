import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const { REDIS_URL = 'redis://127.0.0.1:6379', QUEUE_PREFIX: prefix = 'wan' } = process.env;

/** Connects to Redis. With `maxRetriesPerRequest: null` a command waits until Redis is there again. */
export function connect(maxRetriesPerRequest) {
  const redis = new Redis(REDIS_URL, { maxRetriesPerRequest });
  redis.on('error', (error) => console.error(`Redis: ${error.code ?? error.message}`));
  return redis;
}

/** The options that queues and workers share. */
export const optionsOf = (connection) => ({ connection, prefix });

/** `create` pays, `poll` waits for a video and saves it, `aside` holds what a person has to decide. */
export const queueOf = (redis, name) => new Queue(name, optionsOf(redis));

/** Adds a job under the order's id: BullMQ ignores a second one while the first is there. */
export const addJob = (queue, id, data) =>
  queue.add(queue.name, data, { jobId: id, removeOnComplete: true, removeOnFail: { count: 10_000 } });

/** An id is also the name of a file, and a jobId, which BullMQ takes neither as a number nor with a colon. */
export const isOrderId = (id) => typeof id === 'string' && /^[a-z][\w-]{0,99}$/i.test(id);

/** What is known of each order: a hash in Redis, which outlives the workers and the jobs of the queues. */
export class Orders {
  #redis;

  constructor(redis) {
    this.#redis = redis;
  }

  #keyOf(id) {
    return `${prefix}:order:${id}`;
  }

  async #get(id, field) {
    return JSON.parse((await this.#redis.hget(this.#keyOf(id), field)) ?? 'null');
  }

  /** Stores a field unless it is there already. Gives what is stored. */
  async #keep(id, field, value) {
    await this.#redis.hsetnx(this.#keyOf(id), field, JSON.stringify(value));
    return this.#get(id, field);
  }

  store(id, field, value) {
    return this.#redis.hset(this.#keyOf(id), field, JSON.stringify(value));
  }

  jobOf(id) {
    return this.#get(id, 'job');
  }

  fileOf(id) {
    return this.#get(id, 'file');
  }

  /** The order that was stored first, made by `make` if there is none. */
  async orderOf(id, make) {
    return (await this.#get(id, 'order')) ?? this.#keep(id, 'order', await make());
  }

  /**
   * Sets the mark `sent`. One caller at most gets `true`, and only that one may pay: a worker that lost its job to
   * another one, because it was slow or cut off, does not.
   */
  async mark(id, token) {
    return (await this.#keep(id, 'sent', token)) === token;
  }

  /** Takes the mark back, but never another worker's mark: ioredis may send a command twice. */
  unmark(id, token) {
    const script = `if redis.call('hget', KEYS[1], 'sent') == ARGV[1] then redis.call('hdel', KEYS[1], 'sent') end`;
    return this.#redis.eval(script, 1, this.#keyOf(id), JSON.stringify(token));
  }

  /** Milliseconds since this wait was first asked about. */
  async waitedMs(id, wait) {
    return Date.now() - (await this.#keep(id, `waits:${wait}`, Date.now()));
  }

  /** Lets the waits of an order begin anew. */
  async restartWaits(id) {
    await this.#redis.hdel(this.#keyOf(id), 'waits:create', 'waits:look', 'waits:poll');
  }
}
