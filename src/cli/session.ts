import type {
  CostEstimate,
  Create,
  EstimateOptions,
  RequestOptions,
  Video,
  VideoJob,
  Wan,
} from '../index.js';
import type { FileNames } from './file-names.js';
import type { Arguments, Flags } from './flags.js';
import type { Limits } from './model-flags.js';
import type { Screen } from './screen.js';

export type Kind = Create['kind'];

/** The client of a provider, as far as it has the calls. */
export interface Client
  extends Pick<Wan, 'getVideo' | 'pollUntilDone' | 'save'>,
    Partial<Pick<Wan, 'findRequest' | 'recoverVideo' | 'getBalance' | 'listRequests'>> {
  estimateCost?(input: object, options?: EstimateOptions): Promise<CostEstimate>;
  generateImage?(input: object, options?: RequestOptions): ReturnType<Wan['generateImage']>;
  generateVideo(input: object, options?: RequestOptions): Promise<VideoJob>;
}

/** A create that is paid for, or may be, and whose files are not there yet. */
export interface OpenCreate {
  kind: Kind;
  provider: Video['provider'];
  model: string;
  clientRequestId: string;
  /** ISO time. */
  startedAt: string;
  /** There as soon as the API has given it one; an image has none. */
  id?: string | undefined;
  /** The video is there, and only its file is not. */
  isDone?: boolean;
  prompt?: string | undefined;
  /** Where the API is, unless it is where it always is. */
  origin?: string | undefined;
  /** Which line of a batch it is. */
  key?: string | undefined;
  /** Where the images are that could not be saved. Signed: shown to who asked for them, and stored nowhere. */
  links?: string[] | undefined;
}

/** Where creates are written down before they leave. */
export interface Journal {
  /** Notes a create before it is sent. */
  begin(entry: OpenCreate): Promise<void>;
  /** Notes the id. */
  accepted(entry: OpenCreate): Promise<void>;
  /** Notes that there is nothing left to come back for. */
  end(entry: OpenCreate, how: 'done' | 'failed' | 'unpaid'): Promise<void>;
  /** What is open, oldest first. */
  list(): OpenCreate[];
  /** What is known of a create, open or ended, by its client request id or its id. */
  find(id: string): OpenCreate | undefined;
}

/** What the flags of a model are made from, and what becomes of their values. */
export interface Fields {
  readonly model: string;
  readonly limits: Limits;
  /** What the client takes, of fields by their names. */
  toInput(fields: Readonly<Record<string, unknown>>): object;
}

/** One run of a command. */
export interface Session {
  readonly command: string;
  readonly given: Arguments;
  /** All flags that the command has. */
  readonly flags: Flags;
  /** There where the fields of a model are flags. */
  readonly fields?: Fields | undefined;
  readonly screen: Screen;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** The line that goes on with each of these is printed at the end. */
  readonly open: Set<OpenCreate>;
  /** What runs right before each create leaves, by its client request id. */
  readonly before: Map<string, (create: Create) => Promise<void>>;
  readonly journal?: Journal | undefined;
}

/** What creates and waits share in one run. */
export interface Tools {
  readonly client: Client;
  readonly names: FileNames;
}

/** What a create came to: a result's line of JSON. */
export interface Made {
  kind: Kind;
  model: string;
  status: string;
  id?: string;
  clientRequestId: string;
  files: { path: string; bytes: number; contentType: string }[];
  seconds: number;
  usd?: number;
}

/** A command's code. A number that it gives is the exit code. */
export type Run = (session: Session) => Promise<unknown>;
