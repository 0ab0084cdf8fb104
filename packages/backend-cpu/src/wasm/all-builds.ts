import { plainBuild } from '../generated/plain-build.ts'
import { relaxedBuild } from '../generated/relaxed-build.ts'
import type { BuildSource, CompiledBuild } from './builds.ts'

/** Both builds, for callers who cannot wait until the one they need is loaded. */
export const allBuilds: Readonly<Record<CompiledBuild, BuildSource>> = {
  relaxed: relaxedBuild,
  plain: plainBuild,
}
