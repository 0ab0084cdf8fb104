/** What is wrong with what was asked for, and what helps, in one sentence. */
export class TemplateError extends Error {}

/**
 * Copies a folder of templates, with values put in for placeholders in the text and in the names of its files. Throws a
 * `TemplateError` when the target is there already.
 */
export function copyTemplate(template: string, target: string, values: Readonly<Record<string, string>>): void

/**
 * What to do in the folder that was made. The version 0.0.0 is that of packages which are not on npm yet: those are packed from the
 * repository; `needed` is how the names of the tarballs begin, all of them unless said.
 */
export function nextSteps(made: {
  readonly folder: string
  readonly version: string
  readonly needed?: string
}): string
