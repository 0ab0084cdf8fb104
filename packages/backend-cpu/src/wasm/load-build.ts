import type { BuildSource, CompiledBuild } from './builds.ts'

/** Loads one build, and leaves the other where it is. */
export async function loadBuild(build: CompiledBuild): Promise<BuildSource> {
  if (build === 'relaxed') return (await import('../generated/relaxed-build.ts')).relaxedBuild
  return (await import('../generated/plain-build.ts')).plainBuild
}
