/** What an image is of. */
export interface Subject {
  readonly taskId: string;
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  /** How many references were given. */
  readonly referenceCount: number;
  /** The bytes of those references that this server holds. */
  readonly references: readonly Buffer[];
}
