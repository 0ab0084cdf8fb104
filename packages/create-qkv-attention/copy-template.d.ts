/** What is wrong with what was asked for, and what helps, in one sentence. */
export class TemplateError extends Error {}

/**
 * Copies a folder of templates, with values put in for placeholders in the text and in the names of its files. Throws a
 * `TemplateError` when the target is there already.
 */
export function copyTemplate(template: string, target: string, values: Readonly<Record<string, string>>): void
