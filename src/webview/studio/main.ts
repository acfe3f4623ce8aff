import { StudioModel } from './studioModel.ts';
import { StudioApp } from './studioApp.ts';

const model = new StudioModel();
model.start();
const app = new StudioApp();
app.model = model;
document.body.append(app);
