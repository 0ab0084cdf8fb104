import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TemplateError } from './copy-template.js'

export function factoryName(name, template, example) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new TemplateError(
      `the name is '${name}', expected lower-case words with hyphens between. ${example}`,
    )
  }
  const factory = name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  if (isReserved(factory) || namesIn(template).has(factory)) {
    throw new TemplateError(
      `the name is '${name}', expected one that is free in the part's own file, where '${factory}' means something else. ${example}`,
    )
  }
  return factory
}

/** A word of the language cannot be declared. */
function isReserved(word) {
  if (word === 'await') return true
  try {
    Function(`'use strict'; let ${word}`)
    return false
  } catch {
    return true
  }
}

/** What the files of a template import and declare. */
function namesIn(template) {
  const texts = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/(?:import|const) (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
        list.split(',').map((each) => each.trim()),
      ),
    ),
  )
}
