import {
  createEmulator,
  type EmulatorOptions,
  type Host,
  parseFaults,
  replayRecordings,
  reply,
} from '../../testing/index.js';
import { UsageError } from '../usage-error.js';
import { readModels } from './read-models.js';
import { readScript } from './read-script.js';
import { getStory, READING_PACE } from './stories.js';

/** The options of `millrace serve` about what is replied. */
export interface ReplyValues {
  script: string | undefined;
  replay: string | undefined;
  faults: string | undefined;
  pace: number | undefined;
  models: string | undefined;
  ignore: string[];
}

/** What `millrace serve` serves. @throws UsageError */
export async function toHost({
  script,
  replay: dir,
  faults,
  pace,
  models,
  ignore,
}: ReplyValues): Promise<Host> {
  if (dir !== undefined) {
    if ((script ?? faults ?? pace ?? models) !== undefined) {
      throw new UsageError(
        '--replay plays recordings as they are: omit --script, --faults, --pace and --models',
      );
    }
    return replayRecordings({ dir, ignore, keepRequests: false }).catch((error: Error) => {
      throw new UsageError(`--replay ${dir}: ${error.message}`);
    });
  }
  if (ignore.length > 0) throw new UsageError('--ignore goes with --replay DIR');
  const overrides = {
    keepRequests: false,
    ...(faults !== undefined && { faults: toFaults(faults) }),
    ...(models !== undefined && { modelFacts: await readModels(models) }),
    ...(pace !== undefined && { pace: { tokensPerSecond: pace } }),
  };
  if (script === undefined) return createEmulator({ ...STORIES, ...overrides });
  const options = await readScript(script);
  try {
    return createEmulator({ ...options, ...overrides });
  } catch (error) {
    throw new UsageError(`--script ${script}: ${(error as Error).message}`);
  }
}

const STORIES: EmulatorOptions = {
  replies: (request) => reply.text(getStory(request)),
  pace: READING_PACE,
};

function toFaults(spec: string): EmulatorOptions['faults'] {
  try {
    return parseFaults(spec);
  } catch (error) {
    throw new UsageError(`--faults: ${(error as Error).message}`);
  }
}
