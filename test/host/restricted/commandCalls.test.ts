import { describeCommandCalls } from '../describeCommandCalls.ts';

describeCommandCalls(false);
