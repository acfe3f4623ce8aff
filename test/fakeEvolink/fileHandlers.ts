/** The files origin: uploads, quota, list, delete, and the public files themselves. */
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileErrorAnswer, jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { callerOf } from './auth.ts';
import { field, parseJson } from './call.ts';
import type { Call, Handler } from './call.ts';
import { imageTypeOf } from './imageType.ts';
import { goneAnswer } from './mediaHandlers.ts';
import { readMultipart } from './multipartUpload.ts';
import { spillFile } from './spillFile.ts';
import type { SpilledFile } from './spillFile.ts';
import type { FileRecord, RouteName } from './types.ts';

const messages = {
  40001: 'File too large',
  40002: 'Unsupported file type',
  40003: 'File quota exceeded',
  40004: 'Failed to download the file from the URL',
  50001: 'Storage error',
} as const;

interface Upload {
  readonly file: SpilledFile;
  readonly originalName: string;
  readonly uploadPath: unknown;
  readonly fileName: unknown;
}

function refuse(call: Call, code: keyof typeof messages): Answer {
  const status = call.serverState.behaviour.fileErrorsOn200 ? 200 : Math.floor(code / 100);
  return fileErrorAnswer(status, code, messages[code]);
}

function withKey(handler: (call: Call, key: string) => Answer | Promise<Answer>): Handler {
  return (call) => {
    const caller = callerOf(call);
    if (!('refusal' in caller)) return handler(call, caller.key);
    const { status, message } = caller.refusal;
    return fileErrorAnswer(status, status, message);
  };
}

function fileView(record: FileRecord): Record<string, unknown> {
  return {
    file_id: record.id,
    file_name: record.fileName,
    original_name: record.originalName,
    file_size: record.sizeBytes,
    mime_type: record.mimeType,
    upload_path: record.uploadPath,
    file_url: record.url,
    download_url: `${record.url}?download=1`,
    upload_time: new Date(record.uploadedAt).toISOString(),
    expires_at: new Date(record.expiresAt).toISOString(),
  };
}

function success(msg: string, data: unknown): Answer {
  return jsonAnswer(200, { success: true, code: 200, msg, data });
}

/** A path or name as sent, without what would lead out of its folder. */
function cleanPath(value: unknown, fallback: string): string {
  const parts = (typeof value === 'string' && value !== '' ? value : fallback).split(/[\\/]+/);
  return parts.filter((part) => !['', '.', '..'].includes(part)).join('/');
}

/** Makes a file of what arrived, or throws it away and says why. */
function keep(call: Call, key: string, upload: Upload): Answer {
  const { files, behaviour } = call.serverState;
  const { file, originalName } = upload;
  const discard = (code: keyof typeof messages): Answer => {
    files.discard(file.path);
    return refuse(call, code);
  };
  if (file.sizeBytes > behaviour.maxFileBytes) return discard(40001);
  if (!file.isImage) return discard(40002);
  if (files.present(key).length >= behaviour.maxFiles) return discard(40003);
  const { isImage: _isImage, ...bytes } = file;
  const newFile = {
    key,
    originalName,
    fileName: cleanPath(upload.fileName, originalName),
    uploadPath: cleanPath(upload.uploadPath, 'images'),
  };
  return success('File uploaded successfully', fileView(files.add(newFile, bytes)));
}

const uploadStream = withKey(async (call, key) => {
  const { files } = call.serverState;
  if (!/^multipart\/form-data/i.test(call.request.headers['content-type'] ?? '')) {
    return fileErrorAnswer(400, 400, 'The body must be multipart/form-data');
  }
  const path = files.newPath();
  try {
    const { fields, fileName, file, isTooLarge } = await readMultipart(call, path);
    if (file === undefined) return fileErrorAnswer(400, 400, 'file is required');
    if (isTooLarge) {
      files.discard(path);
      return refuse(call, 40001);
    }
    return keep(call, key, {
      file,
      originalName: fileName,
      uploadPath: fields.get('upload_path'),
      fileName: fields.get('file_name'),
    });
  } catch (error) {
    files.discard(path);
    throw error;
  }
});

async function keepBytes(call: Call, key: string, bytes: Buffer, name: string): Promise<Answer> {
  const json = parseJson(call.body);
  const file = await spillFile(Readable.from([bytes]), call.serverState.files.newPath());
  return keep(call, key, {
    file,
    originalName: name,
    uploadPath: field(json, 'upload_path'),
    fileName: field(json, 'file_name'),
  });
}

const uploadBase64 = withKey(async (call, key) => {
  const data = field(parseJson(call.body), 'base64_data');
  if (typeof data !== 'string' || data === '') {
    return fileErrorAnswer(400, 400, 'base64_data is required');
  }
  const bytes = Buffer.from(data.replace(/^data:[^,]*,/, ''), 'base64');
  const extension = imageTypeOf(bytes)?.replace('image/', '') ?? 'bin';
  return keepBytes(call, key, bytes, `upload-${String(call.entry.seq)}.${extension}`);
});

const uploadUrl = withKey(async (call, key) => {
  const url = field(parseJson(call.body), 'file_url');
  if (typeof url !== 'string' || !URL.canParse(url)) {
    return fileErrorAnswer(400, 400, 'file_url is required');
  }
  // Offline there is nothing beyond this server's own images and files.
  const bytes = call.serverState.tasks.readUrl(url);
  if (bytes === undefined) return refuse(call, 40004);
  return keepBytes(call, key, bytes, new URL(url).pathname.split('/').pop() ?? 'file');
});

const quota = withKey((call, key) => {
  const used = call.serverState.files.present(key).length;
  const { maxFiles } = call.serverState.behaviour;
  const remaining = Math.max(0, maxFiles - used);
  return success('success', {
    user_group: 'default',
    used_files: used,
    max_files: maxFiles,
    remain_files: remaining,
    remaining_files: remaining,
  });
});

const listFiles = withKey((call, key) => {
  const { searchParams } = call.url;
  const page = Math.max(1, Number(searchParams.get('page') ?? 1) || 1);
  const pageSize = Math.min(100, Math.max(1, Number(searchParams.get('pageSize') ?? 20) || 20));
  const records = call.serverState.files.present(key);
  const files = records.slice((page - 1) * pageSize, page * pageSize).map(fileView);
  return success('success', { files, total: records.length, page, page_size: pageSize });
});

const deleteFile = withKey((call, key) =>
  call.serverState.files.delete(key, call.id)
    ? success('File deleted successfully', null)
    : fileErrorAnswer(404, 404, 'File not found'),
);

const download: Handler = (call) => {
  const found = call.serverState.files.download(
    `${call.serverState.originUrls.files}${call.url.pathname}`,
  );
  if (found === undefined) return goneAnswer(404);
  const headers: Record<string, string> = { 'content-type': found.record.mimeType };
  if (call.url.searchParams.has('download')) headers['content-disposition'] = 'attachment';
  return { status: 200, headers, body: readFileSync(found.path) };
};

export const fileHandlers: Partial<Record<RouteName, Handler>> = {
  uploadStream,
  uploadBase64,
  uploadUrl,
  quota,
  listFiles,
  deleteFile,
  download,
};
