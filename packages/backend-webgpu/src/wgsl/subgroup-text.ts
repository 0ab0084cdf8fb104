const marks = /\/\/\{ subgroups\n([^]*?)\n\/\/\{ otherwise\n([^]*?)\n\/\/\}/g

/**
 * Code in two forms: one for GPUs whose invocations may pass values to their subgroup, one for the others. Which of them is compiled
 * is decided with the shader, so that kernels need not know their GPU.
 */
export function withSubgroups(there: string, otherwise: string): string {
  return `//{ subgroups\n${there}\n//{ otherwise\n${otherwise}\n//}`
}

/** A text with one form of all that `withSubgroups` wrote. */
export function resolveSubgroups(text: string, subgroups: boolean): string {
  return text.replaceAll(marks, subgroups ? '$1' : '$2')
}
