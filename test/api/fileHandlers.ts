/** The files origin. */
import type { Handler } from './call.ts';
import type { RouteName } from './types.ts';

export const fileHandlers: Partial<Record<RouteName, Handler>> = {};
