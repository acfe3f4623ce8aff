import type { Mutation } from './mutation.ts';

/** Faults that the product once had, put back. */
export const knownFaults: readonly Mutation[] = [
  {
    name: 'an image is moved over whatever stands there',
    file: 'src/jobs/steps/placeFile.ts',
    find: "    if (codeOf(thrown) === 'EEXIST') return false;\n",
    replace: `    if (codeOf(thrown) === 'EEXIST') {
      await disk.files.rename(tempPath, path);
      return true;
    }
`,
    killedBy: ['jobs/steps/placeFile.test.ts'],
  },
  {
    name: 'the name of an image is not written through before its copy is removed',
    file: 'src/jobs/steps/placeFile.ts',
    find: '      await syncFolder(files, folderPath);\n      return path;',
    replace: '      return path;',
    focus: ['powerCuts'],
  },
  {
    name: 'a copy whose mode is refused fails the job',
    file: 'src/jobs/steps/durableFiles.ts',
    find: '    if (isHopeless(thrown)) throw thrown;\n    return false;',
    replace: '    throw thrown;',
  },
  {
    name: 'a file that a scanner holds is not tried again',
    file: 'src/jobs/steps/fileErrors.ts',
    find: "new Set(['EBUSY', 'EPERM', 'EACCES'])",
    replace: 'new Set<string>()',
    killedBy: ['jobs/steps/placeFileRefusals.test.ts'],
  },
  {
    name: 'a task that is not known for a while is given up',
    file: 'src/jobs/steps/pollStep.ts',
    find: '              now() - first.acceptedAt > taskLifeMs &&\n',
    replace: '              missedQueries >= 8 ||\n',
    focus: ['forgetfulness'],
  },
  {
    name: 'a result that is late is given up',
    file: 'src/jobs/steps/downloadStep.ts',
    find: '          now() - job.finishedAt > resultLifeMs &&\n',
    replace: '',
    focus: ['outages'],
  },
  {
    name: 'whatever answers a repetition refuses it',
    file: 'src/jobs/steps/submitStep.ts',
    find: 'return isAboutRequest && error.details.isSureRefusal === true;',
    replace: 'return isAboutRequest;',
    focus: ['lostCreates'],
  },
  {
    name: 'a status that says not accepted is believed of anyone',
    file: 'src/evolink/errors.ts',
    find: 'return codes.some((code) => refusalCodes.has(code));',
    replace: 'return codes.length >= 0;',
    focus: ['lostCreates'],
  },
  {
    name: 'a repetition goes to whichever account is set',
    file: 'src/jobs/steps/submitStep.ts',
    find: 'createTask(task, idempotencyKey, signal, account)',
    replace: 'createTask(task, idempotencyKey, signal)',
    focus: ['lostCreates', 'otherKeys'],
  },
  {
    name: 'a reset in the handshake may have been acted on',
    file: 'src/evolink/networkErrors.ts',
    find: 'const endedInHandshake = /before secure TLS connection was established/i;',
    replace: 'const endedInHandshake = /^never$/;',
    killedBy: ['evolink/networkErrors.test.ts'],
  },
  {
    name: 'only one spelling of an end is known',
    file: 'src/evolink/schema.ts',
    find: "'completed complete succeeded success successful finished done ready'",
    replace: "'completed'",
    killedBy: ['evolink/schema.test.ts'],
  },
  {
    name: 'a bad key fails each job',
    file: 'src/jobs/steps/submitStep.ts',
    find: "      case 'noKey':\n      case 'auth':\n",
    replace: "      case 'noKey':\n",
    focus: ['accounts'],
  },
  {
    name: 'a pause is written over whatever another window has set',
    file: 'src/jobs/store/store.ts',
    find: '        if (JSON.stringify(readPause()) !== JSON.stringify(expected)) return false;\n',
    replace: '',
    killedBy: ['jobs/store/storeWindows.test.ts'],
  },
];
