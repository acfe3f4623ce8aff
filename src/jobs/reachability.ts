import { AppError, toAppError } from '../appError.ts';
import { orAborted } from '../onAbort.ts';

export interface ReachabilityOptions {
  /** Asks the provider what costs nothing. @returns the credits that are left, where it tells. */
  ask: (signal: AbortSignal) => Promise<number | undefined>;
  signal: AbortSignal;
  /** Called with each answer: the way to the provider is open, and the key is good. */
  onAnswer: (credits: number | undefined) => void;
  /** A question begins, or has ended. */
  onChange: () => void;
}

/**
 * Whether the provider can be reached, as far as is known. Once it could not, a question that costs
 * nothing comes before whatever is paid: an answer that is lost on the way is the one thing that
 * nobody can mend.
 */
export type Reachability = ReturnType<typeof createReachability>;

export function createReachability({ ask, signal, onAnswer, onChange }: ReachabilityOptions) {
  let isLost = false;
  let asking: Promise<AppError | undefined> | undefined;

  /** What the question came to: nothing, or why it was not answered well. */
  async function question(): Promise<AppError | undefined> {
    try {
      const credits = await ask(signal);
      isLost = false;
      onAnswer(credits);
      return undefined;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (isUnreached(error)) isLost = true;
      // What was never sent, as while we keep to a wait that was asked for, tells nothing.
      else if (isAnswered(error)) isLost = false;
      return error;
    } finally {
      asking = undefined;
    }
  }

  /** One question at a time, whoever needs the answer. */
  function check(): Promise<AppError | undefined> {
    if (asking) return asking;
    asking = question();
    onChange();
    void asking.then(onChange);
    return asking;
  }

  return {
    /** Notes that something else could not reach the provider. */
    note(error: AppError): void {
      if (isUnreached(error)) isLost = true;
    },
    /** Notes that the provider answered something else. */
    answered(): void {
      isLost = false;
    },
    isAsking: (): boolean => asking !== undefined,
    check,
    /**
     * Why it is not known that the provider can be reached, with nothing of the caller's sent;
     * undefined when it can be, or nothing speaks against it.
     */
    async failure(by: AbortSignal): Promise<AppError | undefined> {
      if (!isLost) return undefined;
      const error = await orAborted(check(), by);
      if (error && isWait(error)) return error;
      if (!error || !isUnreached(error)) return undefined;
      const code = error.code === 'timeout' ? 'timeout' : 'network';
      return new AppError(code, error.message, { ...error.details, sent: 'no' }, error);
    },
  };
}

/** Whether an error says that nothing of the provider answered. */
export function isUnreached({ code, details }: AppError): boolean {
  if (code === 'network' || code === 'timeout') return true;
  // Answered as a success, with something else: the page of a hotel's network.
  return code === 'server' && details.sent === 'yes' && details.status === undefined;
}

function isAnswered({ details }: AppError): boolean {
  return details.sent === 'yes' || details.status !== undefined;
}

/** Nothing was asked: the provider's own wait is kept to first. */
function isWait({ code, details }: AppError): boolean {
  return code === 'rateLimited' && details.sent === 'no';
}
