// Structured logs: ids only, never a family's data.
import { pino, type DestinationStream } from 'pino';
import type { Config } from './config.ts';

export type Log = ReturnType<typeof openLog>;

/** Opens the process's log at the configured level, on standard output unless another stream is given. */
export function openLog(config: Pick<Config, 'logLevel'>, stream?: DestinationStream) {
  // Whoever hands an error over whole hands over its message, its query and what was to be stored.
  const plain = (error: unknown) => (error instanceof Error ? plainError(error) : error);
  const serializers = { error: plain, err: plain };
  const options = { level: config.logLevel, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  return stream ? pino({ ...options, serializers }, stream) : pino({ ...options, serializers });
}

/** An error as a log may hold it: its kind and place. Its message may quote what somebody wrote. */
export function plainError(error: unknown): { name: string; code: unknown; where: string[] } {
  const { name, stack = '' } = error instanceof Error ? error : { name: typeof error };
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const where = stack.split('\n').filter((line) => line.trim().startsWith('at '));
  return { name, code: code ?? cause?.code, where: where.slice(0, 8).map((line) => line.trim()) };
}
