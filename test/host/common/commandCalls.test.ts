import { describeCommandCalls } from '../describeCommandCalls.ts';

describeCommandCalls(true);
