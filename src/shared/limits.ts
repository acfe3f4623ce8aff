/** The most images one request may ask for: each is a task of its own, and paid. */
export const maxImagesPerRequest = 8;
