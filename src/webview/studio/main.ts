import { linkIcons } from './linkIcons.ts';
import { beginPageFocus } from './pageFocus.ts';
import { StudioModel } from './studioModel.ts';
import { StudioApp } from './studioApp.ts';

/** The state usually comes with the end of loading; a keyring or a locked store may keep it. */
const stateWaitMs = 50;

const model = new StudioModel();
model.start();
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
window.addEventListener('load', () => {
  setTimeout(show, stateWaitMs);
  linkIcons();
});
