import { host } from './host.ts';
import { linkIcons } from './linkIcons.ts';
import { acceptPageFocus, beginPageFocus } from './pageFocus.ts';
import { StudioModel } from './studioModel.ts';
import { StudioApp } from './studioApp.ts';

/** The state is usually in the HTML; where a keyring or a locked store keeps it, a message brings it. */
const stateWaitMs = 50;

const model = new StudioModel();
const { page, state } = document.body.dataset;
model.start(host.begin(page, state));
const app = new StudioApp();
app.model = model;

const show = () => {
  stopWaiting();
  if (app.isConnected) return;
  document.body.append(app);
  void app.updateComplete.then(beginPageFocus);
};
// Drawn once with the state, not once without and once more with it.
const stopWaiting = model.onDidChange(() => {
  if (model.state) show();
});
if (model.state) show();
window.addEventListener('focus', () => host.post({ kind: 'focused' }));
window.addEventListener('load', () => {
  setTimeout(show, stateWaitMs);
  // Before, the editor shows nothing of the page.
  if (app.isConnected) acceptPageFocus();
  linkIcons();
});
