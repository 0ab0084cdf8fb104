import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig } from 'qkv'
import { expect, test } from 'vitest'
import { configFile } from './config-file.ts'
import { defaultsOf, tasks } from './settings.ts'
import { trainingPlan } from './training-plan.ts'

test.each(tasks)('%s: qkv reads the file as the plan that the page trains by', async (task) => {
  const settings = { ...defaultsOf(task), attention: ['additive', 'learned'], seed: 12, width: 40 }
  const plan = trainingPlan(settings)
  const folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/config-'))
  try {
    await writeFile(join(folder, 'qkv.config.ts'), configFile(settings))
    const { config } = await loadConfig({ folder })
    const { shared, source, target } = plan.tokenizer
    expect(config.tokenizer).toEqual(shared ? source : { source, target })
    expect(config.model).toEqual({ type: 'transformer', ...plan.model })
    const { length, ...trainer } = plan.trainer
    expect(config.trainer).toEqual({ ...trainer, ...length })
    expect(config.evaluation).toEqual(plan.evaluation)
    expect(config.generation).toEqual(plan.generation)
    expect(config.backend).toBe(settings.backend)
  } finally {
    await rm(folder, { recursive: true })
  }
})
