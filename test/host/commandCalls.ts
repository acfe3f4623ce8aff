import type { Uri } from 'vscode';
import type { CommandId } from '../../src/editor/contributions.ts';

/**
 * The editor makes links that run any command with any arguments of what a folder or a workspace is
 * called, in Restricted Mode too. Each row is such a call, and what stops it.
 */
export interface CommandCall {
  command: CommandId;
  /** `inside` makes the Uri of a file in the workspace folder. */
  args: (inside: (path: string) => Uri, outside: Uri) => unknown[];
  /** What a stranger would have of the call. */
  could: string;
  stoppedBy:
    | { question: RegExp; where: 'always' | 'inRestrictedMode' }
    /** A box that the user has to fill in. */
    | 'typing'
    /** The call is refused. */
    | 'badRequest'
    /** It shows something, costs nothing, sends no file and removes nothing. */
    | 'harmless';
}

/** Asked for in Restricted Mode, as everything that costs or writes. */
const pays = (question: RegExp) => ({ question, where: 'inRestrictedMode' }) as const;
const always = (question: RegExp) => ({ question, where: 'always' }) as const;

export const commandCalls: readonly CommandCall[] = [
  {
    command: 'imageStudio.generate',
    args: () => [{ prompt: 'anything at all', count: 8, open: false }],
    could: 'pay for eight images',
    stoppedBy: pays(/^Generate 8 images with gpt-image-1\.5-lite\?$/),
  },
  {
    command: 'imageStudio.generate',
    args: (_, outside) => [{ prompt: `[Yes](command:x)\n${'w'.repeat(900)}`, output: outside }],
    could: 'pay for an image with words that form a link, beside a file of the user',
    stoppedBy: pays(/^Generate 1 image with gpt-image-1\.5-lite\?$/),
  },
  {
    command: 'imageStudio.generate',
    args: (_, outside) => [{ count: 8, references: [outside] }],
    could: 'prepare a request that sends a private file',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.generateFromSelection',
    args: () => [{ prompt: 'anything at all', count: 8 }],
    could: 'open the prompt with what is selected, whatever it was given',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.generateInFolder',
    args: (_, outside) => [outside.with({ path: outside.path.replace(/[^/]*$/, '') })],
    could: 'prepare a request for a folder of the user',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.generateInFolder',
    args: () => [{ output: 'file:///etc', prompt: 'x' }],
    could: 'pay for an image with options, or save it anywhere',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.edit',
    args: (inside) => [inside('fox.png'), undefined, { prompt: 'naked', count: 2 }],
    could: 'pay for edits, and send a file',
    stoppedBy: pays(/^Generate 2 images with gpt-image-1\.5-lite\?$/),
  },
  {
    command: 'imageStudio.edit',
    args: (inside) => [inside('fox.png')],
    could: 'prepare a request that sends a file',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.edit',
    args: () => [{ atCursor: true }],
    could: 'prepare a request that sends the image of a link in the text in front',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.edit',
    args: () => ['file:///etc/passwd', undefined, { prompt: 'x' }],
    could: 'edit what is no image',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.openStudio',
    args: (_, outside) => [outside],
    could: 'put a private file into the tray, from which it is sent by the user alone',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.openStudioInSideBar',
    args: () => [],
    could: 'show the side bar',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.useAsReference',
    args: (inside) => [inside('fox.png'), [inside('fox.png')]],
    could: 'put a file into the tray',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.insertImage',
    args: (_, outside) => [outside],
    could: 'write the link of a file at the cursor, where the user sees it and can undo it',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.insertImage',
    args: () => ['<script>alert(1)</script>'],
    could: 'write anything at the cursor',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.generateMissing',
    args: (inside) => [inside('missing.md')],
    could: 'pay for all images that a document of the workspace links to',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.generateMissing',
    args: (inside) => [inside('missing.md'), { at: { line: 0, character: 8 }, asks: false }],
    could: 'pay for the image of a link in a document of the workspace',
    stoppedBy: pays(/^Generate 1 image with gpt-image-1\.5-lite\?$/),
  },
  {
    command: 'imageStudio.generateMissing',
    args: (inside, outside) => [
      inside('missing.md'),
      { at: { line: 0, character: 8 }, asks: false, file: outside.toString() },
    ],
    could: 'pay for an image, and write it where no link of the document leads',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.generateMissing',
    args: () => ['file:///etc/passwd', { at: { line: 0, character: 0 } }],
    could: 'read any file for its links',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.convertImage',
    args: (_, outside) => [outside, undefined, { format: 'webp', widths: [1, 2, 3, 4] }],
    could: 'fill a folder of the user with files',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.convertImage',
    args: (inside) => [
      inside('fox.png'),
      undefined,
      { format: 'webp', widths: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
    ],
    could: 'fill a folder of the workspace with files',
    stoppedBy: pays(/^Convert fox\.png to up to 12 files\?$/),
  },
  {
    command: 'imageStudio.convertImage',
    args: (inside) => [
      inside('fox.png'),
      Array.from({ length: 64 }, () => inside('fox.png')),
      { format: 'webp', widths: [1, 2] },
    ],
    could: 'fill folders of the workspace with files',
    stoppedBy: pays(/^Convert 64 images to up to 128 files\?$/),
  },
  {
    command: 'imageStudio.convertImage',
    args: (inside, outside) => [inside('fox.png'), { output: outside }],
    could: 'write a file anywhere',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.convertImage',
    args: (_, outside) => [outside],
    could: 'prepare a conversion of a private file',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.convertImage',
    args: (inside) => [inside('fox.png'), undefined, { format: '../../evil' }],
    could: 'write a file of any name',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.setApiKey',
    args: () => ['sk-thief-0123456789'],
    could: 'send all prompts and images to another account',
    stoppedBy: always(/^Replace your EvoLink API key\?$/),
  },
  {
    command: 'imageStudio.setApiKey',
    args: () => [],
    could: 'ask for the key, which goes where it always goes',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.clearApiKey',
    args: () => [],
    could: 'remove the key, and stop the queue',
    stoppedBy: always(/^Remove the stored EvoLink API key\?$/),
  },
  {
    command: 'imageStudio.clearApiKey',
    args: () => [{ force: true }, 'Remove Key'],
    could: 'remove the key with words that answer the question',
    stoppedBy: always(/^Remove the stored EvoLink API key\?$/),
  },
  {
    command: 'imageStudio.checkConnection',
    args: () => ['https://thief.invalid'],
    could: 'send the key, to the user’s own address',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.recoverTask',
    args: () => ['../../v1/credits'],
    could: 'ask EvoLink for another path; the id of a task only saves what the user has paid',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.clearHistory',
    args: () => [{}, 'Everything', true],
    could: 'remove the history: what to clear is chosen first, and confirmed after that',
    stoppedBy: 'typing',
  },
  {
    command: 'imageStudio.showJobs',
    args: () => ['cancelAll'],
    could: 'show the list; what can be done to a job is chosen there',
    stoppedBy: 'harmless',
  },
  {
    command: 'imageStudio.cancelJobs',
    args: () => ['1', '../..'],
    could: 'cancel images whose ids it would have to know',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.makeAgain',
    args: () => ['1', '../..'],
    could: 'ask whether to pay for an image whose id it would have to know',
    stoppedBy: 'badRequest',
  },
  {
    command: 'imageStudio.showLog',
    args: () => [],
    could: 'show the log',
    stoppedBy: 'harmless',
  },
];
