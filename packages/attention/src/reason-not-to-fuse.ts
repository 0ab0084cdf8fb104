import type { AttentionPart } from './part.ts'

/** Why parts cannot run as the one fused operation; `undefined` when they can. */
export function reasonNotToFuse(parts: readonly AttentionPart[]): string | undefined {
  if (!parts.some((part) => part.score !== undefined)) return 'no part scores'
  for (const part of parts) {
    const { fused = {} } = part
    const blocking = (['select', 'aggregate', 'mix'] as const).find((stage) => part[stage])
    if (blocking) return `'${part.name}' has a ${blocking} stage`
    if (part.score && fused.scale === undefined) return `'${part.name}' scores in its own way`
    if (part.bias && !fused.bias && fused.softcap === undefined)
      return `'${part.name}' changes the scores in its own way`
    if (part.normalize && !fused.sinks) return `'${part.name}' makes weights in its own way`
    if (part.weights && fused.dropoutRate === undefined) return `'${part.name}' changes the weights`
  }
  const caps = parts.filter(({ fused }) => fused?.softcap !== undefined)
  if (caps.length > 1) return `'${caps[0]!.name}' and '${caps[1]!.name}' both cap the scores`
  const early = parts.find(({ fused }) => fused?.bias)
  return caps[0] && early && parts.indexOf(early) < parts.indexOf(caps[0])
    ? `'${caps[0].name}' caps what '${early.name}' has added to`
    : undefined
}
