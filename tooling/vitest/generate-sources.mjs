import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const scripts = ['backend-cpu/scripts/build-assembly.mjs', 'attention/scripts/list-parts.mjs']

/** Tests run on sources, without a build: what is generated from other sources is brought up to date first. */
export function setup() {
  for (const script of scripts) {
    const path = fileURLToPath(new URL(`../../packages/${script}`, import.meta.url))
    execFileSync(process.execPath, [path], { stdio: 'inherit' })
  }
}
