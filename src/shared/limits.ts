/** Longer than the prompt of any model. */
export const maxPromptTextChars = 100_000;
/** Longer than a path on any disk; signed web addresses are long. */
export const maxUriChars = 8_192;
/** The most references that are looked at, more than any model takes. */
export const maxReferenceUris = 64;
/** Longer than any size, quality, model or style is called. */
export const maxNameChars = 200;
/** The most editors that one click opens. */
export const maxOpenedImages = 8;
/** The most images one request may ask for: each is a task of its own, and paid. */
export const maxImagesPerRequest = 8;
