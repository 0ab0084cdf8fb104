import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = new URL('../../packages/backend-cpu/scripts/build-assembly.mjs', import.meta.url)

/** Tests run on sources, without a build: what is generated from other sources is brought up to date first. */
export function setup() {
  execFileSync(process.execPath, [fileURLToPath(script)], { stdio: 'inherit' })
}
