/** What tests expect in answers. Only a claim: what is not there makes an assertion fail. */
import type { WireAnswer } from './wire.ts';

interface TaskJson {
  readonly id: string;
  readonly created: number;
  readonly progress: number;
  readonly status: string;
  readonly results: readonly string[];
  readonly result_data?: unknown;
  readonly result_url?: unknown;
  readonly url: string;
  readonly task_info: { readonly can_cancel: boolean; readonly estimated_time?: number };
  readonly usage: unknown;
}

interface ErrorJson {
  readonly code: string | number;
  readonly message: string;
  readonly type: string;
  readonly param?: string;
  readonly fallback_suggestion?: string;
  readonly estimated_credits?: number;
  readonly allowed_models?: readonly string[];
  readonly account_balance_credits?: number;
}

interface FileJson {
  readonly file_id: string;
  readonly file_size: number;
  readonly file_url: string;
  readonly download_url: string;
  readonly upload_time: string;
  readonly expires_at: string;
}

interface DataJson extends FileJson {
  readonly used_files: number;
  readonly max_files: number;
  readonly remain_files: number;
  readonly files: readonly FileJson[];
  readonly total: number;
  readonly user: unknown;
}

interface AnswerJson extends TaskJson {
  readonly error: ErrorJson;
  readonly success: boolean;
  readonly code: number;
  readonly data: DataJson;
}

interface ListJson {
  readonly data: readonly TaskJson[];
  readonly total: number;
  readonly page: number;
  readonly page_size: number;
}

export function jsonOf(answer: WireAnswer): AnswerJson {
  return JSON.parse(answer.body.toString('utf8')) as AnswerJson;
}

/** The answer to a batch or a list. */
export function listOf(answer: WireAnswer): ListJson {
  return JSON.parse(answer.body.toString('utf8')) as ListJson;
}
