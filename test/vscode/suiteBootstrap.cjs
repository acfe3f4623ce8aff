'use strict';

// The extension host starts this file, and this file starts the suite. The workbench mixes its own
// log into what the suite prints, and shortens objects and stacks on the way; therefore lines are
// made into text here, and marked, so that the other end knows them from the rest.

const { format } = require('node:util');

const mark = process.env.IMAGE_STUDIO_TEST_MARK;

// The extension host's console does not let its methods be replaced; the console itself can be.
const hostConsole = globalThis.console;
const suiteConsole = Object.create(hostConsole);
for (const method of ['debug', 'log', 'info', 'warn', 'error']) {
  Object.defineProperty(suiteConsole, method, {
    writable: true,
    configurable: true,
    // As an argument, not a format: a per cent sign in the text is only that.
    value: (...args) => hostConsole[method]('%s', `${mark}${format(...args)}`),
  });
}
globalThis.console = suiteConsole;

exports.run = () => require(process.env.IMAGE_STUDIO_TEST_SUITE).run();
