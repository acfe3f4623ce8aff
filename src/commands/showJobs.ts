import { showJobPicker } from '../editor/jobUi/jobPicker.ts';
import type { CommandDeps } from './commandDeps.ts';

export function showJobs({ engine, actions }: CommandDeps): void {
  showJobPicker(engine, actions);
}
