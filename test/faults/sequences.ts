/** What one run came to. */
export interface Outcome {
  /** Whether a request left after the last fault. Where none did, the call would never see another fault. */
  wentOn: boolean;
  paid: number;
  requests: number;
  ending: string;
}

/** What all sequences came to. */
export interface Found {
  /** Sequences that are covered, and the runs that this took. */
  sequences: number;
  runs: number;
  requests: number;
  paid: number;
  endings: Record<string, number>;
  /** The names of the faults that struck. */
  struck: Set<string>;
}

/**
 * Runs every sequence of up to `longest` faults; of those of that length, only every `nth`. The code under test sees a fault
 * when its request meets it, and not before: where a call ended at a fault, all sequences that go on from there are the
 * same run.
 */
export async function runSequences<Fault extends { readonly name: string }>(
  faults: readonly Fault[],
  longest: number,
  nth: number,
  run: (sequence: readonly Fault[]) => Promise<Outcome>,
): Promise<Found> {
  const found: Found = { sequences: 0, runs: 0, requests: 0, paid: 0, endings: {}, struck: new Set() };
  const tryOne = async (sequence: readonly Fault[]): Promise<boolean> => {
    const { ending, requests, paid, wentOn } = await run(sequence).catch((error) => {
      const names = sequence.map(({ name }) => name).join(' → ') || 'no fault';
      throw new Error(`${names}: ${error.message}`, { cause: error });
    });
    found.sequences += wentOn ? 1 : countSequences(faults.length, longest - sequence.length);
    found.runs += 1;
    found.requests += requests;
    found.paid += paid;
    found.endings[ending] = (found.endings[ending] ?? 0) + 1;
    for (const { name } of sequence) found.struck.add(name);
    return wentOn;
  };
  // the short ones first, so that a failure shows in the shortest sequence that leads to it
  let wentOn: (readonly Fault[])[] = (await tryOne([])) ? [[]] : [];
  for (let length = 1; length <= longest; length += 1) {
    const longer: (readonly Fault[])[] = [];
    let met = 0;
    for (const begun of wentOn) {
      for (const fault of faults) {
        met += 1;
        if (length === longest && met % nth !== 0) continue;
        const sequence = [...begun, fault];
        if ((await tryOne(sequence)) && length < longest) longer.push(sequence);
      }
    }
    wentOn = longer;
  }
  return found;
}

/** How many sequences of up to so many faults there are, the empty one too. */
export function countSequences(kinds: number, longest: number): number {
  let count = 0;
  for (let length = 0; length <= longest; length += 1) count += kinds ** length;
  return count;
}
