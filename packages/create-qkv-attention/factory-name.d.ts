/**
 * The function that makes a part: `myAttention` for `my-attention`. Throws a `TemplateError` with `example` for a name that is none, that
 * JavaScript keeps for itself, or that the files of the template use.
 */
export function factoryName(name: string, template: string, example: string): string
